"""The town's life: founds it with its first messages, and lets residents write at a pace."""

from __future__ import annotations

import asyncio
import logging
import sqlite3

from . import ids, residents, webhooks
from .scenario import Event, Scenario
from .world import Item, Person, World

log = logging.getLogger(__name__)
OLD_POSTS = {
    "facebook": "Our offices are closed on bank holidays. "
    "For emergency repairs out of hours, call the number on your rent card.",
    "x": "Residents' evening this month: meet the repairs team, ask anything, tea and cake provided. All welcome.",
}
OLD = 3 * 24 * 3600 * 1000  # milliseconds: how long the old posts have stood when a town is founded
NEAREST = 12  # posts of ours that residents still write under
MOST_AT_ONCE = 500
AFTER_TROUBLE = 5  # seconds
FASTEST = 600.0  # messages a minute


class BadPace(Exception):
    """A pace that cannot be kept; the message says what can."""


class Blocked(Exception):
    """Somebody who may not write on our Page any more."""


class Life:
    """Residents writing into a world. `pace` is messages a minute; 0 means nobody writes by themselves."""

    def __init__(self, world: World, pace: float) -> None:
        self.world = world
        self.scenario = Scenario(world.seed)
        self.changed = asyncio.Event()
        self.pace = 0.0
        self.set_pace(pace)
        self.telling: set[asyncio.Task[int]] = set()

    def set_pace(self, pace: float) -> None:
        """Raises BadPace."""
        if not 0 <= pace <= FASTEST:
            raise BadPace(f"A pace is 0 to {FASTEST:.0f} messages a minute, not {pace}.")
        self.pace = pace
        self.changed.set()

    def found(self, quiet: bool) -> None:
        """Peoples a new town: residents, two old posts and, unless quiet, the first messages beneath them."""
        seed = self.world.seed
        with self.world.change():
            for one in residents.people():
                facebook, x = (
                    ids.settled(seed, net, one.id, digits=size) for net, size in (("facebook", 16), ("x", 18))
                )
                self.world.add_person(Person(one.id, one.name, one.handle, one.voice, facebook, x))
            if self.world.meta("founded") is not None:
                return
            then = self.world.now() - OLD
            posts = {net: self.world.write(net, "", text, created=then, theme="old") for net, text in OLD_POSTS.items()}
            if not quiet:
                first = self.scenario.first()
                for place, event in enumerate(first):
                    at = self.world.now() - (len(first) - place) * 60_000
                    self._say(event, posts[event.network].ref, created=at)
            self.world.set_meta("founded", str(self.world.now()))

    def _blocked(self) -> set[str]:
        """Residents whom the organisation has blocked on Facebook."""
        out = set(self.world.kept_out("facebook"))
        return {one.id for one in self.world.people() if one.facebook_id in out} if out else set()

    def say(self, network: str, resident: str, text: str, under: str = "", *, named: bool = True) -> Item:
        """One message by hand. On X it names us, as the messages we can see there do, unless `named` is False.

        Raises KeyError when `under` is not there or no such resident lives here, and Blocked.
        """
        if self.world.person(resident) is None:
            raise KeyError(resident)
        if network == "facebook" and resident in self._blocked():
            raise Blocked("The organisation has blocked this resident: nothing can be said on its Page.")
        if under and (found := self.world.item(under)) is not None and found.network != network:
            raise KeyError(under)
        if network == "facebook" and not under:
            under = self._newest(network)
        item = self.world.write(network, resident, self._addressed(network, text) if named else text, parent=under)
        self._tell(item)
        return item

    def burst(self, count: int) -> list[Item]:
        """The next `count` messages of the script at once. Raises BadPace."""
        if not 0 < count <= MOST_AT_ONCE:
            raise BadPace(f"A burst is 1 to {MOST_AT_ONCE} messages, not {count}.")
        return [self.step() for _ in range(count)]

    def step(self) -> Item:
        """The next message of the script; the place in the script is kept with it."""
        n = int(self.world.meta("script") or 0)
        event = self.scenario.event(n)
        blocked = self._blocked()
        while event.network == "facebook" and event.resident in blocked:  # somebody else writes
            n += 1
            event = self.scenario.event(n)
        fresh = self._fresh()
        with self.world.change():
            if fresh is not None and event.pick < 0.5:
                answers = int(self.world.meta("reactions") or 0)
                event = self.scenario.reaction(answers)
                self.world.set_meta("reactions", str(answers + 1))
                self.world.set_meta("reacted", str(fresh.n))
                item = self._say(event, fresh.ref, network=fresh.network)
            else:
                self.world.set_meta("script", str(n + 1))
                item = self._say(event, self._place(event))
        self._tell(item)
        return item

    async def run(self) -> None:
        """Lets residents write until cancelled."""
        while True:
            self.changed.clear()
            n = int(self.world.meta("script") or 0)
            gap = min(60.0, 60 / self.pace * self.scenario.event(n).wait) if self.pace else None
            try:
                await asyncio.wait_for(self.changed.wait(), gap)
            except TimeoutError:
                await self._try_step()

    async def _try_step(self) -> None:
        try:
            item = self.step()
        except sqlite3.OperationalError as error:
            # A full disk or a locked file passes; a town that ended because of it would take the networks with it.
            log.warning("A resident could not write (%s). Trying again in %d seconds.", error, AFTER_TROUBLE)
            await asyncio.sleep(AFTER_TROUBLE)
        else:
            log.debug("A resident wrote on %s", item.network)

    # --- where things are said ----------------------------------------------------------------------------------

    def _say(self, event: Event, under: str, *, network: str = "", created: int | None = None) -> Item:
        where = network or event.network
        text = self._addressed(where, event.text)
        parent = "" if where == "x" and event.mention and not network and created is None else under
        return self.world.write(
            where,
            event.resident,
            text,
            parent=parent,
            theme=event.theme,
            labels=event.labels,
            created=created,
        )

    def _addressed(self, network: str, text: str) -> str:
        handle = "@" + self.world.account("x").handle
        return text if network != "x" or handle.lower() in text.lower() else f"{handle} {text}"

    def _ours(self, network: str, limit: int) -> list[Item]:
        where = "network=? AND kind='post' AND author='' AND removed='' AND published=1"
        return self.world.items(where, (network,), order="n DESC", limit=limit)

    def _place(self, event: Event) -> str:
        posts = self._ours(event.network, NEAREST)
        return posts[int(event.pick * len(posts))].ref if posts else ""

    def _newest(self, network: str) -> str:
        posts = self._ours(network, 1)
        return posts[0].ref if posts else ""

    def _fresh(self) -> Item | None:
        """Our oldest post that nobody has answered yet and that is younger than ten minutes."""
        seen = int(self.world.meta("reacted") or 0)
        since = self.world.now() - 600_000
        where = "author='' AND kind='post' AND removed='' AND published=1 AND n>? AND created>?"
        found = self.world.items(where, (seen, since), limit=1)
        return found[0] if found else None

    def _tell(self, item: Item) -> None:
        """Sends webhooks without waiting for them; outside a running loop nobody can be told."""
        try:
            task = asyncio.get_running_loop().create_task(webhooks.tell(self.world, item))
        except RuntimeError:
            return
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)
