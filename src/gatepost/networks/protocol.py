"""What every network's connector speaks: small values in, one of four answers out.

A connector is stateless and synchronous, holds no transaction and knows nothing of Django. It is made by
`registry.connect(account)` and used by the gate alone for writing and by the inbox's intake for reading.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

ActKind = Literal[
    "publish", "reply", "edit", "delete",
    "hide", "unhide", "remove", "approve",
    "block", "unblock", "mute", "unmute", "close", "reopen",
]  # fmt: skip
"""publish, reply: new text of ours. edit: other words for what is out. delete: take down our own. hide, unhide,
remove, approve: somebody else's. block, unblock, mute, unmute: a person. close, reopen: the comments under our post."""


ByHandKind = Literal["phone call", "in person", "letter", "elsewhere"]
"""How something reached somebody of the desk that no network told. elsewhere: a comment on another's site."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the organisation's. `credentials` are shown to nobody: they are left out of repr."""

    network: str
    base_url: str  # "" means the network's own address
    external_id: str  # page id, user id, site
    handle: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow_private: bool = False  # may its address be private or loopback? (practice town, a blog on this server)
    begin_by: float | None = None  # of time.monotonic(): no change is begun later


@dataclass(frozen=True, slots=True)
class SubtitleFile:
    """What is said in a film, as WebVTT, in one language ("en", "cy", "en-GB")."""

    data: bytes = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture as bytes, or a film as a file, which may be too large for memory."""

    data: bytes = field(repr=False)
    mime: str
    alt: str
    filename: str
    path: Path | None = None
    subtitles: tuple[SubtitleFile, ...] = ()
    ref: str = ""  # by which the network knows it, when it has been uploaded ahead of its post

    @property
    def moving(self) -> bool:
        return self.mime.startswith("video/")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path else len(self.data)

    def opened(self) -> io.BufferedReader | io.BytesIO:
        """The bytes to be read; the caller closes it."""
        return self.path.open("rb") if self.path else io.BytesIO(self.data)

    def pieces(self, size: int) -> Iterator[bytes]:
        """The bytes in pieces of `size`."""
        if self.path is None:
            yield from (self.data[place : place + size] for place in range(0, len(self.data), size))
            return
        with self.path.open("rb") as file:
            while piece := file.read(size):
                yield piece


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One act as the network needs it. `key` is ours, unique for ever, for networks with an idempotency
    key."""

    key: str
    kind: ActKind
    text: str = ""
    title: str = ""
    link: str = ""
    media: tuple[MediaFile, ...] = ()
    in_reply_to: str = ""  # network ref of what is answered
    target: str = ""  # network ref of what is hidden, removed, deleted, approved, closed; of who is blocked or muted
    since: datetime | None = None  # when the first attempt began: a lookup need not look earlier
    taken: Collection[str] = ()  # refs already known to belong to other acts: a lookup must not claim them
    privately: bool = False  # a message to the writer of `in_reply_to` alone


@dataclass(frozen=True, slots=True)
class Left:
    """How many posts the network said it still takes: `left` of `most`, and `seconds` until there are `most` again."""

    most: int
    left: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network took it. `raw` is its answer without secrets, at most 64 kB. `note`: what of it a person has still to
    do there, in a sentence."""

    ref: str
    permalink: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
    left: Left | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """For good. `reason` is for people; `code` is the network's own."""

    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Certainly not taken; ask again after `seconds`."""

    seconds: float
    reason: str
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The network may or may not have taken it. Never retried blindly."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotThere:
    """A lookup that could see everything and did not find it."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A picture or film that the network has and that nobody sees until a post names it by `ref`. `keeps`: seconds that
    the network keeps it without a post, 0 when it does not say. `after`: the network works on it; ask again after so
    many seconds; 0 when it can be used."""

    ref: str
    keeps: float = 0.0
    after: float = 0.0


Answer = Receipt | Refused | TryLater | Unknown
UploadAnswer = Uploaded | Refused | TryLater | Unknown
Found = Receipt | NotThere | TryLater | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Attached:
    """Something that hangs on a message: its bytes, or the address where they are. Neither, when it was too large."""

    name: str
    mime: str  # as the network said it; what it really is shows when it is looked at
    url: str = ""
    data: bytes = field(default=b"", repr=False)
    size: int = 0  # bytes, 0 when not known


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing somebody said, as read from the network."""

    ref: str
    kind: Literal[
        "comment", "mention", "message", "review", "press item", "phone call", "in person", "letter", "elsewhere"
    ]
    text: str
    author_ref: str
    author_name: str
    posted_at: datetime
    author_handle: str = ""
    parent_ref: str = ""  # what it answers: a post or a comment
    thread_ref: str = ""  # the conversation it belongs to
    post_ref: str = ""  # our post it stands under, when it does
    permalink: str = ""
    hidden: bool = False
    private: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attached, ...] = ()
    gone: bool = False  # it is no longer there; the words may be empty
    changed_at: datetime | None = None  # when these words were written, or it was taken off; None: how it is now
    addressed_to: tuple[str, ...] = ()  # of a letter: every address it went to, in lower case
    ours: bool | None = None  # the account itself said it; None: its writer's ref tells


@dataclass(frozen=True, slots=True)
class Page:
    """A batch of messages, oldest first; `cursor` is opaque and kept by the caller; `more` says ask again at
    once."""

    messages: tuple[Incoming, ...]
    cursor: str
    more: bool = False
    cut: bool = False  # the network showed its newest alone: between the cursor and these some may be missing


class ReadFailed(Exception):
    """Reading failed; `retry_after` seconds, or None when a person must mend something (`reason` says
    what)."""

    def __init__(self, reason: str, retry_after: float | None = 60.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Health:
    ok: bool
    says: str  # one sentence for people, with the mend when it is ill
    name: str = ""  # the account's own name as the network shows it


class Network(Protocol):
    """What every connector can do. Writing methods never raise for what a network or the wire does."""

    key: str

    def publish(self, act: Outgoing) -> Answer:
        """Sends kinds "publish" and "reply"."""

    def find(self, act: Outgoing) -> Found:
        """Looks whether `act` was taken; for hide, unhide, remove, delete, approve: whether it is so by
        now."""

    def read_since(self, cursor: str) -> Page:
        """Messages after `cursor` ("" is the beginning). Raises ReadFailed."""

    def remove(self, ref: str) -> Answer:
        """Takes down something of ours (a post or a reply). Taking down what is gone already is a Receipt."""

    def check(self) -> Health:
        """Asks the network who we are."""


@runtime_checkable
class FindsMany(Protocol):
    """Networks whose list of our posts, read once, settles many lookups."""

    def find_many(self, acts: Sequence[Outgoing]) -> list[Found]:
        """What `find` says of each, in order. One thing on the network answers for one act only."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """Something of ours as the network shows it now: its words, and the alternative texts of its pictures. `counts`:
    how people took it, where the network tells: "likes", "views" … `raw`: its answer without secrets and people."""

    text: str
    alts: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)


@runtime_checkable
class UploadsAhead(Protocol):
    """Networks to which pictures and films can be sent before the post that names them. `publish` uses those with a
    `ref`."""

    def upload_unseen(self, file: MediaFile, *, key: str, place: int) -> UploadAnswer:
        """Brings up the file at `place` of the act `key`, or goes on with one that has a `ref`. Nobody sees it; after a
        lost answer it may be sent again."""
        ...

    def forget_unseen(self, file: MediaFile) -> Answer:
        """Deletes what was brought up and no post names, where the network can. It ends by itself where it cannot."""
        ...


@runtime_checkable
class Edits(Protocol):
    """Networks that let us change the words of what is out."""

    def edit(self, act: Outgoing) -> Answer:
        """Puts `act.text` (and title) in the place of what `act.target` says. The receipt may hold another ref."""
        ...


@runtime_checkable
class ReadsBack(Protocol):
    """Networks that show us a post or a reply of ours again."""

    def shown(self, ref: str) -> Shown | NotThere:
        """Raises ReadFailed when it could not be asked."""
        ...


@runtime_checkable
class RepliesPrivately(Protocol):
    """Networks that let us answer something public with one message to its writer alone. `find` looks for it too."""

    def reply_privately(self, act: Outgoing) -> Answer: ...


@runtime_checkable
class Hides(Protocol):
    def hide(self, ref: str) -> Answer: ...
    def unhide(self, ref: str) -> Answer: ...


@runtime_checkable
class RemovesOthers(Protocol):
    def remove_other(self, ref: str) -> Answer: ...


@runtime_checkable
class Approves(Protocol):
    def approve(self, ref: str) -> Answer: ...


@runtime_checkable
class Receives(Protocol):
    """Networks that call us. The signature is over the raw bytes as received."""

    def signature_is_valid(self, body: bytes, headers: Mapping[str, str]) -> bool: ...


@runtime_checkable
class ReadsDeliveries(Protocol):
    """Networks whose calls hold the messages themselves. Check the signature first; keep what is new by its ref."""

    def messages_in(self, body: bytes) -> tuple[Incoming, ...]: ...


@runtime_checkable
class TellsGone(Protocol):
    """Networks that can be asked about what others wrote, many at once."""

    def gone(self, refs: Sequence[str]) -> tuple[str, ...]:
        """Those of at most 100 refs that the network says it does not have, or not for us. Raises ReadFailed."""
        ...


@runtime_checkable
class ReadsAgain(Protocol):
    """Networks that can be read once more from a moment on."""

    def place_of(self, moment: datetime) -> str:
        """A cursor behind which everything since `moment` is read. Raises ReadFailed."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """A network's limits from limits.toml, each with source and date there."""

    posts: bool  # posts and answers can be sent there from here
    text: int
    text_bytes: int
    counted: Literal["characters", "weighted", "graphemes", "mastodon", "threads"]
    images: int
    image_bytes: int
    alt_text: int
    hide: bool
    remove_others: bool
    approve: bool
    hidden_still_visible_to: str  # in words, "" when nobody
    reply_rule: str  # in words, when replies are restricted
    comment: int  # the length of a comment under a post of ours
    hashtags: int  # 0: no limit
    video_bytes: int
    video_seconds: int  # 0: no limit
    films: bool  # films can be sent from here
    film_alone: bool  # one film, and nothing beside it
    image_types: tuple[str, ...]  # MIME types of pictures it takes; others are made into the first
    image_side: int  # pixels of the longest side of a picture; 0: no limit
    captions: str  # "vtt", "srt", "" when none are taken
    link_in_text: bool
    link_shown: int  # characters of an address that are shown, after https://; 0: all of it, as written
    link_card: bool
    mentions: bool  # @name becomes a link
    fold: int  # characters before "See more"; 0: nothing is folded
    fold_lines: int
    crop_one: str  # "16:9": the shape a single picture is cut to; "" shows it whole
    crop_many: str
    summoned_only: bool  # answers only to those who named the account or quoted one of its posts
    parts: Literal["", "thread", "comments"]  # what a post of several parts becomes; "": it takes none
    private_hours: int  # after a person's last private message, in which it may be answered; 0: no end
    private_reply_days: int = 0  # after a public comment, in which one private message answers it; 0: never
