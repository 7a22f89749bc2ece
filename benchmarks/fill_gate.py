"""Fills a new desk with signed-off posts that are due now: `python -m benchmarks.fill_gate 500`."""

from __future__ import annotations

import sys

import django

django.setup()

import httpx  # noqa: E402  # Django must be set up before its rows can be imported
from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.exactly_once import text_of  # noqa: E402
from gatepost.channels import actions as channels  # noqa: E402
from gatepost.gate import actions as gate  # noqa: E402
from gatepost.gate.content import Content  # noqa: E402
from gatepost.ledger.actions import System  # noqa: E402
from gatepost.people import actions as people  # noqa: E402
from gatepost.people.models import Role  # noqa: E402

BY = System("benchmark")


def fill(count: int) -> None:
    at = timezone.now()
    officer = people.add_person(name="Nell Okafor", email="nell@example.org", by=BY, at=at)
    people.give_role(officer, Role.objects.get(pk="communications_officer"), by=BY, at=at)
    author = people.add_person(name="Sam Whitlock", email="sam@example.org", by=BY, at=at)
    there = httpx.get(f"{settings.TOWN_URL}/_town/state", trust_env=False).json()["accounts"]["facebook"]
    channel = channels.connect(
        network="facebook",
        name="Facebook",
        external_id=there["id"],
        credentials={"token": there["token"]},
        base_url=settings.TOWN_URL + there["path"],
        practice=True,
        by=officer,
        at=at,
    )
    channels.sign_off(channel, by=officer, at=at)
    channels.approve_staff(author, channel, by=officer, at=at)
    for number in range(count):
        content = Content(kind="publish", channel=channel.pk, text=text_of(number))
        act = gate.submit(content, subject=f"variant:{number}", by=author, at=at)
        gate.sign_off(act, digest=act.digest, by=officer, at=timezone.now())


if __name__ == "__main__":
    fill(int(sys.argv[1]))
