"""What hangs on a message, a conversation or a contact and holds people's data can be found, handed over and erased."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Field, Model

from gatepost.inbox.models import Contact, Conversation, Message
from gatepost.inbox.personal.register import ELSEWHERE, MESSAGES, PLACES
from tests.rules.test_models import classified

HUBS: tuple[type[Model], ...] = (Message, Conversation, Contact)
BY_HAND = {"inbox.Message", "inbox.Conversation", "inbox.Contact"}  # erasing.py itself
PERSONAL = {"contact", "content"}


def hanging() -> dict[str, type[Model]]:
    """Models of ours with a key to one of the three, or to another that has one."""
    found: dict[str, type[Model]] = {}
    while True:
        before = len(found)
        for model in apps.get_models():
            keys = [
                one.related_model for one in model._meta.get_fields() if isinstance(one, Field) and one.related_model
            ]
            if model._meta.app_label == "inbox" and any(key in HUBS or key in found.values() for key in keys):
                found[model._meta.label] = model
        if len(found) == before:
            return found


def personal() -> dict[str, set[str]]:
    """The columns of class contact or content by model."""
    found: dict[str, set[str]] = {}
    for name, kind in classified():
        model, _, column = name.rpartition(".")
        if kind in PERSONAL:
            found.setdefault(model, set()).add(column)
    return found


def test_everything_that_hangs_on_a_person_is_in_the_register() -> None:
    listed = {place.model for place in PLACES} | BY_HAND
    told = personal()
    missing = sorted(label for label in hanging() if label in told and label not in listed)
    assert missing == [], "say in src/gatepost/inbox/personal/register.py how these are found, shown and erased"


def test_the_register_names_what_is_there() -> None:
    for place in (MESSAGES, *PLACES):
        model = apps.get_model(place.model)
        columns = {one.name for one in model._meta.get_fields() if isinstance(one, Field)}
        assert {*place.clear, *place.words, *place.shown} <= columns, place.model
        if place.path:
            thing: type[Model] = model
            for step in place.path.split("__"):
                thing = thing._meta.get_field(step).related_model  # type: ignore[assignment]  # a class by now
            assert thing is {"message": Message, "conversation": Conversation, "contact": Contact}[place.hangs]
    for label, names, _, _ in ELSEWHERE:
        columns = {one.name for one in apps.get_model(label)._meta.get_fields() if isinstance(one, Field)}
        assert set(names) <= columns


def test_what_is_shown_to_a_person_names_no_staff() -> None:
    staff = {name for name, kind in classified() if kind == "staff"}
    allowed = {"at", "until", "ended_at"}
    for place in (MESSAGES, *PLACES):
        assert [one for one in place.shown if f"{place.model}.{one}" in staff and one not in allowed] == []
