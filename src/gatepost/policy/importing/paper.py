"""What a file holds, whatever its format: paragraphs with their place. And the limits of what is taken in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

MOST_BYTES = 20_000_000
MOST_PAGES = 2_000
MOST_CHARACTERS = 1_000_000
MOST_PARAGRAPHS = 50_000

Form = Literal["docx", "odt", "pdf", "html", "md", "txt"]

_SPACE = re.compile(r"\s+")
_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


class ImportProblem(Exception):
    """A file that cannot be imported: what is wrong, and how to mend it."""

    def __init__(self, message: str, mend: str) -> None:
        self.message = message
        self.mend = mend
        super().__init__(f"{message.rstrip('.')}. {mend}")

    def __reduce__(self) -> tuple[type[ImportProblem], tuple[str, str]]:
        return ImportProblem, (self.message, self.mend)  # it comes back whole from another process


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`level`: of a heading, 1 the highest, 0 for other text. `item`: it stands in a list or is a row of a table.
    `aside`: not part of the running text, such as a page header. `place`: "page 3" or "line 12"."""

    text: str
    place: str
    level: int = 0
    item: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file, read. `remarks` are sentences about the file itself, for the report."""

    name: str
    form: Form
    paragraphs: tuple[Paragraph, ...]
    remarks: tuple[str, ...] = ()


def clean(text: str) -> str:
    """One line of plain text: white space made one space, control and private characters taken out."""
    kept = "".join(
        " " if one in "\t\n\r" else one if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Cn") else _stand_in(one)
        for one in unicodedata.normalize("NFC", text)
    )
    return _SPACE.sub(" ", kept).strip()


def _stand_in(character: str) -> str:
    """Control characters part words; a soft hyphen, a byte order mark or a joiner stands for nothing."""
    category = unicodedata.category(character)
    return " " if category == "Cc" else "" if category == "Cf" else "\ufffd"


def lines_of(text: str) -> list[str]:
    """Lines, at every kind of line end."""
    return _BREAK.sub(lambda found: "\n" * max(1, found[0].replace("\r\n", "\n").count("\n")), text).split("\n")


def document(name: str, form: Form, paragraphs: Iterable[Paragraph], remarks: Iterable[str] = ()) -> Document:
    """The paragraphs with words in them, cleaned and counted. Raises ImportProblem over the limits, or for no text."""
    kept: list[Paragraph] = []
    characters = 0
    for one in paragraphs:
        text = clean(one.text[: 3 * MOST_CHARACTERS])  # past the limit whatever follows
        if not any(character.isalnum() for character in text):
            continue
        characters += len(text)
        if characters > MOST_CHARACTERS or len(kept) >= MOST_PARAGRAPHS:
            most = f"{MOST_CHARACTERS:,} characters or {MOST_PARAGRAPHS:,} paragraphs"
            raise ImportProblem(f"{name} holds more than {most}", "Import it in parts.")
        kept.append(Paragraph(text, one.place, one.level, one.item, one.aside))
    if not kept:
        raise ImportProblem(f"There is no text in {name}", "Give a file that has the policy's words in it.")
    return Document(name, form, tuple(kept), tuple(remarks))
