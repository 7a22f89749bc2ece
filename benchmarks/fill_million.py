"""Fills a desk, measures, multiplies it, measures again: `_with_django benchmarks.fill_million 10000 1000000 40`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from benchmarks._asked import Took, fastest, measured
from benchmarks.fill_pages import fill
from gatepost.inbox.lines import page_of
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Message
from gatepost.people.models import User
from gatepost.web.inbox.rows import lines_of
from gatepost.web.inbox.thread import thread_of

SLOW = 8.0  # milliseconds of bare SQL above which the plan is printed
OPEN = 2000  # messages with us at the beginning
STEP = 10_000_000  # between the numbers of one copy and the next
COPIED = {
    "rulebook_keptdecision": {"id": "id + {c}"},
    "inbox_contact": {"id": "id + {c}", "external_id": "external_id || '-' || c"},
    "inbox_conversation": {
        "id": "id + {c}",
        "contact_id": "contact_id + {c}",
        "thread_ref": "thread_ref || '-' || c",
        "started_at": "started_at - c * interval '7 hours'",
    },
    "inbox_message": {
        "id": "id + {c}",
        "conversation_id": "conversation_id + {c}",
        "contact_id": "contact_id + {c}",
        "decision_id": "decision_id + {c}",
        "ref": "ref || '-' || c",
        "text": "text || ' copy' || c",
        "posted_at": "posted_at - c * interval '7 hours'",
        "received_at": "received_at - c * interval '7 hours'",
        "state": "CASE WHEN (id + c) % 200 = 0 THEN 'new' ELSE 'done' END",
    },
}


def multiply(copies: int) -> None:
    """Every row of these tables `copies` times more. Generated columns make themselves."""
    with connection.cursor() as cursor:
        for table, changed in COPIED.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
                " ORDER BY ordinal_position",
                [table],
            )
            names = [name for (name,) in cursor.fetchall()]
            values = [changed.get(name, f'"{name}"').replace("{c}", f"c * {STEP}") for name in names]
            listed = ", ".join(f'"{name}"' for name in names)
            began = time.monotonic()
            rows = f"SELECT {', '.join(values)} FROM {table}, generate_series(1, {copies}) c"
            cursor.execute(f"INSERT INTO {table} ({listed}) {rows}")
            print(f"  {table}: {cursor.rowcount} rows in {time.monotonic() - began:.0f} s", flush=True)
        for table in COPIED:
            cursor.execute(f"VACUUM ANALYZE {table}")


def questions(officer: User, channel: int, hundred: str) -> dict[str, Callable[[], object]]:
    """Each as a page asks it: messages found, read, and made into what the template shows."""
    conversation = Message.objects.order_by("-received_at").first()
    assert conversation is not None
    at = timezone.now()
    later = page_of(Filter(), at=at)[1]

    def listed(wanted: Filter, after: int = 0) -> Callable[[], object]:
        return lambda: lines_of(page_of(wanted, after=after, at=at)[0])

    return {
        "list": listed(Filter()),
        "list, next page": listed(Filter(), later),
        "list of all": listed(Filter(show="all")),
        "saved filter": listed(Filter(show="all", label="complaint", channel=channel)),
        "conversation": lambda: thread_of(conversation, person=officer, at=at),
        "search, a common word": listed(Filter(q="lift")),
        "search, a hundred hits": listed(Filter(q=hundred)),
        "search, one message (at the end a hundred)": listed(Filter(q='"no. 77"')),
        "search, no hit": listed(Filter(q='"community hall"')),
    }


def of_a_hundred() -> str:
    """A word that about a hundred messages hold, so that as many are found among few messages as among many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM ts_stat('SELECT words FROM inbox_message')"
            " WHERE websearch_to_tsquery('english', word)::text = quote_literal(word)"  # its stem is the word itself
            " ORDER BY abs(ndoc - 100), word LIMIT 1"
        )
        return str(cursor.fetchone()[0])


def pages(officer: User, rounds: int) -> dict[str, float]:
    client = Client()
    client.force_login(officer)
    number = Message.objects.order_by("-received_at").values_list("pk", flat=True).first()
    asked = {"page: inbox": "/inbox/", "page: message": f"/inbox/{number}/", "page: search": "/inbox/?q=lift"}
    return {name: fastest(rounds, lambda url=url: client.get(url)) for name, url in asked.items()}  # type: ignore[misc]  # bound now


def main(begin: int, count: int, rounds: int) -> int:
    began = time.monotonic()
    officer, channels = fill(begin)
    done = Message.objects.order_by("pk").values_list("pk", flat=True)[: max(begin - OPEN, 0)]
    Message.objects.filter(pk__in=list(done)).update(state="done")
    print(f"{begin} messages through intake and the policy in {time.monotonic() - began:.0f} s", flush=True)
    results: list[dict[str, Took]] = []
    seen: list[dict[str, float]] = []
    hundred = of_a_hundred()
    with override_settings(ALLOWED_HOSTS=["*"]):
        for copies in (0, count // begin - 1):
            if copies:
                multiply(copies)
                hundred = '"no. 77"'  # which was one message, of which there are as many copies
            else:
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE")
            asked = questions(officer, channels[0].pk, hundred)
            results.append({name: measured(rounds, ask, SLOW) for name, ask in asked.items()})
            seen.append(pages(officer, rounds))
    return tell(results, seen, begin, Message.objects.count())


def tell(results: list[dict[str, Took]], seen: list[dict[str, float]], begin: int, total: int) -> int:
    few, many = results
    print(f"\n| question | {begin:,}: desk, bare | {total:,}: desk, bare | desk/bare | desk grew | bare grew | rows |")
    print("|---|---|---|---|---|---|---|")
    wrong = 0
    for name, now in many.items():
        was = few[name]
        ratio, grew = now.desk / now.bare, now.desk / was.desk
        wrong += ratio > 2.0 or (grew > 1.5 and now.rows == was.rows)
        told = f"{was.desk:.2f} ms, {was.bare:.2f} ms | {now.desk:.2f} ms, {now.bare:.2f} ms | {ratio:.2f}"
        print(f"| {name} | {told} | {grew:.2f} | {now.bare / was.bare:.2f} | {was.rows}, {now.rows} |")
    for name, time_now in seen[1].items():
        print(f"| {name} | {seen[0][name]:.1f} ms | {time_now:.1f} ms | | {time_now / seen[0][name]:.2f} | | |")
    one = ", ".join(name for name, now in many.items() if now.one) or "nothing"
    print(
        f"load of this machine: {os.getloadavg()[0]:.1f}; one statement for it all was the faster bare SQL for: {one}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:4])))
