"""Edits and deletions of what is out, as acts with a reason that are signed off; and taking down what has expired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from gatepost import jobs
from gatepost.gate.actions import GateError, submit
from gatepost.gate.content import WRITES, Content, Part, from_json
from gatepost.gate.ending import ask_end
from gatepost.gate.models import Act, Attempt, Published, PublishedPart, SignOff
from gatepost.gate.precedence import ON_ITS_WAY, UNDER_WAY
from gatepost.gate.published import last_out, note_sent, part_of
from gatepost.gate.states import OPEN
from gatepost.gate.world import ONLINE
from gatepost.ledger.actions import Actor, record
from gatepost.networks.charges import can_delete, can_edit, can_edit_replies, edit_minutes
from gatepost.networks.limits import network_title
from gatepost.people.authority import NotAllowed, signs_off
from gatepost.people.models import User

CLAUSE = "desk:archive"
EXPIRED = "Its time on the network, signed off with it, has ended."


def why_not_edit(item: Published, *, at: datetime, part: PublishedPart | None = None) -> str:
    """Why this, or a further part of it, cannot be edited on its network now, in a sentence; "" when it can."""
    network, out = item.channel.network, part or item
    name, minutes = network_title(network), edit_minutes(network)
    if not out.online:
        return "This is no longer online."
    if not can_edit(network):
        return f"{name} does not let posts be edited. Take it down and post it anew."
    if part is not None and not part.ref:
        return f"Its number on the network is not known. Change it there by hand: {part.permalink}"
    if part is not None and not can_edit_replies(network):
        return f"{name} does not let what stands under a first post be edited. Take it down by itself, or all of it."
    if item.act.kind == "reply" and not can_edit_replies(network):
        return f"{name} does not let answers be edited. Take it down and answer anew."
    if minutes and at > out.since + timedelta(minutes=minutes):
        return f"{name} lets a post be edited for {minutes} minutes. Take it down and post it anew."
    return ""


def why_not_take_down(item: Published, *, part: PublishedPart | None = None) -> str:
    """Why no program can take this, or a further part of it, down, in a sentence with what to do; "" when one can."""
    name, out = network_title(item.channel.network), part or item
    where = (part.permalink if part else item.act.permalink) or item.channel.name
    if not can_delete(item.channel.network):
        return f"{name} cannot take it down by program. Do it there by hand: {where}"
    if not out.ref:
        return f"Its number on the network is not known. Take it down there by hand: {where}"
    return ""


@transaction.atomic
def edit(act: Act, *, text: str, reason: str, by: User, at: datetime, title: str | None = None, part: int = 0) -> Act:
    """Puts other words for something that is out before the gate; `part` 1 is what follows first under the post. Its
    pictures and its link stay as they are.

    Raises GateError, Stopped, Unanswered, NotAllowed.
    """
    item = _online(act)
    further = _further(item, part)
    if not reason.strip():
        raise GateError("Say why it is changed. The reason is kept.")
    if why := why_not_edit(item, at=at, part=further):
        raise GateError(why)
    _require_not_going(act)
    if Act.objects.filter(subject=f"act:{act.pk}", state__in=OPEN, kind="edit").exists():
        raise GateError("A change of this waits already. Sign it off, or withdraw it first.")
    before = from_json(last_out(act)) if further is None else _of_part(act, part)
    content = replace(
        before,
        kind="edit",
        target=(further or item).ref,
        text=text.strip(),
        title=before.title if title is None or further else title.strip(),
        not_before=None,
        not_after=None,
        expires_at=None,
        parts=(),
    )
    if (content.text, content.title) == (before.text, before.title):
        raise GateError("These are the words that are out already.")
    return submit(
        content,
        subject=f"act:{act.pk}",
        by=by,
        at=at,
        clauses=[CLAUSE],
        reason=reason,
        context={**act.context, "part": part} if part else act.context,
        answers=act.answers,
        post_kind=act.post_kind,
    )


@transaction.atomic
def take_down(act: Act, *, reason: str, by: User, at: datetime, part: int = 0) -> Act:
    """Asks for something of ours to be deleted on its network: all of a post, or one further `part` of it alone. A
    change of it that waits stays behind it (gate.precedence). Raises GateError, NotAllowed."""
    item = _online(act)
    further = _further(item, part)
    if not reason.strip():
        raise GateError("Say why it is taken down. The reason is kept.")
    if why := why_not_take_down(item, part=further):
        raise GateError(why)
    if further is not None and not further.online:
        raise GateError("This is no longer online.")
    _require_not_going(act)
    if Act.objects.filter(subject=f"act:{act.pk}", state__in=ON_ITS_WAY, kind="edit").exists():
        raise GateError(f"{UNDER_WAY}.")
    content = _deletion(item) if further is None else Content("delete", item.channel_id, target=further.ref)
    # Looked at once more while somebody signs: how people took it in the end is known only as long as it is there.
    Published.objects.filter(pk=item.pk, status__in=ONLINE).update(check_at=at)
    return submit(
        content, subject=f"act:{act.pk}", by=by, at=at, clauses=[CLAUSE], reason=reason, post_kind=act.post_kind
    )


def _further(item: Published, part: int) -> PublishedPart | None:
    """The further part of that number, None for the post itself. Raises GateError."""
    if not part:
        return None
    found = item.parts.filter(number=part).first()
    if found is None:
        raise GateError(f"There is no part {part + 1} of this on the network.")
    return found


def _of_part(act: Act, part: int) -> Content:
    """The words and pictures of a further part as they are out, as a content of its own."""
    words = last_out(act, part)
    return from_json(
        {"kind": "edit", "channel": act.channel_id, "text": words.get("text", ""), "media": words.get("media", ())}
    )


@transaction.atomic
def note_taken_down(act: Act, *, by: User, at: datetime, part: int = 0) -> None:
    """A person has taken it down on the network, where no program can: all of it, or one further `part`. Whoever may
    sign off, or wrote it, says so. Raises GateError, NotAllowed."""
    if by.pk != act.author_id and not signs_off(by, at):
        raise NotAllowed("Only its author or Communications may say that it is down.", CLAUSE)
    item = Published.objects.select_for_update(of=("self",)).select_related("channel", "act").filter(pk=act.pk).first()
    further = _further(item, part) if item is not None else None
    out = further or item
    if item is None or out is None or not out.online:
        raise GateError("This is not online, as far as the desk knows.")
    if not why_not_take_down(item, part=further) and item.overdue_at is None:
        raise GateError("The desk can take this down itself. Ask for that, with the reason.")
    says = f"Taken down on {network_title(item.channel.network)} by hand, says {by.name}."
    if further is None:
        item.parts.filter(status__in=ONLINE, ref="").update(status="retracted", says=says)
        left = item.parts.filter(status__in=ONLINE).count()
        more = f" Of its further parts {left} {'is' if left == 1 else 'are'} still there." if left else ""
        values = {"status": "retracted", "changed_at": at, "check_at": None, "says": says + more}
        Published.objects.filter(pk=item.pk).update(**values)
    else:
        PublishedPart.objects.filter(pk=further.pk).update(status="retracted", says=says)
    detail = {"ref": out.ref, "part": part + 1}
    record("published.taken_down_by_hand", f"act:{act.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)


def _deletion(item: Published) -> Content:
    """The post and every part of it that is still out, the post first: it is what people find. A part that a person
    found has no number to be taken down by, and stays in the list of what is online. Raises GateError."""
    parts = [part for part in item.parts.all() if part.online and part.ref]
    if not item.online and not parts:
        left = ", ".join(part.permalink for part in item.parts.all() if part.online)
        raise GateError(f"Its number on the network is not known. Take it down there by hand: {left}")
    if not item.online:
        first, *parts = parts
        return Content(kind="delete", channel=item.channel_id, target=first.ref, parts=_targets(parts))
    return Content(kind="delete", channel=item.channel_id, target=item.ref, parts=_targets(parts))


def _targets(parts: Sequence[PublishedPart]) -> tuple[Part, ...]:
    return tuple(Part(target=part.ref) for part in parts)


def words_out(change: Act) -> str:
    """What the network shows now of the post, or the further part of it, that an edit or a deletion is about."""
    post = Act.objects.filter(pk=change.subject.removeprefix("act:")).first()
    if post is None:
        return ""
    row = PublishedPart.objects.filter(item=post.pk, ref=change.content.get("target", "")).first()
    return str(last_out(post, row.number if row else part_of(change)).get("text", ""))


def _online(act: Act) -> Published:
    """The row of what is out, locked: two who ask at once make one deletion."""
    act.refresh_from_db(fields=["state", "ref"])
    if act.state == "sent" and act.ref and act.kind in WRITES and not Published.objects.filter(pk=act.pk).exists():
        note_sent([act], at=act.sent_at or act.created_at)
    rows = Published.objects.select_for_update(of=("self",)).select_related("channel", "act")
    item = rows.filter(pk=act.pk).first()
    if item is None or act.kind not in WRITES or not item.ref:
        raise GateError("Only what has been sent, and is known on its network, can be changed or taken down.")
    if not item.online and not item.parts.filter(status__in=ONLINE).exists():
        raise GateError("This is no longer online.")
    return item


def _require_not_going(act: Act) -> None:
    if Act.objects.filter(subject=f"act:{act.pk}", state__in=OPEN, kind="delete").exists():
        raise GateError("This is being taken down already.")


def expire(*, by: Actor, at: datetime, limit: int = 50) -> int:
    """Asks for what has reached the date that was signed off with it to be taken down. What no program can take down,
    and what did not come down although it was asked for, is told to its author and to those who sign off, once, and
    stands on the front page until it is down. Returns how many are asked for."""
    about = Concat(Value("act:"), Cast(OuterRef("pk"), CharField()))
    going = Exists(Act.objects.filter(subject=about, kind="delete", state__in=OPEN))
    due = Published.objects.filter(~going, status__in=ONLINE, expires_at__lte=at, overdue_at=None)
    rows = due.order_by("expires_at").select_related("act", "channel")[:limit]
    return sum(_expire(item, by=by, at=at) for item in rows)


def _told(item: Published, why: str, *, by: Actor, at: datetime) -> bool:
    says = f"{EXPIRED} {why}"
    Published.objects.filter(pk=item.pk).update(overdue_at=at, says=says[:400])
    record("published.overdue", f"act:{item.pk}", by=by, at=at, clauses=[CLAUSE], detail={"ref": item.ref})
    jobs.enqueue(jobs.Job.OVERDUE, act=str(item.pk))
    return False


@transaction.atomic
def _expire(item: Published, *, by: Actor, at: datetime) -> bool:
    """The sign-off of the post covers its end: whoever signed it saw the date. If they may no longer sign off, the
    claim finds that out and it waits for a person."""
    rows = Published.objects.select_for_update().filter(pk=item.pk, expires_at__lte=at)
    locked = rows.filter(status__in=ONLINE, overdue_at=None).first()
    if locked is None:
        return False
    item.ref = locked.ref  # an edit may have given it another since it was read
    if why := why_not_take_down(item):
        return _told(item, why, by=by, at=at)
    if Act.objects.filter(subject=f"act:{item.pk}", kind="edit", state__in=ON_ITS_WAY).exists():
        return False  # an edit on its way may give it another number: its end comes when that is known
    downs = Act.objects.filter(subject=f"act:{item.pk}", kind="delete")
    if downs.filter(state__in=OPEN).exists():
        return False
    if (last := downs.filter(context__expiry_of=str(item.pk)).order_by("-created_at").first()) is not None:
        return _came_to_nothing(item, last, by=by, at=at)
    content = _deletion(item)
    signed, about = _signed_with(item), f"act:{item.pk}"
    ask_end(content, signed, of=item.act, subject=about, clauses=[CLAUSE], reason=EXPIRED, by=by, at=at)
    if left := [part.permalink for part in item.parts.all() if part.online and not part.ref]:
        _told(item, f"No program can take down: {', '.join(left)} Do it there by hand.", by=by, at=at)
    return True


def _came_to_nothing(item: Published, down: Act, *, by: Actor, at: datetime) -> bool:
    """It is online although its deletion, signed with it, has ended. Whoever declined that has decided that it stays;
    anything else people must hear of."""
    if down.state == "declined":
        Published.objects.filter(pk=item.pk).update(expires_at=None, says=f"It stays online. {down.says}"[:400])
        detail = {"ref": item.ref, "deletion": str(down.pk)}
        record("published.stays", f"act:{item.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
        return False
    why = {
        "refused": f"The network did not take it down: {down.says.removesuffix(' Nothing was sent.')}",
        "expired": "Nobody signed in time that it is taken down.",
        "withdrawn": "The deletion was withdrawn.",
    }.get(down.state, "It was taken down and is there again.")
    where = item.act.permalink or item.channel.name
    return _told(item, f"{why} Ask for it to be taken down, or do it there by hand: {where}", by=by, at=at)


def _signed_with(item: Published) -> list[SignOff]:
    """The sign-offs under which the post left: whoever gave them saw its end. Not those from outside the desk or of a
    standing kind: then a person signs the end."""
    taken = Attempt.objects.filter(act=item.pk, outcome="receipt").first()
    if taken is None:
        return []
    given = SignOff.objects.filter(act=item.pk, digest=taken.digest, voided_at=None, standing=None)
    return list(given.exclude(signer=None).select_related("signer", "instead_of"))
