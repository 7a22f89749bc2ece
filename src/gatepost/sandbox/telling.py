"""Telling subscribers of private messages: what a resident wrote, and that ours was delivered and read.

Source: developers.facebook.com, Messenger Platform, webhook events messages, message_deliveries and message_reads. A
watermark is a moment in milliseconds: everything sent up to then was delivered, or read.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Coroutine
from typing import Any

from . import messenger, webhooks
from .messenger import Letter
from .world import World

READ_AFTER = 15.0  # seconds until a resident opens our message
_under_way: set[asyncio.Task[Any]] = set()


def event(world: World, letter: Letter, field: str, at: int) -> bytes:
    """The body of one event about a message. `at`: its moment, and the watermark."""
    account, person = world.account("facebook"), world.person(letter.person)
    about: dict[str, object] = {
        "messages": {"mid": letter.mid, "text": letter.text},
        "message_deliveries": {"mids": [letter.mid], "watermark": at},
        "message_reads": {"watermark": at},
    }
    name = {"messages": "message", "message_deliveries": "delivery", "message_reads": "read"}[field]
    sender, recipient = {"id": person.facebook_id if person else ""}, {"id": account.id}
    one = {"sender": sender, "recipient": recipient, "timestamp": at, name: about[field]}
    entry = {"id": account.id, "time": at, "messaging": [one]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


_DELIVERED = "UPDATE letters SET delivered=? WHERE n<=? AND person=? AND ours=1 AND delivered=0"
_READ = "UPDATE letters SET read=? WHERE n<=? AND person=? AND ours=1 AND read=0"


async def tell(world: World, letter: Letter, field: str) -> int:
    """Sends one event now and keeps in the town that it is so. Returns how many took it."""
    at = letter.created if field == "messages" else world.now()
    if field != "messages":
        done = _READ if field == "message_reads" else _DELIVERED
        world.db.execute(done, (at, letter.n, letter.person))
    return await webhooks.send(world, field, event(world, letter, field, at))


def receipts(world: World, letter: Letter) -> None:
    """Our message is delivered at once and read a little later, as residents' telephones are."""
    _begin(_later(world, letter))


def arrived(world: World, letter: Letter) -> None:
    """A resident has written privately."""
    _begin(tell(world, letter, "messages"))


async def _later(world: World, letter: Letter) -> None:
    with contextlib.suppress(sqlite3.Error):  # the town has ended meanwhile
        await tell(world, letter, "message_deliveries")
        await asyncio.sleep(float(world.meta("read_after") or READ_AFTER))
        if (now := messenger.letters(world, mid=letter.mid)) and not now[0].read:
            await tell(world, letter, "message_reads")


def _begin(work: Coroutine[Any, Any, Any]) -> None:
    """Does it beside everything else; outside a running loop nobody can be told."""
    try:
        task = asyncio.get_running_loop().create_task(work)
    except RuntimeError:
        work.close()
        return
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
