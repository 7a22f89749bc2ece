"""Fills the archive, measures, multiplies it, measures again; run by `_with_django`: 2000 100000 20 0."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from benchmarks._wanted import picture
from benchmarks.fill_million import fastest
from gatepost.gate import media
from gatepost.ledger.actions import System
from gatepost.people import actions as people
from gatepost.people.models import Role, User
from gatepost.publishing.archive import Wanted
from gatepost.publishing.archive_copy import copy_in_pieces
from gatepost.publishing.archive_digest import digest_of
from gatepost.publishing.archive_files import Format
from gatepost.publishing.archive_verify import verify
from gatepost.publishing.models import ArchivedEvent, ArchivedItem
from gatepost.publishing.rendered import page

BY = System("benchmark")
STEP = 10_000_000  # between the numbers of one copy and the next
YEARS = 3
WORDS = ("lift", "roof", "community hall", "rent", "bins", "repairs", "garden", "heating", "parking", "meeting")
LONG = "Come by on Saturday between ten and two; tea and somebody who speaks Polish and Somali are there. " * 4


def fill(count: int, at: datetime) -> User:
    officer = people.add_person(name="Nell Okafor", email="nell@example.org", by=BY, at=at)
    people.give_role(officer, Role.objects.get(pk="communications_officer"), by=BY, at=at)
    pictures = [media.put(picture(place)) for place in range(4)]
    every = timedelta(days=365 * YEARS) / count
    items, events = [], []
    for number in range(count):
        sent = at - every * (number + 1)
        facts = _facts(number, sent, pictures)
        campaign = number % 40 if number % 4 else None
        items.append(
            ArchivedItem(
                act=uuid.UUID(facts["act"]),
                kind="publish" if number % 3 else "reply",
                network="facebook",
                channel=number % 8 + 1,
                channel_name=f"Page {number % 8 + 1}",
                campaign=campaign,
                campaign_name=f"Campaign {campaign}" if campaign is not None else "",
                title="",
                text=facts["content"]["text"],
                media=pictures[number % 4 : number % 4 + 1] if number % 5 == 0 else [],
                sent_at=sent,
                facts=facts,
                rendered=page(facts),
                digest=digest_of(facts),
                kept_at=at,
            )
        )
    kept = ArchivedItem.objects.bulk_create(items, batch_size=500)
    for item in kept:
        for days in (1, 7):
            seen = {"text": item.text, "alts": [], "counts": {"reactions": days * 3, "replies": days}}
            moment = item.sent_at + timedelta(days=days)
            events.append(
                ArchivedEvent(item=item, kind="shown", at=moment, facts=seen, digest=digest_of(seen), kept_at=at)
            )
    ArchivedEvent.objects.bulk_create(events, batch_size=1000)
    return officer


def _facts(number: int, sent: datetime, pictures: list[str]) -> dict[str, Any]:
    text = f"News {number} of the {WORDS[number % len(WORDS)]}: {LONG}"
    shown = [{"sha256": pictures[number % 4], "mime": "image/png", "alt": "The hall", "filename": "hall.png"}]
    ref = f"104_{number}"
    attempt = {"at": sent.isoformat(), "outcome": "receipt", "answer": {"ref": ref, "raw": {"id": ref}}, "says": ""}
    return {
        "format": "gatepost archive item 1",
        "act": str(uuid.UUID(int=number + 1)),
        "kind": "publish",
        "content": {"kind": "publish", "channel": 1, "text": text, "media": shown if number % 5 == 0 else []},
        "digest": f"{number:064x}",
        "author": {"id": 2, "name": "Sam Whitlock"},
        "sign_offs": [{"by": "Nell Okafor", "role": "communications_officer", "step": 0, "at": sent.isoformat()}],
        "attempts": [attempt],
        "clauses": ["usage.1"],
        "wording": "",
        "reason": "",
        "findings": [],
        "answers": {},
        "sent_at": sent.isoformat(),
        "ref": ref,
        "permalink": f"https://example.org/{ref}",
        "channel": {"id": 1, "network": "facebook", "name": "Page 1", "handle": "@page1", "practice": True},
        "subject": f"variant:{number}",
        "post": {"id": number, "kind": "news"},
        "campaign": None,
    }


COPIED = {
    "publishing_archiveditem": {
        "id": "id + {c}",
        "act": "md5(act::text || c)::uuid",
        "sent_at": "sent_at - c * interval '7 minutes'",
    },
    "publishing_archivedevent": {"id": "id + {c}", "item_id": "item_id + {c}"},
}


def multiply(copies: int) -> None:
    with connection.cursor() as cursor:
        for table, changed in COPIED.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
                " ORDER BY ordinal_position",
                [table],
            )
            names = [name for (name,) in cursor.fetchall()]
            values = [changed.get(name, f'"{name}"').replace("{c}", f"c * {STEP}") for name in names]
            rows = f"SELECT {', '.join(values)} FROM {table}, generate_series(1, {copies}) c"
            cursor.execute(f"INSERT INTO {table} ({', '.join(f'{chr(34)}{name}{chr(34)}' for name in names)}) {rows}")
        for table in COPIED:
            cursor.execute(f"VACUUM ANALYZE {table}")


def pages(officer: User, rounds: int) -> dict[str, float]:
    client = Client()
    client.force_login(officer)
    one = ArchivedItem.objects.order_by("-sent_at").values_list("act", flat=True)[5]
    last = max(1, ArchivedItem.objects.count() // 40)
    asked = {
        "list": "/archive/",
        "list, last page": f"/archive/?page={min(last, 2500)}",
        "one channel": "/archive/?channel=3",
        "one campaign": "/archive/?campaign=7",
        "search, a common word": "/archive/?words=lift",
        "search, a rare word": "/archive/?words=1234",
        "one item": f"/archive/{one}/",
    }

    def ask(url: str) -> Callable[[], object]:
        return lambda: _answered(client, url)

    return {name: fastest(rounds, ask(url)) for name, url in asked.items()}


def _answered(client: Client, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url} answered {answer.status_code}")


def memory() -> float:
    """Megabytes this process has in memory."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def copied(wanted: Wanted, form: Format, to: Path) -> str:
    before, began, first, most = memory(), time.monotonic(), 0.0, 0.0
    with to.open("wb") as file:
        for piece in copy_in_pieces(wanted, form=form, by=BY):
            first = first or time.monotonic() - began
            most = max(most, memory())
            file.write(piece)
    seconds, size = time.monotonic() - began, to.stat().st_size / 1e6
    most = max(most, memory())
    report = verify(to)
    to.unlink()
    told = f"{report.items:,} items, {size:.1f} MB | {first:.2f} s | {seconds:.1f} s"
    return f"{told} | {report.items / seconds:,.0f} | {most - before:.0f} MB"


def main(begin: int, count: int, rounds: int, whole: int) -> int:
    at = timezone.now()
    officer = fill(begin, at)
    with override_settings(ALLOWED_HOSTS=["*"]):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        few = pages(officer, rounds)
        multiply(count // begin - 1)
        many = pages(officer, rounds)
    total = ArchivedItem.objects.count()
    print(f"| page | {begin:,} items | {total:,} items | grew |\n|---|---|---|---|")
    for name, now in many.items():
        print(f"| {name} | {few[name]:.1f} ms | {now:.1f} ms | {now / few[name]:.2f} |")
    month = Wanted(first=(at - timedelta(days=200)).date(), last=(at - timedelta(days=170)).date())
    print("\n| copy | how much | first byte | all of it | items a second | memory grew by |\n|---|---|---|---|---|---|")
    forms: tuple[Format, ...] = ("zip", "warc")
    for form in forms:
        print(f"| a month, {form} | {copied(month, form, Path(settings.DATA) / 'copy')} |", flush=True)
    for form in forms if whole else ():
        print(f"| everything, {form} | {copied(Wanted(), form, Path(settings.DATA) / 'copy')} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:5])))
