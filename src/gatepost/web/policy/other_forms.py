"""The forms of thresholds, figures of the checks, words, examples, and what the policy says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.http import QueryDict

from gatepost.policy.conditions import DEFAULT_THRESHOLD, LABEL_WORDS
from gatepost.policy.editing.changes import (
    BannedRow,
    Change,
    SetAbout,
    SetBanned,
    SetExample,
    SetFigures,
    SetThresholds,
    SetWords,
)
from gatepost.policy.editing.lists import WordList, lists
from gatepost.policy.expected import expected
from gatepost.policy.expecting import failures, fresh, now_gives
from gatepost.policy.model import LABELS, Example
from gatepost.policy.names import names
from gatepost.policy.pack import Pack
from gatepost.policy.schema import Settings
from gatepost.policy.titles import FIGURES, SEVERITIES
from gatepost.web.frame.problems import Unclear
from gatepost.web.policy import fields
from gatepost.web.policy.entries import fresh_id
from gatepost.web.policy.fields import Field, Part

PHRASES = (
    "A phrase is words with spaces. a|b is either; repair* any word that begins so; @staff any word of that list; "
    "word? may be missing; .. up to three words between; # a number."
)


def thresholds(pack: Pack) -> list[Part]:
    rows = tuple(
        Field(
            label,
            LABEL_WORDS.get(label, label.replace("_", " ")).capitalize(),
            value=f"{pack.thresholds.get(label, DEFAULT_THRESHOLD):g}",
        )
        for label in LABELS
    )
    says = (
        "How sure the desk must be, from 0 to 1, before it reads a message so. 0.5 is rather yes than no. A lower "
        "figure finds more and is wrong more often."
    )
    return [Part("", rows, says)]


def read_thresholds(pack: Pack, post: QueryDict) -> Change:
    values = {}
    for field in thresholds(pack)[0].fields:
        value = fields.share(post, field.name, field.label)
        if value != float(field.value):
            values[field.name] = value
    return SetThresholds(values=values)


def figures(pack: Pack) -> list[Part]:
    rows = []
    for name in Settings.model_fields:
        value = getattr(pack.checks, name)
        if isinstance(value, int | float):
            label = FIGURES[name][0]
            rows.append(Field(name, label, value=f"{value:g}" if isinstance(value, float) else str(value)))
    return [Part("", tuple(rows), "The figures the checks go by when something of ours is to go out.")]


def read_figures(pack: Pack, post: QueryDict) -> Change:
    values: dict[str, int | float] = {}
    for field in figures(pack)[0].fields:
        old = getattr(pack.checks, field.name)
        reads = fields.whole if isinstance(old, int) else fields.decimal
        new = reads(post, field.name, field.label)
        if new != old:
            values[field.name] = new
    return SetFigures(values=values)


def banned(pack: Pack) -> list[Part]:
    rows = tuple(
        Field(
            severity,
            label,
            "lines",
            "\n".join(
                f"{one.word} = {one.instead}" if one.instead else one.word
                for one in pack.checks.banned
                if one.severity == severity
            ),
        )
        for severity, label in SEVERITIES.items()
    )
    return [Part("", rows, "One word or phrase a line. Behind = what to write instead, if you like.")]


def read_banned(pack: Pack, post: QueryDict) -> Change:
    rows = []
    for severity in SEVERITIES:
        for line in fields.lines(post, severity):
            word, _, instead = (part.strip() for part in line.partition("="))
            if not word or len(word) > 300 or len(instead) > 300:
                raise Unclear(f"“{line[:60]}” is no word or phrase of up to 300 letters.", severity)
            rows.append(BannedRow(word=word, instead=instead, severity=severity))
    seen = [row.word.lower() for row in rows]
    if len(set(seen)) != len(seen):
        twice = next(word for word in seen if seen.count(word) > 1)
        raise Unclear(f"“{twice}” stands here twice. Leave it in one place.", "stop")
    return SetBanned(rows=rows)


def list_of(pack: Pack, name: str) -> WordList:
    """Raises KeyError."""
    found = next((one for one in lists(pack.files["words.toml"]) if one.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def words(pack: Pack, name: str) -> list[Part]:
    found = list_of(pack, name)
    hint = "One a line, as: term = meaning." if found.pairs else f"One a line. {PHRASES}"
    return [Part("", (Field("entries", "Words", "lines", "\n".join(found.entries), hint, rows=16),))]


def read_words(pack: Pack, name: str, post: QueryDict) -> Change:
    list_of(pack, name)
    entries = fields.lines(post, "entries")
    if any(len(entry) > 500 for entry in entries):
        raise Unclear("A line has at most 500 letters.", "entries")
    return SetWords(name=name, entries=entries)


def example(pack: Pack, key: str, at: datetime) -> list[Part]:
    """The form of an example; of a new one when `key` is empty. Raises KeyError."""
    old = example_of(pack, key) if key else None
    what = "What somebody might write. Invent it: no real person's words or details." if not key else ""
    rows = [
        Field("text", "The words", "area", old.text if old else "", what, rows=4, most=20_000),
        Field(
            "clauses",
            "Clauses it is an example of",
            value=", ".join(old.clauses) if old else "",
            hint="With commas",
        ),
    ]
    if old is None:
        accept = "What this draft would do with it is right, and must stay so"
        rows.append(Field("accept", accept, "check", False))
        return [Part("", tuple(rows))]
    rows.append(Field("expects", "What must come of it", "shown", " ".join(expected(old.expect, names(pack)))))
    if wrong := failures(pack, old, at):
        rows.append(Field("fails", "It does not hold", "shown", " ".join(wrong)))
        rows.append(Field("accept", "What the draft does now is right: expect that from now on", "check", False))
    return [Part("", tuple(rows))]


def example_of(pack: Pack, key: str) -> Example:
    found = next((one for one in pack.examples if one.id == key), None)
    if found is None:
        raise KeyError(key)
    return found


def read_example(pack: Pack, key: str, post: QueryDict, at: datetime) -> Change:
    text, clauses = fields.text(post, "text"), fields.commas(post, "clauses")
    if not text:
        raise Unclear("Write the words of the example.", "text")
    if not key:
        if "accept" not in post:
            raise Unclear(
                "Tick the box when what the draft would do is right; otherwise change the rules first.", "accept"
            )
        keys = ("decided", "offers", "refer", "moderate", "mask", "answer", "urgent")
        expect = now_gives(pack, fresh(text, clauses), at, keys)
        name = fresh_id(" ".join(text.split()[:4]), {one.id: one for one in pack.examples})
        return SetExample(id=name, text=text, clauses=clauses, expect=expect)
    old = example_of(pack, key)
    accepted = None
    if "accept" in post:
        accepted = now_gives(pack, replace(old, text=text), at, tuple(old.expect))
    return SetExample(id=key, text=text, clauses=clauses, expect=accepted)


def about(pack: Pack) -> list[Part]:
    rows = (
        Field("title", "Title", value=pack.title),
        Field(
            "version", "Version", value=pack.version, hint="So that people can tell this policy from the one before."
        ),
        Field("organisation", "Organisation", value=pack.organisation),
        Field("short_name", "Its short name", value=pack.short_name),
    )
    return [Part("", rows)]


def read_about(pack: Pack, post: QueryDict) -> Change:
    for field in about(pack)[0].fields:
        if not fields.words(post, field.name):
            raise Unclear(f"{field.label}: write what belongs here.", field.name)
    return SetAbout(
        title=fields.words(post, "title"),
        version=fields.words(post, "version"),
        organisation=fields.words(post, "organisation"),
        short_name=fields.words(post, "short_name"),
    )
