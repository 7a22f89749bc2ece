"""Rules from what clauses say is to be done in a case, and examples that show each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from gatepost.policy import examples
from gatepost.policy.decide import decide_many
from gatepost.policy.importing.clauses import DraftClause
from gatepost.policy.importing.cues import Situation, situations
from gatepost.policy.importing.finding import Guess
from gatepost.policy.importing.sentences import QUOTE
from gatepost.policy.importing.slugs import unused
from gatepost.policy.importing.tables import Row, Tables
from gatepost.policy.model import Example, Inbound
from gatepost.policy.pack import Pack

# The examples are about words; no day in particular matters to them.
SOME_DAY = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)
QUIET = "Lovely photos from the fun day at the community centre!"
MOST_RULES = 100

_REFER = re.compile(
    r"\b(?:refer|pass|forward|escalat|report|send|sent|direct|signpost|transfer|notif|inform|alert)\w*\b"
    r"|\bgo(?:es)? to\b"
    r"|\b(?:contact|tell|ring|call)(?:ed|s)?\b",
    re.I,
)
_MODERATE = re.compile(r"\b(?:remov|delet|hid(?:e|den|ing)\b|tak(?:e|en|ing) down)", re.IGNORECASE)
_HIDE = re.compile(r"\bhid(?:e|den|ing)\b", re.IGNORECASE)
_NOT_MODERATE = re.compile(
    r"(?:\b(?:not|never)|n['’]t)\b.{0,25}\b(?:remov|delet|hid(?:e|den)|tak(?:e|en) down)", re.IGNORECASE
)
_NO_ANSWER = re.compile(
    r"(?:\b(?:not|never)|n['’]t)\s+(?:be\s+)?(?:normally\s+)?(?:respond|repl|answer|engag)\w*|\bignored?\b|"
    r"\bno (?:reply|answer|response)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?: \w+){0,3},? (?:and|or)(?: \w+){0,3} |/|, ")
_BREAKS = re.compile(
    r"\b(?:break|breach|contraven|violat|go(?:es)? against|do(?:es)? not (?:follow|comply|meet))\w*\b.{0,40}"
    r"\b(?:rules?|guidelines|standards|policy|code|terms)\b",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\b(?:must|may|should|can|do) ?not\b|\bnot (?:allowed|permitted|tolerated|acceptable|accept)"
    r"|\bunacceptable\b|\bhouse rules\b",
    re.IGNORECASE,
)
_NO_OFFER = ("safeguarding", "staff_abuse")
_TAKEN_DOWN = ("offensive", "spam", "personal_details", "staff_abuse")  # nobody's complaint or question is ever removed


@dataclass(frozen=True, slots=True)
class DraftRule:
    row: Row
    situation: Situation
    confidence: float
    place: str


def rules(clauses: Sequence[DraftClause], tables: Tables) -> list[DraftRule]:
    """One rule for each case and outcome; clauses that say the same again are bound to the same rule."""
    made: list[DraftRule] = []
    blanket = _blanket(clauses)
    for clause in clauses:
        if clause.kind.sort in ("aim", "benefit", "risk", "measure", "intro", "personal_use", "lawful_speech"):
            continue
        ruled = QUOTE.sub(" ", f"{clause.lead} {clause.text}" if clause.item else clause.text)
        cases = _cases(ruled) or _of_heading(clause, ruled, tables)
        for case, then in (*_outcomes(clause, cases, ruled, blanket, tables), *_only_timed(clause, cases, tables)):
            confidence = round(min(0.85, 0.4 + clause.kind.confidence / 2), 2)
            same = next((one for one in made if one.situation is case and one.row["then"] == then), None)
            if same is None:
                if len(made) >= MOST_RULES:
                    tables.remarks.append(f"More than {MOST_RULES} rules: those after {clause.id} are not drafted.")
                    return made
                key = unused(case.id, [one.row["id"] for one in made])
                row = {
                    "id": key, "title": case.title, "clause": clause.id, "priority": case.priority,
                    "when": dict(case.when), "then": then,
                }  # fmt: skip
                same = DraftRule(row, case, confidence, clause.place)
                made.append(same)
                said = f"{case.title}: {_outcome(then)}"
                tables.guesses.append(Guess("rule", said, clause.id, clause.place, confidence))
            tables.drafted(clause.id, f"rule:{same.row['id']}", confidence)
    return made


def _outcomes(
    clause: DraftClause, cases: Sequence[Situation], ruled: str, blanket: str, tables: Tables
) -> Iterator[tuple[Situation, Row]]:
    for case in cases:
        then = _then(clause, case, ruled, tables)
        if then is None and blanket and case.id in _TAKEN_DOWN and _FORBIDS.search(f"{clause.heading}. {ruled}"):
            then = {"moderate": blanket, **{key: value for key, value in case.then.items() if key != "withhold"}}
        if then is not None:
            yield case, then


def _only_timed(clause: DraftClause, cases: Sequence[Situation], tables: Tables) -> Iterator[tuple[Situation, Row]]:
    """ "Complaints are acknowledged within three working days": a clock for the case, and nothing else."""
    if any(_then(clause, case, QUOTE.sub(" ", clause.text), tables) for case in cases):
        return
    for sentence, clock in tables.timed_in[clause.id]:
        spoken_of = _cases(sentence) or [case for case in situations() if case.clock_only and case.cue.search(sentence)]
        for case in spoken_of[:1]:
            yield case, {"clocks": [clock]}


def _blanket(clauses: Sequence[DraftClause]) -> str:
    """What is done with all that breaks the house rules, where the policy says so: "hide", "remove", or nothing."""
    for clause in clauses:
        if _BREAKS.search(clause.text) and _MODERATE.search(clause.text) and not _NOT_MODERATE.search(clause.text):
            return "hide" if _HIDE.search(clause.text) else "remove"
    return ""


def _of_heading(clause: DraftClause, ruled: str, tables: Tables) -> list[Situation]:
    """The one case its heading names, for a clause that says what to do and not in which case."""
    does = tables.said[clause.id] or tables.teams[clause.id] or re.match(r"(?:Hide|Remove|Delete)\b", ruled)
    found = _cases(clause.heading) if does else []
    return found if len(found) == 1 else []


def _cases(ruled: str) -> list[Situation]:
    """The case named first, and those joined to it ("complaints and media enquiries"); where posts are taken down,
    every case named."""
    found = [(match.start(), -case.priority, place, match.end(), case) for place, case in enumerate(situations())
             if not case.clock_only and (match := case.cue.search(ruled))]  # fmt: skip
    found.sort(key=lambda one: one[:3])
    cases = [case for *_, case in found]
    if _MODERATE.search(ruled) and any(case.id in _TAKEN_DOWN for case in cases):
        cases = [case for case in cases if case.id in _TAKEN_DOWN]
        abused = next((case for case in cases if case.id == "staff_abuse"), None)
        return [case for case in cases if case.id != "offensive" or not abused or _offends(case, abused, ruled)]
    if cases and cases[0].id == "offensive" and any(case.id == "staff_abuse" for case in cases):
        cases = [case for case in cases if case.id == "staff_abuse"]
    joined = 1
    for above, below in pairwise(found):
        if (
            above[4].id == "safeguarding"
            or len(cases) < len(found)
            or not _JOINED.fullmatch(ruled[above[3] : below[0]])
        ):
            break
        joined += 1
    return cases[:joined]


def _offends(offensive: Situation, abused: Situation, ruled: str) -> bool:
    """Whether offence is named besides abuse of staff, and not only as a word of it."""
    spans = [match.span() for match in abused.cue.finditer(ruled)]
    return any(not any(start <= match.start() < end for start, end in spans) for match in offensive.cue.finditer(ruled))


def _then(clause: DraftClause, case: Situation, ruled: str, tables: Tables) -> Row | None:
    """What follows, or None when the clause says nothing that a rule could do."""
    then: Row = {}
    offers = list(dict.fromkeys(tables.said[clause.id]))
    if offers and case.id not in _NO_OFFER:
        then["offer"] = offers
    refer = _refer(clause, case, ruled, tables)
    if refer:
        then["refer"] = refer
    if case.id in _TAKEN_DOWN and _MODERATE.search(ruled) and not _NOT_MODERATE.search(ruled):
        # What can be taken back comes first, where the policy names both.
        then["moderate"] = "hide" if _HIDE.search(ruled) else "remove"
    if _NO_ANSWER.search(ruled):
        then["answer"] = False
    if not then:
        return None
    clocks = [key for key in tables.timed[clause.id] if refer or offers]
    if clocks:
        then["clocks"] = clocks
    extra = {key: value for key, value in case.then.items() if not (key == "withhold" and "offer" in then)}
    return {**then, **extra}


def _refer(clause: DraftClause, case: Situation, ruled: str, tables: Tables) -> list[str]:
    if not _REFER.search(ruled):
        return []
    named = [
        key
        for key in dict.fromkeys(tables.teams[clause.id])
        if tables.departments[key]["name"].lower() in ruled.lower()
    ]
    for key, person in tables.persons[clause.id]:
        role = tables.roles[key]
        if not person.title and role["title"].startswith("Named in "):
            role["title"] = f"Takes referrals: {case.title[:1].lower()}{case.title[1:]}"
        name = case.title if not person.title else person.title
        named.append(tables.department(name, clause.id, role=key, email=role.get("email", "")))
    if not named:
        for key, role in tables.roles.items():  # a role or a person the document names elsewhere
            to = "|".join(
                re.escape(str(name)) for name in (role["title"], *str(role.get("holder", "")).split()[:1]) if name
            )
            if re.search(rf"\b(?:to|contact|tell|inform|notify|alert) (?:the |our )?(?:{to})\b", ruled):
                named.append(tables.department(role["title"], clause.id, role=key, email=role.get("email", "")))
    if named:
        return list(dict.fromkeys(named))
    if not case.department or not re.search(
        r"\b(?:refer|pass|forward|escalat|signpost|transfer|sent)\w*\b", ruled, re.I
    ):
        return []
    note = "the document names no team here: a stand-in to be replaced"
    tables.guesses.append(Guess("team", case.department, clause.id, clause.place, 0.3, note))
    return [tables.department(case.department, clause.id)]


def _outcome(then: Row) -> str:
    words = {
        "offer": "offer {}", "refer": "refer to {}", "moderate": "{} it on the network", "clocks": "clock {}",
    }  # fmt: skip
    said = [
        text.format(", ".join(then[key]) if isinstance(then[key], list) else then[key])
        for key, text in words.items()
        if key in then
    ]
    return "; ".join(said + (["do not answer"] if then.get("answer") is False else []))


def shown(made: Sequence[DraftRule], pack: Pack) -> list[Row]:
    """Examples for the rules: for each the first message that sets it off in `pack`, and one that sets none off."""
    asked = [(rule, text) for rule in made for text in rule.situation.examples]
    texts = [text for _, text in asked] + [QUIET]
    decided = decide_many([Inbound(str(place), text) for place, text in enumerate(texts)], pack, SOME_DAY)
    found: dict[str, Row] = {}
    for (rule, text), decision in zip(asked, decided, strict=False):
        key = rule.row["id"]
        if key in found or key not in [one.rule for one in decision.evidence]:
            continue
        expect: Row = {"clauses": [rule.row["clause"]], "decided": [rule.situation.label]}
        then = rule.row["then"]
        expect |= {"offers": list(decision.offers)} if "offer" in then else {}
        expect |= {"refer": list(decision.refer)} if "refer" in then else {}
        expect |= {"moderate": decision.moderate} if "moderate" in then else {}
        found[key] = {"id": key, "text": text, "clauses": [rule.row["clause"]], "expect": expect}
    quiet = decided[-1]
    clauses = list(dict.fromkeys(rule.row["clause"] for rule in made))
    if made and not set(quiet.clauses) & set(clauses):
        expect = {"not_clauses": clauses, "refer": [], "offers": [], "moderate": "none"}
        found[""] = {"id": unused("nothing_to_do", found), "text": QUIET, "clauses": clauses[:1], "expect": expect}
    return list(found.values())


def holding(rows: Sequence[Row], pack: Pack, read: Sequence[Example]) -> list[Row]:
    """Those of the examples that hold."""
    results: dict[str, Any] = {one.id: one.ok for one in examples.run(replace(pack, examples=tuple(read)), SOME_DAY)}
    return [row for row in rows if results[row["id"]]]
