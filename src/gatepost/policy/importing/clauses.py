"""From the outline to numbered clauses, each with its kind; and the account of what became of every sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from gatepost.policy.importing.outline import Block
from gatepost.policy.importing.recognise import Recognised, recognise
from gatepost.policy.importing.sentences import sentences

Became = Literal["clause", "heading", "not understood"]

# "… deemed to be personal information, once published, can remain …": a second item of a list that lost its bullet.
_RUN_TOGETHER = re.compile(
    r"(?<=[a-z]) (?=[a-z]+, (?:once|when|if|where|while) [^,.;]{3,40}, (?:can|may|will|could|might|must|is|are) )"
)
_BEFORE = 6  # words an item needs to stand by itself


@dataclass(frozen=True, slots=True)
class DraftClause:
    """A clause of the draft. `doubt` says what should be looked at, empty otherwise."""

    id: str
    text: str
    place: str
    heading: str
    lead: str
    item: bool
    kind: Recognised
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """One sentence of the document and what became of it. `clause`: where it is kept, empty for headings."""

    number: int
    text: str
    place: str
    became: Became
    clause: str
    sort: str
    confidence: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A block of the document with the clauses it became; none for headings and what stands aside."""

    block: Block
    clauses: tuple[DraftClause, ...] = ()


def numbered(blocks: Sequence[Block]) -> list[Numbered]:
    """Clause ids are the section's short name and a running number."""
    counts: Counter[str] = Counter()
    found: list[Numbered] = []
    for block in blocks:
        made: list[DraftClause] = []
        for text, doubt in _texts(block):
            counts[block.section] += 1
            kind = recognise(text, block.under, block.lead, item=block.sort == "item")
            name = f"{block.section}.{counts[block.section]}"
            made.append(
                DraftClause(name, text, block.place, block.under, block.lead, block.sort == "item", kind, doubt)
            )
        found.append(Numbered(block, tuple(made)))
    return found


def accounts(numbering: Sequence[Numbered]) -> list[Account]:
    """Every sentence, in the order of the document."""
    found: list[Account] = []
    for one in numbering:
        for text, became, clause, sort, confidence, note in _became(one):
            found.append(Account(len(found) + 1, text, one.block.place, became, clause, sort, confidence, note))
    return found


def _became(one: Numbered) -> Iterator[tuple[str, Became, str, str, float, str]]:
    block = one.block
    if block.sort == "heading":
        yield block.text, "heading", "", "", 0.9, ""
    elif block.sort == "lead":
        yield block.text, "heading", "", "", 0.8, "leads into a list; kept as text"
    elif block.sort == "aside":
        for text in sentences(block.text):
            yield text, "not understood", "", "", 0.7, "page header, footer, contents or navigation; kept as text"
    for clause in one.clauses:
        kind = clause.kind
        note = clause.doubt or ("" if kind.sort else "kept as text, not enforced")
        became: Became = "clause" if kind.sort else "not understood"
        for text in sentences(clause.text):
            yield text, became, clause.id, kind.sort, kind.confidence, note


def _texts(block: Block) -> Iterator[tuple[str, str]]:
    """The texts of the clauses of a block, with what is doubtful about each."""
    if block.sort == "item":
        parts = _parted(block.text)
        doubt = "two items ran together in the document, probably: look at where they were parted"
        yield from ((part, doubt if len(parts) > 1 else "") for part in parts)
    elif block.sort == "text":
        yield from ((text, "") for text in _grouped(block))


def _parted(text: str) -> list[str]:
    found = _RUN_TOGETHER.search(text)
    if found is None or len(text[: found.start()].split()) < _BEFORE or re.search(r"[.!?]\s", text[: found.start()]):
        return [text]
    return [text[: found.start()], text[found.end() :]]


def _grouped(block: Block) -> list[str]:
    """Sentences of one paragraph that speak of one thing stay together."""
    groups: list[list[str]] = []
    current = ""
    for sentence in sentences(block.text):
        kind = recognise(sentence, block.under)
        sort = kind.sort if kind.own else ""
        if groups and (not sort or not current or sort == current):
            groups[-1].append(sentence)
            current = current or sort
        else:
            groups.append([sentence])
            current = sort
    return [" ".join(group) for group in groups]
