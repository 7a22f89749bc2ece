"""What open desks are told: `_with_django benchmarks.fill_desks N` prints N session keys, then for each line it
is given takes one message in and prints the moment at which it was committed, in seconds since 1970."""

from __future__ import annotations

import sys
import time
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from benchmarks.fill_calls import PAGE, called_desk
from gatepost.inbox.intake import take_in
from gatepost.networks.protocol import Incoming
from gatepost.people.models import User


def session_of(person: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main() -> None:
    officer, channel = called_desk()
    print(*(session_of(officer) for _ in range(int(sys.argv[1]))), flush=True)
    for number, _ in enumerate(sys.stdin):
        now = timezone.now()
        said = Incoming(
            ref=f"{PAGE}_{number}",
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
