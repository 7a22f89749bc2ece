"""Open desks and what they are told: `python -m benchmarks.fill_desks N` prints N session keys, then for each line it
is given takes one message in and prints the moment at which it was committed, in seconds since 1970."""

from __future__ import annotations

import sys
import time
from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402  # Django must be set up before its rows can be imported
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.utils import timezone  # noqa: E402

from gatepost.channels import actions as channels  # noqa: E402
from gatepost.inbox.intake import take_in  # noqa: E402
from gatepost.ledger.actions import System  # noqa: E402
from gatepost.networks.protocol import Incoming  # noqa: E402
from gatepost.people import actions as people  # noqa: E402
from gatepost.people.models import Role, User  # noqa: E402


def session_of(person: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main() -> None:
    by, at = System("benchmark"), timezone.now()
    officer = people.add_person(name="Nell Okafor", email="nell@example.org", by=by, at=at, is_admin=True)
    people.give_role(officer, Role.objects.get(pk="communications_officer"), by=by, at=at)
    channel = channels.connect(
        network="facebook",
        name="Our Page",
        external_id="1000",
        credentials={"token": "practice-token", "app_secret": "0" * 32},
        base_url="http://127.0.0.1:9/facebook",
        practice=True,
        by=officer,
        at=at,
    )
    print(*(session_of(officer) for _ in range(int(sys.argv[1]))), flush=True)
    for number, _ in enumerate(sys.stdin):
        now = timezone.now()
        said = Incoming(
            ref=f"1000_{number}",
            kind="comment",
            text=f"The lift is broken again, for the {number + 1}. time",
            author_ref="77",
            author_name="Rosa Lind",
            author_handle="rosa",
            posted_at=now,
        )
        take_in(channel, [said], cursor=str(number), at=now)
        print(time.time(), flush=True)


if __name__ == "__main__":
    main()
