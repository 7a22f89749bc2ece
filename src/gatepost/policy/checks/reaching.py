"""May this reach the person at all: what the networks allow, and the spaces that are not ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gatepost.policy.checks.base import Draft, clause
from gatepost.policy.model import Finding


def network_reply(draft: Draft) -> Iterator[Finding]:
    """X takes an answer by program only where the person named our account or quoted a post of ours."""
    limits = draft.limits
    if not draft.public_reply or limits is None or not limits.summoned_only or draft.out.summoned:
        return
    where = draft.where or "This network"
    about = clause(draft, "network_reply")
    if draft.out.summoned is None:
        says = f"{where} takes our answer only if the person named our account or quoted a post of ours."
        yield Finding("network_reply", "note", about, says, "If it is refused, answer by hand there and record it.")
    else:
        says = f"{where} refuses this answer: the person neither named our account nor quoted a post of ours."
        yield Finding("network_reply", "stop", about, says, "Answer by hand there, then record what was said.")


def private_window(draft: Draft) -> Iterator[Finding]:
    """A private message can be answered only for so long after the person's last one, a public comment privately only
    for so long after it was written, and on few networks at all."""
    limits, last = draft.limits, draft.out.last_private
    if draft.out.kind == "private" and draft.out.commented is not None:
        yield from _after_comment(draft, draft.out.commented)
        return
    if draft.out.kind != "private" or limits is None or not limits.private_hours or last is None:
        return
    ends = last + timedelta(hours=limits.private_hours)
    leaves = max(draft.at, draft.out.leaves or draft.at)
    if leaves > ends:
        where = draft.where or "this network"
        yield Finding(
            "private_window",
            "stop",
            clause(draft, "private_window"),
            f"The person last wrote more than {limits.private_hours} hours before this would leave; "
            f"{where} no longer takes an answer.",
            "Answer where they wrote in public, or by telephone or letter.",
        )


def _after_comment(draft: Draft, commented: datetime) -> Iterator[Finding]:
    limits, where = draft.limits, draft.where or "this network"
    if limits is None:
        return
    leaves = max(draft.at, draft.out.leaves or draft.at)
    about, mend = clause(draft, "private_window"), "Answer in public, or by telephone or letter."
    if not limits.private_reply_days:
        says = f"{where} takes no private message to somebody who wrote in public."
        yield Finding("private_window", "stop", about, says, mend)
    elif leaves > commented + timedelta(days=limits.private_reply_days):
        says = (
            f"The comment would be more than {limits.private_reply_days} days old when this leaves; "
            f"{where} no longer takes a private answer to it."
        )
        yield Finding("private_window", "stop", about, says, mend)


def private_first(draft: Draft) -> Iterator[Finding]:
    """We never start a private conversation, and say nothing in a private group that did not ask us. A policy may let
    one private message answer a public comment."""
    out = draft.out
    if out.commented is not None and draft.pack.checks.private_reply and not out.closed_group:
        return
    wrote_first = out.person_wrote_first or (out.answering is not None and out.answering.private)
    if wrote_first or not (out.kind == "private" or out.closed_group):
        return
    if out.closed_group:
        says = "Nobody in this private group has asked us. Writing there would enter a space they deem personal."
    else:
        says = "This person has not written to us privately. Writing there would enter a space they deem personal."
    mend = "Answer where they wrote, and invite them to send us a private message."
    yield Finding("private_first", "stop", clause(draft, "private_first"), says, mend)
