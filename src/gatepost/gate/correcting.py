"""Edits and deletions of what is out, as acts with a reason that are signed off; and taking down what has expired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from gatepost.gate.actions import GateError, submit
from gatepost.gate.content import WRITES, Content, Part, from_json
from gatepost.gate.ending import sign_end
from gatepost.gate.ground import set_steps
from gatepost.gate.models import Act, Attempt, Published, PublishedPart, SignOff
from gatepost.gate.published import note_sent
from gatepost.gate.states import OPEN
from gatepost.ledger.actions import Actor, record
from gatepost.networks.charges import can_delete, can_edit, edit_minutes
from gatepost.networks.limits import network_title
from gatepost.people.models import User

CLAUSE = "risks.9"
EXPIRED = "Its time on the network, signed off with it, has ended."


def why_not_edit(item: Published, *, at: datetime) -> str:
    """Why this cannot be edited on its network now, in a sentence; "" when it can."""
    network = item.channel.network
    name, minutes = network_title(network), edit_minutes(network)
    if not item.online:
        return "This is no longer online."
    if not can_edit(network):
        return f"{name} does not let posts be edited. Take it down and post it anew."
    if minutes and at > item.since + timedelta(minutes=minutes):
        return f"{name} lets a post be edited for {minutes} minutes. Take it down and post it anew."
    if network == "x" and item.act.kind == "reply":
        return "X does not let answers be edited. Take it down and answer anew."
    return ""


@transaction.atomic
def edit(act: Act, *, text: str, reason: str, by: User, at: datetime, title: str | None = None) -> Act:
    """Puts other words for something that is out before the gate. Its pictures and its link stay as they are.

    Raises GateError, Stopped, Unanswered, NotAllowed.
    """
    item = _online(act)
    if not reason.strip():
        raise GateError("Say why it is changed. The reason is kept.")
    if why := why_not_edit(item, at=at):
        raise GateError(why)
    _require_nothing_open(act)
    before = from_json(_last_out(act).content)
    content = replace(
        before,
        kind="edit",
        target=item.ref,
        text=text.strip(),
        title=before.title if title is None else title.strip(),
        not_before=None,
        not_after=None,
        expires_at=None,
        parts=(),
    )
    if (content.text, content.title) == (before.text, before.title):
        raise GateError("These are the words that are out already.")
    subject = f"act:{act.pk}"
    return submit(
        content,
        subject=subject,
        by=by,
        at=at,
        clauses=[CLAUSE],
        reason=reason,
        context=act.context,
        answers=act.answers,
        post_kind=act.post_kind,
    )


@transaction.atomic
def take_down(act: Act, *, reason: str, by: User, at: datetime) -> Act:
    """Asks for something of ours to be deleted on its network. Raises GateError, NotAllowed."""
    item = _online(act)
    if not reason.strip():
        raise GateError("Say why it is taken down. The reason is kept.")
    if not can_delete(item.channel.network):
        name = network_title(item.channel.network)
        raise GateError(f"{name} cannot take it down by program. Do it there by hand.")
    _require_nothing_open(act)
    content = _deletion(item)
    return submit(
        content, subject=f"act:{act.pk}", by=by, at=at, clauses=[CLAUSE], reason=reason, post_kind=act.post_kind
    )


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
    """What the network shows now of the post that an edit is about."""
    post = Act.objects.filter(pk=change.subject.removeprefix("act:")).first()
    return str(_last_out(post).content.get("text", "")) if post else ""


def _last_out(act: Act) -> Act:
    """What the network shows now: the last edit that was sent, or the post itself."""
    edits = Act.objects.filter(subject=f"act:{act.pk}", kind="edit", state="sent")
    return edits.order_by("-sent_at").first() or act


def _online(act: Act) -> Published:
    """The row of what is out, locked: two who ask at once make one deletion."""
    act.refresh_from_db(fields=["state", "ref"])
    if act.state == "sent" and act.ref and act.kind in WRITES and not Published.objects.filter(pk=act.pk).exists():
        note_sent([act], at=act.sent_at or act.created_at)
    rows = Published.objects.select_for_update(of=("self",)).select_related("channel", "act")
    item = rows.filter(pk=act.pk).first()
    if item is None or act.kind not in WRITES or not item.ref:
        raise GateError("Only what has been sent, and is known on its network, can be changed or taken down.")
    if not item.online and not item.parts.filter(status__in=("online", "changed")).exists():
        raise GateError("This is no longer online.")
    return item


def _require_nothing_open(act: Act) -> None:
    about = Act.objects.filter(subject=f"act:{act.pk}", state__in=OPEN)
    if about.filter(kind="delete").exists():
        raise GateError("This is being taken down already.")
    if about.filter(kind="edit").exists():
        raise GateError("A change of this waits already. Sign it off, or withdraw it first.")


def expire(*, by: Actor, at: datetime, limit: int = 50) -> int:
    """Takes down what has reached the date that was signed off with it. Returns how many."""
    due = Published.objects.filter(status__in=("online", "changed"), expires_at__lte=at).exclude(ref="")
    # What a network cannot delete stays in the list of what is online past its end, and holds up nothing here.
    able = [name for name in due.values_list("channel__network", flat=True).distinct() if can_delete(name)]
    done = 0
    for item in due.filter(channel__network__in=able).order_by("expires_at").select_related("act", "channel")[:limit]:
        done += _expire(item, by=by, at=at)
    return done


@transaction.atomic
def _expire(item: Published, *, by: Actor, at: datetime) -> bool:
    """The sign-off of the post covers its end: whoever signed it saw the date. If they may no longer sign off, the
    claim finds that out and it waits for a person."""
    rows = Published.objects.select_for_update().filter(pk=item.pk, expires_at__lte=at)
    if not rows.filter(status__in=("online", "changed")).exists():
        return False
    if not can_delete(item.channel.network):
        return False
    Published.objects.filter(pk=item.pk).update(expires_at=None)
    if Act.objects.filter(subject=f"act:{item.pk}", kind="delete", state__in=OPEN).exists():
        return False
    content = _deletion(item)
    act = Act.objects.create(
        kind="delete",
        channel=item.channel,
        author=item.act.author,
        post_kind=item.act.post_kind,
        subject=f"act:{item.pk}",
        content=content.as_json(),
        context={"expiry_of": str(item.pk)},
        digest=content.digest,
        clauses=[CLAUSE],
        reason=EXPIRED,
        created_at=at,
    )
    detail = {"digest": act.digest, "kind": "delete", "channel": item.channel_id, "expiry_of": str(item.pk)}
    record("act.submitted", f"act:{act.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
    set_steps(act, content, at=at)
    sign_end(act, content, _signed_with(item), of=item.pk, by=by, at=at)
    return True


def _signed_with(item: Published) -> list[SignOff]:
    """The sign-offs under which the post left: whoever gave them saw its end. Not those from outside the desk or of a
    standing kind: then a person signs the end."""
    taken = Attempt.objects.filter(act=item.pk, outcome="receipt").first()
    if taken is None:
        return []
    given = SignOff.objects.filter(act=item.pk, digest=taken.digest, voided_at=None, standing=None)
    return list(given.exclude(signer=None).select_related("signer", "instead_of"))
