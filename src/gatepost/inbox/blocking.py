"""Blocking and muting people, and closing comments, where the network lets the desk do it: through the gate like every
change that others can see, with evidence, reason, clause and an end that is signed with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from gatepost.channels.actions import require_may_write
from gatepost.gate import actions as gate
from gatepost.gate.content import ENDS, LASTING, Content
from gatepost.gate.ending import ASKED, end_deed
from gatepost.gate.models import Act
from gatepost.gate.states import OPEN
from gatepost.inbox import moderating
from gatepost.inbox.evidence import keep_evidence
from gatepost.inbox.models import Message, Ruling
from gatepost.inbox.problems import InboxError
from gatepost.inbox.severity import over
from gatepost.ledger.actions import Actor
from gatepost.networks.limits import network_title
from gatepost.networks.powers import power
from gatepost.people.models import User

MOST = 50  # ended in one go
AGAIN = timedelta(hours=1)  # after the network refused an end
DECLINED = timedelta(days=1)  # after people did not let it go
LEAVING = ("sending", "unconfirmed")


@transaction.atomic
def rule(
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
    """Decides a deed of moderation of any kind but hiding and removing, by whichever way its network has: through the
    gate where the desk does it itself (`ruling.act` says how far it is), else by hand. Raises InboxError, LooksLawful,
    NotAllowed, GateError."""
    if kind not in LASTING or power(message.channel.network, kind).can != "desk":
        return moderating.rule_by_hand(
            message, kind, reason=reason, clause=clause, by=by, at=at, until=until, more_than=more_than
        )
    message = moderating.ready(message, reason=reason, clause=clause, at=at)
    until = moderating.end_of(message, kind, until, at=at)
    moderating.require_new(message, kind)
    why = moderating.looked_at(message, kind, more_than, at=at)
    content = Content(kind=kind, channel=message.channel_id, target=_target(message, kind), expires_at=until)
    act = gate.submit(
        content,
        subject=message.subject,
        by=by,
        at=at,
        clauses=[clause],
        reason=reason,
        context={"looks_lawful": why.why} if why and why.why != "danger" else None,
    )
    evidence = keep_evidence(message, reason=reason, clause=clause, by=by, at=at, act=act)
    made = Ruling(act=act, evidence=evidence, until=until, more_than=more_than[:400] if why else "")
    return moderating.keep_ruling(message, kind, made, reason=reason, clause=clause, by=by, at=at)


def _target(message: Message, kind: str) -> str:
    if kind != "close":
        return message.contact.external_id
    if not message.post_ref:
        name = network_title(message.channel.network)
        raise InboxError(f"{name} did not say under which post of ours this stands. Close the comments there by hand.")
    return message.post_ref


@transaction.atomic
def lift(ruling: Ruling, *, because: str, by: User, at: datetime) -> Act | None:
    """Ends a decision. What was done by hand is undone by hand. What the desk did is undone by an act of its own, which
    is returned: the decision is lifted when the network has taken it. What had not left yet never leaves."""
    require_may_write(by, ruling.message.channel, at)
    if not because.strip():
        raise InboxError("Say why it is lifted. Whoever has the reference reads it.")
    if ruling.lifted_at is not None:
        raise InboxError("This decision has been lifted already.")
    if ruling.act_id is None:
        moderating.end_rulings([ruling], because=because, by=by, who=by, at=at)
        return None
    act = Act.objects.select_for_update(of=("self",)).get(pk=ruling.act_id)  # taken a moment ago?
    if act.state in LEAVING:
        raise InboxError("This is just leaving for the network. Try again when it is known what became of it.")
    if act.state != "sent" and ruling.done_at is None:
        if act.state in OPEN:
            gate.withdraw(act, by=by, at=at)
        moderating.end_rulings([ruling], because=because, by=by, who=by, at=at)
        return None
    if ruling.kind not in ENDS:
        raise InboxError("The desk did this on the network: put the message back there, and the decision is lifted.")
    end, target = ENDS[ruling.kind], act.content["target"]
    if Act.objects.filter(subject=act.subject, kind=end, state__in=OPEN).exists():
        raise InboxError("This is being lifted already. It waits for its sign-off or is on its way.")
    return gate.submit(
        Content(kind=end, channel=act.channel_id, target=target),
        subject=act.subject,
        by=by,
        at=at,
        clauses=[ruling.clause],
        reason=because,
    )


def end_due(*, by: Actor, at: datetime) -> int:
    """Asks for the end of what has reached it, and again when nothing came of that. Returns how many."""
    asked = Act.objects.filter(
        Q(state__in=ASKED) | Q(created_at__gt=at - AGAIN) | ~Q(state="refused") & Q(created_at__gt=at - DECLINED),
        subject=OuterRef("act__subject"),
        content__target=OuterRef("act__content__target"),
        kind__in=ENDS.values(),
        created_at__gte=OuterRef("until"),
    )
    rows = over(at).filter(~Exists(asked)).select_related("act")[:MOST]
    return sum(end_deed(row.act, by=by, at=at) is not None for row in rows if row.act is not None)
