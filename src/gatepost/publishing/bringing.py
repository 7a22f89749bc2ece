"""Posts brought in from elsewhere: many from a spreadsheet (CSV), or one from a news feed, always as drafts.

Nothing of a file is kept unless all of it can be: a dry run says what would be, line by line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
from django.db import transaction

from gatepost.channels.actions import require_writer
from gatepost.channels.models import Channel
from gatepost.ledger.actions import record
from gatepost.networks.pages import Fetched, fetch
from gatepost.networks.seen_text import text_of
from gatepost.people.models import User
from gatepost.policy.pack import Pack
from gatepost.publishing.actions import PublishingError, save_draft, validate
from gatepost.publishing.drafts import Draft
from gatepost.publishing.models import Post
from gatepost.publishing.versions import from_json, snapshot

LARGEST = 2_000_000  # bytes
MOST = 500  # rows
COLUMNS = ("text", "channels", "kind", "aim", "audiences", "title", "link", "other_channel", "when")
NEEDED = ("text", "channels", "kind")
ITEMS = 30
MOST_TIMES = 60
EVERY = {"day": "Every day", "week": "Every week", "fortnight": "Every two weeks", "month": "Every month"}

When = Callable[[str], datetime]


class BringError(Exception):
    """Nothing was brought in; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a line of the file, as a spreadsheet numbers them; line 0 is the file as a whole."""

    line: int
    column: str
    says: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: a draft for each line, and every mistake."""

    drafts: tuple[tuple[int, Draft], ...]
    wrong: tuple[Wrong, ...]


def read_csv(data: bytes, *, channels: Sequence[Channel], pack: Pack, when: When, at: datetime) -> Reading:
    """Reads a CSV with a line of column names. Several channels or audiences in a cell have a semicolon between.
    `when` reads a time as people type it and raises ValueError with a sentence. Saves nothing."""
    try:
        text = data[: LARGEST + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        return Reading((), (Wrong(0, "", "The file is not in UTF-8. Save it as “CSV UTF-8”, then try again."),))
    if len(data) > LARGEST or "\x00" in text:
        return Reading((), (Wrong(0, "", "The file is larger than 2 MB, or no text. Is it the right file?"),))
    sample = text[:5_000].splitlines()[:1] or [""]
    mark = max(",;\t", key=sample[0].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return _rows(rows, {_key(one.name): one for one in channels}, pack, when, at)
    except csv.Error as error:
        return Reading((), (Wrong(rows.line_num, "", f"This line cannot be read: {error}."),))


def _rows(rows: Any, channels: Mapping[str, Channel], pack: Pack, when: When, at: datetime) -> Reading:
    names = [_key(cell).replace(" ", "_") for cell in next(rows, [])]
    wrong = [
        Wrong(1, name, f"There is no column “{name}”. There are: {', '.join(COLUMNS)}.")
        for name in names
        if name not in COLUMNS
    ]
    wrong += [Wrong(1, name, f"The column “{name}” is missing.") for name in NEEDED if name not in names]
    drafts: list[tuple[int, Draft]] = []
    if wrong:
        return Reading((), tuple(wrong))
    for row in rows:
        line = rows.line_num
        if not any(cell.strip() for cell in row):
            continue
        if len(drafts) + len(wrong) >= MOST:
            wrong.append(Wrong(line, "", f"There are more than {MOST} posts. Make it two files."))
            break
        if len(row) > len(names):
            wrong.append(
                Wrong(line, "", "This line has more cells than there are columns. Put quotes round a cell with commas.")
            )
            continue
        cells = {name: row[place].strip() if place < len(row) else "" for place, name in enumerate(names)}
        found, mistakes = _draft(cells, channels, pack, when)
        if not mistakes:
            try:
                validate(found, at=at)
            except PublishingError as error:
                mistakes = [("", str(error))]
        wrong += [Wrong(line, column, says) for column, says in mistakes]
        if not mistakes:
            drafts.append((line, found))
    if not drafts and not wrong:
        wrong.append(Wrong(0, "", "There are no posts in this file."))
    return Reading(tuple(drafts), tuple(wrong))


def _draft(
    cells: Mapping[str, str], channels: Mapping[str, Channel], pack: Pack, when: When
) -> tuple[Draft, list[tuple[str, str]]]:
    wrong: list[tuple[str, str]] = []

    def chosen(column: str, known: Mapping[str, Any], what: str) -> list[Any]:
        out = []
        for name in filter(None, (part.strip() for part in cells.get(column, "").split(";"))):
            if _key(name) in known:
                out.append(known[_key(name)])
            else:
                wrong.append((column, f"There is no {what} “{name}” that you may use."))
        return out

    named = {
        column: {_key(word): item.id for item in items for word in (item.id, item.title)}
        for column, items in (("kind", pack.post_kinds), ("aim", pack.aims), ("audiences", pack.audiences))
    }
    places = chosen("channels", channels, "channel")
    kind, aim = chosen("kind", named["kind"], "kind of post"), chosen("aim", named["aim"], "aim")
    audiences = chosen("audiences", named["audiences"], "audience")
    moment = None
    if cells.get("when"):
        try:
            moment = when(cells["when"])
        except ValueError as error:
            wrong.append(("when", str(error)))
    if not cells.get("text"):
        wrong.append(("text", "There is no text."))
    if not cells.get("channels"):
        wrong.append(("channels", "Name at least one channel."))
    if not cells.get("kind"):
        wrong.append(("kind", "Say what kind of post it is."))
    draft = Draft(
        text=cells.get("text", ""),
        kind=kind[0] if kind else "",
        channels=[place.pk for place in places],
        title=cells.get("title", ""),
        aim=aim[0] if aim else "",
        audiences=audiences,
        link=cells.get("link", ""),
        other_channel=cells.get("other_channel", ""),
        not_before=moment,
    )
    return draft, wrong


def _key(words: str) -> str:
    return " ".join(words.casefold().split())


@transaction.atomic
def bring_in(drafts: Iterable[Draft], *, by: User, at: datetime) -> list[Post]:
    """Saves every draft or, when one cannot be saved, none. Raises PublishingError, NotAllowed."""
    posts = [save_draft(draft, by=by, at=at) for draft in drafts]
    record(
        "posts.brought_in", "posts", by=by, at=at, clauses=["desk:posts"], detail={"posts": [post.pk for post in posts]}
    )
    return posts


@transaction.atomic
def repeat(post: Post, every: str, until: datetime, *, by: User, at: datetime) -> list[Post]:
    """Copies a post for each time it is to come again, up to the day of `until`. Each copy is a post of its own, also
    for the checks and the sign-off. Raises BringError."""
    if every not in EVERY or post.not_before is None:
        raise BringError("Give the post a day and a time first, and say how often it is to come again.")
    moments = times(post.not_before, every, until)
    if not moments:
        raise BringError("The end lies before the first repetition. Choose a later day.")
    if len(moments) > MOST_TIMES:
        raise BringError(f"That would be more than {MOST_TIMES} posts. Choose an earlier end.")
    first, ends = post.not_before, post.expires_at
    content = from_json({**snapshot(post), "answers": {}})
    made = []
    for moment in moments:
        # What is taken down again after a time is so each time.
        end = ends + (moment.astimezone(UTC) - first.astimezone(UTC)) if ends else None
        made.append(save_draft(replace(content, not_before=moment, expires_at=end), by=by, at=at))
    detail = {"every": every, "posts": [one.pk for one in made]}
    record("post.repeated", f"post:{post.pk}", by=by, at=at, clauses=["desk:gate"], detail=detail)
    return made


def times(first: datetime, every: str, until: datetime) -> list[datetime]:
    """The moments after `first`, on the same hour by the clock of its own time zone, up to the day of `until`; at most
    one more than may be made. A month without that day is left out."""
    last = until.astimezone(first.tzinfo).date()
    out: list[datetime] = []
    for number in range(1, 24 * MOST_TIMES):
        moment = _later(first, every, number)
        if moment is None:
            continue
        if moment.date() > last or len(out) > MOST_TIMES:
            break
        out.append(moment)
    return out


def _later(first: datetime, every: str, number: int) -> datetime | None:
    days = {"day": 1, "week": 7, "fortnight": 14}.get(every)
    if days is not None:
        return first + timedelta(days=days * number)  # by the wall clock: the zone turns it, not the sum
    month = first.month - 1 + number
    try:
        return first.replace(year=first.year + month // 12, month=month % 12 + 1)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed, as plain text."""

    title: str
    words: str
    link: str


def read_feed(url: str, *, by: User, at: datetime, get: Callable[[str], Fetched] = fetch) -> tuple[str, list[Item]]:
    """A feed's title and its newest entries. The desk itself asks the address, so only for those who may write for some
    channel. Raises BringError, NotAllowed."""
    require_writer(by, at, what="have a feed read")
    got = get(url)
    if got.broken:
        raise BringError(f"{got.broken} Nothing was brought in.")
    parsed = feedparser.parse(got.data)  # bytes: it opens no address itself
    items = [
        Item(
            text_of(str(one.get("title", "")))[:200],
            text_of(str(one.get("summary", "")))[:2000],
            _link(one.get("link", "")),
        )
        for one in parsed.entries[:ITEMS]
    ]
    items = [item for item in items if item.title or item.words]
    if not items:
        raise BringError(
            "This is no news feed, or there is nothing in it. Look for the address of its RSS or Atom feed."
        )
    return text_of(str(parsed.feed.get("title", "")))[:200], items


def draft_of_item(item: Item, *, kind: str, channels: Sequence[int]) -> Draft:
    """A draft to be worked on: the feed's own title and first words, with the link."""
    text = item.title if not item.words or item.words.startswith(item.title) else f"{item.title}\n\n{item.words}"
    return Draft(text=text or item.words, kind=kind, channels=list(channels), title=item.title, link=item.link)


def _link(address: object) -> str:
    link = str(address).strip()
    return link if link.startswith(("https://", "http://")) and len(link) <= 600 else ""
