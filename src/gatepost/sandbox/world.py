"""The practice town's state, in one SQLite file: what was written, by whom, and what became of it.

Every method that changes something commits before it returns. The journal is a write-ahead log with synchronous=NORMAL:
what is committed survives `kill -9` of the process (not a power cut of the machine, which a practice town may lose).
"""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from . import ids

NetworkName = Literal["facebook", "x"]
NETWORKS: tuple[NetworkName, ...] = ("facebook", "x")
KEPT_REQUESTS = 5_000  # the log of requests is for looking back a little, not an archive


class WorldUnreadable(Exception):
    """The town's file cannot be used; the message says which file and how to mend it."""


@dataclass(frozen=True, slots=True)
class TownAccount:
    """The organisation's account on one network."""

    network: str
    id: str
    name: str
    handle: str
    token: str
    app_id: str
    app_secret: str


@dataclass(frozen=True, slots=True)
class Person:
    """A resident as the world keeps them."""

    id: str
    name: str
    handle: str
    voice: str
    facebook_id: str
    x_id: str

    def on(self, network: str) -> str:
        return self.x_id if network == "x" else self.facebook_id


@dataclass(frozen=True, slots=True)
class Item:
    """A post or a comment. `created` is Unix time in milliseconds; `removed` says by whom ("" = it stands)."""

    n: int
    ref: str
    network: str
    kind: str  # "post" | "comment"
    author: str  # resident id; "" is the organisation
    text: str
    link: str
    parent: str
    root: str
    created: int
    hidden: bool
    removed: str
    published: bool
    theme: str
    labels: str

    @property
    def ours(self) -> bool:
        return self.author == ""


class World:
    """The open town. Not thread-safe: it belongs to the one event loop that serves it."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        """Opens or founds the town in `folder`. A town keeps the seed it was founded with.

        Raises WorldUnreadable when the folder cannot be used, is in use, or its file is not a town's.
        """
        self.lock = _alone(folder)
        path = folder / "town.sqlite3"
        try:
            self.db = sqlite3.connect(path, isolation_level=None)
            self.db.row_factory = sqlite3.Row
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=NORMAL")
            self.db.execute("PRAGMA busy_timeout=5000")
            self.db.executescript(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))
        except sqlite3.DatabaseError as error:
            self.lock.close()
            raise WorldUnreadable(
                f"The practice town's file {path} cannot be read ({error}). Move it away: a new town is then founded."
            ) from error
        self.founded_now = self.meta("seed") is None
        if self.founded_now:
            self._found(seed)
        self.seed = int(self.meta("seed") or seed)
        self._last_x = int(
            self.db.execute("SELECT max(CAST(ref AS INTEGER)) FROM items WHERE network='x'").fetchone()[0] or 0
        )

    def close(self) -> None:
        self.db.close()
        self.lock.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction; joins the one that is open."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    # --- settings and clock -------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        row = self.db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        self.db.execute(
            "INSERT INTO meta VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value=excluded.value", (key, value)
        )

    def flag(self, key: str, default: bool) -> bool:
        value = self.meta(key)
        return default if value is None else value == "1"

    def now(self) -> int:
        """The town's time: Unix time in milliseconds, ahead of the machine's by the setting `clock_ahead` (seconds)."""
        return int((time.time() + float(self.meta("clock_ahead") or 0)) * 1000)

    def _found(self, seed: int) -> None:
        with self.change():
            self.set_meta("seed", str(seed))
            for network, name, handle in (
                ("facebook", "Brent Housing Partnership (practice)", "BHPpractice"),
                ("x", "Brent Housing Partnership (practice)", "BHP_practice"),
            ):
                token = ("EAA" if network == "facebook" else "") + ids.secret(seed, f"{network} token", 48)
                self.db.execute(
                    "INSERT INTO accounts VALUES (?,?,?,?,?,?,?)",
                    (
                        network,
                        ids.settled(seed, network, "account", digits=15 if network == "facebook" else 18),
                        name,
                        handle,
                        token,
                        ids.settled(seed, network, "app", digits=16),
                        ids.secret(seed, f"{network} app secret"),
                    ),
                )

    # --- who ----------------------------------------------------------------------------------------------------

    def account(self, network: str) -> TownAccount:
        """Raises KeyError for a network the town has not."""
        row = self.db.execute("SELECT * FROM accounts WHERE network=?", (network,)).fetchone()
        if row is None:
            raise KeyError(network)
        return TownAccount(**dict(row))

    def add_person(self, person: Person) -> None:
        self.db.execute(
            "INSERT OR IGNORE INTO residents VALUES (?,?,?,?,?,?)",
            (person.id, person.name, person.handle, person.voice, person.facebook_id, person.x_id),
        )

    def person(self, resident: str) -> Person | None:
        row = self.db.execute("SELECT * FROM residents WHERE id=?", (resident,)).fetchone()
        return None if row is None else Person(**dict(row))

    def people(self) -> list[Person]:
        return [Person(**dict(row)) for row in self.db.execute("SELECT * FROM residents ORDER BY id")]

    # --- posts and comments -------------------------------------------------------------------------------------

    def write(
        self,
        network: str,
        author: str,
        text: str,
        *,
        parent: str = "",
        link: str = "",
        published: bool = True,
        theme: str = "",
        labels: Sequence[str] = (),
        created: int | None = None,
    ) -> Item:
        """Takes a post (no parent) or a comment and commits it. Raises KeyError when the parent is not there."""
        at = self.now() if created is None else created
        with self.change():
            above = self.item(parent) if parent else None
            if parent and (above is None or above.removed):
                raise KeyError(parent)
            root = (above.root or above.ref) if above else ""
            if network == "facebook" and above and above.parent and above.parent != above.root:
                parent = above.parent  # Facebook hangs an answer to an answer under the first comment
            if network == "x":
                self._last_x = ids.snowflake(at, self._last_x)
                ref = str(self._last_x)
            else:
                ordinal = int(self.db.execute("SELECT coalesce(max(n),0)+1 FROM items").fetchone()[0])
                front = root.partition("_")[2] if root else self.account(network).id
                ref = f"{front}_{ids.facebook(ordinal)}"
            kind = "comment" if parent else "post"
            self.db.execute(
                "INSERT INTO items (ref,network,kind,author,text,link,parent,root,created,published,theme,labels) "
                "VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    ref,
                    network,
                    kind,
                    author,
                    text,
                    link,
                    parent,
                    root,
                    at,
                    published,
                    theme,
                    ",".join(labels),
                ),
            )
        found = self.item(ref)
        if found is None:
            raise KeyError(ref)
        return found

    def item(self, ref: str) -> Item | None:
        row = self.db.execute("SELECT * FROM items WHERE ref=?", (ref,)).fetchone()
        return None if row is None else _item(row)

    def items(self, where: str, values: Sequence[object] = (), *, order: str = "n", limit: int = 1000) -> list[Item]:
        """Items by an SQL condition written by us; what comes from outside goes into `values` alone."""
        question = f"SELECT * FROM items WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608 - both are this package's constants
        rows = self.db.execute(question, (*values, limit))
        return [_item(row) for row in rows]

    def edit(self, ref: str, text: str) -> None:
        self.db.execute("UPDATE items SET text=? WHERE ref=?", (text, ref))

    def hide(self, ref: str, hidden: bool) -> None:
        self.db.execute("UPDATE items SET hidden=? WHERE ref=?", (hidden, ref))

    def keep_out(self, network: str, person: str, out: bool) -> None:
        """Blocks or mutes somebody by the network's id of them, or lets them be heard again."""
        self.db.execute("DELETE FROM kept_out WHERE network=? AND person=?", (network, person))
        if out:
            self.db.execute("INSERT INTO kept_out VALUES (?,?)", (network, person))

    def kept_out(self, network: str) -> list[str]:
        """Ids of those the organisation has blocked or muted there."""
        rows = self.db.execute("SELECT person FROM kept_out WHERE network=? ORDER BY person", (network,))
        return [str(row[0]) for row in rows]

    def remove(self, ref: str, by: str) -> None:
        """Takes down an item; `by` says who ("us", "elsewhere"). Comments beneath a post go with it on Facebook."""
        with self.change():
            self.db.execute("UPDATE items SET removed=? WHERE ref=? AND removed=''", (by, ref))
            self.db.execute(
                "UPDATE items SET removed=? WHERE network='facebook' AND removed='' AND (root=? OR parent=?)",
                (by, ref, ref),
            )

    def times_taken(self, text: str, network: str = "") -> int:
        """How often exactly this text was taken from us (on one network, or on all), taken down since or not."""
        where = "author='' AND text=? AND (?='' OR network=?)"
        question = f"SELECT count(*) FROM items WHERE {where}"  # noqa: S608 - a constant of this function
        found = int(self.db.execute(question, (text, network, network)).fetchone()[0])
        if network in ("", "facebook"):
            found += int(self.db.execute("SELECT count(*) FROM letters WHERE ours=1 AND text=?", (text,)).fetchone()[0])
        return found

    # --- what was asked of us -----------------------------------------------------------------------------------

    def log(self, network: str, method: str, path: str, status: int, fault: str) -> None:
        """Keeps one request without its query, body or headers: tokens never reach the log."""
        with self.change():
            done = self.db.execute(
                "INSERT INTO requests (at,network,method,path,status,fault) VALUES (?,?,?,?,?,?)",
                (self.now(), network, method, path[:300], status, fault),
            )
            if done.lastrowid and done.lastrowid % 500 == 0:
                self.db.execute("DELETE FROM requests WHERE n<=?", (done.lastrowid - KEPT_REQUESTS,))


def _alone(folder: Path) -> IO[bytes]:
    """The folder's lock, held as long as the file returned is open (and no longer than the process lives)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "town.lock").open("ab")
    except OSError as error:
        raise WorldUnreadable(
            f"The practice town cannot live in {folder} ({error.strerror}). Name a folder that can be written to."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise WorldUnreadable(
            f"Another practice town lives in {folder} already. Stop it, or name another folder."
        ) from error
    return lock


def _item(row: sqlite3.Row) -> Item:
    values = dict(row)
    values["hidden"] = bool(values["hidden"])
    values["published"] = bool(values["published"])
    return Item(**values)
