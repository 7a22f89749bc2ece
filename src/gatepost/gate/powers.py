"""Who may sign off and write at one moment, and what texts are held to: asked once although many acts need it."""

from __future__ import annotations

from datetime import datetime

from gatepost.channels.actions import may_write
from gatepost.channels.models import Channel
from gatepost.gate.crisis import in_crisis
from gatepost.people.authority import Right, let_in_by, rights_anywhere, signs_off, within
from gatepost.people.models import Deputy, User
from gatepost.policy.model import Line
from gatepost.rulebook.lines import lines_in_force


class Powers:
    """Lives no longer than one look at a batch of acts: what it knows is as old as it is."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._signs: dict[int, bool] = {}
        self._rights: dict[int, list[tuple[Right, Deputy | None]]] = {}
        self._let_in: dict[int, frozenset[int]] = {}
        self._writes: dict[tuple[int, int], bool] = {}
        self._lines: tuple[Line, ...] | None = None
        self._crisis: bool | None = None

    @property
    def crisis_on(self) -> bool:
        if self._crisis is None:
            self._crisis = in_crisis(self.at)
        return self._crisis

    @property
    def lines(self) -> tuple[Line, ...]:
        """The approved lines that every text is held to."""
        if self._lines is None:
            self._lines = lines_in_force()
        return self._lines

    def sign_off(self, person: User) -> bool:
        if person.pk not in self._signs:
            self._signs[person.pk] = signs_off(person, self.at)
        return self._signs[person.pk]

    def rights(self, person: User, channel: int, kinds: tuple[str, ...]) -> list[Right]:
        if person.pk not in self._rights:
            self._rights[person.pk] = rights_anywhere(person, self.at)
        return within(self._rights[person.pk], channel=channel, kinds=kinds)

    def let_in_by(self, person: User) -> frozenset[int]:
        if person.pk not in self._let_in:
            self._let_in[person.pk] = let_in_by(person)
        return self._let_in[person.pk]

    def write(self, person: User, channel: Channel) -> bool:
        key = (person.pk, channel.pk)
        if key not in self._writes:
            self._writes[key] = may_write(person, channel, self.at)
        return self._writes[key]
