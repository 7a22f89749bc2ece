"""Fills a new desk with signed-off posts that are due now: `python -m benchmarks.fill_gate 500 http://127.0.0.1:1234`.

Each practice town named gets two channels; the posts go round all channels.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

import django

django.setup()

import httpx  # noqa: E402  # Django must be set up before its rows can be imported
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.exactly_once import text_of  # noqa: E402
from gatepost.channels import actions as channels  # noqa: E402
from gatepost.channels.models import Channel  # noqa: E402
from gatepost.gate import actions as gate  # noqa: E402
from gatepost.gate.content import Content  # noqa: E402
from gatepost.ledger.actions import System  # noqa: E402
from gatepost.people import actions as people  # noqa: E402
from gatepost.people.models import Role, User  # noqa: E402

BY = System("benchmark")
TOGETHER = 200  # in one transaction, so that filling does not take the time


def fill(count: int, towns: Sequence[str]) -> None:
    at = timezone.now()
    officer = people.add_person(name="Nell Okafor", email="nell@example.org", by=BY, at=at)
    people.give_role(officer, Role.objects.get(pk="communications_officer"), by=BY, at=at)
    author = people.add_person(name="Sam Whitlock", email="sam@example.org", by=BY, at=at)
    live = [channel for number, url in enumerate(towns) for channel in _channels(number, url, officer, author, at)]
    for start in range(0, count, TOGETHER):
        with transaction.atomic():
            for number in range(start, min(start + TOGETHER, count)):
                content = Content(kind="publish", channel=live[number % len(live)].pk, text=text_of(number))
                act = gate.submit(content, subject=f"variant:{number}", by=author, at=at)
                gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())


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
    fill(int(sys.argv[1]), sys.argv[2:])
