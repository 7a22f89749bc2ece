"""What is doubtful in a pack that loads: old law, typing errors, wrong numbers, roles nobody holds.

The document is the organisation's to correct; lint says where.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import date, datetime

import phonenumbers

from gatepost.policy.check import check
from gatepost.policy.coverage import coverage
from gatepost.policy.linting import choice, danger, rules, slips, usual
from gatepost.policy.linting.finding import Grade, LintFinding
from gatepost.policy.model import Outbound
from gatepost.policy.pack import Pack
from gatepost.policy.statutes import remarks, statutes
from gatepost.policy.statutory import legal_times
from gatepost.policy.topics import topics_of

__all__ = ["LintFinding", "lint"]

_TEAM = re.compile(r"\b(?:[A-Z][\w'’-]+ ){1,3}(?:Team|Office|Department|Unit|Service)\b")
_PHONE = re.compile(r"(?<![\w£.,])(?:\+44|0)(?:[ ()-]*\d){8,12}(?!\w)")
_SHORT = re.compile(r"999|111|101|105|116 ?\d{3}|0800 ?1111")
_REFERRED = re.compile(r"\b(?:referred|passed|forwarded|sent)\b.{0,40}\bto\b", re.IGNORECASE | re.DOTALL)


def lint(pack: Pack, at: datetime) -> list[LintFinding]:
    """Everything doubtful in `pack`: what must be mended first, then by file and line.

    `at` (aware) is the time for which the wordings are checked.
    """
    found = [
        *_laws(pack),
        *_register(pack, at.date()),
        *_roles(pack),
        *_wordings(pack, at),
        *_names(pack),
        *_phones(pack),
        *_unused(pack),
    ]
    found += [*_topics(pack), *_unenforced(pack), *_addresses(pack)]
    found += [
        *slips.findings(pack),
        *rules.findings(pack),
        *usual.findings(pack),
        *danger.findings(pack),
        *choice.findings(pack),
    ]
    return sorted(found, key=lambda one: (one.grade != "mend", one.file, one.line, one.code))


def _laws(pack: Pack) -> Iterator[LintFinding]:
    for clause in pack.clauses:
        for remark in remarks(clause.text):
            line = pack.lines["policy.md", clause.id]
            yield LintFinding("law", "mend", "policy.md", line, clause.id, remark.message, remark.mend)
    for law in pack.laws:
        # What differs from the document's own name has been put right there; only what claims to be in force
        # counts.
        for remark in remarks(law.in_force):
            if "read with" in law.in_force and "read with" in remark.message:
                continue
            line = pack.lines["law.toml", law.id]
            yield LintFinding("law", "mend", "law.toml", line, law.clause, remark.message, remark.mend)


def _register(pack: Pack, day: date) -> Iterator[LintFinding]:
    """Acts and codes of the registers that are no longer, or not yet, in force, or apply elsewhere."""
    known = statutes()
    for law in pack.laws:
        line = pack.lines["law.toml", law.id]
        for act in (known[key] for key in law.acts):
            if act.in_force(day) is False:
                ended = act.until is not None and act.until < day
                message = f"The {act.name} {act.year} is {'no longer' if ended else 'not yet'} in force"
                mend = f"Name {act.instead} in acts." if act.instead else "Correct acts."
                yield LintFinding("law", "mend", "law.toml", line, law.clause, message, mend)
            if act.nations and pack.hours.nation not in act.nations:
                message = f"The {act.name} {act.year} does not apply in {pack.jurisdiction}"
                mend = "Name the law that does."
                yield LintFinding("law", "look", "law.toml", line, law.clause, message, mend)
        if law.nations and pack.hours.nation not in law.nations:
            message = f"{law.name} does not apply in {pack.jurisdiction}"
            mend = "Name the law that does, or correct nations."
            yield LintFinding("law", "look", "law.toml", line, law.clause, message, mend)
        if law.until and law.until < day:
            message = f"{law.name} went out of force on {law.until.day} {law.until:%B %Y}"
            mend = f"Name {law.successor}." if law.successor else "Name what followed it, in successor."
            yield LintFinding("law", "mend", "law.toml", line, law.clause, message, mend)
    times = legal_times()
    for clock in pack.clocks.values():
        law_time = times.get(clock.law)
        if law_time is None:
            continue
        line = pack.lines["clocks.toml", clock.id]
        if law_time.until and law_time.until < day:
            message = f"The clock {clock.id!r} counts by {law_time.said}, which ended on {law_time.until:%-d %B %Y}"
            mend = f'Write law = "{law_time.successor}".'
            yield LintFinding("law", "mend", "clocks.toml", line, clock.clause, message, mend)
        if law_time.nations and pack.hours.nation not in law_time.nations:
            message = f"{law_time.said} does not apply in {pack.jurisdiction}"
            yield LintFinding("law", "look", "clocks.toml", line, clock.clause, message, "Use the rule that does.")


def _roles(pack: Pack) -> Iterator[LintFinding]:
    for role in pack.roles.values():
        line = pack.lines["roles.toml", role.id]
        if not role.holder:
            message = f"Nobody holds the role “{role.title}”"
            mend = "Name the holder: what the policy gives to this role has nobody to do it."
            yield LintFinding("role", "mend", "roles.toml", line, role.clause, message, mend)
        elif not role.email:
            message = f"{role.title} has no e-mail address"
            yield LintFinding("role", "mend", "roles.toml", line, role.clause, message, "Add it: referrals go there.")
        if role.holder and not role.deputy:
            message = f"{role.title} has no deputy"
            mend = "Name one, for when the holder is away."
            yield LintFinding("deputy", "look", "roles.toml", line, role.clause, message, mend)
    for grant in ("signs_off", "approves_staff"):
        if not any(getattr(role, grant) for role in pack.roles.values()):
            message = f"No role has {grant} = true"
            mend = "Give it to a role: without it nothing could ever leave, or nobody could be approved."
            yield LintFinding("role", "mend", "roles.toml", 0, "", message, mend)


def _wordings(pack: Pack, at: datetime) -> Iterator[LintFinding]:
    for wording in pack.wordings.values():
        line = pack.lines["wordings.toml", wording.id]
        for finding in check(Outbound(wording.text, kind="wording", wording=wording.id), pack, at):
            grade: Grade = "look" if finding.severity == "note" else "mend"
            message = f"The wording {wording.id!r} does not pass our own check {finding.check}: {finding.message}"
            yield LintFinding("wording", grade, "wordings.toml", line, wording.clause, message, finding.mend)
        if wording.as_written and wording.as_written != wording.text:
            before, after = _difference(wording.as_written, wording.text)
            message = f"The document writes {before!r} where the wording in force says {after!r}"
            mend = "Correct the document, or the wording if the document is right."
            yield LintFinding("typing", "mend", "wordings.toml", line, wording.clause, message, mend)
        if not wording.refers_to and _REFERRED.search(wording.text):
            message = f"The wording {wording.id!r} says that something was referred, and names no department"
            mend = "Add refers_to = …, so that sending it makes the referral."
            yield LintFinding("referral", "mend", "wordings.toml", line, wording.clause, message, mend)


def _names(pack: Pack) -> Iterator[LintFinding]:
    known = [department.name for department in pack.departments.values()]
    texts = [("policy.md", clause.id, clause.id, clause.text) for clause in pack.clauses]
    texts += [("wordings.toml", one.id, one.clause, one.text) for one in pack.wordings.values()]
    for file, key, clause, text in texts:
        for name in dict.fromkeys(found[0].removeprefix("The ") for found in _TEAM.finditer(text)):
            if any(name in one or one in name for one in known):
                continue
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
            if close:
                message = f"{name!r} is probably a typing error for {close[0]!r}"
                mend = "Correct it."
            else:
                message = f"{name!r} is named, and no department is called so"
                mend = "Add it to departments.toml, or correct the name."
            code = "typing" if close else "department"
            yield LintFinding(code, "mend", file, pack.lines[file, key], clause, message, mend)


def _phones(pack: Pack) -> Iterator[LintFinding]:
    texts = [("wordings.toml", one.id, one.clause, one.text) for one in pack.wordings.values()]
    texts += [("policy.md", one.id, one.id, one.text) for one in pack.clauses]
    for one in pack.departments.values():
        for phone in filter(None, (one.phone, one.out_of_hours_phone)):
            texts.append(("departments.toml", one.id, one.clause, phone))
            if not _PHONE.search(phone) and not _SHORT.fullmatch(phone.strip()):
                message = f"“{phone}” of {one.name} is not a telephone number"
                line = pack.lines["departments.toml", one.id]
                yield LintFinding("phone", "mend", "departments.toml", line, one.clause, message, "Write its digits.")
    for file, key, clause, text in texts:
        for found in _PHONE.finditer(text):
            try:
                valid = phonenumbers.is_valid_number(phonenumbers.parse(found[0], "GB"))
            except phonenumbers.NumberParseException:
                valid = False
            if not valid:
                message = f"{found[0]} is not a telephone number in use"
                line = pack.lines[file, key]
                yield LintFinding("phone", "mend", file, line, clause, message, "Check it by calling it.")


def _topics(pack: Pack) -> Iterator[LintFinding]:
    known = set(topics_of(pack))
    for rule in pack.rules:
        for topic in sorted(rule.topics - known):
            message = f"The rule {rule.id!r} waits for the topic {topic!r}, and words.toml has no words for it"
            line = pack.lines["rules.toml", rule.id]
            mend = "Add its words there, or take it out of the rule."
            yield LintFinding("topic", "mend", "rules.toml", line, rule.clause, message, mend)


def _unused(pack: Pack) -> Iterator[LintFinding]:
    offered = {name for rule in pack.rules for name in rule.then.offer}
    prepared = pack.crisis.statements if pack.crisis else ()
    for wording in pack.wordings.values():
        if wording.id not in offered and wording.id not in prepared:
            line = pack.lines["wordings.toml", wording.id]
            message = f"No rule offers the wording {wording.id!r}"
            mend = "Offer it in rules.toml, or take it out."
            yield LintFinding("unused", "look", "wordings.toml", line, wording.clause, message, mend)


def _unenforced(pack: Pack) -> Iterator[LintFinding]:
    live = {binding.clause for binding in pack.bindings if binding.status == "live"}
    for row in coverage(pack):
        if row.clause not in live and row.kind != "informative":
            line = pack.lines["policy.md", row.clause]
            message = f"Nothing puts {row.clause} into practice yet"
            mend = "Keep it in mind by hand until something does."
            if row.status == "partial":
                message = f"{row.clause} is put into practice in part only"
                mend = row.reason or mend
            yield LintFinding("unenforced", "look", "policy.md", line, row.clause, message, mend)


def _addresses(pack: Pack) -> Iterator[LintFinding]:
    for department in pack.departments.values():
        if department.email.rsplit("@", 1)[-1].startswith("example."):
            line = pack.lines["departments.toml", department.id]
            message = f"{department.name} has an invented address, {department.email}"
            mend = "Put the real one there before referrals are to arrive."
            yield LintFinding("address", "look", "departments.toml", line, department.clause, message, mend)


def _difference(old: str, new: str) -> tuple[str, str]:
    """The words that differ, each side."""
    before, after = old.split(), new.split()
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    return (
        " ".join(before[changed[0][1] : changed[-1][2]]),
        " ".join(after[changed[0][3] : changed[-1][4]]),
    )
