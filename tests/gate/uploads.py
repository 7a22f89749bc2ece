"""A network that takes files before their posts, and the rounds of a worker that brings them up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from gatepost.channels.models import Channel
from gatepost.gate import actions, looking, sending, settling, uploading
from gatepost.gate.content import CaptionsRef, MediaRef
from gatepost.gate.media import put
from gatepost.gate.models import Act
from gatepost.networks.protocol import (
    Answer,
    Found,
    MediaFile,
    Outgoing,
    Receipt,
    Unknown,
    UploadAnswer,
    Uploaded,
)

from .scene import AT, Desk, Wire

SOON = AT + timedelta(minutes=20)
LATER = AT + timedelta(hours=5)


@dataclass
class Store(Wire):
    """A network that takes files before their posts."""

    ups: list[UploadAnswer | Exception] = field(default_factory=list)
    came: list[tuple[str, int, str]] = field(default_factory=list)  # key, place, the ref it went on with
    lost: list[str] = field(default_factory=list)
    looked: list[list[str]] = field(default_factory=list)  # the refs that each look asked about

    def find(self, act: Outgoing) -> Found:
        self.looked.append([file.ref for file in act.media])
        return Unknown("It cannot be told.")

    def upload_unseen(self, file: MediaFile, *, key: str, place: int) -> UploadAnswer:
        self.came.append((key, place, file.ref))
        answer = self.ups.pop(0) if self.ups else Uploaded(f"m{len(self.came)}")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def forget_unseen(self, file: MediaFile) -> Answer:
        self.lost.append(file.ref)
        return Receipt(file.ref)


def make_store(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store()
    for module in (sending, uploading, looking):
        monkeypatch.setattr(module, "connect", lambda account: made)
    desk.wire = made
    return made


def picture(data: bytes = b"a picture") -> MediaRef:
    return MediaRef(put(data), "image/png", "The hall", "hall.png", 1200, 800, len(data))


def film(desk: Desk) -> MediaRef:
    """A film with its captions, and a channel that takes films."""
    Channel.objects.filter(pk=desk.channel.pk).update(network="x")
    words = CaptionsRef(put(b"WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nThe hall\n"))
    return MediaRef(put(b"a film"), "video/mp4", "The hall", "hall.mp4", 1200, 800, 6, captions=(words,))


def signed(desk: Desk, *media: MediaRef, due: datetime = SOON, **more: object) -> Act:
    content = desk.content(media=media or (picture(),), not_before=due, **more)
    act = actions.submit(content, subject="variant:1", by=desk.staff, at=AT, answers={"rights": "ours"})
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    act.refresh_from_db()
    return act


def up(at: datetime = AT, limit: int = 9) -> int:
    """One round of a worker."""
    jobs = uploading.take(worker="w", at=at, limit=limit)
    for job in jobs:
        uploading.keep(job, uploading.bring_up(job), at=at)
    return len(jobs)


def leave(at: datetime = SOON) -> int:
    claims = sending.claim(worker="w", at=at, lease=timedelta(days=3650))
    settling.settle([(one, sending.send(one)) for one in claims], at=at)
    return len(claims)


def named(store: Store) -> list[str]:
    return [file.ref for file in store.sent[-1].media]
