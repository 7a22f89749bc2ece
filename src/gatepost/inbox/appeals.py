"""Somebody outside asks for a decision to be looked at again, by its reference; another person than before decides."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.gate.content import ENDS
from gatepost.gate.models import Act, SignOff
from gatepost.gate.states import OPEN
from gatepost.inbox.blocking import lift
from gatepost.inbox.models import Appeal, Message, Ruling
from gatepost.inbox.moderating import LETTERS, end_rulings, moderate
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import System, record
from gatepost.lifecycle import advance
from gatepost.people.authority import NotAllowed, holders, let_in_by
from gatepost.people.models import User
from gatepost.policy.strikes import Process, process_of
from gatepost.rulebook.actions import in_force

PUBLIC = System("public")
LONGEST = 4000
_REFERENCE = re.compile(f"[{LETTERS}]{{10}}")


class AppealError(Exception):
    """A review cannot be asked for; the message says why and what else can be done. It is read by people outside."""


def found(reference: str) -> Ruling | None:
    """The decision a reference belongs to, once it has been carried out. Spaces, dashes and case do not matter."""
    wanted = re.sub(r"[\s-]", "", reference[:40]).upper()
    if not _REFERENCE.fullmatch(wanted):
        return None
    rows = Ruling.objects.select_related("message__channel", "by", "act").filter(reference=wanted)
    return rows.exclude(done_at=None).first()


def why_not(ruling: Ruling, process: Process, at: datetime) -> str:
    """Why no review can be asked for any more, in words for people outside; "" when it can."""
    if process.appeal is False:
        return "Our policy does not provide for a review. You can still complain to us."
    if ruling.lifted_at is not None:
        return "This decision has been lifted already."
    if process.within is not None and ruling.done_at is not None and at > ruling.done_at + process.within:
        return "The time in which our policy lets you ask for a review has passed. You can still complain to us."
    return ""


@transaction.atomic
def ask(ruling: Ruling, words: str, *, at: datetime) -> Appeal:
    """Keeps what somebody says against a decision. Once for each decision. Raises AppealError."""
    ruling = Ruling.objects.select_for_update(of=("self",)).get(pk=ruling.pk)
    words = words.replace("\x00", "").strip()
    if because := why_not(ruling, process_of(in_force(at)), at):
        raise AppealError(because)
    if not words:
        raise AppealError("Write why you think we should look at it again. A few words are enough.")
    if len(words) > LONGEST:
        raise AppealError(f"This is longer than {LONGEST:,} characters. Shorten it.")
    if Appeal.objects.filter(ruling=ruling).exists():
        raise AppealError("A review of this has been asked for already. Its outcome is shown here.")
    made = Appeal.objects.create(ruling=ruling, words=words, at=at)
    record("appeal.asked", ruling.subject, by=PUBLIC, at=at, clauses=[ruling.clause], detail={"appeal": made.pk})
    return made


def decided_before(ruling: Ruling) -> set[int]:
    """Who had a part in the decision: whoever made it, and whoever signed it off by name."""
    people = {ruling.by_id}
    if ruling.act_id:
        signed = SignOff.objects.filter(act=ruling.act_id, voided_at=None, standing=None).exclude(signer=None)
        people |= {number for number in signed.values_list("signer_id", flat=True) if number is not None}
    return people


def require_other(ruling: Ruling, by: User, at: datetime) -> None:
    """Raises NotAllowed for whoever had a part in the decision, and for whom the policy does not name."""
    process = process_of(in_force(at))
    clause = process.clause or ruling.clause
    if ({by.pk} | let_in_by(by)) & decided_before(ruling):  # whoever handed over a link may have come in by it
        raise NotAllowed("You had a part in this decision. Somebody else looks at it again.", clause)
    named = process.appeal_to
    if named in in_force(at).roles and by not in holders(named, at):
        title = in_force(at).roles[named].title
        raise NotAllowed(f"The policy gives reviews to: {title}. Ask them to decide.", clause)


@transaction.atomic
def decide(appeal: Appeal, *, change: bool, answer: str, by: User, at: datetime) -> Appeal:
    """Keeps or changes the decision, with an answer that the person outside reads. What the desk hid is put back
    through the gate; what was done by hand is lifted, and undone by hand on the network."""
    appeal = Appeal.objects.select_related("ruling__message__channel").get(pk=appeal.pk)
    ruling = appeal.ruling
    require_may_write(by, ruling.message.channel, at)
    require_other(ruling, by, at)
    if not answer.strip():
        raise InboxError("Write the answer with its reasons. The person who asked reads it.")
    advance(
        appeal,
        "overturned" if change else "kept",
        by=by,
        at=at,
        clauses=[ruling.clause],
        detail={"ruling": ruling.pk},
        answer=answer.strip()[:LONGEST],
        decided_by=by,
        decided_at=at,
    )
    if change:
        _undo(ruling, by=by, at=at)
    return appeal


def _undo(ruling: Ruling, *, by: User, at: datetime) -> None:
    message = Message.objects.get(pk=ruling.message_id)
    back = ENDS.get(ruling.kind, "unhide")
    going = Act.objects.filter(subject=message.subject, kind=back, state__in=OPEN).exists()
    if ruling.kind == "hide" and ruling.act_id and message.visibility == "hidden":
        if not going:
            moderate(
                message, "unhide", reason="Hidden by mistake: decided in a review", clause=ruling.clause, by=by, at=at
            )
        return
    because = "Wrongly decided: found in a review"
    if ruling.act is not None and ruling.kind not in ENDS and ruling.act.state == "sent":
        end_rulings([ruling], because=because, by=by, who=by, at=at)  # it cannot be put back there, or is already
    elif ruling.lifted_at is None and not (ruling.act_id and going):
        lift(ruling, because=because, by=by, at=at)
