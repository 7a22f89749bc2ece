"""What the policy says of one message, as the things a person may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gatepost.gate.content import text_digest
from gatepost.gate.models import StandingSignOff
from gatepost.inbox.masking import kind_words
from gatepost.inbox.models import Message, Referral
from gatepost.inbox.referrals import address_of
from gatepost.networks.limits import limits, network_title
from gatepost.people.authority import signs_off
from gatepost.policy.clocks import due
from gatepost.policy.model import Department
from gatepost.policy.pack import Pack
from gatepost.policy.schema import Then
from gatepost.rulebook.actions import pack_of
from gatepost.web.inbox.words import listed

PERSONAL = "personal_details"
UNITS = {
    "hours": "hours",
    "working_hours": "working hours",
    "working_days": "working days",
    "days": "days",
    "weeks": "weeks",
    "months": "months",
    "hours_except_closed_days": "hours, closed days not counted",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An approved wording. `standing` covers it when it is sent unchanged."""

    id: str
    title: str
    text: str
    clause: str
    refers_to: str
    standing: StandingSignOff | None


@dataclass(frozen=True, slots=True)
class Desk:
    """A department somebody may refer to. `advised`: the policy says so for this message."""

    id: str
    name: str
    by_when: datetime
    rule: str
    advised: bool
    clause: str


@dataclass(frozen=True, slots=True)
class Moderating:
    """Hiding, removing or putting back. `can` is False when the network does not let us. `clauses` are those it may
    rest on, the policy's advice first, each with its standing sign-off where there is one."""

    kind: str
    clauses: tuple[tuple[str, StandingSignOff | None], ...]
    reason: str
    advised: bool
    can: bool

    @property
    def standing(self) -> StandingSignOff | None:
        return self.clauses[0][1]


@dataclass(frozen=True, slots=True)
class Running:
    """A clock of the message: an answer-by time and the rule behind it, in words."""

    name: str
    due: datetime
    clause: str
    source: str


@dataclass(frozen=True, slots=True)
class Advice:
    text: str
    clause: str
    quoted: str  # the words of the clause when it was advised


@dataclass(frozen=True, slots=True)
class Says:
    offers: tuple[Offer, ...]
    desks: tuple[Desk, ...]
    moderating: tuple[Moderating, ...]
    clocks: tuple[Running, ...]
    advice: tuple[Advice, ...]
    answer: bool
    no_answer_clause: str
    referrals: tuple[Referral, ...]
    network: str
    still_seen_by: str  # who still sees what is hidden; "" when nobody
    more: tuple[tuple[str, tuple[Offer, ...]], ...] = ()  # the other approved wordings, by clause

    @property
    def refer_clauses(self) -> list[str]:
        return list(dict.fromkeys(one.clause for one in self.desks if one.advised and one.clause)) or ["desk:referring"]

    @property
    def offer_clauses(self) -> list[str]:
        return list(dict.fromkeys(one.clause for one in self.offers))


def valid(found: Iterable[StandingSignOff], at: datetime) -> list[StandingSignOff]:
    """Those whose signer may still sign off; each signer is asked about once."""
    rows = list(found)
    people = {one.signer_id: one.signer for one in rows}
    may = {number for number, person in people.items() if signs_off(person, at)}
    return [one for one in rows if one.signer_id in may]


def standing_of(pack: Pack, at: datetime) -> dict[str, StandingSignOff]:
    """The standing sign-offs in force for the wordings of a pack as they stand, by wording."""
    found = StandingSignOff.objects.filter(revoked_at=None).exclude(wording="").select_related("signer")
    return _of_wordings(pack, valid(found, at))


def _of_wordings(pack: Pack, standing: Iterable[StandingSignOff]) -> dict[str, StandingSignOff]:
    digests = {name: text_digest(wording.text) for name, wording in pack.wordings.items()}
    return {one.wording: one for one in standing if one.wording and digests.get(one.wording) == one.text_digest}


def says_of(message: Message, *, pack: Pack, at: datetime) -> Says:
    """What may be done about a message under the policy in force, beginning with what the policy advises."""
    kept = message.decision
    then = pack_of(kept.pack_id)
    rules = {rule.id: rule.then for rule in then.rules}
    fired = [(rule, clause) for rule, clause, *_ in kept.evidence if rule in rules]
    every = valid(StandingSignOff.objects.filter(revoked_at=None).select_related("signer").order_by("clause"), at)
    standing = _of_wordings(pack, every)
    referrals = tuple(message.referrals.select_related("by").order_by("at"))
    refused = [clause for rule, clause in fired if not rules[rule].answer]
    return Says(
        offers=tuple(
            Offer(one.id, one.title, one.text, one.clause, _name(pack, one.refers_to), standing.get(one.id))
            for one in (pack.wordings.get(name) for name in kept.offers)
            if one is not None
        ),
        desks=_desks(message, pack, {one.department for one in referrals if not one.out_of_hours}, at),
        moderating=tuple(_moderating(message, pack, _advised(kept.steps, fired, rules), every)),
        clocks=tuple(
            Running(then.clocks[name].name if name in then.clocks else name, datetime.fromisoformat(when), clause, src)
            for name, when, clause, src in sorted(kept.clocks, key=lambda clock: clock[1])
        ),
        advice=tuple(
            _advice(text, next((clause for rule, clause in fired if text in rules[rule].advice), ""), then)
            for text in kept.advice
        ),
        answer=kept.answer,
        no_answer_clause=refused[0] if refused else "",
        referrals=referrals,
        network=network_title(message.channel.network),
        still_seen_by=limits(message.channel.network).hidden_still_visible_to,
        more=_more(pack, kept.offers, standing) if not any(rules[rule].withhold for rule, _ in fired) else (),
    )


def _advice(text: str, clause: str, then: Pack) -> Advice:
    """What the policy `then` advised, with the clause in its words: the one in force now may lack it."""
    return Advice(text, clause, then.clause(clause).text if clause in then.numbers else "")


def _more(
    pack: Pack, offered: Sequence[str], standing: Mapping[str, StandingSignOff]
) -> tuple[tuple[str, tuple[Offer, ...]], ...]:
    """Approved wordings that are not offered for this message, by the clause they rest on. Those written for somebody
    in danger are never among them."""
    found: dict[str, list[Offer]] = {}
    for one in pack.wordings.values():
        if one.id not in offered and not one.humane:
            refers = _name(pack, one.refers_to)
            offer = Offer(one.id, one.title, one.text, one.clause, refers, standing.get(one.id))
            found.setdefault(one.clause, []).append(offer)
    return tuple((clause, tuple(offers)) for clause, offers in found.items())


def _advised(
    steps: Sequence[str], fired: Sequence[tuple[str, str]], rules: Mapping[str, Then]
) -> list[tuple[str, str]]:
    """(clause, "hide" or "remove"): what is to be removed is hidden first, where the policy has it so."""
    found = [(clause, rules[rule].moderate) for rule, clause in fired]
    softened = [("hide" if kind == "remove" and "remove" not in steps and steps else kind) for _, kind in found]
    found = [(clause, kind) for (clause, _), kind in zip(found, softened, strict=True)]
    before = [(clause, "hide") for clause, kind in found if kind == "remove" and "hide" in steps]
    return [*found, *before]


def _name(pack: Pack, department: str) -> str:
    return pack.departments[department].name if department in pack.departments else ""


def _desks(message: Message, pack: Pack, done: set[str], at: datetime) -> tuple[Desk, ...]:
    departments = [one for name, one in pack.departments.items() if name not in done]
    advised = list(message.decision.refer)
    departments.sort(key=lambda one: advised.index(one.id) if one.id in advised else len(advised))
    return tuple(_desk(one, message, pack, one.id in advised, at) for one in departments)


def _desk(department: Department, message: Message, pack: Pack, advised: bool, at: datetime) -> Desk:
    clock = pack.clocks[department.clock]
    name, to = department.name, address_of(department, at)
    if department.role:
        name = f"{to.name} ({department.name.lower()})"
    if to.stands_in_for:
        name = f"{department.name}: {to.whole}"
    rule = f"{clock.amount} {UNITS[clock.unit]}" if clock.amount != 1 else f"1 {UNITS[clock.unit].removesuffix('s')}"
    by_when = due(clock, message.known_since, department.hours or pack.hours)
    return Desk(department.id, name, by_when, rule, advised, department.clause)


def _moderating(
    message: Message, pack: Pack, advised: Sequence[tuple[str, str]], standing: Sequence[StandingSignOff]
) -> list[Moderating]:
    """What may be done to the message where it stands, what the policy advises first."""
    if message.visibility == "removed" or message.private:
        return []
    if message.visibility in ("hidden", "hiding"):
        kept = message.evidence.order_by("-at").first()
        return [_one("unhide", [kept.clause] if kept else [], "", False, message, pack, standing)]
    rows = []
    for kind, reason in (("hide", _why_hidden(message)), ("remove", _offence(message))):
        clauses = [clause for clause, advice in advised if advice == kind]
        rows.append(_one(kind, clauses, reason if clauses else "", bool(clauses), message, pack, standing))
    return sorted(rows, key=lambda row: not row.advised)


def _one(
    kind: str,
    clauses: Sequence[str],
    reason: str,
    advised: bool,
    message: Message,
    pack: Pack,
    every: Sequence[StandingSignOff],
) -> Moderating:
    standing = {one.clause: one for one in every if one.moderation == kind}
    # What fired is cited first; among it, what a standing sign-off covers, for that can be done at once.
    first = sorted(clauses, key=lambda clause: clause not in standing)
    cited = [clause for clause in message.decision.clauses if clause in standing]
    ways = [clause for clause in dict.fromkeys([*first, *cited, *standing]) if clause in pack.numbers]
    ways = ways or [clause for clause in message.decision.clauses if clause in pack.numbers]
    ways = ways or [*pack.bound(f"desk:{kind}")] or [pack.clauses[0].id]  # it is done under some clause
    allowed = limits(message.channel.network)
    can_do = allowed.remove_others if kind == "remove" else allowed.hide
    return Moderating(kind, tuple((clause, standing.get(clause)) for clause in ways), reason, advised, can_do)


def _details(message: Message) -> str:
    kinds = [kind_words(kind) for kind in dict.fromkeys(row[3] for row in message.decision.spans if row[2] == PERSONAL)]
    return f"Personal details in public: {listed(kinds)}" if kinds else "Personal details in public"


def _why_hidden(message: Message) -> str:
    """What is offensive is hidden before it is removed: the reason is what the policy hides it for."""
    return _details(message) if PERSONAL in message.decision.decided else _offence(message)


def _offence(message: Message) -> str:
    return "Abuse of a member of staff" if "staff_abuse" in message.decision.decided else "Offensive words"
