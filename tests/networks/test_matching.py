"""Many lookups settled by one walk: each post answers for one act, each act for one post."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gatepost.networks.matching import CLOCK_SKEW, Sought
from gatepost.networks.protocol import NotThere, Outgoing, Receipt

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def act(text: str, *, since: datetime | None = NOW, taken: tuple[str, ...] = ()) -> Outgoing:
    return Outgoing(key=text, kind="publish", text=text, since=since, taken=taken)


def sought(*acts: Outgoing) -> Sought:
    return Sought(acts, lambda one: [one.text])


def offer(found: Sought, ref: str, text: str, made: datetime | None = NOW) -> None:
    found.offer(ref, [text], made, lambda: Receipt(ref))


def test_the_same_words_twice_need_two_posts() -> None:
    found = sought(act("Open"), act("Open"))
    offer(found, "1", "Open")
    offer(found, "1", "Open")
    assert found.answers(NotThere()) == [Receipt("1"), NotThere()]
    offer(found, "2", "Open")
    assert found.complete


def test_what_is_anothers_or_older_or_other_words_is_passed_over() -> None:
    found = sought(act("Open", taken=("1",)))
    offer(found, "1", "Open")
    offer(found, "2", "Open", NOW - CLOCK_SKEW - timedelta(seconds=1))
    offer(found, "3", "Shut")
    assert found.answers(NotThere()) == [NotThere()]
    offer(found, "4", "Open", None)
    assert found.answers(NotThere()) == [Receipt("4")]


def test_the_earliest_is_known_only_when_all_are() -> None:
    assert sought(act("a"), act("b", since=NOW - timedelta(hours=1))).earliest == NOW - timedelta(hours=1) - CLOCK_SKEW
    assert sought(act("a"), act("b", since=None)).earliest is None
    assert sought().earliest is None
