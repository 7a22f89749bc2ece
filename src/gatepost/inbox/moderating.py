"""Hiding, removing, restoring through the gate; warning, and by hand what a network lets no program do.

Each rests on a clause, with a reason and with evidence kept first. Each becomes a ruling with a reference, by which the
person it is against can see it and ask for a review.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.gate import actions as gate
from gatepost.gate.content import ENDS, HIDING, Content
from gatepost.gate.models import Act
from gatepost.gate.states import OPEN
from gatepost.inbox.deciding_anew import standing
from gatepost.inbox.evidence import keep_evidence, require_words
from gatepost.inbox.models import Alarm, Message, Ruling
from gatepost.inbox.problems import InboxError, LooksLawful
from gatepost.inbox.severity import strikes_of
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import Conflict
from gatepost.networks.limits import limits, network_title
from gatepost.networks.powers import PowerKind, power
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.policy.kept_speech import REMOVABLE, Guarded, guarded
from gatepost.policy.model import Moderation
from gatepost.rulebook.actions import in_force

LETTERS = "BCDFGHJKMNPQRSTVWXZ"  # no word, no postcode, none that is taken for another when it is read out
BY_HAND: tuple[PowerKind, ...] = ("block", "mute", "report", "close", "hide", "remove")
VERBS = {"block": "block people", "mute": "mute people", "report": "report", "close": "close comments"}


def labels_of(message: Message) -> set[str]:
    """What the message is, as decided on its words and corrected since."""
    said = standing(message)
    return {label for label in {*message.decision.decided, *said} if said.get(label, True)}


def guard(message: Message, kind: str, *, at: datetime) -> Guarded | None:
    """What stands against hiding or removing it: it looks like lawful speech. None when the policy provides for it."""
    kept = message.decision
    return guarded(
        kind,
        decided=labels_of(message),
        moderate=cast(Moderation, kept.moderate),
        sentiment=kept.sentiment,
        private=message.private,
        pack=in_force(at),
    )


@transaction.atomic
def moderate(
    message: Message, kind: str, *, reason: str, clause: str, by: User, at: datetime, more_than: str = ""
) -> Act:
    """Hides, removes or restores ("hide", "remove", "unhide") what somebody said, through the gate, with evidence,
    reason and clause. `more_than`: what makes it more than the lawful speech it looks like; somebody else signs that
    off. Raises LooksLawful without it."""
    if kind not in HIDING:
        raise InboxError(f"“{kind}” is not something that can be done to a message.")
    message = ready(message, reason=reason, clause=clause, at=at)
    known = limits(message.channel.network)
    if not {"hide": known.hide, "unhide": known.hide, "remove": known.remove_others}[kind]:
        raise InboxError(f"{message.channel.name}: this network does not let us {kind} what others say.")
    fits = {"hide": ("shown",), "remove": ("shown", "hidden"), "unhide": ("hidden",)}
    if message.visibility not in fits[kind]:
        raise InboxError(f"This is already {message.get_visibility_display().lower()} on {message.channel.name}.")
    if Act.objects.filter(subject=message.subject, kind=kind, state__in=OPEN).exists():
        raise InboxError("This is being done already. It waits for its sign-off or is on its way.")
    why = looked_at(message, kind, more_than, at=at)
    act = gate.submit(
        Content(kind=kind, channel=message.channel_id, target=message.ref),
        subject=message.subject,
        by=by,
        at=at,
        clauses=[clause],
        reason=reason,
        context={"looks_lawful": why.why} if why and why.why != "danger" else None,
    )
    evidence = keep_evidence(message, reason=reason, clause=clause, by=by, at=at, act=act)
    if kind != "unhide":
        made = Ruling(act=act, evidence=evidence, more_than=more_than[:400] if why else "")
        keep_ruling(message, kind, made, reason=reason, clause=clause, by=by, at=at)
    return act


def ready(message: Message, *, reason: str, clause: str, at: datetime) -> Message:
    """The message, locked, with everything there that a decision against somebody needs."""
    if not reason.strip():
        raise InboxError("Say why. The reason is kept with the evidence.")
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("channel", "contact", "decision")
        .get(pk=message.pk)
    )
    require_words(message)
    if clause not in in_force(at).numbers:
        raise InboxError(f"The policy has no clause “{clause}”. Name the one this rests on.")
    return message


def looked_at(message: Message, kind: str, more_than: str, *, at: datetime) -> Guarded | None:
    """Raises where a person must look first: nobody takes away unread what may be a cry for help, or lawful speech."""
    if kind == "unhide":
        return None
    if Alarm.objects.filter(message=message, taken_at=None).exists():
        raise InboxError("Somebody may be in danger. Read it and take the alarm first; nothing is taken away unread.")
    found = guard(message, kind, at=at)
    if found is not None and not more_than.strip():
        ask = "Say what makes it more than that. Somebody else signs it off."
        if found.why == "danger":  # how somebody means to harm themselves may have to go at once, for others' sake
            ask = "Say why it has to go all the same."
        raise LooksLawful(f"{found.says} {ask}", found.clause)
    return found


def keep_ruling(
    message: Message, kind: str, ruling: Ruling, *, reason: str, clause: str, by: User, at: datetime
) -> Ruling:
    """Gives the decision a reference and keeps it, inside the caller's transaction."""
    ruling.message, ruling.contact, ruling.kind = message, message.contact, kind
    ruling.reference = "".join(secrets.choice(LETTERS) for _ in range(10))
    ruling.reason, ruling.clause = reason.strip()[:400], clause
    ruling.strike = kind in ("hide", "remove", "warn") and bool(labels_of(message) & REMOVABLE)
    ruling.by, ruling.at = by, at
    Ruling.objects.bulk_create([ruling])
    detail = {"ruling": ruling.pk, "kind": kind, "strike": ruling.strike}
    record("message.ruled", message.subject, by=by, at=at, clauses=[clause], detail=detail)
    return ruling


def end_of(message: Message, kind: str, until: datetime | None, *, at: datetime) -> datetime | None:
    """When a block, a mute or the closing of comments ends; None: when it is lifted. The length of a block that the
    policy's ladder states is the longest there is, and the end of one for which none was chosen."""
    if until is not None and (kind not in ENDS or until <= at):
        raise InboxError("Give an end for a block, a mute or closed comments only, and one that is still to come.")
    rung = strikes_of(message, at).rung if kind == "block" else None
    if rung is None or not rung.blocks or rung.length is None:
        return until
    longest = at + rung.length
    if until is not None and until >= longest + timedelta(days=1):
        raise InboxError(f"The policy gives {rung.said} ({rung.clause}). Choose an end within that time.")
    return until or longest


def require_new(message: Message, kind: str) -> None:
    """Raises InboxError for what has been decided already: of a person, a message, or the post it stands under."""
    again = Ruling.objects.filter(message=message, kind=kind, lifted_at=None)
    if kind in ("block", "mute"):
        again = Ruling.objects.filter(contact=message.contact, kind=kind, lifted_at=None)
    elif kind == "close" and message.post_ref:
        under = {"message__channel": message.channel_id, "message__post_ref": message.post_ref}
        again = Ruling.objects.filter(**under, kind=kind, lifted_at=None)
    if again.exists():
        raise InboxError("This has been decided already. Lift that decision first, or leave it as it is.")


@transaction.atomic
def rule_by_hand(
    message: Message,
    kind: str,
    *,
    reason: str,
    clause: str,
    by: User,
    at: datetime,
    until: datetime | None = None,
    more_than: str = "",
) -> Ruling:
    """Decides what is then done by hand on the network, or a warning: evidence and reason first. Blocking a person and
    closing comments is for those who sign off, because no gate stands behind them."""
    message = ready(message, reason=reason, clause=clause, at=at)
    require_may_write(by, message.channel, at)
    network = message.channel.network
    if kind != "warn":
        if kind not in BY_HAND:
            raise InboxError(f"“{kind}” is not something that can be done about a message.")
        can = power(network, kind).can
        if can == "desk":
            raise InboxError(f"The desk does this itself on {network_title(network)}. Use “{kind}” on this page.")
        if can == "no":
            raise InboxError(f"{network_title(network)} does not let us {VERBS.get(kind, kind)}.")
    if kind in ("block", "close"):
        require_sign_off(by, at)
    until = end_of(message, kind, until, at=at)
    require_new(message, kind)
    why = looked_at(message, kind, more_than, at=at)
    evidence = keep_evidence(message, reason=reason, clause=clause, by=by, at=at)
    made = Ruling(evidence=evidence, until=until, more_than=more_than[:400] if why else "")
    made.done_at = at if kind == "warn" else None  # a warning is the notice itself
    return keep_ruling(message, kind, made, reason=reason, clause=clause, by=by, at=at)


@transaction.atomic
def done_by_hand(ruling: Ruling, *, by: User, at: datetime) -> None:
    """Somebody has done on the network what was decided."""
    require_may_write(by, ruling.message.channel, at)
    changed = Ruling.objects.filter(pk=ruling.pk, act=None, done_at=None, lifted_at=None).update(done_at=at)
    if not changed:
        raise Conflict("This has been recorded already, or it was lifted. Nothing was done.")
    became = {"hide": "hidden", "remove": "removed"}.get(ruling.kind)
    if became:
        Message.objects.filter(pk=ruling.message_id).update(visibility=became)
    record("ruling.done", ruling.subject, by=by, at=at, clauses=[ruling.clause], detail={"by_hand": True})


def end_rulings(rulings: list[Ruling], *, because: str, by: Actor, who: User, at: datetime) -> None:
    for ruling in rulings:
        free = Ruling.objects.filter(pk=ruling.pk, lifted_at=None)
        if free.update(lifted_at=at, lifted_by=who, lifted_because=because.strip()[:400]):
            record("ruling.lifted", ruling.subject, by=by, at=at, clauses=[ruling.clause])


@transaction.atomic
def ruled_settled(act: Act, *, by: Actor, at: datetime) -> None:
    """Brings rulings up to date with what became of an act about a message. May be called again for the same act."""
    name, _, number = act.subject.partition(":")
    if name != "message" or act.state != "sent":
        return
    if act.kind in ("hide", "remove", *ENDS):
        Ruling.objects.filter(act=act, done_at=None).update(done_at=at)
    elif act.kind in ENDS.values():
        same = Ruling.objects.filter(act__channel=act.channel_id, act__content__target=act.content["target"])
        begun = next(kind for kind, end in ENDS.items() if end == act.kind)
        standing = same.filter(kind=begun, lifted_at=None, at__lte=act.created_at)
        end_rulings(list(standing), because=act.reason, by=by, who=act.author, at=at)
    elif act.kind == "unhide":
        # What was hidden by mistake, or long enough, is shown again: the record says so to whoever asks.
        standing = Ruling.objects.filter(message=int(number), kind="hide", lifted_at=None, at__lte=act.created_at)
        end_rulings(list(standing), because=act.reason, by=by, who=act.author, at=at)
