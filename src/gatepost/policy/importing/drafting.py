"""From a document to the draft of a pack: one pass, no network, no clock, nothing dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gatepost.policy.importing import finding, writing
from gatepost.policy.importing.by_hand import NO_NAME, ByHand, by_hand
from gatepost.policy.importing.clauses import Account, DraftClause, accounts, numbered
from gatepost.policy.importing.finding import Guess
from gatepost.policy.importing.outline import Block, outline
from gatepost.policy.importing.paper import Document, ImportProblem
from gatepost.policy.importing.report import report
from gatepost.policy.importing.rules import holding, rules, shown
from gatepost.policy.importing.slugs import slug
from gatepost.policy.importing.tables import build, who
from gatepost.policy.pack import FILE_LIMIT, Pack, load_files
from gatepost.policy.problems import PackError

REPORT = "import-report.md"

_BODY = (
    "Council|Partnership|Association|Homes|Housing|Trust|University|College|Police|Authority|Society|Agency|Charity|"
    "Constabulary|Board|Company|Federation|Foundation|School|Academy"
)
_ORGANISATION = re.compile(
    rf"\b((?:[A-Z][\w&’'-]*[\w] (?:(?:of|and|&|the|for|upon|on) )?){{1,7}}(?:{_BODY})"
    r"(?: (?:Trust|Council|Association))?"
    rf"|University of [A-Z][\w'’-]+)\b(?:['’]s)?"
    rf"(?:,? \(?(?:the )?[“\"']?([A-Z][A-Za-z]*[A-Z])[”\"']?\))?"
)
_CALLED = re.compile(r"\b(?:polic(?:y|ies)|guidelines?|guidance|procedures?|protocol|strategy|polisi)\b", re.IGNORECASE)
_LEADING = re.compile(r"^(?:The|This|Our|At|If|When|All|For|In|And|DRAFT|Draft) ")
_NATIONS = (
    ("SCT", "Scotland", re.compile(r"\b(?:Scotland|Scottish)\b")),
    ("WLS", "Wales", re.compile(r"\b(?:Wales|Welsh)\b")),
    ("NIR", "Northern Ireland", re.compile(r"\bNorthern Ireland\b")),
)


@dataclass(frozen=True, slots=True)
class DraftPack:
    """`files`: by name, ready to be written; with import-report.md, which is for people and no part of the pack."""

    files: Mapping[str, str] = field(repr=False)
    clauses: tuple[DraftClause, ...]
    sentences: tuple[Account, ...]
    guesses: tuple[Guess, ...]
    examples: tuple[str, ...]  # ids of the examples that hold
    pack: Pack
    by_hand: tuple[ByHand, ...] = ()
    remarks: tuple[str, ...] = ()  # on the file itself, and on what was decided without being asked

    @property
    def policy_files(self) -> dict[str, str]:
        """What `policy.pack.load_files` takes."""
        return {name: text for name, text in self.files.items() if name != REPORT}


def draft(document: Document, words: str = "") -> DraftPack:
    """The draft of a pack. `words`: the words.toml whose general words the readers are to have; without them no rule
    of the draft can be shown by an example. Raises ImportProblem for a document too long for one pack."""
    blocks = outline(document)
    numbering = numbered(blocks)
    clauses = [clause for one in numbering for clause in one.clauses]
    title = _title(document, blocks)
    organisation, short = _organisation(document)
    tables = build(title, clauses)
    made = rules(clauses, tables)
    tables.guesses[:0] = who(tables)
    week, opened = finding.hours(clauses)
    if opened is not None:
        tables.guesses.append(opened)
    if organisation:
        tables.guesses.append(Guess("organisation", f"{organisation} ({short})", "", "", 0.7))
    nation, jurisdiction = _nation(document)
    named = {
        "id": slug(short or title, "policy"), "title": title, "organisation": organisation or NO_NAME,
        "short_name": short or organisation or "We", "version": "draft-1", "jurisdiction": jurisdiction,
    }  # fmt: skip
    texts = [one.text for one in document.paragraphs]
    files = {
        "pack.toml": writing.pack_toml(named, week, nation, tables),
        "policy.md": writing.policy_md(numbering),
        "clauses.toml": writing.clauses_toml(clauses, tables),
        "roles.toml": writing.toml("roles.toml", {"role": tables.roles}),
        "wordings.toml": writing.toml("wordings.toml", {"wording": tables.wordings}),
        "departments.toml": writing.toml("departments.toml", {"department": tables.departments}),
        "clocks.toml": writing.toml("clocks.toml", {"clock": tables.clocks}),
        "rules.toml": writing.toml("rules.toml", {"rule": [one.row for one in made]}),
        "checks.toml": writing.toml("checks.toml", {}),
        "measures.toml": writing.toml("measures.toml", {"measure": tables.measures}),
        "risks.toml": writing.toml("risks.toml", {"risk": tables.risks}),
        "law.toml": writing.toml("law.toml", {"law": tables.laws}),
        "examples.toml": writing.toml("examples.toml", {"example": []}),
        "words.toml": writing.general_words(words, tables.phones, texts) if words else "",
    }
    pack = _loaded(document, files)
    rows = shown(made, pack)
    read = _loaded(document, {**files, "words.toml": "", "examples.toml": _examples(rows)}).examples
    kept = holding(rows, pack, read)
    files["examples.toml"] = _examples(kept)
    account = accounts(numbering)
    shown_by = tuple(str(row["id"]) for row in kept)
    held = replace(pack, examples=tuple(one for one in read if one.id in shown_by))
    todo = by_hand(held, hours_found=opened is not None)
    remarks = (*document.remarks, *tables.remarks)
    files[REPORT] = report(document.name, account, tables.guesses, remarks, todo)
    return DraftPack(files, tuple(clauses), tuple(account), tuple(tables.guesses), shown_by, pack, todo, remarks)


def _examples(rows: Sequence[Mapping[str, object]]) -> str:
    return writing.toml("examples.toml", {"example": list(rows)})


def _loaded(document: Document, files: Mapping[str, str]) -> Pack:
    over = [name for name, text in files.items() if len(text.encode("utf-8", "replace")) > FILE_LIMIT]
    if over:
        message = f"{document.name} is too long for one pack: {over[0]} would be over {FILE_LIMIT // 1_000_000} MB"
        raise ImportProblem(message, "Import it in parts.")
    try:
        return load_files(files)
    except PackError as error:
        message = f"The draft made from {document.name} does not load: {error.problems[0]}"
        raise ImportProblem(message, "Import it in parts, to see which part it is.") from error


def _title(document: Document, blocks: Sequence[Block]) -> str:
    headings = [one for one in blocks if one.sort == "heading"]
    first = headings[0].text if headings and headings[0].level == min(one.level for one in headings) else ""
    if first and not _CALLED.search(first):
        # The first line is often the body's name, and the one below it what the paper is called.
        near = [one for one in blocks[: blocks.index(headings[0]) + 4] if one.sort in ("heading", "text")]
        titles = [one.text for one in near if _CALLED.search(one.text) and len(one.text.split()) <= 14]
        first = next((text for text in titles if not text.endswith((".", ":"))), first)
    name = re.sub(r"[_-]+", " ", document.name.rpartition("/")[2].rsplit(".", 1)[0]).strip()
    return (
        re.sub(r"^(?:(?:DRAFT|Draft)\s+|Subject:\s*(?:(?:Re|Fwd?):\s*)*)", "", first) or name or "Social media policy"
    )[:200]


def _organisation(document: Document) -> tuple[str, str]:
    """The body named most often, and its short name; empty when none is named."""
    seen: Counter[str] = Counter()
    short: dict[str, str] = {}
    for one in document.paragraphs:
        for match in _ORGANISATION.finditer(one.text):
            name = match[1]
            while name != (name := _LEADING.sub("", name)):
                continue
            if len(name.split()) < 2:
                continue
            seen[name[:200]] += 2 if match[2] else 1
            if match[2]:
                short[name[:200]] = match[2][:50]
    if not seen:
        return "", ""
    best = seen.most_common(1)[0][0]
    return best, short.get(best, best)


def _nation(document: Document) -> tuple[str, str]:
    text = " ".join(one.text for one in document.paragraphs)
    for code, name, pattern in _NATIONS:
        if len(pattern.findall(text)) >= 2:
            return code, name
    return "ENG", "England"
