"""What differs between two packs, in words a board can read.

Each change says whether it alters what the desk does (`acts`) or only how the document puts it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from gatepost.policy import plainly
from gatepost.policy.assemble import clock
from gatepost.policy.conditions import DEFAULT_THRESHOLD, LABEL_WORDS
from gatepost.policy.diff_approvals import approval_changes
from gatepost.policy.diff_calendar import calendar_changes
from gatepost.policy.diff_states import state_changes
from gatepost.policy.model import LABELS
from gatepost.policy.named_days import DAYS
from gatepost.policy.pack import Pack
from gatepost.policy.parts import Parts, parse
from gatepost.policy.plainly import said, word_changes
from gatepost.policy.problems import PackError, Problem

How = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `details` are phrases, empty for what is wholly new or gone and needs no more words."""

    what: str  # "clause", "wording", "rule", "threshold" …
    id: str
    clause: str  # the clause it belongs to; empty when it belongs to none
    how: How
    title: str
    details: tuple[str, ...]
    acts: bool

    def __str__(self) -> str:
        verb = {"added": "is new", "removed": "is taken out", "changed": "changes"}[self.how]
        head = f"{self.title[:1].upper()}{self.title[1:]} {verb}"
        return f"{head}: {'; '.join(self.details)}." if self.details else f"{head}."


# For each kind of thing: what people call it, and its fields with their names. What only words the document,
# and changes nothing the desk does, is in the second list.
_FIGURE = {"unit": "unit", "period": "taken each", "target": "target", "threshold": "threshold", "source": "source"}
_TABLES: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    (
        "wordings",
        "wording",
        {"text": "text", "refers_to": "refers to", "humane": "for people in danger"},
        {"title": "title", "as_written": "as written"},
    ),
    (
        "roles",
        "role",
        {
            "holder": "holder",
            "email": "e-mail address",
            "deputy": "deputy",
            "deputy_email": "deputy's e-mail address",
            "signs_off": "signs off",
            "approves_staff": "approves staff",
            "away": "away",
        },
        {"title": "title"},
    ),
    (
        "departments",
        "department",
        {
            "email": "e-mail address",
            "phone": "telephone",
            "clock": "clock",
            "role": "role",
            "deputy": "deputy",
            "deputy_email": "deputy's e-mail address",
            "away": "away",
            "hours": "hours",
            "out_of_hours_email": "e-mail address out of hours",
            "out_of_hours_phone": "telephone out of hours",
        },
        {"name": "name", "contact": "whom to ask for"},
    ),
    (
        "clocks",
        "clock",
        {"starts": "starts when", "nation": "bank holidays of", "extension": "may be made longer by"},
        {"name": "name", "source": "source", "version": "version", "stops": "stands still", "midnight": "to midnight"},
    ),
    ("measures", "measure", {**_FIGURE, "direction": "which way is better"}, {"title": "title"}),
    ("risks", "risk", {"indicator": "indicator", **_FIGURE}, {"title": "title"}),
    (
        "law",
        "law",
        {},
        {
            "name": "name",
            "in_force": "in force",
            "note": "note",
            "acts": "Acts",
            "starts": "in force from",
            "until": "in force until",
            "successor": "followed by",
            "nation": "applies in",
        },
    ),
)


def diff(old: Pack, new: Pack) -> list[Change]:
    """Every change from `old` to `new`: by clause in the order of the new document, then what belongs to no clause."""
    if old.digest == new.digest:
        return []
    before, after = _parts(old), _parts(new)
    found = [*_clauses(old, new), *_bindings(before, after), *_rules(before, after), *_thresholds(before, after)]
    for field, noun, acting, wording in _TABLES:
        found += _table(before, after, field, noun, acting, wording)
    found += [*_named(before, after), *_organisation(before, after), *_checks(before, after), *_examples(before, after)]
    found += [Change(*row) for row in (*calendar_changes(before, after), *state_changes(before, after))]
    found += [Change(*row) for row in approval_changes(before, after)]
    found += _words(old, new)
    kept = [*new.numbers, *(clause for clause in old.numbers if clause not in new.numbers)]
    order = {clause: place for place, clause in enumerate(kept)}
    return sorted(found, key=lambda one: order.get(one.clause, len(order)))


def only_words(changes: Iterable[Change]) -> bool:
    """Nothing that the desk does would change."""
    return not any(change.acts for change in changes)


def _parts(pack: Pack) -> Parts:
    problems: list[Problem] = []
    parts = parse(pack.files, problems)
    if parts is None:  # a pack that was loaded can be parsed, unless somebody changed its files under it
        raise PackError(problems)
    return parts


_CLAUSE = (
    ("heading", "heading"),
    ("kind", "kind"),
    ("gloss", "note on what is meant"),
    ("about", "which kind of clause it is"),
    ("says", "what it states"),
    ("kept", "what is kept as text"),
)


def _clauses(old: Pack, new: Pack) -> Iterator[Change]:
    before, after = {one.id: one for one in old.clauses}, {one.id: one for one in new.clauses}
    for key in [*after, *(key for key in before if key not in after)]:
        title = f"clause {key}"
        if key not in before:
            yield Change("clause", key, key, "added", title, (f"“{after[key].text}”",), False)
        elif key not in after:
            yield Change("clause", key, key, "removed", title, (f"“{before[key].text}”",), False)
        else:
            one, other = before[key], after[key]
            details = list(word_changes(one.text, other.text))
            for field, name in _CLAUSE:
                details += _field(name, getattr(one, field), getattr(other, field))
            if details:
                yield Change("clause", key, key, "changed", title, tuple(details), False)
    if [key for key in before if key in after] != [key for key in after if key in before]:
        says = ("they stand in another order, and so do the wordings offered",)
        yield Change("clause", "order", "", "changed", "the order of the clauses", says, True)


def _bindings(old: Parts, new: Parts) -> Iterator[Change]:
    before = {(one.clause, one.by): one for one in old.clauses.bindings}
    after = {(one.clause, one.by): one for one in new.clauses.bindings}
    for key in [*after, *(key for key in before if key not in after)]:
        clause, by = key
        title = f"what puts {clause} into practice, {plainly.binder(by)},"
        if key not in before or key not in after:
            yield Change("binding", by, clause, "added" if key not in before else "removed", title, (), False)
        else:
            details = _fields(before[key], after[key], {"status": "status", "reason": "reason"})
            if details:
                yield Change("binding", by, clause, "changed", title, tuple(details), False)


def _rules(old: Parts, new: Parts) -> Iterator[Change]:
    before, after = {one.id: one for one in old.rules.rule}, {one.id: one for one in new.rules.rule}
    for key in [*after, *(key for key in before if key not in after)]:
        one, other = before.get(key), after.get(key)
        here: Any = other or one
        title = f"the rule “{here.title or key}”"
        if one is None or other is None:
            thresholds = (new if other else old).rules.thresholds
            says = f"when {plainly.condition(here.when, thresholds)}: {'; '.join(plainly.outcome(here.then))}"
            yield Change("rule", key, here.clause, "added" if other else "removed", title, (says,), True)
            continue
        acting: list[str] = []
        # With the same thresholds on both sides: a threshold that changes is a change of its own.
        was, now = (plainly.condition(rule.when, new.rules.thresholds) for rule in (one, other))
        if one.when != other.when:
            acting.append(f"it held when {was}, and now when {now}")
        gone, come = plainly.outcome(one.then), plainly.outcome(other.then)
        acting += [f"no longer: {part}" for part in gone if part not in come]
        acting += [f"now: {part}" for part in come if part not in gone]
        acting += _fields(one, other, {"priority": "priority", "clause": "clause"})
        worded = _fields(one, other, {"title": "title"})
        if acting or worded:
            yield Change("rule", key, other.clause, "changed", title, (*acting, *worded), bool(acting))


def _thresholds(old: Parts, new: Parts) -> Iterator[Change]:
    for label in LABELS:
        was, now = (parts.rules.thresholds.get(label, DEFAULT_THRESHOLD) for parts in (old, new))
        if was != now:
            clauses = [rule.clause for rule in new.rules.rule if rule.when.label == label]
            tendency = "fewer" if now > was else "more"
            says = f"from {was:.2f} to {now:.2f}: {tendency} messages will be read so"
            title = f"how sure the desk must be that a message reads as {LABEL_WORDS[label]}"
            yield Change("threshold", label, clauses[0] if clauses else "", "changed", title, (says,), True)


def _table(
    old: Parts, new: Parts, field: str, noun: str, acting: Mapping[str, str], worded: Mapping[str, str]
) -> Iterator[Change]:
    before: Mapping[str, Any] = getattr(getattr(old, field), noun)
    after: Mapping[str, Any] = getattr(getattr(new, field), noun)
    if noun == "clock":  # as they run: figures may come from the law
        before, after = ({key: clock(key, one) for key, one in some.items()} for some in (before, after))
    for key in [*after, *(key for key in before if key not in after)]:
        one, other = before.get(key), after.get(key)
        here: Any = other or one
        title = f"the {noun} “{getattr(here, 'title', '') or getattr(here, 'name', key)}”"
        if one is None or other is None:
            says = _summary(noun, here)
            yield Change(noun, key, here.clause, "added" if one is None else "removed", title, says, noun != "law")
            continue
        does = _fields(one, other, {**acting, "clause": "clause"})
        if noun == "clock" and (one.amount, one.unit) != (other.amount, other.unit):
            was, now = plainly.duration(one.amount, one.unit), plainly.duration(other.amount, other.unit)
            does.insert(0, f"from {was} to {now}")
        says_only = _fields(one, other, worded)
        if does or says_only:
            yield Change(noun, key, other.clause, "changed", title, (*does, *says_only), bool(does))
    if noun == "wording" and [key for key in before if key in after] != [key for key in after if key in before]:
        yield Change(noun, "order", "", "changed", "the order in which wordings are offered", (), True)


def _summary(noun: str, here: Any) -> tuple[str, ...]:
    if noun == "wording":
        return (f"“{here.text}”",)
    if noun == "clock":
        return (f"{plainly.duration(here.amount, here.unit)} ({here.source})",)
    if noun == "role":
        return (f"held by {here.holder}" if here.holder else "held by nobody yet",)
    return (f"referrals go to {here.email}",) if noun == "department" else ()


def _named(old: Parts, new: Parts) -> Iterator[Change]:
    for field, noun in (("aims", "aim"), ("audiences", "audience"), ("post_kinds", "kind of post")):
        before = {one.id: one for one in getattr(old.pack, field)}
        after = {one.id: one for one in getattr(new.pack, field)}
        for key in [*after, *(key for key in before if key not in after)]:
            one, other = before.get(key), after.get(key)
            here: Any = other or one
            title = f"the {noun} “{here.title}”"
            if one is None or other is None:
                yield Change(noun, key, here.clause, "added" if one is None else "removed", title, (), True)
                continue
            does = _fields(one, other, {"clause": "clause", "hard_to_reach": "hard to reach"})
            if does or one.title != other.title:
                details = (*does, *_fields(one, other, {"title": "title"}))
                yield Change(noun, key, other.clause, "changed", title, details, bool(does))


_CHASING = {
    "remind": "reminded after this share of the time",
    "escalate_after": "escalated so many hours after it was due",
    "escalate_to": "escalated to",
    "confirm_within": "minutes to confirm out of hours",
}


def _organisation(old: Parts, new: Parts) -> Iterator[Change]:
    names = {
        "title": "title",
        "organisation": "organisation",
        "short_name": "short name",
        "version": "version",
        "jurisdiction": "jurisdiction",
    }
    if details := _fields(old.pack, new.pack, names):
        yield Change("policy", "pack", "", "changed", "what the policy says of itself", tuple(details), False)
    if details := _fields(old.pack, new.pack, {"kind": "kind of organisation"}):
        yield Change("policy", "kind", "", "changed", "which rules on information bind us", tuple(details), True)
    if details := _fields(old.departments.chasing, new.departments.chasing, _CHASING):
        title = "how departments that do not answer are reminded"
        yield Change("department", "chasing", "", "changed", title, tuple(details), True)
    hours: list[str] = []
    for day in DAYS:
        was, now = (_day(getattr(parts.pack.hours, day)) for parts in (old, new))
        if was != now:
            hours.append(f"{day.capitalize()} from {was} to {now}")
    hours += _fields(old.pack.hours, new.pack.hours, {"timezone": "time zone", "nation": "nation for bank holidays"})
    if hours:
        yield Change("hours", "hours", "", "changed", "when we are open", tuple(hours), True)


def _day(hours: Sequence[str] | None) -> str:
    return f"{hours[0]}–{hours[1]}" if hours else "closed"


def _checks(old: Parts, new: Parts) -> Iterator[Change]:
    for field in type(old.checks).model_fields:
        if (was := getattr(old.checks, field)) == (now := getattr(new.checks, field)):
            continue
        clause, title = "", f"the check setting “{field.replace('_', ' ')}”"
        if field == "private_reply":
            clause, title = now or was, "the clause that lets us answer a public comment privately"
        details = _list_changes(was, now) if isinstance(was, list) else (f"from {said(was)} to {said(now)}",)
        yield Change("check", field, clause, "changed", title, details, True)


def _examples(old: Parts, new: Parts) -> Iterator[Change]:
    before, after = ({one.id: one for one in parts.examples.example} for parts in (old, new))
    come, gone = [key for key in after if key not in before], [key for key in before if key not in after]
    other = [key for key in after if key in before and after[key] != before[key]]
    details = [
        f"{len(keys)} {verb} ({plainly.listed(keys[:5])}{' …' if len(keys) > 5 else ''})"
        for keys, verb in ((come, "added"), (gone, "taken out"), (other, "changed"))
        if keys
    ]
    if details:
        yield Change("example", "examples", "", "changed", "the set of its own examples", tuple(details), False)


def _words(old: Pack, new: Pack) -> Iterator[Change]:
    """The words the readers know, table by table: there are thousands, so they are counted and the first named."""
    was, now = (tomllib.loads(pack.files.get("words.toml", "")) for pack in (old, new))
    before, after = _flat(was), _flat(now)
    for name in [*after, *(name for name in before if name not in after)]:
        details = _list_changes(before.get(name, []), after.get(name, []))
        if details:
            title = f"what the readers know: {name}"
            yield Change("words", name, "", "changed", title, details, True)


def _flat(data: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in data.items():
        if key == "cue":
            for group in value:
                weight = f"weight {group.get('weight', 1.0):g}{', against it' if group.get('cancels') else ''}"
                name = f"{group['label'].replace('_', ' ')}, {group['kind']}" if group.get("kind") else group["label"]
                found.setdefault(f"words for {name} ({weight})", []).extend(group["phrases"])
        elif isinstance(value, dict):
            for inner, member in value.items():
                listed = member if isinstance(member, list) else [f"{inner} = {member}"]
                found.setdefault(f"{key} {inner}" if isinstance(member, list) else key, []).extend(map(str, listed))
        else:
            found[key] = [": ".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in value]
    return found


def _list_changes(old: Sequence[Any], new: Sequence[Any], most: int = 5) -> tuple[str, ...]:
    before, after = dict.fromkeys(map(_entry, old)), dict.fromkeys(map(_entry, new))
    details = []
    for verb, names in (
        ("added", [one for one in after if one not in before]),
        ("taken out", [one for one in before if one not in after]),
    ):
        if names:
            more = f" and {len(names) - most} more" if len(names) > most else ""
            details.append(f"{verb}: {', '.join(names[:most])}{more}")
    return tuple(details)


def _entry(one: Any) -> str:
    if isinstance(one, BaseModel):
        return ", ".join(said(value) for value in one.model_dump(exclude_defaults=True).values())
    return f"“{one}”"


def _fields(old: Any, new: Any, names: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for field, name in names.items():
        found += _field(name, getattr(old, field), getattr(new, field))
    return found


def _field(name: str, was: Any, now: Any) -> list[str]:
    if was == now:
        return []
    if isinstance(was, str) and isinstance(now, str) and " " in was and " " in now:
        changes = word_changes(was, now)
        return [f"{name}: {', '.join(changes)}"] if changes else [f"{name}: only its spaces or lines"]
    return [f"{name} from {said(was)} to {said(now)}"]
