"""The policy page: the whole document, what each clause does here, and the standing sign-offs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.gate.models import StandingSignOff
from gatepost.ledger.actions import record
from gatepost.policy.coverage import coverage
from gatepost.rulebook.actions import in_force
from gatepost.web.policy import notes
from gatepost.web.policy.sheet import sections
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    notes.forget_counts()


def client_of(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]  # a User
    return client


def test_every_clause_and_every_word_between_them_is_there() -> None:
    factories.pack(timezone.now() - timedelta(days=3))
    pack = in_force(timezone.now())
    blocks = [block for section in sections(pack) for block in section.blocks]
    assert [block.clause.id for block in blocks if block.clause] == [clause.id for clause in pack.clauses]
    shown = " ".join(block.clause.text if block.clause else block.text for block in blocks)
    shown += " ".join(section.title for section in sections(pack))
    body = pack.policy_md.partition("\n")[2]  # the first line is the document's own title, which the page has on top
    for word in body.replace("#", " ").split():
        assert word.strip("-[]:") in shown or word.startswith("["), word


def test_sections_have_anchors_of_their_own() -> None:
    factories.pack()
    keys = [section.key for section in sections(in_force(timezone.now()))]
    assert len(keys) == len(set(keys))


def test_the_page_cites_what_is_enforced_and_says_what_is_not() -> None:
    officer = factories.officer(standing=True)
    pack = in_force(timezone.now())
    record("act.sent", "act:1", by=officer, at=timezone.now(), clauses=["usage.2"])
    answer = client_of(officer).get("/policy/")
    shown = answer.content.decode()
    assert answer.status_code == 200
    for clause in pack.clauses:
        assert f'id="{clause.id}"' in shown
    rows = coverage(pack)
    live = sum(row.status == "live" for row in rows)
    assert f"{live} of {len(rows)} clauses are live" in shown
    assert ("Nothing puts this into practice yet" in shown) == any(not row.by for row in rows)
    assert "1 line of the record" in shown
    assert "act sent" in shown
    assert "Complaints get one of two approved wordings" in shown
    assert "The Data Protection Act 1998 was repealed" in shown
    assert "style=" not in shown


def test_counts_follow_the_record() -> None:
    officer = factories.officer()
    before = notes.evidence().get("usage.2", notes.Evidence()).lines
    record("act.sent", "act:1", by=officer, at=timezone.now(), clauses=["usage.2", "usage.1"])
    notes.forget_counts()
    found = notes.evidence()["usage.2"]
    assert found.lines == before + 1
    assert found.verb == "act.sent"


def test_sign_and_revoke() -> None:
    officer = factories.officer()
    boss = client_of(officer)
    assert "Sign all of them" in boss.get("/policy/").content.decode()
    assert boss.post("/policy/standing/", {"wording": "complaint_phone"}).status_code == 303
    one = StandingSignOff.objects.get(revoked_at=None)
    assert one.wording == "complaint_phone"
    assert boss.post("/policy/standing/", {"moderation": "hide", "clause": "usage.6"}).status_code == 303
    assert StandingSignOff.objects.filter(moderation="hide", clause="usage.6", revoked_at=None).exists()
    assert boss.post("/policy/standing/", {"revoke": one.pk}).status_code == 303
    one.refresh_from_db()
    assert one.revoked_at is not None
    assert boss.post("/policy/standing/", {"all": "1"}).status_code == 303
    assert "Sign all of them" not in boss.get("/policy/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [{}, {"wording": "no_such"}, {"moderation": "burn", "clause": "usage.6"}, {"moderation": "hide", "clause": "no.1"}],
)
def test_nonsense_is_refused(fields: dict[str, str]) -> None:
    answer = client_of(factories.officer()).post("/policy/standing/", fields)
    assert answer.status_code == 422
    assert "This was not done" in answer.content.decode()
    assert not StandingSignOff.objects.exists()


def test_staff_may_look_and_not_sign() -> None:
    client = client_of(factories.person())
    shown = client.get("/policy/").content.decode()
    assert "Sign all of them" not in shown
    answer = client.post("/policy/standing/", {"all": "1"})
    assert answer.status_code == 422
    assert "Only Communications may sign off" in answer.content.decode()
    assert not StandingSignOff.objects.exists()
    assert Client().get("/policy/").status_code == 302


def test_without_a_policy_it_says_so() -> None:
    from gatepost.people.models import User

    person = User.objects.create_user("first@example.org", "Robin Sample")
    assert client_of(person).get("/policy/").status_code == 422
