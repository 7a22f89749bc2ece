"""Posts of several parts: a thread, or comments of our own under a post.

All parts are one content with one digest, signed as a whole. Each leaves as a write of its own: claimed, checked, sent
and settled like any other, one after the other. `Act.parts_out` counts those that are out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from gatepost import jobs
from gatepost.gate.content import WRITES, Content, from_json
from gatepost.gate.ending import withdraw_moot
from gatepost.gate.models import Act
from gatepost.gate.published import note_end_cut, note_part, note_sent
from gatepost.ledger.actions import Actor
from gatepost.lifecycle import advance
from gatepost.networks.limits import limits


def key_of(act: Act, part: int) -> str:
    """What is ours and unique for ever of one write of an act."""
    return f"{act.pk}-{part}" if part else str(act.pk)


def next_write(act: Act, content: Content) -> Content:
    """What of an act leaves next, as a content without parts."""
    first = replace(content, parts=())
    if not act.parts_out:
        return first
    part = content.parts[act.parts_out - 1]
    if content.kind == "delete":
        return replace(first, target=part.target)
    above = act.above if limits(act.channel.network).parts == "thread" else act.ref
    return replace(
        first, kind="reply", text=part.text, media=part.media, in_reply_to=above, title="", link="", leads_to=""
    )


def has_more(act: Act) -> bool:
    """Is there another part after the one that goes next?"""
    return act.parts_out < len(act.content.get("parts", ()))


def part_sent(act: Act, ref: str, permalink: str, *, by: Actor, at: datetime) -> None:
    """The network has a part and more follow, in the caller's transaction: the act waits for its next claim, under the
    same sign-offs."""
    out, every = act.parts_out + 1, from_json(act.content).writes
    advance(
        act,
        "part_sent",
        by=by,
        at=at,
        clauses=dict.fromkeys(("desk:gate", *act.clauses)),
        detail={"digest": act.digest, "ref": ref, "part": out, "of": every},
        parts_out=out,
        above=ref[:300],
        ref=act.ref,
        permalink=act.permalink,
        try_at=None,
        files_by=None,
        look_at=None,
        looks=0,
        says=f"{out} of {every} parts {'is' if out == 1 else 'are'} out.",
    )
    if out == 1:
        note_sent([act], at=at)
    else:
        note_part(act, out - 1, ref, permalink, at=at)


def part_found(act: Act, permalink: str, *, by: Actor, at: datetime) -> None:
    """A person has found the unconfirmed part on the network: it is out. What follows would need its number there,
    which is not known, and stays behind. In the caller's transaction."""
    part, found = act.parts_out, {"parts_out": act.parts_out + 1}
    seen = act.permalink if part else permalink
    if has_more(act):
        rest = f"Part {part + 1} was found by hand. What follows needs its number on the network, which is not known"
        cut(act, rest, by=by, at=at, permalink=seen, **found)
    else:
        detail = {"digest": act.digest, "by_hand": True}
        advance(
            act, "sent", by=by, at=at, clauses=["desk:gate"], detail=detail, sent_at=at, look_at=None, says="", **found
        )
        withdraw_moot([act], at=at)
        jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))
    if act.kind not in WRITES:  # whether a deletion took is told by the next look
        return
    if part:
        note_part(act, part, "", permalink, at=at)
    else:
        note_sent([act], at=at)


def cut(act: Act, because: str, *, by: Actor, at: datetime, **found: Any) -> None:
    """What is out of it stays, the rest does not go: in the caller's transaction. Its author reads why. `found`: what
    has only now become known of it."""
    out, every = found.get("parts_out", act.parts_out), 1 + len(act.content.get("parts", ()))
    rest = f"{out} of {every} parts {'was' if out == 1 else 'were'} sent; the rest was not."
    advance(
        act,
        "cut",
        by=by,
        at=at,
        clauses=["desk:gate"],
        detail={"digest": act.digest, "out": out, "of": every},
        sent_at=at,
        look_at=None,
        try_at=None,
        review=None,
        says=f"{because.strip().rstrip('.')[:300]}. {rest}",
        **found,
    )
    withdraw_moot([act], at=at, out=out)
    note_end_cut(act, by=by, at=at)
    jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))
