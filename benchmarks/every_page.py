"""What each page of the desk costs with many messages on it: queries, processor time, time by the clock.

    python -m benchmarks.every_page                       a new desk with 10,000 messages, measured, removed
    options: --messages N, --times N (default 15), --keep FOLDER (the desk stays there and is used again),
             --profile PAGE (cProfile of one page, e.g. today)

The messages come in through intake and are read by the policy, as every message is; one conversation has 60 of them,
posts and answers wait for their sign-off. Each page is asked for through the whole of Django in this process by a
person who signs off. Processor time is this process's alone; both times are medians in milliseconds.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._own_desk import with_django
from gatepost.embedded import Embedded

if TYPE_CHECKING:
    from django.test import Client


def pages() -> dict[str, str]:
    """Name -> address. The conversation is the longest, 60 messages."""
    from gatepost.gate.models import Act
    from gatepost.inbox.models import Message

    long = Message.objects.filter(contact__external_id="longest").order_by("-pk").first()
    waits = Act.objects.filter(state="to_sign_off", kind="publish").first()
    assert long, "The desk holds no long conversation: fill it anew."
    assert waits, "Nothing waits for a sign-off: fill the desk anew."
    return {
        "today": "/",
        "list": "/inbox/",
        "done": "/inbox/?show=done",
        "label": "/inbox/?label=complaint",
        "search": "/inbox/?q=lift",
        "search rare": "/inbox/?q=disgrace+block",
        "search none": "/inbox/?q=zebra",
        "conversation": f"/inbox/{long.pk}/",
        "sign-off": "/sign-off/",
        "one to sign": f"/sign-off/{waits.pk}/",
        "write": "/write/",
        "posts": "/posts/?tab=waiting",
        "calendar": "/calendar/",
        "policy": "/policy/",
        "record": "/record/",
        "people": "/people/",
        "channels": "/channels/",
        "hold": "/hold/",
        "settings": "/settings/",
        "counts": "/inbox/counts/inbox/",
    }


def measure(client: Client, address: str, times: int) -> tuple[int, float, float]:
    """Queries, and the medians of processor and clock in milliseconds."""
    from django.db import connection

    asked = 0

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        client.get(address)
        asked = 0  # the first time reads what later times remember
        answer = client.get(address)
    assert answer.status_code == 200, f"{address} answers {answer.status_code}"
    spent, passed = [], []
    for _ in range(times):
        cpu, clock = time.process_time(), time.perf_counter()
        client.get(address)
        spent.append((time.process_time() - cpu) * 1000)
        passed.append((time.perf_counter() - clock) * 1000)
    return asked, statistics.median(spent), statistics.median(passed)


def profile(client: Client, address: str) -> None:
    client.get(address)
    run = cProfile.Profile()
    run.enable()
    for _ in range(10):
        client.get(address)
    run.disable()
    pstats.Stats(run).sort_stats("cumulative").print_stats(70)


@contextmanager
def desk(folder: Path, messages: int) -> Iterator[None]:
    """The database of a desk in `folder`, filled when it is new; Django is set up for it."""
    data = folder / "data"
    with Embedded(data) as server:
        os.environ |= {
            "DATABASE_URL": server.url,
            "GATEPOST_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "gatepost.settings",
        }
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "gatepost.cli.prepare"], check=True, stdout=subprocess.DEVNULL)
        if not (folder / "filled").exists():
            subprocess.run(with_django("fill_inbox", str(messages)), check=True)
            (folder / "filled").touch()
            print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
        yield


def run(times: int, only: str) -> None:
    """Prints a line for each page."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client

    from gatepost.people.models import User

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "127.0.0.1"})
    officer = User.objects.get(email="nell@example.org")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    known = pages()
    if only:
        profile(client, known[only])
        return
    print(f"{'page':<14}{'queries':>8}{'CPU ms':>9}{'ms':>9}")
    for name, address in known.items():
        queries, spent, passed = measure(client, address, times)
        print(f"{name:<14}{queries:>8}{spent:>9.1f}{passed:>9.1f}", flush=True)
    connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="What each page of the desk costs with many messages on it.")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--profile", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gatepost-pages-") as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        with desk(folder, given.messages):
            run(given.times, given.profile)
    return 0


if __name__ == "__main__":
    sys.exit(main())
