"""What another policy would have done with what has come in and gone out: both packs, side by side, over the past.

A stream in, counts out: at most a few chunks are held at a time, however long the past is. Long pasts are shared among
all cores. Examples are ids alone: what people wrote is not in the result.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing import get_context

from gatepost.policy import differences
from gatepost.policy.check import check
from gatepost.policy.decide import decide, decide_many
from gatepost.policy.model import Inbound, NetworkLimits, Outbound
from gatepost.policy.pack import Pack, load_files
from gatepost.policy.reading import Learnt
from gatepost.policy.reading.learnt import opened

CHUNK = 512  # items handed to one process at a time
ALONE = 8  # chunks worked through before other processes are asked to share
CHUNK_TEXT = 4_000_000  # code points of one chunk: 512 very long messages would be too much at once
Progress = Callable[[int], None]


class ReplayError(Exception):
    """The past could not be run to its end; the text says why."""


@dataclass(frozen=True, slots=True)
class Past:
    """A message that came in, and when (aware)."""

    message: Inbound
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """Something of ours that went out, and when (aware)."""

    id: str
    draft: Outbound
    at: datetime
    limits: NetworkLimits | None = None


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Counts of what the new policy would have done otherwise.

    `fields`: messages by the part of the decision that differs (names in differences.FIELDS; for what went out "stop",
    "ask" and "note"). `details`: the same by (field, what). `clauses`: by clause; "" where none is behind it.
    `examples`: ids, by field and by "clause:" with the clause's id; the first few of each, in the order of the past.
    """

    messages: int = 0
    drafts: int = 0
    changed_messages: int = 0
    changed_drafts: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    details: Mapping[tuple[str, str], int] = field(default_factory=dict)
    clauses: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def replay(
    items: Iterable[Past | Sent],
    old: Pack,
    new: Pack,
    *,
    examples: int = 5,
    workers: int | None = None,
    progress: Progress | None = None,
    learnt: Learnt | None = None,
) -> ReplayResult:
    """Runs the past under both packs. `workers`: processes, this one among them; one a core when left out. The first
    few thousand items are worked through here, for another process takes about as long to start.

    `learnt`: what the desk has taught the readers, for both packs; the readers as shipped without it.
    `progress` is told how many items are done, after each chunk. Raises clocks.ClockError for a time without a zone,
    ReplayError when a process is ended from outside.
    """
    count = workers or _cores()
    chunks = _chunks(items)
    total = _Total(examples)
    for chunk in chunks if count == 1 else islice(chunks, ALONE):
        total.add(_run(chunk, old, new, examples, learnt), progress)
    try:
        for result in _shared(chunks, old, new, examples, count, learnt):
            total.add(result, progress)
    except BrokenProcessPool as error:
        says = "A process that shared the work was ended from outside, perhaps for want of memory. Try one worker."
        raise ReplayError(says) from error
    return total.result()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chunks(items: Iterable[Past | Sent]) -> Iterator[list[Past | Sent]]:
    held: list[Past | Sent] = []
    length = 0
    for item in items:
        held.append(item)
        length += len(item.message.text if isinstance(item, Past) else item.draft.text)
        if len(held) == CHUNK or length >= CHUNK_TEXT:
            yield held
            held, length = [], 0
    if held:
        yield held


def _shared(
    chunks: Iterator[list[Past | Sent]], old: Pack, new: Pack, examples: int, count: int, learnt: Learnt | None
) -> Iterator[ReplayResult]:
    """Each chunk's result, in the order of the chunks. At most two chunks for each other process are on their way;
    while they are, as when those processes start, the next ones are worked through here."""
    waiting: deque[Future[ReplayResult]] = deque()
    given = (dict(old.files), dict(new.files), examples, learnt.data if learnt is not None else b"")
    others = max(count - 1, 1)
    # Spawned, not forked: a copy of a process with threads and database connections may hang.
    with ProcessPoolExecutor(others, get_context("spawn"), initializer=_start, initargs=given) as pool:
        try:
            for chunk in chunks:
                if sum(not future.done() for future in waiting) < 2 * others:
                    waiting.append(pool.submit(_work, chunk))
                else:
                    here: Future[ReplayResult] = Future()
                    here.set_result(_run(chunk, old, new, examples, learnt))
                    waiting.append(here)
                while waiting and waiting[0].done():
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


_PACKS: list[tuple[Pack, Pack, int, Learnt | None]] = []


def _start(old: dict[str, str], new: dict[str, str], examples: int, learnt: bytes) -> None:
    taught = opened(learnt, "what the desk has learnt") if learnt else None
    _PACKS[:] = [(load_files(old), load_files(new), examples, taught)]


def _work(chunk: list[Past | Sent]) -> ReplayResult:
    old, new, examples, learnt = _PACKS[0]
    return _run(chunk, old, new, examples, learnt)


def _run(chunk: list[Past | Sent], old: Pack, new: Pack, examples: int, learnt: Learnt | None = None) -> ReplayResult:
    total = _Total(examples)
    rules = differences.changed_rules(old, new)
    past = [item for item in chunk if isinstance(item, Past)]
    messages, times = [item.message for item in past], [item.at for item in past]
    before = decide_many(messages, old, times, learnt)
    if old.files["words.toml"] == new.files["words.toml"]:  # the same words read the same: reading is the dear part
        after = [decide(item.message, new, item.at, one.reading) for item, one in zip(past, before, strict=True)]
    else:
        after = decide_many(messages, new, times, learnt)
    for one, other in zip(before, after, strict=True):
        changes = differences.decisions(one, other)
        total.count(one.message, changes, differences.clauses_behind(one, other, rules) if changes else (), sent=False)
    for item in chunk:
        if isinstance(item, Sent):
            was, now = (check(item.draft, pack, item.at, item.limits) for pack in (old, new))
            total.count(item.id, differences.findings(was, now), differences.clauses_of(was, now), sent=True)
    return total.result()


class _Total:
    """Results added up, chunk by chunk."""

    def __init__(self, examples: int) -> None:
        self._most = examples
        self._numbers: Counter[str] = Counter()
        self._fields: Counter[str] = Counter()
        self._details: Counter[tuple[str, str]] = Counter()
        self._clauses: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def count(self, key: str, changes: Mapping[str, tuple[str, ...]], clauses: tuple[str, ...], *, sent: bool) -> None:
        self._numbers["drafts" if sent else "messages"] += 1
        if not changes:
            return
        self._numbers["changed_drafts" if sent else "changed_messages"] += 1
        for name, details in changes.items():
            self._fields[name] += 1
            self._details.update((name, detail) for detail in set(details))
            self._example(name, (key,))
        for clause in clauses or ("",):
            self._clauses[clause] += 1
            self._example(f"clause:{clause}", (key,))

    def _example(self, name: str, keys: Iterable[str]) -> None:
        held = self._examples.setdefault(name, [])
        held.extend(list(keys)[: self._most - len(held)])

    def add(self, result: ReplayResult, progress: Progress | None) -> None:
        for name in ("messages", "drafts", "changed_messages", "changed_drafts"):
            self._numbers[name] += getattr(result, name)
        self._fields.update(result.fields)
        self._details.update(result.details)
        self._clauses.update(result.clauses)
        for name, keys in result.examples.items():
            self._example(name, keys)
        if progress is not None:
            progress(self._numbers["messages"] + self._numbers["drafts"])

    def result(self) -> ReplayResult:
        return ReplayResult(
            messages=self._numbers["messages"],
            drafts=self._numbers["drafts"],
            changed_messages=self._numbers["changed_messages"],
            changed_drafts=self._numbers["changed_drafts"],
            fields=dict(self._fields),
            details=dict(self._details),
            clauses=dict(self._clauses),
            examples={name: tuple(keys) for name, keys in self._examples.items() if keys},
        )
