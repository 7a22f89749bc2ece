"""What a person has typed into the Write screen, kept whatever becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.content import Content
from gatepost.publishing.actions import content_of_draft
from gatepost.publishing.drafts import Draft, Picture
from gatepost.publishing.models import Media, Post, Upload
from gatepost.publishing.renditions import SHAPES
from gatepost.publishing.versions import from_json, snapshot
from gatepost.web.frame.findings import ANSWER
from gatepost.web.frame.problems import Unclear
from gatepost.web.write.parts import FormPart, as_draft
from gatepost.web.write.parts import of_draft as parts_of_draft
from gatepost.web.write.parts import of_request as parts_of
from gatepost.web.write.when import When, WhenError, clock, read

MOST_PICTURES = 40
OWN = "text."
ALT = "alt."


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of the form."""

    media: Media
    alt: str
    shape: str = ""
    focus: tuple[int, int] = (50, 50)
    part: int = 0  # 0: it goes with the post itself

    @property
    def short(self) -> str:
        """Enough of the digest to tell the pictures of one post apart in ids."""
        return self.media.pk[:12]


@dataclass(frozen=True, slots=True)
class Form:
    text: str = ""
    title: str = ""
    kind: str = ""
    aim: str = ""
    audiences: tuple[str, ...] = ()
    link: str = ""
    other: str = ""
    campaign: int = 0
    channels: frozenset[int] = frozenset()
    texts: dict[int, str] = field(default_factory=dict)
    pictures: tuple[Shown, ...] = ()
    parts: tuple[FormPart, ...] = ()  # what follows the post
    timed: bool = False
    day: str = ""
    time: str = ""
    ends: str = ""  # when it is taken down again, as typed
    answers: dict[str, str] = field(default_factory=dict)
    version: int = 0
    coming: tuple[Upload, ...] = ()  # films that are being prepared
    copy: str = ""  # the key under which what is typed is kept

    def when(self, now: datetime) -> When | None:
        """The moment typed; None when it goes as soon as it is signed. Raises Unclear."""
        if not self.timed:
            return None
        try:
            return read(f"{self.day} {self.time}", now=now, zone=zone())
        except WhenError as error:
            raise Unclear(str(error), "day") from error

    def end(self, now: datetime) -> datetime | None:
        """When it is taken down again; None when it stays. Raises Unclear."""
        if not self.ends:
            return None
        try:
            return read(self.ends, now=now, zone=zone()).moment
        except WhenError as error:
            raise Unclear(str(error), "ends") from error

    def draft(self, now: datetime) -> Draft:
        """Raises Unclear for a time that cannot be read."""
        when = self.when(now)
        return Draft(
            text=self.text,
            kind=self.kind,
            channels=sorted(self.channels),
            title=self.title,
            aim=self.aim,
            audiences=self.audiences,
            link=self.link,
            other_channel=self.other,
            campaign=self.campaign or None,
            texts={channel: text for channel, text in self.texts.items() if text.strip()},
            pictures=[Picture(item.media.pk, item.alt, item.shape, item.focus, item.part) for item in self.pictures],
            parts=as_draft(self.parts),
            not_before=when.moment if when else None,
            expires_at=self.end(now),
            answers={check: text for check, text in self.answers.items() if text.strip()},
        )

    def own(self, channel: int) -> str:
        """The channel's own text; "" when it gets the text for all."""
        own = self.texts.get(channel, "").strip()
        return "" if own == self.text.strip() else own

    def content(self, channel: Channel, now: datetime) -> Content:
        """Exactly what would leave for a channel, were the form saved now."""
        try:
            draft = self.draft(now)
        except Unclear:
            draft = replace(self, timed=False, ends="").draft(now)
        return content_of_draft(draft, channel)

    def with_pictures(self, more: list[Media]) -> Form:
        known = {item.media.pk for item in self.pictures}
        fresh = tuple(Shown(media, media.alt) for media in more if media.pk not in known)
        return replace(self, pictures=(*self.pictures, *fresh)[:MOST_PICTURES])

    def without(self, sha256: str) -> Form:
        return replace(self, pictures=tuple(item for item in self.pictures if item.media.pk != sha256))


def zone() -> ZoneInfo:
    """The desk's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def numbers(values: list[str]) -> frozenset[int]:
    return frozenset(int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 18)


def percent(words: str) -> int:
    """A whole number from 0 to 100; the middle for what is none."""
    found = numbers([words.strip()])
    return min(*found, 100) if found else 50


def of_request(data: QueryDict) -> Form:
    """The form as it was sent. Line ends are those of the networks, not of HTML."""

    def one(name: str) -> str:
        return data.get(name, "").replace("\r\n", "\n")

    texts = {}
    for name in data:
        if name.startswith(OWN) and (number := numbers([name[len(OWN) :]])):
            texts[min(number)] = one(name)
    asked = [value for value in data.getlist("picture_kept")[:MOST_PICTURES] if len(value) == 64]
    known = Media.objects.in_bulk(asked)
    version = numbers([one("version")])
    parts = parts_of(data)
    return Form(
        text=one("text"),
        title=one("title"),
        kind=one("kind"),
        aim=one("aim"),
        audiences=tuple(data.getlist("audience")),
        link=one("link"),
        other=one("other"),
        campaign=min(numbers([one("campaign")]), default=0),
        channels=numbers(data.getlist("channel")),
        texts=texts,
        pictures=tuple(
            Shown(
                known[pk],
                one(f"{ALT}{pk}"),
                one(f"shape.{pk}") if one(f"shape.{pk}") in SHAPES else "",
                (percent(one(f"across.{pk}")), percent(one(f"down.{pk}"))),
                min(*numbers([one(f"goes.{pk}")]), len(parts)) if numbers([one(f"goes.{pk}")]) else 0,
            )
            for pk in dict.fromkeys(asked)
            if pk in known
        ),
        parts=parts,
        timed=one("when") == "at",
        day=one("day").strip(),
        time=one("time").strip(),
        ends=one("ends").strip()[:80],
        answers={name[len(ANSWER) :]: one(name) for name in data if name.startswith(ANSWER)},
        version=min(version) if version else 0,
        copy=one("copy")[:36],
    )


def of_draft(draft: Draft, *, version: int = 0) -> Form:
    """The form that would give this draft. Pictures that are no longer on the desk are left out."""
    local = timezone.localtime(draft.not_before) if draft.not_before else None
    ends = timezone.localtime(draft.expires_at) if draft.expires_at else None
    known = Media.objects.in_bulk([item.sha256 for item in draft.pictures])
    return Form(
        text=draft.text,
        title=draft.title,
        kind=draft.kind,
        aim=draft.aim,
        audiences=tuple(draft.audiences),
        link=draft.link,
        other=draft.other_channel,
        campaign=draft.campaign or 0,
        channels=frozenset(draft.channels),
        texts=dict(draft.texts),
        pictures=tuple(
            Shown(known[item.sha256], item.alt, item.shape, item.focus, item.part)
            for item in draft.pictures
            if item.sha256 in known
        ),
        parts=parts_of_draft(draft.parts),
        timed=local is not None,
        day=f"{local.day} {local:%b %Y}" if local else "",
        time=clock(local) if local else "",
        ends=f"{ends.day} {ends:%b %Y} {clock(ends)}" if ends else "",
        answers=dict(draft.answers),
        version=version,
    )


def of_post(post: Post) -> Form:
    """The form of a post as it was last saved."""
    return of_draft(from_json(snapshot(post)), version=post.version)
