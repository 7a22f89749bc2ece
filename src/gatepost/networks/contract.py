"""What every connector must do, tried on a living server: the sandbox, a recorded one, or a real account.

It publishes, and takes down again what it published: use a test account. A resident is whoever can say
something to the account from outside; without one, everything about other people's messages is left out, and
the results say so.
"""

from __future__ import annotations

import dataclasses
import struct
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .keeping_out import Blocks, ClosesComments, Mutes
from .protocol import (
    Account,
    ActKind,
    Approves,
    Hides,
    Incoming,
    MediaFile,
    Network,
    NotThere,
    Outgoing,
    ReadFailed,
    ReadsBack,
    Receipt,
    Refused,
    RemovesOthers,
    RepliesPrivately,
)
from .registry import connect, credential_fields, title

Resident = Callable[[str, str], str]
"""Says a text under one of our posts (its ref) and returns the ref of what was said."""

PATIENCE = 20.0
"""Seconds within which a network must show what was done: the real ones lag."""
PAUSE = 1.1
"""Seconds between two messages of the resident: most networks tell times in whole seconds, and their order counts."""
READS = 50
ALT = "A plain green square, used to try out pictures"


@dataclass(frozen=True, slots=True)
class ContractResult:
    """One thing tried. `skipped` results are `ok` and say in `detail` why nothing was tried."""

    name: str
    ok: bool
    detail: str
    skipped: bool = False


class _Broken(Exception):
    """The connector did not keep the contract; the message says how."""


class _Skipped(Exception):
    """This cannot be tried here; the message says why."""


@dataclass
class _Trial:
    account: Account
    network: Network
    resident: Resident | None
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    made: list[str] = field(default_factory=list)
    nonce: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    post: str = ""

    def act(self, words: str, **more: Any) -> Outgoing:
        key = f"contract-{self.nonce}-{uuid.uuid4().hex[:8]}"
        act = Outgoing(key=key, kind="publish", text=f"{words} ({key[-21:]})", since=self.began)
        return dataclasses.replace(act, **more)

    def send(self, act: Outgoing) -> Receipt:
        answer = self.network.publish(act)
        if not isinstance(answer, Receipt) or not answer.ref:
            raise _Broken(f"sending was answered with {answer}")
        self.made.append(answer.ref)
        return answer

    def say(self, words: str) -> tuple[str, str]:
        """A resident's message under our post: its ref and its text."""
        if self.resident is None:
            raise _Skipped("nobody is there to say something to the account")
        name = f"@{self.account.handle.lstrip('@')} " if self.account.handle else ""
        said = f"{name}{words} {uuid.uuid4().hex[:10]}"
        return self.resident(said, self.post), said


def run(account: Account, *, resident: Resident | None = None) -> list[ContractResult]:
    """Tries the whole contract on `account`. Raises only what `registry.connect` raises."""
    trial = _Trial(account, connect(account), resident)
    results = []
    try:
        for name, step in _STEPS:
            results.append(_tried(name, step, trial))
            if name == "publish" and not results[-1].ok:
                break
    finally:
        for ref in reversed(trial.made):
            trial.network.remove(ref)
    return results


def _tried(name: str, step: Callable[[_Trial], str], trial: _Trial) -> ContractResult:
    try:
        return ContractResult(name, True, step(trial))
    except _Skipped as why:
        return ContractResult(name, True, f"left out: {why}", skipped=True)
    except (_Broken, ReadFailed) as why:
        return ContractResult(name, False, str(why))


def _demand(kept: bool, otherwise: str) -> None:
    if not kept:
        raise _Broken(otherwise)


def _in_time(kept: Callable[[], bool], otherwise: str) -> None:
    """Asks again until it is so: a network may show late what it took at once."""
    until = time.monotonic() + PATIENCE
    while not kept():
        _demand(time.monotonic() < until, otherwise)
        time.sleep(0.5)


def _check(trial: _Trial) -> str:
    health = trial.network.check()
    _demand(health.ok, f"the account is ill: {health.says}")
    return health.says


def _publish(trial: _Trial) -> str:
    trial.post = trial.send(trial.act("Gatepost tries this channel out & takes this down.\n\n<Second> paragraph.")).ref
    return f"published as {trial.post}"


def _picture(trial: _Trial) -> str:
    file = MediaFile(square(), "image/png", ALT, "square.png")
    receipt = trial.send(trial.act("A picture with its alternative text", media=(file,)))
    if not isinstance(trial.network, ReadsBack):
        raise _Skipped("this connector cannot read a picture's alternative text back")
    shown = trial.network.shown
    _in_time(
        lambda: ALT in getattr(shown(receipt.ref), "alts", ()),
        f"the alternative text is not on the network: {shown(receipt.ref)}",
    )
    return "the alternative text was read back"


def _find(trial: _Trial) -> str:
    act = trial.act("A post whose answer could have been lost")
    never = trial.network.find(act)
    _demand(isinstance(never, NotThere), f"something never sent was “found”: {never}")
    ref = trial.send(act).ref
    found = lambda: getattr(trial.network.find(act), "ref", "") == ref  # noqa: E731  # a name for one line's use
    _in_time(found, f"what was sent was not found: {trial.network.find(act)}")
    claimed = trial.network.find(dataclasses.replace(act, taken=frozenset({ref})))
    _demand(isinstance(claimed, NotThere), f"a post of another act was claimed: {claimed}")
    return "found once sent, not before, and never another act's"


def _reply(trial: _Trial) -> str:
    under = trial.say("Is this tried out?")[0] if trial.resident else trial.post
    act = trial.act("An answer, to try it out", kind="reply", in_reply_to=under)
    never = trial.network.find(act)
    _demand(isinstance(never, NotThere), f"an answer never sent was “found”: {never}")
    ref = trial.send(act).ref
    found = lambda: getattr(trial.network.find(act), "ref", "") == ref  # noqa: E731  # a name for one line's use
    _in_time(found, f"the answer was not found: {trial.network.find(act)}")
    return f"answered {under}"


def _privately(trial: _Trial) -> str:
    network = trial.network
    if not isinstance(network, RepliesPrivately):
        raise _Skipped("this network has no private reply to what is public")
    under = trial.say("Something to be answered privately")[0]
    act = trial.act("For you alone, to try it out", kind="reply", in_reply_to=under, privately=True)
    never = network.find(act)
    _demand(isinstance(never, NotThere), f"a private message never sent was “found”: {never}")
    answer = network.reply_privately(act)
    _demand(isinstance(answer, Receipt), f"it was answered with {answer}")
    found = network.find(act)
    _demand(getattr(found, "ref", "") == getattr(answer, "ref", ""), f"it was not found: {found}")
    again = network.reply_privately(dataclasses.replace(act, text="A second one"))
    _demand(isinstance(again, Refused), f"a second one was answered with {again}")
    return f"answered {under} privately, once"


def _read(trial: _Trial) -> str:
    if trial.resident is None:
        raise _Skipped("nobody is there to say something to the account")
    cursor, _ = _drained(trial.network, "")
    said: dict[str, str] = {}
    for number in range(3):
        time.sleep(PAUSE if said else 0)
        ref, words = trial.say(f"Message {number} of three")
        said[ref] = words
    heard: list[Incoming] = []

    def all_there() -> bool:
        nonlocal cursor
        cursor, more = _drained(trial.network, cursor)
        heard.extend(more)
        return said.keys() <= {message.ref for message in heard}

    _in_time(all_there, f"{len(said)} messages were said, {len(heard)} were read")
    cursor, again = _drained(trial.network, cursor)
    ours = [message for message in [*heard, *again] if message.ref in said]
    _demand(len(ours) == len(said), f"{len(said)} messages were read {len(ours)} times")
    for message in ours:
        _demand(message.text == said[message.ref], f"“{said[message.ref]}” was read as “{message.text}”")
        _demand(bool(message.thread_ref), "a message belongs to no thread")
    times = [message.posted_at for message in heard]
    _demand(times == sorted(times), "messages did not come oldest first")
    _demand([message.ref for message in ours] == list(said), "messages did not come in the order they were said")
    return f"{len(said)} messages, each once"


def _drained(network: Network, cursor: str) -> tuple[str, list[Incoming]]:
    heard: list[Incoming] = []
    for _ in range(READS):
        page = network.read_since(cursor)
        cursor = page.cursor
        heard.extend(page.messages)
        if not page.more:
            return cursor, heard
    raise _Broken(f"after {READS} reads there is still more")


def _hide(trial: _Trial) -> str:
    network = trial.network
    if not isinstance(network, Hides):
        raise _Skipped("this network has no hiding")
    ref = trial.say("Something to be hidden")[0]
    for kind, answer in (("hide", network.hide(ref)), ("hide", network.hide(ref)), ("unhide", network.unhide(ref))):
        _demand(isinstance(answer, Receipt), f"{kind} was answered with {answer}")
    shown = network.find(trial.act("", kind="unhide", target=ref))
    _demand(isinstance(shown, Receipt | NotThere), f"the lookup after showing it again was answered with {shown}")
    return "hidden twice and shown again"


def _keep_out(trial: _Trial) -> str:
    network = trial.network
    if not isinstance(network, Blocks | Mutes):
        raise _Skipped("this network lets no program block or mute anybody")
    begins, _ = _drained(network, "")
    ref = trial.say("Somebody to be kept out")[0]
    heard: list[Incoming] = []

    def there() -> bool:
        heard.extend(_drained(network, begins)[1])
        return any(message.ref == ref for message in heard)

    _in_time(there, "what was said was not read")
    person = next(message.author_ref for message in heard if message.ref == ref)
    out, back = (network.block, network.unblock) if isinstance(network, Blocks) else (network.mute, network.unmute)
    try:
        for _ in range(2):
            answer = out(person)
            _demand(isinstance(answer, Receipt), f"keeping somebody out was answered with {answer}")
        kind: ActKind = "block" if isinstance(network, Blocks) else "mute"
        found = network.find(trial.act("", kind=kind, target=person))
        _demand(isinstance(found, Receipt) or kind == "mute", f"they do not count as kept out: {found}")
    finally:
        answer = back(person)
    _demand(isinstance(answer, Receipt), f"letting them in again was answered with {answer}")
    return "kept out twice and let in again"


def _close(trial: _Trial) -> str:
    network = trial.network
    if not isinstance(network, ClosesComments):
        raise _Skipped("this network lets no program close comments")
    for kind, do in (("close", network.close_comments), ("reopen", network.reopen_comments)):
        answer = do(trial.post)
        _demand(isinstance(answer, Receipt), f"{kind} was answered with {answer}")
        found = network.find(trial.act("", kind=kind, target=trial.post))
        _demand(isinstance(found, Receipt), f"the lookup after {kind} was answered with {found}")
    return "closed and opened again"


def _approve(trial: _Trial) -> str:
    network = trial.network
    if not isinstance(network, Approves):
        raise _Skipped("this network has no approval")
    ref = trial.say("Something to be approved")[0]
    answer = network.approve(ref)
    _demand(isinstance(answer, Receipt), f"approving was answered with {answer}")
    found = network.find(trial.act("", kind="approve", target=ref))
    _demand(isinstance(found, Receipt), f"it does not count as approved: {found}")
    return "approved"


def _remove_other(trial: _Trial) -> str:
    network = trial.network
    if not isinstance(network, RemovesOthers):
        raise _Skipped("this network does not let others' messages be removed")
    ref = trial.say("Something to be removed")[0]
    for _ in range(2):
        answer = network.remove_other(ref)
        _demand(isinstance(answer, Receipt), f"removing was answered with {answer}")
    found = network.find(trial.act("", kind="remove", target=ref))
    _demand(isinstance(found, Receipt), f"it does not count as removed: {found}")
    return "removed, and removed again without harm"


def _remove(trial: _Trial) -> str:
    act = trial.act("A post to be taken down")
    ref = trial.send(act).ref
    there = trial.network.find(trial.act("", kind="delete", target=ref))
    _demand(isinstance(there, NotThere), f"it counts as taken down before it was: {there}")
    for _ in range(2):
        answer = trial.network.remove(ref)
        _demand(isinstance(answer, Receipt), f"taking down was answered with {answer}")
    found = trial.network.find(trial.act("", kind="delete", target=ref))
    _demand(isinstance(found, Receipt), f"it does not count as taken down: {found}")
    return "taken down, and again without harm"


def _wrong_token(trial: _Trial) -> str:
    fields = credential_fields(trial.account.network)
    wrong = {entry.id: "wrong-on-purpose" for entry in fields if entry.secret and entry.required}
    network = connect(dataclasses.replace(trial.account, credentials={**trial.account.credentials, **wrong}))
    health = network.check()
    _demand(not health.ok, "a wrong token counts as healthy")
    answer = network.publish(trial.act("Never to be seen"))
    _demand(isinstance(answer, Refused), f"a wrong token was answered with {answer}")
    try:
        network.read_since("")
    except ReadFailed as fault:
        _demand(fault.retry_after is None, "a wrong token counts as something that passes")
        _demand("wrong-on-purpose" not in f"{fault.reason} {health.says} {answer}", "the token is shown to people")
        return health.says
    raise _Broken("a wrong token could read")


def square() -> bytes:
    """A small PNG picture: 64 by 64, green."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\x20\x70\x50" * 64) * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def lines(account: Account, results: list[ContractResult]) -> Iterator[str]:
    """The results for a terminal, one line each."""
    for result in results:
        mark = "left out" if result.skipped else "kept" if result.ok else "BROKEN"
        yield f"{title(account.network)}: {mark:8} {result.name}: {result.detail}"


_STEPS: tuple[tuple[str, Callable[[_Trial], str]], ...] = (
    ("check", _check),
    ("publish", _publish),
    ("picture with alternative text", _picture),
    ("find", _find),
    ("reply", _reply),
    ("private reply", _privately),
    ("read since a cursor", _read),
    ("hide and show", _hide),
    ("block or mute", _keep_out),
    ("close comments", _close),
    ("approve", _approve),
    ("remove somebody's message", _remove_other),
    ("take down our own", _remove),
    ("wrong token", _wrong_token),
)
