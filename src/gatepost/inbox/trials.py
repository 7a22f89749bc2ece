"""What a draft of the policy would have done with the last month: both policies over it, in a bounded time."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError

from gatepost.inbox import past
from gatepost.ledger.actions import Actor
from gatepost.policy import differences
from gatepost.policy.check import check
from gatepost.policy.decide import decide_many
from gatepost.policy.pack import Pack, load_files
from gatepost.policy.reading import Learnt
from gatepost.policy.replay import Past, ReplayResult, Sent, replay
from gatepost.rulebook import readers, trials
from gatepost.rulebook.actions import pack_of
from gatepost.rulebook.models import Trial

log = logging.getLogger("gatepost.inbox")

DAYS = 31
MOST = 5_000  # messages, the latest; some seconds of work
SECONDS = 60.0  # after which what is done so far is the result
EXAMPLES = 12  # shown with what differs


def run(trial: Trial, *, by: Actor, at: datetime) -> None:
    """Runs a trial that was asked for. What goes wrong becomes its answer, but for a database that is away."""
    try:
        result = _run(trial, by=by, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # whatever is wrong with a draft, whoever waits for it gets an answer
        log.exception("trial %s could not be run", trial.pk)
        says = f"The desk could not run this draft over the last month ({type(error).__name__}). Its log says where."
        trials.ends(trial, failed=says, by=by, at=at)
        return
    if result is not None:
        trials.ends(trial, result=result, by=by, at=at)


def _run(trial: Trial, *, by: Actor, at: datetime) -> dict[str, Any] | None:
    since = past.latest(at - timedelta(days=DAYS), MOST)
    total = past.count(since)
    if not trials.starts(trial, total=total, by=by, at=at):
        return None
    old, new = pack_of(trial.against), load_files(trial.files)
    learnt = readers.in_use(at)
    items = _until(past.since(since, old, new), time.monotonic() + SECONDS)
    result = replay(
        items,
        old,
        new,
        examples=3,
        workers=1,
        progress=lambda done: trials.reached(trial, done, by=by, at=at),
        learnt=learnt,
    )
    return {
        "since": since.isoformat(),
        "cut": result.messages + result.drafts < total,
        "messages": result.messages,
        "changed": result.changed_messages,
        "drafts": result.drafts,
        "changed_drafts": result.changed_drafts,
        "fields": dict(result.fields),
        "details": [[name, what, count] for (name, what), count in result.details.items()],
        "clauses": dict(result.clauses),
        "examples": list(_examples(result, past.since(since, old, new), old, new, learnt)),
    }


def _until(items: Iterable[Past | Sent], end: float) -> Iterator[Past | Sent]:
    for item in items:
        if time.monotonic() > end:
            return
        yield item


def _examples(
    result: ReplayResult, items: Iterable[Past | Sent], old: Pack, new: Pack, learnt: Learnt | None
) -> Iterator[dict[str, Any]]:
    """Some of what would have gone otherwise: its name in the record, what differs, and the clauses behind it. Of each
    clause at least one, as far as there is room; no words of anybody."""
    by_clause = [keys for name, keys in result.examples.items() if name.startswith("clause:")]
    turns = [keys[turn] for turn in range(3) for keys in by_clause if turn < len(keys)]
    wanted = set(list(dict.fromkeys(turns))[:EXAMPLES])
    rules = differences.changed_rules(old, new)
    for item in items:
        if not wanted:
            return
        key = item.message.id if isinstance(item, Past) else item.id
        if key not in wanted:
            continue
        wanted.discard(key)
        if isinstance(item, Past):
            before, after = (decide_many([item.message], pack, item.at, learnt)[0] for pack in (old, new))
            fields = differences.decisions(before, after)
            clauses = differences.clauses_behind(before, after, rules)
        else:
            was, now = (check(item.draft, pack, item.at, item.limits) for pack in (old, new))
            fields, clauses = differences.findings(was, now), differences.clauses_of(was, now)
        yield {"key": key, "fields": {name: list(what) for name, what in fields.items()}, "clauses": list(clauses)}
