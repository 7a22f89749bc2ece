"""Foreign keys follow the ladder; every column says what personal data it holds."""

from __future__ import annotations

import re

from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model

from tests.rules.house import ROOT, ladder

PAGE = ROOT / "docs" / "personal-data.md"
CLASSES = {"none", "contact", "content", "staff", "secret"}


def height(label: str) -> int:
    """How high a room stands; what is not ours lies below everything."""
    rows = ladder()
    return next((len(rows) - place for place, row in enumerate(rows) if label in row), 0)


def uphill(model: type[Model]) -> list[str]:
    """Its relations to rooms above or beside its own. Models that are not ours know our people by a setting only."""
    here = model._meta.app_label
    if not height(here):
        return []
    found = []
    for one in model._meta.get_fields():
        if isinstance(one, Field) and one.related_model:
            there = one.related_model._meta.app_label  # type: ignore[union-attr]  # a class once all apps are loaded
            if there != here and height(there) >= height(here):
                found.append(f"{model._meta.label}.{one.name} points up at {there}")
    return found


def columns() -> set[str]:
    return {
        f"{model._meta.label}.{one.name}"
        for model in apps.get_models()
        for one in model._meta.get_fields()
        if isinstance(one, Field)
    }


def classified() -> list[tuple[str, str]]:
    """(column, class) as the page lists them: `| inbox.Message | contact | contact, permalink |`."""
    found = []
    for row in re.findall(r"^\| (\w+\.\w+) \| ([\w ]+) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE):
        model, kind, names = row
        found += [(f"{model}.{name}", kind) for name in names.split(", ")]
    return found


def test_foreign_keys_follow_the_ladder() -> None:
    models = list(apps.get_models())
    assert len([model for model in models if height(model._meta.app_label)]) > 20
    assert [breach for model in models for breach in uphill(model)] == []


def test_heights() -> None:
    assert height("inbox") > height("gate") > height("people") > height("ledger") > height("auth") == 0
    assert height("channels") == height("rulebook")


def test_every_column_is_classified_once() -> None:
    listed = classified()
    names = [name for name, _ in listed]
    assert {kind for _, kind in listed} == CLASSES
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert sorted(columns() - set(names)) == [], "say in docs/personal-data.md what these hold"
    assert sorted(set(names) - columns()) == [], "these are in docs/personal-data.md and no longer in the database"


def test_what_is_plainly_personal_is_not_called_none() -> None:
    personal = re.compile(r"\.(email|name|handle|text|raw|person|author|signer|contact|password|secret_hash|body)$")
    allowed = {"auth.Permission.name", "auth.Group.name", "channels.Channel.name", "channels.Channel.handle"}
    wrong = [name for name, kind in classified() if kind == "none" and personal.search(name) and name not in allowed]
    assert wrong == []


def test_the_migrations_of_each_room_stand_in_one_line() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}
