"""The book in which people of the desk record what reached them elsewhere: nothing is read from it or sent to it."""

from __future__ import annotations

import httpx

from .protocol import Account, Answer, Found, Health, Outgoing, Page, Refused, Unknown

BY_HAND = "This was recorded by hand. Answer the person the way they reached you, then record the answer."


class ByHand:
    key = "by_hand"

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        pass

    def read_since(self, cursor: str) -> Page:
        return Page((), cursor)

    def check(self) -> Health:
        return Health(True, "People of the desk record here what reached them elsewhere.")

    def publish(self, act: Outgoing) -> Answer:
        return Refused(BY_HAND)

    def find(self, act: Outgoing) -> Found:
        return Unknown(BY_HAND)

    def remove(self, ref: str) -> Answer:
        return Refused(BY_HAND)
