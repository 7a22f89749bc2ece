"""What some networks let an organisation do about people and about its own posts: block, mute, close comments."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from .protocol import Answer


@runtime_checkable
class Blocks(Protocol):
    """`person` is an author's ref. Blocking somebody who is blocked already is a Receipt, and so is the reverse."""

    def block(self, person: str) -> Answer: ...
    def unblock(self, person: str) -> Answer: ...


@runtime_checkable
class Mutes(Protocol):
    def mute(self, person: str) -> Answer: ...
    def unmute(self, person: str) -> Answer: ...


@runtime_checkable
class ClosesComments(Protocol):
    """`post` is a post of ours: nobody can comment under it until it is opened again. What stands there stays."""

    def close_comments(self, post: str) -> Answer: ...
    def reopen_comments(self, post: str) -> Answer: ...
