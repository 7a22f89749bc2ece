"""What the pages of moderation show, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gatepost.gate.content import ENDS
from gatepost.gate.models import Act, StandingSignOff
from gatepost.gate.states import OPEN
from gatepost.inbox import abuse, severity
from gatepost.inbox.alarms import clause_of
from gatepost.inbox.appeals import require_other
from gatepost.inbox.evidence_check import SAYS, state_of
from gatepost.inbox.exposure import exposed_to, open_until, why_covered
from gatepost.inbox.masking import spans_of
from gatepost.inbox.models import AbuseRecord, Alarm, Message, Ruling
from gatepost.inbox.moderating import guard
from gatepost.inbox.notices import notice_of
from gatepost.networks.limits import network_title
from gatepost.networks.powers import Power, powers
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.policy.kept_speech import Guarded
from gatepost.policy.pack import Pack
from gatepost.policy.strikes import process_of
from gatepost.rulebook.actions import in_force
from gatepost.web.inbox.rows import hidden_because, text_of
from gatepost.web.inbox.says import says_of
from gatepost.web.inbox.words import Word, word_of
from gatepost.web.moderation.pause import pause_facts

WORDS = {
    "hide": "Hide it",
    "remove": "Remove it",
    "block": "Block the account",
    "mute": "Mute the account",
    "report": "Report it to the network",
    "close": "Close comments on the post",
}
CAN = {"desk": "From this desk", "hand": "By hand on the network", "no": "Not possible"}
URGENT = Word("urgent", "Danger in a home", "stop", "siren")


def rank_word(rank: str) -> Word:
    if rank == "urgent":
        return URGENT
    if rank == "safeguarding":
        return Word(rank, "Somebody may be in danger", "stop", "heart-pulse")
    return word_of(rank)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue: masked words, or why they are covered; what may be done first."""

    waiting: severity.Waiting
    word: Word
    text: str
    covered: str
    first: str


def queue_context(person: User, at: datetime) -> dict[str, Any]:
    rows = [
        Row(
            one,
            rank_word(one.rank),
            "" if (covered := hidden_because(one.message)) else text_of(one.message),
            covered,
            _first(one.first),
        )
        for one in severity.waiting(at)
    ]
    return {
        "danger": [row for row in rows if row.waiting.rank in ("safeguarding", "urgent")],
        "rows": [row for row in rows if row.waiting.rank not in ("safeguarding", "urgent")],
        "appeals": severity.open_appeals(),
        "by_hand": severity.to_do_by_hand(),
        "ended": severity.ended(at),
        "to_tell": severity.to_tell(at) if process_of(in_force(at)).notice else [],
        **pause_facts(person, at),
        "latest": Ruling.objects.select_related("message__channel", "by").order_by("-at")[:8],
        "now": at,
    }


def _first(power: Power | None) -> str:
    if power is None:
        return ""
    undo = "can be undone" if power.undo else "cannot be undone"
    where = "" if power.can == "desk" else ", by hand on the network"
    return f"{WORDS[power.kind]}{where}: {undo}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that may be done about a message, with what it does there. `clauses` it may rest on."""

    power: Power
    title: str
    can: str
    guarded: Guarded | None
    clauses: tuple[tuple[str, bool], ...]
    reason: str
    advised: bool
    done: Ruling | None


def steps_for(message: Message, pack: Pack, at: datetime) -> list[Step]:
    says = says_of(message, pack=pack, at=at)
    ways = {one.kind: one for one in says.moderating}
    usual = ways.get("hide") or ways.get("remove")
    lasting = set(
        StandingSignOff.objects.filter(moderation__in=ENDS, revoked_at=None).values_list("moderation", "clause")
    )
    rulings = {one.kind: one for one in message.rulings.filter(lifted_at=None).order_by("at")}
    steps = []
    for power in severity.steps_of(message):
        if message.private and power.kind in ("hide", "remove", "close"):
            continue
        way = ways.get(power.kind, usual)
        named = way.clauses if way else tuple((clause, None) for clause in message.decision.clauses)
        lawful = guard(message, power.kind, at=at)
        at_once = power.can == "desk" and (lawful is None or lawful.why == "danger")
        clauses = tuple(
            (name, (power.kind, name) in lasting if power.kind in ENDS else standing is not None and at_once)
            for name, standing in named
        )
        # A deed for which the policy gives no clause of its own may rest on any.
        clauses += tuple((one.id, False) for one in pack.clauses if one.id not in {name for name, _ in clauses})
        steps.append(
            Step(
                power,
                WORDS[power.kind],
                CAN[power.can],
                lawful,
                clauses,
                way.reason if way and power.kind == way.kind else "",
                bool(way and way.advised and power.kind == way.kind),
                rulings.get(power.kind),
            )
        )
    return steps


def _sorted(steps: list[Step]) -> dict[str, Any]:
    """What the policy advises, or else hiding, stands open; the rest is one press away."""
    first = [step for step in steps if step.advised] or [step for step in steps if step.power.kind == "hide"]
    others = [step for step in steps if step not in first]
    return {"steps": first, "other_steps": others, "other_kinds": [step.power.kind for step in others]}


def _hidden_under(message: Message) -> str:
    """The clause of the ruling that hid it; "" where it was hidden without one."""
    return next((one.clause for one in message.rulings.filter(kind="hide").order_by("-at")), "")


def message_context(message: Message, person: User, at: datetime) -> dict[str, Any]:
    pack = in_force(at)
    covered = why_covered(message)
    until = open_until([message], person, at).get(message.pk)
    kept = AbuseRecord.objects.filter(message=message).select_related("by").first()
    removed = message.visibility == "removed"
    return {
        "message": message,
        "who": str(message.contact),
        "network": network_title(message.channel.network),
        "covered": "" if until else covered,
        "until": until if covered else None,
        "spans": [] if removed and not message.text else spans_of(message.decision.spans),
        "rank": rank_word(severity.rank_of(message)) if severity.rank_of(message) else None,
        "alarm": Alarm.objects.filter(message=message).select_related("taken_by").first(),
        "danger_clause": clause_of(pack),
        **_sorted([] if removed else steps_for(message, pack, at)),
        "going": Act.objects.filter(
            subject=message.subject, kind__in=("hide", "remove", "unhide"), state__in=OPEN
        ).first(),
        "unhide_clause": _hidden_under(message) or clause_of(pack) or pack.governing("desk:hide") or pack.clauses[0].id,
        "strikes": severity.strikes_of(message, at),
        "rulings": message.rulings.select_related("by", "act").order_by("at"),
        "evidence": [
            (one, state := state_of(one), SAYS[state])
            for one in message.evidence.select_related("by", "message").order_by("at")
        ],
        "exposed": exposed_to(message) if covered else [],
        "staff_abuse": "staff_abuse" in message.decision.decided or kept is not None,
        "abuse": kept,
        "abuse_clause": abuse.clause_of(pack),
        "abuse_steps": kept.steps.select_related("by") if kept else [],
        "abuse_kinds": list(abuse.KINDS.items()),
        "abuse_lacking": (missing := abuse.lacking(kept) if kept else {}).values(),
        "abuse_next": next(iter(missing), "other"),
        **pause_facts(person, at),
        "pack": pack,
        "now": at,
    }


def ruling_context(ruling: Ruling, person: User, at: datetime) -> dict[str, Any]:
    appeal = getattr(ruling, "appeal", None)
    not_you = ""
    try:
        require_other(ruling, person, at)
    except NotAllowed as error:
        not_you = str(error)
    return {
        "ruling": ruling,
        "message": ruling.message,
        "network": network_title(ruling.message.channel.network),
        "power": powers(ruling.message.channel.network).get(ruling.kind),  # type: ignore[call-overload]  # "warn" is none
        "ends": ruling.kind in ENDS,
        "ending": Act.objects.filter(
            subject=ruling.message.subject, kind=ENDS.get(ruling.kind, ""), state__in=OPEN
        ).first(),
        "notice": notice_of(ruling, at),
        "appeal": appeal,
        "not_you": not_you,
        "can_reply": ruling.message.decision.answer and ruling.message.visibility != "removed",
        "now": at,
    }
