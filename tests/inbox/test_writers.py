"""What a person here says of a writer reaches the policy's conditions on writers, from the next message on."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gatepost.inbox import past as past_desk
from gatepost.inbox import writers
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Contact, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.policy.replay import Past
from gatepost.rulebook.actions import adopt
from tests import factories
from tests.rulebook.packs import shipped

from .scene import said

pytestmark = pytest.mark.django_db

RULE = (
    '[[rule]]\nid = "elected"\nclause = "usage.4"\npriority = 5\n'
    'when = { author = ["councillor"] }\nthen = { urgent = true }\n\n[[rule]]\nid = "thanks"'
)


def test_a_rule_for_councillors_sees_the_next_message_of_one() -> None:
    officer = factories.officer()
    now = timezone.now()
    adopt(shipped(rules=('[[rule]]\nid = "thanks"', RULE)), by=officer, at=now)
    channel = factories.channel(by=officer)
    take_in(channel, [said("first", posted_at=now)], cursor="1", at=now)
    contact = Contact.objects.get()
    assert writers.mark(contact, "councillor", by=officer, at=now).kind == "councillor"
    take_in(channel, [said("second", posted_at=now), said("third", author_ref="r2", posted_at=now)], cursor="2", at=now)
    assert dict(Message.objects.values_list("ref", "urgent")) == {"first": False, "second": True, "third": False}
    kinds = [one.message.author_kind for one in past_desk.since(now) if isinstance(one, Past)]
    assert sorted(kinds) == ["", "councillor", "councillor"]
    line = Line.objects.get(verb="contact.marked")
    assert (line.actor, line.detail) == (officer.actor, {"kind": "councillor", "before": ""})
    writers.mark(contact, "councillor", by=officer, at=now)
    assert Line.objects.filter(verb="contact.marked").count() == 1, "what is said already is not said again"
    writers.mark(contact, "", by=officer, at=now)
    assert writers.kinds_of(channel, ["r1"]) == {}


def test_only_readers_of_messages_say_it_and_only_what_the_policy_knows() -> None:
    officer = factories.officer()
    contact = factories.message("Hello", channel=factories.channel(by=officer)).contact
    with pytest.raises(InboxError, match="journalist, a councillor, or neither"):
        writers.mark(contact, "poet", by=officer, at=timezone.now())
    with pytest.raises(NotAllowed):
        writers.mark(contact, "journalist", by=factories.person(), at=timezone.now())
