"""The past under two packs: what would have been decided otherwise, counted, with ids as examples."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

import pytest

from gatepost.policy import replay as module
from gatepost.policy.clocks import ClockError
from gatepost.policy.model import Inbound, NetworkLimits, Outbound
from gatepost.policy.pack import Pack
from gatepost.policy.replay import Past, ReplayError, ReplayResult, Sent, replay
from tests.policy.small import FILES, NOON, pack

WORDS = """[[cue]]
label = "complaint"
weight = 6.0
phrases = ["still broken"]

[[cue]]
label = "thanks"
weight = 6.0
phrases = ["thank you so much"]
"""
COMPLAINT, THANKS, CHAT = "It is still broken", "Thank you so much", "The lido opens at nine"

COMPLAINT_FIELDS = {"decided", "offers", "clocks", "moderate", "advice"}


def made(**changed: str) -> Pack:
    return pack(**{"words": WORDS, **changed})


def rules(old: str, new: str) -> str:
    assert old in FILES["rules.toml"]
    return FILES["rules.toml"].replace(old, new)


def past(*texts: str) -> list[Past | Sent]:
    return [Past(Inbound(f"m{number}", text), NOON) for number, text in enumerate(texts, start=1)]


def test_the_same_pack_changes_nothing() -> None:
    assert replay(past(COMPLAINT, THANKS, CHAT), made(), made()) == ReplayResult(messages=3)
    assert replay([], made(), made()) == ReplayResult()


def test_an_outcome_that_changes_is_counted_by_field_and_clause() -> None:
    new = made(
        rules=rules(
            'clocks = ["ack"], moderate = "hide"', 'clocks = ["soon"], moderate = "none", refer = ["complaints"]'
        )
    )
    found = replay(past(CHAT, COMPLAINT, THANKS), made(), new)
    assert (found.messages, found.changed_messages) == (3, 1)
    assert found.fields == {"refer": 1, "moderate": 1, "clocks": 1}
    assert found.details == {
        ("refer", "+complaints"): 1,
        ("moderate", "hide to none"): 1,
        ("clocks", "+soon"): 1,
        ("clocks", "-ack"): 1,
    }
    assert found.clauses == {"usage.7": 1}
    assert found.examples == {"refer": ("m2",), "moderate": ("m2",), "clocks": ("m2",), "clause:usage.7": ("m2",)}


@pytest.mark.parametrize(
    ("old", "new", "fields", "detail"),
    [
        ("complaint = 0.6", "complaint = 1.0", COMPLAINT_FIELDS, ("decided", "-complaint")),
        ("urgent = true, mask = true", "mask = true", {"urgent"}, ("urgent", "no longer")),
        ("mask = true", "answer = false", {"mask", "answer", "offers", "advice"}, ("answer", "no longer")),
        ('"Be kind."', '"Be kinder."', {"advice"}, ("advice", "other advice")),
    ],
)
def test_each_field(old: str, new: str, fields: set[str], detail: tuple[str, str]) -> None:
    found = replay(past(COMPLAINT, THANKS), made(), made(rules=rules(old, new)))
    assert set(found.fields) == fields
    assert found.details[detail] == 1


def test_a_clock_that_ends_at_another_time_is_of_its_clause() -> None:
    clocks = FILES["clocks.toml"].replace("amount = 2", "amount = 1")
    found = replay(past(COMPLAINT, THANKS), made(), made(clocks=clocks))
    assert found.details == {("due", "soon sooner"): 1}
    assert found.clauses == {"usage.1": 1}
    later = replay(past(THANKS), made(clocks=clocks), made())
    assert later.details == {("due", "soon later"): 1}


def test_wordings_in_another_order() -> None:
    both = rules('offer = ["sorry"]', 'offer = ["sorry", "hello"]')
    first, second = (
        FILES["policy.md"].split("- [usage.7]")[0],
        "- [usage.7]" + FILES["policy.md"].split("- [usage.7]")[1],
    )
    turned = first.replace("- [usage.1] Be official\n", "") + second + "- [usage.1] Be official\n"
    found = replay(past(COMPLAINT), made(rules=both), made(rules=both, policy_md=turned))
    assert found.details == {("offers", "other order"): 1}
    assert found.clauses == {"usage.1": 1, "usage.7": 1}


def test_other_words_are_read_anew() -> None:
    found = replay(past(CHAT), made(), made(words=WORDS.replace("still broken", "lido opens")))
    assert found.details["decided", "+complaint"] == 1


def test_a_label_with_no_rule_is_of_no_clause() -> None:
    thresholds = rules("complaint = 0.6", "complaint = 0.6\nquestion = 0.0")
    found = replay(past(CHAT), made(), made(rules=thresholds))
    assert found.details == {("decided", "+question"): 1}
    assert found.clauses == {"": 1}
    assert found.examples["clause:"] == ("m1",)


def test_what_went_out_is_checked_again() -> None:
    banned = '[[banned]]\nword = "calm down"\n'
    items: list[Past | Sent] = [
        Sent("a1", Outbound("Please calm down.", network="facebook"), NOON, NetworkLimits(500)),
        Sent("a2", Outbound("The lido opens at nine.", network="facebook"), NOON),
        *past(CHAT),
    ]
    found = replay(items, made(), made(checks=banned))
    assert (found.messages, found.drafts, found.changed_messages, found.changed_drafts) == (1, 2, 0, 1)
    assert found.fields == {"stop": 1}
    assert found.examples["stop"] == ("a1",)
    assert list(found.clauses.values()) == [1]
    back = replay(items, made(checks=banned), made())
    assert all(detail.startswith("-") for _, detail in back.details)


def test_examples_are_the_first_few() -> None:
    new = made(rules=rules('moderate = "hide"', 'moderate = "remove"'))
    found = replay(past(*[COMPLAINT] * 9), made(), new, examples=2)
    assert found.examples["moderate"] == ("m1", "m2")
    assert found.fields["moderate"] == 9


def test_many_are_shared_among_processes_and_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 20)
    monkeypatch.setattr(module, "ALONE", 1)
    new = made(rules=rules('moderate = "hide"', 'moderate = "remove"'))
    texts = [COMPLAINT if number % 3 else CHAT for number in range(150)]
    told: list[int] = []
    alone = replay(past(*texts), made(), new, workers=1, progress=told.append)
    assert told == [20, 40, 60, 80, 100, 120, 140, 150]
    assert replay(past(*texts), made(), new, workers=2) == alone
    assert alone.fields == {"moderate": 100}


def test_the_past_is_taken_as_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than two chunks for each other process, and the one in hand, are held at a time."""
    monkeypatch.setattr(module, "CHUNK", 5)
    taken = 0
    ahead: list[int] = []

    def stream() -> Iterator[Past | Sent]:
        nonlocal taken
        for item in past(*[CHAT] * 100):
            taken += 1
            yield item

    replay(stream(), made(), made(), workers=1, progress=lambda done: ahead.append(taken - done))
    assert ahead == [0] * 20
    monkeypatch.setattr(module, "ALONE", 2)
    monkeypatch.setattr(module, "ProcessPoolExecutor", Counting)
    monkeypatch.setattr(module, "_work", _slowly)
    taken = 0
    assert replay(stream(), made(), made(), workers=2).messages == taken == 100
    assert Counting.most == 2


class Counting(ProcessPoolExecutor):
    """Knows how many chunks it was given at most that were not done yet; the first is done when it is given."""

    most = 0

    waiting: ClassVar[list[Future[Any]]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        if not Counting.most:
            future.result()
            Counting.most = 1
        Counting.waiting = [one for one in (*Counting.waiting, future) if not one.done()]
        Counting.most = max(Counting.most, len(Counting.waiting))
        return future


def _slowly(chunk: list[Past | Sent]) -> ReplayResult:
    time.sleep(0.1)
    return module._work(chunk)


def test_a_short_past_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 5)
    monkeypatch.setattr(module, "_work", _die)
    assert replay(past(*[CHAT] * 5 * module.ALONE), made(), made(), workers=2).messages == 5 * module.ALONE


def test_very_long_messages_make_small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK_TEXT", 50)
    assert [len(chunk) for chunk in module._chunks(iter(past("x" * 60, "y" * 60, "z")))] == [1, 1, 1]


def test_a_time_without_zone_is_refused() -> None:
    bare = [replace(item, at=datetime(2026, 11, 23)) for item in past(CHAT)]
    with pytest.raises(ClockError):
        replay(bare, made(), made())


def test_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 1)
    monkeypatch.setattr(module, "ALONE", 1)
    monkeypatch.setattr(module, "_work", _die)
    with pytest.raises(ReplayError, match="ended from outside"):
        replay(past(CHAT, CHAT, CHAT), made(), made(), workers=2)


def _die(chunk: list[Past | Sent]) -> ReplayResult:
    import os

    os._exit(3)


def test_a_process_of_its_own_counts_the_same() -> None:
    """What runs in the processes that share the work, run in this one."""
    new = made(rules=rules('moderate = "hide"', 'moderate = "remove"'))
    items = list(past(COMPLAINT, CHAT))
    module._start(dict(made().files), dict(new.files), 3, b"")
    assert module._work(items) == replay(items, made(), new, examples=3)


def test_steps_and_people_that_differ_are_counted() -> None:
    ways = ("", ", reversible_first = false")
    first, at_once = (made(rules=rules('moderate = "hide"', f'moderate = "remove"{more}')) for more in ways)
    assert replay(past(COMPLAINT), first, at_once).details == {("steps", "at once"): 1}
    assert replay(past(COMPLAINT), at_once, first).details == {("steps", "hidden first"): 1}


def test_other_people_are_counted() -> None:
    referred = rules('moderate = "hide"', 'moderate = "hide", refer = ["guardian"]')
    held = 'title = "Guardian"\nholder = "Ina"\nemail = "ina@x.test"'
    roles = FILES["roles.toml"].replace('title = "Guardian"', held)
    found = replay(past(COMPLAINT), made(rules=referred), made(rules=referred, roles=roles))
    assert found.details == {("addressed", "other people"): 1}
