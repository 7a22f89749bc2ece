"""Under another body's policy nothing cites a clause that it lacks: no page, no letter, no line of the record."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate import holds, standing
from gatepost.gate.models import Act
from gatepost.inbox import actions as inbox
from gatepost.inbox import cases, referrals
from gatepost.ledger.actions import System
from gatepost.ledger.governing import cited, clause_for
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed, require_sign_off
from gatepost.people.models import User
from gatepost.policy.check import check
from gatepost.policy.model import Image, Outbound
from gatepost.publishing.pictures import add_picture
from gatepost.rulebook.actions import in_force
from gatepost.web.api.errors import of
from tests import factories, other_body
from tests.publishing.images import photograph

from .test_every_page import PAGES, names

__all__ = ["names"]  # the fixture
pytestmark = pytest.mark.django_db
PART = re.compile(r"\bdesk:[a-z_]+")  # the name of a part of the desk, which is no clause


@pytest.fixture(autouse=True, params=[False, True], ids=["unbound", "bound"])
def bound(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the policy says which of its clauses govern the parts of the desk."""
    theirs = other_body.pack(bound=bool(request.param))
    monkeypatch.setattr(factories, "shipped", lambda: theirs)
    return bool(request.param)


def test_the_policy_is_another(bound: bool) -> None:
    pack = factories.pack()
    assert not any(other_body.SHIPPED.search(clause.id) for clause in pack.clauses)
    assert pack.governing("desk:sign_off") == ("duty.2" if bound else "")
    assert pack.governing("check:tone") == ("conduct.4" if bound else "")


def test_no_page_and_no_line_cites_a_clause_it_lacks(
    client: Client, officer: User, channel: Channel, names: dict[str, object], bound: bool
) -> None:
    complaint = factories.message("I complain: nobody came about the lift. You are useless.", channel=channel)
    at = timezone.now()
    standing.sign_all(by=officer, at=at)
    inbox.moderate(complaint, "hide", reason="Offensive", clause="conduct.9", more_than="An insult", by=officer, at=at)
    case = cases.open_case(complaint, "complaint", by=officer, at=at)
    held = holds.hold(reason="A fire", by=officer, at=at)
    holds.end_hold(held, by=officer, at=at + timedelta(minutes=1))
    gate.decline(Act.objects.get(pk=names["act"]), reason="Not yet", by=officer, at=at)
    media = add_picture(photograph(), "hall.jpg", by=officer, at=at)
    client.force_login(officer)
    more = ["/cases/", f"/cases/{case.pk}/", "/referrals/", "/media/", f"/media/{media.pk}/", "/hold/crisis/"]
    for pattern in [*PAGES, *more]:
        path = pattern.format(**names)
        answer = client.get(path)
        assert answer.status_code == (404 if pattern == "/no-such-page/" else 200), path
        assert other_body.SHIPPED.findall(answer.content.decode()) == [], path
        assert PART.findall(answer.content.decode()) == [], path
    sign_off = client.get("/sign-off/").content.decode()
    assert ("#duty.2" in sign_off) is bound
    known = set(in_force(at).numbers)
    lines = list(Line.objects.values_list("verb", "clauses"))
    assert [(verb, clauses) for verb, clauses in lines if not set(clauses) <= known] == []
    assert any("duty.2" in clauses for _, clauses in lines) is bound
    assert len(lines) > 15


def test_no_letter_does(officer: User, channel: Channel, bound: bool) -> None:
    message = factories.message("My heating is broken.", channel=channel)
    at = timezone.now()
    department = next(iter(in_force(at).departments))
    referral = referrals.refer(message, department, by=officer, at=at)
    referrals.send(referral, by=System("test"), at=at)
    (letter,) = mail.outbox
    assert other_body.SHIPPED.findall(str(letter.body)) == []
    assert "Referred under" in str(letter.body)
    assert "clause  of" not in str(letter.body)
    assert PART.findall(str(letter.body)) == []


def test_nor_a_refusal_of_the_api(channel: Channel, officer: User, bound: bool) -> None:
    staff = factories.staff(channel, by=officer)
    with pytest.raises(NotAllowed) as no:
        require_sign_off(staff, timezone.now())
    said = of(no.value).content.decode()
    assert ('"clause": "duty.2"' in said) is bound
    assert "desk:" not in said


def test_nor_a_finding(bound: bool) -> None:
    at = timezone.now()
    draft = Outbound("Ring Ada on 07700 900123 NOW", images=(Image("image/png", 10, 10, 9),), aim="")
    found = {one.check: one.clause for one in check(draft, factories.pack(), at)}
    assert {"personal_data", "alternative_text", "image_size", "aim"} <= set(found)
    wanted = {
        "personal_data": "statute.2",
        "alternative_text": "conduct.3",
        "image_size": "conduct.3",
        "aim": "opening.3",
    }
    assert {name: found[name] for name in wanted} == {name: clause if bound else "" for name, clause in wanted.items()}


def test_what_is_cited_twice_or_by_nothing_is_said_once_or_not(bound: bool) -> None:
    factories.pack()
    at = timezone.now()
    twice = cited(["duty.2", "desk:sign_off", "desk:horoscopes", ""], at)
    assert twice == ["duty.2"]
    assert clause_for("desk:gate", at) == ("conduct.1" if bound else "")
    assert cited(["desk:gate"], factories.LONG_AGO - timedelta(days=1)) == []  # before there was a policy
