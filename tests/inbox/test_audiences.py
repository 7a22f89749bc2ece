"""Whom a channel is for reaches the policy's conditions, from the next message on and in what is replayed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.channels.models import Channel
from gatepost.inbox import past as past_desk
from gatepost.inbox.audiences import set_audiences
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Message
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
    '[[rule]]\nid = "young"\nclause = "usage.4"\npriority = 5\n'
    'when = { audience = ["young_people"] }\nthen = { urgent = true }\n\n[[rule]]\nid = "thanks"'
)


def test_a_rule_for_an_audience_sees_the_next_message_of_its_channel() -> None:
    officer = factories.officer()
    now = timezone.now()
    adopt(shipped(rules=('[[rule]]\nid = "thanks"', RULE)), by=officer, at=now)
    channel = factories.channel(by=officer)
    take_in(channel, [said("first", posted_at=now)], cursor="1", at=now)
    channel = set_audiences(channel, ["young_people", "residents"], by=officer, at=now)
    assert channel.for_whom == ("residents", "young_people"), "in the order of the policy"
    take_in(channel, [said("second", posted_at=now)], cursor="2", at=now)
    assert dict(Message.objects.values_list("ref", "urgent")) == {"first": False, "second": True}
    because = Message.objects.get(ref="second").decision.evidence  # type: ignore[union-attr]  # it was decided
    assert ["young", "usage.4", "its channel is for 'young_people'"] in because
    audiences = [one.message.audiences for one in past_desk.since(now) if isinstance(one, Past)]
    assert audiences == [("residents", "young_people")] * 2, "what is replayed goes by what is known today"
    line = Line.objects.get(verb="channel.for_whom")
    assert (line.actor, line.detail) == (
        officer.actor,
        {"audiences": ["residents", "young_people"], "before": []},
    )
    set_audiences(channel, ["residents", "young_people"], by=officer, at=now)
    assert Line.objects.filter(verb="channel.for_whom").count() == 1, "what is said already is not said again"


def test_only_communications_say_it_and_only_what_the_policy_names() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    now = timezone.now()
    with pytest.raises(InboxError, match=r"no audience “martians”\. It has: residents, partners"):
        set_audiences(channel, ["residents", "martians"], by=officer, at=now)
    with pytest.raises(NotAllowed):
        set_audiences(channel, ["residents"], by=factories.person(), at=now)
    Channel.objects.filter(pk=channel.pk).update(state="closed")
    with pytest.raises(InboxError, match="is closed"):
        set_audiences(channel, ["residents"], by=officer, at=now)


def test_programs_say_it_too() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    action = ACTIONS["channel.for_whom"]
    wish = action.asks.model_validate({"channel": channel.pk, "audiences": ["staff"]})
    assert action(wish, by=officer, at=timezone.now()).model_dump()["audiences"] == ["staff"]
    assert Channel.objects.get().audiences == ["staff"]
