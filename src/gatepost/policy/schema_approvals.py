"""The shape of approvals.toml: who signs what off, and what happens while it waits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gatepost.policy.shape import ClauseId, Id, Line, Strict


class StepIn(Strict):
    """One step of a chain. `roles`: any one of these; with `all`, one of each."""

    title: Line
    roles: Annotated[list[Id], Field(max_length=12)] = []
    all: bool = False
    count: Annotated[int, Field(ge=1, le=9)] = 1
    outside: bool = False
    passkey: bool = False


class ChainIn(Strict):
    """Who signs off which acts. The first chain that fits an act is its chain."""

    id: Id
    title: Line
    clause: ClauseId
    kinds: list[
        Literal[
            "publish", "reply", "edit", "delete", "hide", "unhide", "remove", "approve",
            "block", "unblock", "mute", "unmute", "close", "reopen",
        ]
    ] = []  # fmt: skip
    post_kinds: list[Id] = []
    networks: list[Id] = []
    hours: Literal["", "inside", "outside"] = ""
    crisis: bool | None = None
    standing: bool = True
    step: Annotated[list[StepIn], Field(min_length=1, max_length=9)]


class WaitingIn(Strict):
    """Minutes before an act's time, or hours since it was submitted when it has none."""

    remind_before: Annotated[int, Field(ge=1, le=10_080)] = 120
    escalate_before: Annotated[int, Field(ge=1, le=10_080)] = 30
    remind_after: Annotated[int, Field(ge=1, le=720)] = 4
    escalate_after: Annotated[int, Field(ge=1, le=720)] = 24
    expire_after: Annotated[int, Field(ge=1, le=8_760)] = 336
    escalate_to: list[Id] = []


class ApprovalsFile(Strict):
    chain: list[ChainIn] = []
    waiting: WaitingIn = WaitingIn()
