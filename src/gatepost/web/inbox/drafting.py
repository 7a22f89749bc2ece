"""The reply being written: what the policy says of it as it stands, its marks, its true count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gatepost.inbox.actions import check_reply
from gatepost.inbox.models import Message
from gatepost.networks.limits import figure, limits
from gatepost.policy.checks.count import count
from gatepost.policy.model import Finding
from gatepost.policy.pack import Pack
from gatepost.web.frame.findings import ANSWER, WORDS, Mark

TEXT_LIMIT = 20_000  # code points of a reply that are looked at while writing


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form: kept through errors, so that nobody loses words."""

    text: str = ""
    wording: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    privately: bool = False  # for the writer of a public comment alone

    @staticmethod
    def of(form: Mapping[str, str]) -> Draft:
        answers = {name.removeprefix(ANSWER): form[name][:1000] for name in form if name.startswith(ANSWER)}
        text = form.get("text", "").replace("\r\n", "\n").replace("\x00", "")
        return Draft(text[:TEXT_LIMIT], form.get("wording", "")[:80], answers, form.get("privately") == "1")


@dataclass(frozen=True, slots=True)
class Line:
    """One finding under the box. `number` ties it to its mark, 0 when it is about the whole."""

    number: int
    finding: Finding
    word: str
    answer: str = ""
    asks: bool = False  # wants a sentence from the author before it may go on


@dataclass(frozen=True, slots=True)
class Checked:
    lines: tuple[Line, ...]
    under: tuple[Mark, ...]
    counted: int
    limit: int
    changed: bool  # it began as an approved wording and is no longer that
    as_approved: bool  # it is an approved wording, unchanged
    findings: tuple[Finding, ...] = ()


def checked(message: Message, draft: Draft, *, pack: Pack, at: datetime) -> Checked:
    """What the policy says of a draft now. Nothing is kept."""
    wording = pack.wordings.get(draft.wording)
    text = draft.text.strip()
    unchanged = wording is not None and text == wording.text
    named = draft.wording if wording else ""
    findings = check_reply(message, text, at=at, wording=named, privately=draft.privately) if text else []
    known = limits(message.channel.network)
    alone = draft.privately or message.private
    most = int((figure(message.channel.network, "private_text") if alone else 0) or known.text)
    counted, _ = count(text, known.counted, most)
    return Checked(
        lines=lines_of(findings, draft.answers),
        under=under(draft.text, findings),
        counted=counted,
        limit=most,
        changed=wording is not None and bool(text) and not unchanged,
        as_approved=unchanged,
        findings=tuple(findings),
    )


def numbered(findings: Sequence[Finding]) -> list[tuple[int, Finding]]:
    """Findings with the number of their mark, counted from 1; 0 for those without a place. What lies on words that
    are marked already shares their number."""
    rows: list[tuple[int, Finding]] = []
    marked: list[Finding] = []
    for finding in findings:
        number = 0
        if finding.field == "text" and finding.end > finding.start:
            under_it = (one for one in marked if one.start < finding.end and finding.start < one.end)
            first = next(under_it, None)
            if first is None:
                marked.append(finding)
            number = marked.index(first or finding) + 1
        rows.append((number, finding))
    return rows


def lines_of(findings: Sequence[Finding], answers: Mapping[str, str]) -> tuple[Line, ...]:
    """A line a finding; each question is asked once, though it may have several marks."""
    asked: set[str] = set()
    rows = []
    for number, finding in numbered(findings):
        asks = finding.severity == "ask" and finding.check != "wording" and finding.check not in asked
        if asks:
            asked.add(finding.check)
        rows.append(Line(number, finding, WORDS[finding.severity], answers.get(finding.check, ""), asks))
    return tuple(rows)


def under(text: str, findings: Sequence[Finding]) -> tuple[Mark, ...]:
    """The text cut at its marks, for the copy that lies under the box. Offsets of findings are of the stripped text."""
    lead = len(text) - len(text.lstrip())
    first: dict[int, Finding] = {}
    for number, one in numbered(findings):
        if number:
            first.setdefault(number, one)
    marks: list[Mark] = []
    place = 0
    for number, one in sorted(first.items(), key=lambda row: row[1].start):
        start, end = lead + one.start, min(lead + one.end, len(text))
        marks += [Mark(text[place:start]), Mark(text[start:end], one.severity, number)]
        place = end
    marks.append(Mark(text[place:] + "\n"))
    return tuple(mark for mark in marks if mark.text)
