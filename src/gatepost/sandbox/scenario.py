"""Who writes what, where and when: repeatable by seed.

`Scenario(seed).event(n)` is a pure function of the seed and the number, so that a town started again goes on where it
was. One round of the script says every template once, in an order of its own, before any is said again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from . import residents, x_text
from .residents import Resident, Template
from .voice import spoken
from .world import NetworkName

# What a new town says at once: a theme of each kind, with the network it is said on.
FIRST: tuple[tuple[str, NetworkName], ...] = (
    ("complaint", "facebook"),
    ("details_help", "facebook"),
    ("staff_abuse", "x"),
    ("offensive", "facebook"),
    ("thanks", "facebook"),
    ("question", "x"),
    ("journalist", "x"),
    ("sar", "facebook"),
    ("foi", "x"),
    ("safeguarding", "facebook"),
    ("service_request", "x"),
    ("spam", "x"),
    ("languages", "facebook"),
    ("sarcasm", "x"),
)
SPECIAL_VOICES = frozenset({"journalist", "spammer", "official", "abusive"})
TEXT_ROOM = 240  # weighted characters on X, which leaves room for the handle written to


@dataclass(frozen=True, slots=True)
class Event:
    """Something a resident will say. `wait` is in units of the mean gap; `pick` (0 to 1) chooses among the places."""

    n: int
    wait: float
    resident: str
    network: NetworkName
    text: str
    theme: str
    template: str
    labels: tuple[str, ...]
    language: str
    mention: bool  # on X: written to us rather than under a post of ours
    pick: float


class Scenario:
    """The script of one town."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        everything = residents.templates()
        self.said = tuple(one for one in everything if one.place == "anywhere")
        self.reactions = tuple(one for one in everything if one.place == "reaction")

    def __iter__(self) -> Iterator[Event]:
        n = 0
        while True:
            yield self.event(n)
            n += 1

    def event(self, n: int) -> Event:
        """What is said as number `n` (from 0)."""
        round_, place = divmod(n, len(self.said))
        order = list(range(len(self.said)))
        self._rng("order", round_).shuffle(order)
        return self._event(n, self.said[order[place]], self._rng("event", n))

    def reaction(self, n: int) -> Event:
        """An answer under a post of ours, number `n`."""
        rng = self._rng("reaction", n)
        return self._event(n, rng.choice(self.reactions), rng)

    def first(self) -> tuple[Event, ...]:
        """What stands there already when the town is founded: one message of each kind."""
        found = []
        for n, (theme, network) in enumerate(FIRST):
            rng = self._rng("first", n)
            choices = [one for one in self.said if one.theme == theme]
            if network == "x":
                choices = [one for one in choices if x_text.weight(one.text) < TEXT_ROOM - 60] or choices
            found.append(self._event(n, rng.choice(choices), rng, network))
        return tuple(found)

    def _rng(self, *what: object) -> random.Random:
        return random.Random(":".join(map(str, (self.seed, *what))))  # noqa: S311 - repeatable by seed, nothing secret

    def _event(self, n: int, template: Template, rng: random.Random, network: NetworkName | None = None) -> Event:
        resident = self._speaker(template, rng)
        text = residents.fill(template, resident, rng)
        if template.language == "en":
            text = spoken(text, resident.voice, rng)
        where: NetworkName = network or ("x" if rng.random() < 0.45 else "facebook")
        if x_text.weight(text) > TEXT_ROOM:
            where = "facebook"
        return Event(
            n,
            rng.expovariate(1.0),
            resident.id,
            where,
            text,
            template.theme,
            template.id,
            template.labels,
            template.language,
            rng.random() < 0.6,
            rng.random(),
        )

    def _speaker(self, template: Template, rng: random.Random) -> Resident:
        everybody = residents.people()
        if template.voices:
            choices = [one for one in everybody if one.voice in template.voices]
        elif template.language != "en":
            choices = [one for one in everybody if template.language in one.languages]
        else:
            choices = [one for one in everybody if one.voice not in SPECIAL_VOICES]
        return rng.choice(choices or [one for one in everybody if one.voice not in SPECIAL_VOICES])
