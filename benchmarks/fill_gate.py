"""Fills a new desk with signed-off posts that are due now: `benchmarks.fill_gate 500 mixed http://127.0.0.1:1234`.

Each practice town named gets two channels; the posts go round all channels. Plain posts, or mixed with threads and
pictures. To be run by `_with_django`.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from datetime import datetime

import httpx
from django.db import transaction
from django.utils import timezone

from benchmarks._wanted import HIGH, PICTURES, WIDE, Piece, picture, pieces_of
from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate import media
from gatepost.gate.content import Content, MediaRef, Part
from gatepost.gate.models import Act, SignOff
from gatepost.ledger.actions import System
from gatepost.people import actions as people
from gatepost.people.models import Role, User

BY = System("benchmark")
TOGETHER = 1000
LATE = 24 * 60  # minutes: what a busy machine sends late counts as late, and is not left to a person


def fill(count: int, towns: Sequence[str], *, mixed: bool = False) -> None:
    at = timezone.now()
    officer = people.add_person(name="Nell Okafor", email="nell@example.org", by=BY, at=at)
    people.give_role(officer, Role.objects.get(pk="communications_officer"), by=BY, at=at)
    author = people.add_person(name="Sam Whitlock", email="sam@example.org", by=BY, at=at)
    live = [channel for number, url in enumerate(towns) for channel in _channels(number, url, officer, author, at)]
    for place in range(PICTURES if mixed else 0):
        media.put(picture(place))
    firsts = [_through_the_gate(number, channel, author, officer, mixed) for number, channel in enumerate(live)]
    numbers = iter(range(len(live), count))
    while batch := list(itertools.islice(numbers, TOGETHER)):
        _likewise([(number, firsts[number % len(live)]) for number in batch], mixed)


def _content(number: int, channel: Channel, mixed: bool) -> Content:
    head, *rest = pieces_of(number, channel.network, mixed=mixed)
    parts = tuple(Part(one.text, _media(one)) for one in rest)
    return Content(kind="publish", channel=channel.pk, text=head.text, media=_media(head), parts=parts, late_after=LATE)


def _media(piece: Piece) -> tuple[MediaRef, ...]:
    if piece.picture < 0:
        return ()
    data = picture(piece.picture)
    alt = "A plain ground of one colour, the sign of the estate office."
    return (MediaRef(media.put(data), "image/png", alt, "office.png", WIDE, HIGH, len(data)),)


def _through_the_gate(number: int, channel: Channel, author: User, officer: User, mixed: bool) -> Act:
    at = timezone.now()
    content = _content(number, channel, mixed)
    act = gate.submit(content, subject=f"variant:{number}", by=author, at=at)
    gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())
    act.refresh_from_db()
    return act


@transaction.atomic
def _likewise(wanted: Sequence[tuple[int, Act]], mixed: bool) -> None:
    """Others like the first of each channel, with words, digest and sign-off of their own. What is measured is the
    sending, which checks each of them again; ten thousand through the gate one by one would only take its time."""
    acts, signed = [], []
    for number, first in wanted:
        content = _content(number, first.channel, mixed)
        values = {field.name: getattr(first, field.name) for field in Act._meta.concrete_fields if field.name != "id"}
        subject = f"variant:{number}"
        acts.append(Act(**{**values, "content": content.as_json(), "digest": content.digest, "subject": subject}))
        for one in first.sign_offs.all():
            kept = {
                field.name: getattr(one, field.name) for field in SignOff._meta.concrete_fields if not field.primary_key
            }
            signed.append(SignOff(**{**kept, "act": acts[-1], "digest": content.digest}))
    Act.objects.bulk_create(acts)
    SignOff.objects.bulk_create(signed)


def _channels(town: int, url: str, officer: User, author: User, at: datetime) -> list[Channel]:
    accounts = httpx.get(f"{url}/_town/state", trust_env=False).json()["accounts"]
    made = []
    for network, there in accounts.items():
        channel = channels.connect(
            network=network,
            name=f"{network} {town}",
            handle=there["handle"],
            external_id=there["id"],
            credentials={"token": there["token"]},
            base_url=url + there["path"],
            practice=True,
            by=officer,
            at=at,
        )
        channels.sign_off(channel, by=officer, at=at)
        channels.approve_staff(author, channel, by=officer, at=at)
        made.append(channel)
    return made


if __name__ == "__main__":
    fill(int(sys.argv[1]), sys.argv[3:], mixed=sys.argv[2] == "mixed")
