"""The words a pack gives the readers: lists, weighted cues, patterns, jargon. All data, read and checked here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import re2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..model import LABELS
from ..problems import PackError, Problem
from .cues import Book, Cue, CueError, book, plain_word, variants
from .tokens import Tokens

if TYPE_CHECKING:
    from .vocabulary import Vocabulary

MOST_BYTES = 1_000_000
MOST_PHRASES = 20_000

Helper = Literal[
    "insult", "slur", "swear", "threat", "aimed", "staff", "reported", "joke", "neighbour", "duration", "fault", "ask",
    "praise", "sour", "topic", "urgent", "tone", "sarcasm", "resolved", "polite", "self", "first_report", "official",
]  # fmt: skip
HELPERS: frozenset[str] = frozenset(get_args(Helper))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Group(_Strict):
    label: str
    kind: str = Field(default="", max_length=60)
    weight: float = Field(default=1.0, ge=-10, le=10)
    cancels: bool = False
    phrases: list[str] = Field(min_length=1, max_length=2000)


_EDGED = re.compile(r"[$^]|\\[ABz]")


class _Pattern(_Strict):
    name: str = Field(min_length=1, max_length=60)
    pattern: str = Field(min_length=1, max_length=500)


class _File(_Strict):
    lists: dict[str, list[str]] = Field(default_factory=dict)
    spellings: dict[str, str] = Field(default_factory=dict)
    jargon: dict[str, str] = Field(default_factory=dict)
    references: list[_Pattern] = Field(default_factory=list, max_length=50)
    public_numbers: list[str] = Field(default_factory=list)
    public_domains: list[str] = Field(default_factory=list)
    public_addresses: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=list, max_length=200
    )
    cue: list[_Group] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Words:
    """What the readers know. Made by `load_words`; every word is in its plain form (see `cues.plain_word`)."""

    book: Book
    lists: Mapping[str, frozenset[str]]
    spellings: Mapping[str, tuple[str, ...]]
    known: frozenset[str]  # a disguised word is read as plain only where the plain form is one of these
    rude: frozenset[str]  # words people hide behind spaces
    starred: tuple[str, ...]  # words people hide behind stars, the likeliest first
    jargon: Mapping[tuple[str, ...], str]
    jargon_starts: frozenset[str]
    references: tuple[tuple[str, Any], ...]  # (name, compiled re2 pattern)
    screen: Any  # one pattern for all references, or None: most messages hold none
    edged: bool  # whether one of them may ask where a text begins or ends
    public_numbers: frozenset[str]
    public_domains: frozenset[str]
    public_addresses: tuple[str, ...]  # postal addresses of the organisation's own, as written
    tokens: Tokens = field(compare=False, repr=False)  # the words that pieces of text stand for, as they are met
    # Each reader of many texts takes one for itself and gives it back: taking from a list is safe between threads.
    vocabularies: list[Vocabulary] = field(default_factory=list, init=False, compare=False, repr=False)


def load_words(toml_text: str, file: str = "words.toml") -> Words:
    """Read `words.toml`. Raises PackError naming every problem with its line and mend."""
    if len(toml_text) > MOST_BYTES:
        raise PackError([Problem(file, 0, "", f"The file is over {MOST_BYTES:,} characters", "Make it smaller.")])
    try:
        raw = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        place = int(line[1]) if line else toml_text.count("\n") + 1
        raise PackError([Problem(file, place, "", f"This is not valid TOML: {error}", "Correct that line.")]) from None
    try:
        content = _File.model_validate(raw)
    except ValidationError as error:
        raise PackError(_invalid(toml_text, file, error)) from None
    problems = list(_problems(content, toml_text, file))
    if problems:
        raise PackError(problems)
    return _build(content, toml_text, file)


def _line(text: str, path: tuple[str | int, ...]) -> int:
    """The line where the thing at `path` stands, as nearly as TOML lets us tell; 0 if not found."""
    lines = text.split("\n")
    start = 0
    for place, step in enumerate(path):
        if isinstance(step, int):
            header = f"[[{path[place - 1]}]]"
            heads = [number for number, line in enumerate(lines) if line.strip().startswith(header)]
            if step < len(heads):
                start = heads[step]
            continue
        pattern = re.compile(rf'^\s*(?:\[+{re.escape(step)}\]+|"?{re.escape(step)}"?\s*=)')
        start = next((n for n in range(start, len(lines)) if pattern.match(lines[n])), start)
    return start + 1


def _line_of_phrase(text: str, group: int, phrase: str) -> int:
    start = _line(text, ("cue", group))
    lines = text.split("\n")
    return next((n + 1 for n in range(start - 1, len(lines)) if f'"{phrase}"' in lines[n]), start)


def _invalid(text: str, file: str, error: ValidationError) -> Iterator[Problem]:
    for one in error.errors():
        key = ".".join(str(step) for step in one["loc"])
        mend = "Remove it or correct its name." if one["type"] == "extra_forbidden" else "Correct the value."
        yield Problem(file, _line(text, one["loc"]), key, one["msg"], mend)


def _problems(content: _File, text: str, file: str) -> Iterator[Problem]:
    allowed = HELPERS | set(LABELS)
    for place, group in enumerate(content.cue):
        if group.label not in allowed:
            mend = "Use one of: " + ", ".join(sorted(allowed)) + "."
            line = _line(text, ("cue", place, "label"))
            yield Problem(file, line, f"cue.{place}.label", f"There is no label {group.label!r}", mend)
    if sum(len(group.phrases) for group in content.cue) > MOST_PHRASES:
        yield Problem(file, 0, "cue", f"There are more than {MOST_PHRASES:,} phrases", "Remove some.")
    options = re2.Options()
    options.log_errors = False
    for place, reference in enumerate(content.references):
        try:
            re2.compile(reference.pattern, options=options)
        except re2.error as error:
            why = str(error.args[0]) if error.args else "it cannot be read"
            line = _line(text, ("references", place, "pattern"))
            message = f"The pattern cannot be used: {why}"
            yield Problem(file, line, f"references.{place}.pattern", message, "Use RE2 syntax (no look-around).")


def _build(content: _File, text: str, file: str) -> Words:
    lists = {name: frozenset(members) for name, members in content.lists.items()}
    problems: list[Problem] = []
    rows = []
    known: set[str] = set()
    rude: set[str] = set()
    starred: list[str] = []
    for place, group in enumerate(content.cue):
        for phrase in group.phrases:
            cue = Cue(group.label, group.kind, group.weight, phrase, group.cancels)
            try:
                ways = variants(cue, lists)
            except CueError as error:
                line = _line_of_phrase(text, place, phrase)
                problem = Problem(file, line, f"cue.{place}.phrases", f"{phrase!r}: {error}", "Correct the phrase.")
                problems.append(problem)
                continue
            rows.extend(ways)
            found: set[str] = set()
            found.update(*(item.words for way in ways for item in (way.first, *way.rest)))
            known |= found
            if group.label in ("swear", "slur", "insult") and " " not in phrase:
                rude |= {word for word in found if len(word) > 2}
                if group.kind != "insult":
                    starred += sorted(word for word in found if len(word) > 2)
    if problems:
        raise PackError(problems)
    plain_lists = {name: frozenset(plain_word(word) for word in words) for name, words in lists.items()}
    for words in plain_lists.values():
        known |= words
    jargon = {tuple(plain_word(word) for word in term.split()): mend for term, mend in content.jargon.items()}
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    spellings = {plain_word(k): tuple(plain_word(w) for w in v.split()) for k, v in content.spellings.items()}
    whole = frozenset(word for word in known if len(word) > 1)
    hidden = tuple(dict.fromkeys(starred))
    spaced = frozenset(rude - plain_lists.get("mild", frozenset()))
    return Words(
        book=book(rows),
        lists=plain_lists,
        spellings=spellings,
        known=whole,
        starred=hidden,
        rude=spaced,
        jargon=jargon,
        jargon_starts=frozenset(term[0] for term in jargon),
        references=tuple((row.name, re2.compile(row.pattern, options=options)) for row in content.references),
        screen=_screen(content.references, options, file),
        edged=any(_EDGED.search(row.pattern) for row in content.references),
        public_numbers=frozenset(re.sub(r"\D", "", number) for number in content.public_numbers),
        public_domains=frozenset(domain.lower() for domain in content.public_domains),
        public_addresses=tuple(content.public_addresses),
        tokens=Tokens(spellings, whole, hidden, spaced),
    )


def _screen(patterns: list[_Pattern], options: Any, file: str) -> Any:
    """All patterns as one, to be looked for in one linear pass. Raises PackError where they are too much together."""
    if not patterns:
        return None
    try:
        return re2.compile("|".join(f"(?:{one.pattern})" for one in patterns), options=options)
    except re2.error:
        mend = "Shorten the patterns, or remove some."
        raise PackError([Problem(file, 0, "references", "The patterns are too large together", mend)]) from None
