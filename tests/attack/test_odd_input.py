"""What programs send and people cannot: NUL, times beyond the calendar, texts made to take long."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.people.actions import make_token
from gatepost.people.models import User
from gatepost.policy.checks import manner
from gatepost.policy.reading.tone import tone
from gatepost.publishing import actions as publishing
from gatepost.publishing.models import Post
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


def ask(person: User, name: str, body: dict[str, Any]) -> tuple[int, Any]:
    secret = make_token(person, title="Test", by=person, at=timezone.now())
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().post(f"/api/actions/{name}", json.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1800-01-01T00:00:00Z", "2999-01-01T00:00:00Z"]
)
def test_a_time_beyond_all_sense_is_not_kept(officer: User, channel: Channel, moment: str) -> None:
    """Kept, it could not be read back, and no list with the post in it could be shown to anybody."""
    draft = {"text": "Hello", "kind": "event", "channels": [channel.pk], "not_before": moment}
    assert ask(officer, "post.save", draft)[0] == 422
    assert not Post.objects.exists()
    client = Client()
    client.force_login(officer)
    assert client.get("/posts/").status_code == 200


def test_a_time_within_the_next_two_years_is_kept(officer: User, channel: Channel) -> None:
    draft = publishing.Draft("Hello", "event", [channel.pk], not_before=timezone.now() + timedelta(days=700))
    assert publishing.save_draft(draft, by=officer, at=timezone.now()).pk


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("hold.make", {"reason": "a\0b"}),
        ("post.save", {"text": "x", "kind": "event", "other_channel": "\0"}),
        ("post.save", {"text": "x", "kind": "event", "answers": {"a": "\0"}}),
    ],
)
def test_nul_from_a_program_is_its_own_mistake(officer: User, name: str, body: dict[str, Any]) -> None:
    status, told = ask(officer, name, body)
    assert status in (400, 422)
    assert told["error"]["mend"]
    assert not Post.objects.exists()


@pytest.mark.parametrize("address", ["/record/?subject=%00", "/record/?verb=%00", "/record/?clause=%00"])
def test_nul_in_an_address_is_a_bad_request(officer: User, address: str) -> None:
    client = Client()
    client.force_login(officer)
    assert client.get(address).status_code == 400


def test_shouting_and_words_are_told_apart_with_one_look_at_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost must grow with the text, not with its square: each mark is looked at a fixed number of times."""
    from gatepost.gate.checking import findings_of
    from gatepost.gate.content import Content

    looks = 0
    known = tone

    class Counted:
        """A span that counts how often its ends are asked for."""

        def __init__(self, span: Any) -> None:
            self.kind, self._ends = span.kind, (span.start, span.end)

        @property
        def start(self) -> int:
            nonlocal looks
            looks += 1
            return int(self._ends[0])

        @property
        def end(self) -> int:
            nonlocal looks
            looks += 1
            return int(self._ends[1])

    monkeypatch.setattr(manner, "read_tone", lambda text, words: [Counted(span) for span in known(text, words)])
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    text = "www.a" * 400
    content = Content(kind="publish", channel=1, text=text)
    findings_of(content, "facebook", pack=factories.shipped(), at=at, context={})
    assert looks < 20 * len(text)
