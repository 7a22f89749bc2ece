"""What the outside reader said of a message, for people to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost.inbox.models import Message, OutsideReading
from gatepost.policy.pack import Pack
from gatepost.web.inbox.words import Word, likelihood, word_of


@dataclass(frozen=True, slots=True)
class Finding:
    """`fresh`: the desk's own readers did not see it."""

    word: Word
    says: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Outside:
    findings: tuple[Finding, ...]
    refer: tuple[str, ...]
    says: str
    at: datetime


def heard_of(message: Message, pack: Pack) -> Outside | None:
    """None when no outside reader was asked about it."""
    kept = OutsideReading.objects.filter(message=message).first()
    if kept is None:
        return None
    findings = tuple(
        Finding(word_of(label), _says(probability, message.text[start:end]), label in kept.decided)
        for label, probability, start, end in kept.found
    )
    names = tuple(pack.departments[one].name for one in kept.refer if one in pack.departments)
    return Outside(findings, names, kept.says, kept.at)


def _says(probability: float, words: str) -> str:
    return f"{likelihood(probability)}: “{words}”" if words else f"{likelihood(probability)}."
