"""A desk with an officer, a member of staff and a live channel, and a network that answers as a test says."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.gate import sending
from gatepost.gate.content import Content
from gatepost.gate.models import Act
from gatepost.ledger.actions import System
from gatepost.networks.protocol import Account, Answer, Found, Health, NotThere, Outgoing, Page, Receipt
from gatepost.people import actions as people
from gatepost.people.models import Role, User
from gatepost.policy.pack import Pack, load_files
from gatepost.rulebook.actions import adopt
from tests.factories import shipped

SYSTEM = System("test")
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@dataclass
class Wire:
    """Stands where the network is: hands out the answers a test has laid ready, and keeps what was sent."""

    key: str = "facebook"
    answers: list[Answer] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)

    def _answer(self, verb: str) -> Answer:
        self.verbs.append(verb)
        return (
            self.answers.pop(0)
            if self.answers
            else Receipt(ref=f"r{len(self.verbs)}", permalink="https://example.org/p")
        )

    def publish(self, act: Outgoing) -> Answer:
        self.sent.append(act)
        return self._answer("publish")

    def find(self, act: Outgoing) -> Found:
        return self.found.pop(0) if self.found else NotThere()

    def read_since(self, cursor: str) -> Page:
        return Page((), cursor)

    def remove(self, ref: str) -> Answer:
        return self._answer(f"remove {ref}")

    def hide(self, ref: str) -> Answer:
        return self._answer(f"hide {ref}")

    def unhide(self, ref: str) -> Answer:
        return self._answer(f"unhide {ref}")

    def remove_other(self, ref: str) -> Answer:
        return self._answer(f"remove_other {ref}")

    def block(self, person: str) -> Answer:
        return self._answer(f"block {person}")

    def unblock(self, person: str) -> Answer:
        return self._answer(f"unblock {person}")

    def mute(self, person: str) -> Answer:
        return self._answer(f"mute {person}")

    def unmute(self, person: str) -> Answer:
        return self._answer(f"unmute {person}")

    def close_comments(self, post: str) -> Answer:
        return self._answer(f"close_comments {post}")

    def reopen_comments(self, post: str) -> Answer:
        return self._answer(f"reopen_comments {post}")

    def check(self) -> Health:
        return Health(True, "well")


@dataclass
class Desk:
    officer: User
    staff: User
    channel: Channel
    wire: Wire

    def content(self, text: str = "The office is open on Saturday.", **more: object) -> Content:
        values: dict[str, object] = {"kind": "publish", "channel": self.channel.pk, "text": text, **more}
        return Content(**values)  # type: ignore[arg-type]  # a test names the fields it means


def make_wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire()
    connect: Callable[[Account], Wire] = lambda account: made  # noqa: E731  # shorter than a function here
    monkeypatch.setattr(sending, "connect", connect)
    monkeypatch.setattr("gatepost.gate.looking.connect", connect)
    return made


def make_desk(wire: Wire) -> Desk:
    adopt(shipped(), by=SYSTEM, at=AT)
    boss = people.add_person(name="Olive Ferris", email="olive@example.org", by=SYSTEM, at=AT)
    person = people.add_person(name="Sam Whitlock", email="sam@example.org", by=SYSTEM, at=AT)
    people.give_role(boss, Role.objects.get(pk="communications_officer"), by=SYSTEM, at=AT)
    live = channels.connect(
        network="facebook", name="Facebook", external_id="1001", credentials={"token": "t"}, by=boss, at=AT
    )
    channels.sign_off(live, by=boss, at=AT)
    channels.approve_staff(person, live, by=boss, at=AT)
    return Desk(boss, person, live, wire)


def submitted(desk: Desk, **more: object) -> Act:
    from gatepost.gate.actions import submit

    return submit(desk.content(**more), subject="variant:1", by=desk.staff, at=AT)  # type: ignore[arg-type]  # as above


def with_chains(approvals: str, at: datetime = AT) -> None:
    """The shipped policy with these chains of sign-off, in force from now on."""
    adopt(_with(approvals), by=SYSTEM, at=at)


@functools.cache
def _with(approvals: str) -> Pack:
    return load_files({**shipped().files, "approvals.toml": approvals})
