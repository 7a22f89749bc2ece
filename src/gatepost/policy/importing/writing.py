"""The files of a draft pack, as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import tomli_w

from gatepost.policy.importing.by_hand import WEEK
from gatepost.policy.importing.clauses import DraftClause, Numbered
from gatepost.policy.importing.finding import domains
from gatepost.policy.importing.recognise import SURE_ENOUGH
from gatepost.policy.importing.tables import Row, Tables

_HEADS = {
    "pack.toml": "The draft of a policy pack, made from a written policy. Look at import-report.md first.",
    "clauses.toml": "Every clause, its kind, and what puts it into practice. about: the usual kind; says: as data.",
    "roles.toml": "Who answers for what. Addresses at example.org are stand-ins: put the real ones here.",
    "wordings.toml": "Text the policy approves for a situation, as quoted in it.",
    "departments.toml": "Where matters are referred. Addresses at example.org are stand-ins: put the real ones here.",
    "clocks.toml": "Answer-by times. Those whose source is an own figure are not in the document.",
    "rules.toml": "What the desk does with what comes in, as drafted from the clauses. Confirm each.",
    "checks.toml": "The figures of the checks on what goes out; without an entry each has its usual value.",
    "measures.toml": "What success is measured by.",
    "risks.toml": "What can go wrong.",
    "law.toml": "The laws as the document names them. `gatepost policy lint` says which are out of date.",
    "examples.toml": "Messages with the decision they must get. `gatepost policy test` runs them.",
}
_GENERAL = (
    ("news", "News"), ("event", "Event"), ("notice", "Notice"), ("service_update", "Service update"),
)  # fmt: skip


def toml(name: str, data: Mapping[str, object]) -> str:
    return f"# {_HEADS[name]}\n\n{tomli_w.dumps(data)}"


def policy_md(numbering: Sequence[Numbered]) -> str:
    """The document as people read it, every clause marked with its id; nothing of it is left out."""
    lines: list[str] = []
    listing = False
    for one in numbering:
        block = one.block
        item = block.sort == "item"
        if not (item and listing):
            lines.append("")
        listing = item
        if block.sort == "heading":
            lines.append(f"{'#' * max(1, min(6, block.level))} {block.text}")
        elif not one.clauses:
            lines.append(_unmarked(block.text))
        for place, clause in enumerate(one.clauses):
            if place and not item:
                lines.append("")
            lines.append(f"{'- ' if item else ''}[{clause.id}] {clause.text}")
    return "\n".join(lines).strip("\n") + "\n"


def _unmarked(text: str) -> str:
    """Plain text that looks like a heading or a mark is kept from being read as one."""
    return f"\\{text}" if re.match(r"#{1,6}\s|(?:[-*]\s+)?\[", text) else text


def clauses_toml(clauses: Sequence[DraftClause], tables: Tables) -> str:
    rows: list[Row] = []
    bindings: list[Row] = []
    for clause in clauses:
        row: Row = {"id": clause.id, "kind": clause.kind.duty}
        if clause.kind.about and clause.kind.confidence >= SURE_ENOUGH:
            row["about"] = clause.kind.about
            says = dict(clause.kind.says)
            row |= {"says": says} if says else {}
        rows.append(row)
        for by, status, reason in tables.bound[clause.id]:
            bindings.append({"clause": clause.id, "by": by, "status": status, "reason": reason})
    return toml("clauses.toml", {"clauses": rows, "bindings": bindings})


def pack_toml(named: Mapping[str, str], hours: Mapping[str, list[str]], nation: str, tables: Tables) -> str:
    week = dict(hours) or WEEK
    data: Row = {
        **named,
        "hours": {"timezone": "Europe/London", "nation": nation, **week},
        "aims": tables.aims,
        "audiences": [
            {"id": "residents", "title": "Residents"}, {"id": "staff", "title": "Staff"},
            {"id": "others", "title": "Other interested parties"},
        ],
        "post_kinds": [{"id": key, "title": title} for key, title in _GENERAL],
    }  # fmt: skip
    return toml("pack.toml", {key: value for key, value in data.items() if value != []})


def general_words(words: str, phones: Sequence[str], texts: Sequence[str]) -> str:
    """The shipped readers' words without what is another organisation's own: its numbers, addresses and references."""
    kept = re.sub(r"(?ms)^\[\[references\]\]\n.*?(?=^\[|\Z)", "", words)
    numbers = list(dict.fromkeys([*phones, "999", "101", "111"]))
    for key, values in (("public_numbers", numbers), ("public_domains", domains(texts)), ("public_addresses", ())):
        line = tomli_w.dumps({key: values}, multiline_strings=False).replace("\n    ", " ").replace(",\n]", " ]")
        kept = re.sub(rf"(?m)^{key} = \[.*\]$", lambda _, line=line: line.strip(), kept)  # type: ignore[misc]  # the default binds it
    return kept
