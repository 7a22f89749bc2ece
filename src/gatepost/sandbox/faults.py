"""Things that go wrong with networks, switched on at will and repeatable by the town's seed.

| kind | what happens |
|---|---|
| slow | the answer comes `seconds` late |
| rate_limit | 429 (Facebook: its code 32 too) with Retry-After `seconds` |
| error_500 | a 500 and nothing was taken |
| error_500_after | a 500 although the post was taken |
| lost_before | the line breaks before anything was taken |
| lost_after | the post is taken, then the line breaks before the answer |
| token_revoked | the token is refused |
| html | an HTML page comes instead of JSON, nothing taken |
| deleted_elsewhere | the post is taken, answered for, and somebody takes it down at once |
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import graph_errors, x_errors
from .cut import cut
from .world import NETWORKS, Item, World

KINDS = (
    "slow",
    "rate_limit",
    "error_500",
    "error_500_after",
    "lost_before",
    "lost_after",
    "token_revoked",
    "html",
    "deleted_elsewhere",
)
AFTER = ("error_500_after", "lost_after", "deleted_elsewhere")
At = Literal["any", "read", "write", "publish"]
ATS: tuple[At, ...] = ("any", "read", "write", "publish")
USUAL_AT: dict[str, At] = {"slow": "any", "token_revoked": "any"}
LONGEST = 120.0  # seconds


class BadFault(Exception):
    """A fault that cannot be switched on; the message names what is wrong and what there is."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`left`: how many times more (None = without end); `probability` of each draw; `seconds` late or to wait."""

    n: int
    network: str
    kind: str
    at: str
    probability: float
    left: int | None
    seconds: float
    drawn: int


def switch_on(
    world: World,
    network: str,
    kind: str,
    *,
    at: str = "",
    probability: float = 1.0,
    count: int | None = None,
    seconds: float = 2.0,
) -> Fault:
    """Keeps a fault in the world, so that it outlives a restart. Raises BadFault."""
    if network not in NETWORKS:
        raise BadFault(f"There is no network {network!r} in the town: use {' or '.join(NETWORKS)}.")
    if kind not in KINDS:
        raise BadFault(f"There is no fault {kind!r}: use one of {', '.join(KINDS)}.")
    where = at or USUAL_AT.get(kind, "publish")
    if where not in ATS:
        raise BadFault(f"A fault cannot be at {at!r}: use one of {', '.join(ATS)}.")
    if not 0 < probability <= 1:
        raise BadFault("A probability is above 0 and at most 1.")
    if count is not None and not 0 < count <= 1_000_000:
        raise BadFault("A count is a whole number from 1.")
    if not 0 <= seconds <= LONGEST:
        raise BadFault(f"Seconds are 0 to {LONGEST:.0f}.")
    world.db.execute(
        "INSERT INTO faults (network,kind,at,probability,left,seconds) VALUES (?,?,?,?,?,?)",
        (network, kind, where, probability, count, seconds),
    )
    return standing(world)[-1]


def switch_off(world: World, network: str = "") -> None:
    world.db.execute("DELETE FROM faults WHERE ?='' OR network=?", (network, network))


def standing(world: World) -> list[Fault]:
    return [Fault(**dict(row)) for row in world.db.execute("SELECT * FROM faults ORDER BY n")]


def draw(world: World, network: str, manner: str, *, after: bool) -> Fault | None:
    """The first fault that strikes this request; each draw is decided by the seed and counted."""
    for fault in standing(world):
        fits = fault.at == "any" or fault.at == manner or (fault.at == "write" and manner == "publish")
        if fault.network != network or not fits or (fault.kind in AFTER) != after:
            continue
        with world.change():
            world.db.execute("UPDATE faults SET drawn=drawn+1 WHERE n=?", (fault.n,))
            chance = random.Random(f"{world.seed}:{fault.network}:{fault.kind}:{fault.drawn}").random()  # noqa: S311 - repeatable by seed, nothing secret
            if chance >= fault.probability:
                continue
            if fault.left is not None:
                world.db.execute("UPDATE faults SET left=left-1 WHERE n=?", (fault.n,))
                world.db.execute("DELETE FROM faults WHERE left=0")
        return fault
    return None


def manner_of(method: str, path: str) -> str:
    """read, write, or publish (writes that put something before the public)."""
    if method == "GET":
        return "read"
    end = path.rstrip("/").rpartition("/")[2]
    return "publish" if method == "POST" and end in ("feed", "comments", "tweets") else "write"


class Faulty:
    """Wraps a network's sub-app; also keeps the log of requests."""

    def __init__(self, app: ASGIApp, world: World, network: str) -> None:
        self.app, self.world, self.network = app, world, network

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        manner = manner_of(scope["method"], scope["path"])
        before = draw(self.world, self.network, manner, after=False)
        if before and before.kind == "slow":
            await asyncio.sleep(before.seconds)
        elif before:
            self._log(scope, 0, before.kind)
            await self._instead(before, scope, receive, send)
            return
        taken: list[str] = []
        scope["took"] = taken
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        after = draw(self.world, self.network, "publish", after=True) if taken else None
        status = next((int(one["status"]) for one in messages if one["type"] == "http.response.start"), 500)
        self._log(scope, status, after.kind if after else before.kind if before else "")
        if after and after.kind == "deleted_elsewhere":
            for ref in taken:
                self.world.remove(ref, "elsewhere")
        elif after and after.kind == "lost_after":
            await _fall_silent(scope)
        elif after:
            await self._error(scope, receive, send)
            return
        for message in messages:
            await send(message)

    def _log(self, scope: Scope, status: int, fault: str) -> None:
        self.world.log(self.network, scope["method"], scope["path"], status, fault)

    async def _error(self, scope: Scope, receive: Receive, send: Send) -> None:
        facebook = self.network == "facebook"
        problem = x_errors.XError(500, "Internal Server Error", "Internal Server Error")
        answer: Response = graph_errors.server().response() if facebook else problem.response()
        await answer(scope, receive, send)

    async def _instead(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        facebook = self.network == "facebook"
        answer: Response
        if fault.kind == "error_500":
            await self._error(scope, receive, send)
            return
        if fault.kind == "lost_before":
            await _fall_silent(scope)
            answer = Response(status_code=502)  # goes nowhere: the line is cut
        elif fault.kind == "html":
            page = "<!doctype html><html lang=en><title>Sorry</title><h1>Something went wrong</h1></html>"
            answer = HTMLResponse(page, 200)
        elif fault.kind == "token_revoked":
            answer = graph_errors.revoked().response() if facebook else x_errors.unauthorised().response()
        else:
            answer = graph_errors.too_many().response() if facebook else x_errors.too_many().response()
            answer.status_code = 429
            answer.headers["Retry-After"] = str(int(fault.seconds))
            if not facebook:
                answer.headers["x-rate-limit-limit"], answer.headers["x-rate-limit-remaining"] = "100", "0"
                answer.headers["x-rate-limit-reset"] = str(self.world.now() // 1000 + int(fault.seconds))
        await answer(scope, receive, send)


async def _fall_silent(scope: Scope) -> None:
    peer = scope.get("client")
    if not cut((str(peer[0]), int(peer[1])) if peer else None):
        raise RuntimeError("The practice town could not cut the connection: no socket of this peer is open.")
    await asyncio.sleep(0.05)  # lets the cut reach the caller before anything is answered


def took(request: Request, item: Item) -> None:
    """What a dialect calls when it has taken something of ours."""
    request.scope["took"].append(item.ref)
