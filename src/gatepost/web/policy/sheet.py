"""The document as people read it: sections, the words between the clauses, and the clauses, in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gatepost.policy.document import passages
from gatepost.policy.model import Clause
from gatepost.policy.pack import Pack

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_MARK = re.compile(r"^\s*(?:[-*]\s+)?\[([a-z][a-z0-9_]*(?:\.[0-9]+)+)\]\s*(.*)$")


@dataclass(slots=True)
class Block:
    """Words of the document (`text`) or one of its clauses."""

    text: str = ""
    clause: Clause | None = None


@dataclass(slots=True)
class Section:
    """`level` 2 is a chapter, deeper ones stand inside it. `key` is its anchor."""

    key: str
    title: str
    level: int
    blocks: list[Block]


def sections(pack: Pack) -> list[Section]:
    """The whole of policy.md. The document's own title, on level 1, is left to the page."""
    clauses = {clause.id: clause for clause in pack.clauses}
    ends = {passage.line: passage for passage in passages(pack.policy_md)}
    found: list[Section] = []
    words: list[str] = []
    inside = blank = False

    def close() -> None:
        text = " ".join(words).strip()
        words.clear()
        if text:
            _last(found).blocks.append(Block(text=text))

    for number, line in enumerate(pack.policy_md.split("\n"), start=1):
        heading, mark = _HEADING.match(line), _MARK.match(line)
        if heading:
            close()
            inside = False
            if len(heading[1]) > 1:
                title = heading[2].rstrip(":")
                found.append(Section(_key(title, found), title, len(heading[1]), []))
        elif mark and number in ends and mark[1] in clauses:
            close()
            inside = True
            _last(found).blocks.append(Block(clause=clauses[mark[1]]))
        elif not line.strip():
            if not inside:
                close()
            blank = True
            continue
        elif inside and (line.startswith((" ", "\t")) or not blank):
            pass  # more of the clause, which the pack holds whole
        else:
            inside = False
            words.append(line.strip())
        blank = False
    close()
    return found


def _last(found: list[Section]) -> Section:
    if not found:
        found.append(Section("document", "The document", 2, []))
    return found[-1]


def _key(title: str, found: list[Section]) -> str:
    """An anchor no other section has, and no clause: those hold a full stop."""
    key = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "section"
    taken = {section.key for section in found}
    return key if key not in taken else f"{key}-{len(found)}"
