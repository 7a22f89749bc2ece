"""Fills a desk, measures, multiplies it, measures again: `_with_django benchmarks.fill_million 10000 1000000 40`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from benchmarks.fill_pages import fill
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Message
from gatepost.people.models import User
from gatepost.web.inbox.rows import page_of
from gatepost.web.inbox.thread import thread_of
from gatepost.web.shell import settings_url

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


def fastest(rounds: int, ask: Callable[[], object]) -> float:
    """Milliseconds of the fastest round: on a machine that is busy with other things the others tell of those."""
    times = []
    for _ in range(rounds + 3):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return min(times[3:]) * 1000


def measured(rounds: int, ask: Callable[[], object]) -> tuple[float, float]:
    """(the desk's, bare SQL's) milliseconds for one question, taken in turns so that both see the same machine."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    statements = [query["sql"] for query in asked.captured_queries]
    with psycopg.connect(settings_url(), autocommit=True) as bare:

        def plain() -> None:
            for statement in statements:
                bare.execute(statement).fetchall()

        desks, bares = [], []
        for _ in range(4):
            desks.append(fastest(rounds // 4, ask))
            bares.append(fastest(rounds // 4, plain))
        if min(bares) > SLOW:
            for statement in statements:
                plan = "\n".join(row[0] for row in bare.execute(f"EXPLAIN ANALYZE {statement}").fetchall())
                print(plan[:3000], flush=True)
    return min(desks), min(bares)


def questions(officer: User, channel: int) -> dict[str, Callable[[], object]]:
    conversation = Message.objects.order_by("-received_at").first()
    assert conversation is not None
    at = timezone.now()
    later = page_of(Filter(), at=at)[1]
    return {
        "list": lambda: page_of(Filter(), at=at),
        "list, next page": lambda: page_of(Filter(), after=later, at=at),
        "list of all": lambda: page_of(Filter(show="all"), at=at),
        "saved filter": lambda: page_of(Filter(show="all", label="complaint", channel=channel), at=at),
        "conversation": lambda: thread_of(conversation, person=officer, at=at),
        "search, a common word": lambda: page_of(Filter(q="lift"), at=at),
        "search, a rare word": lambda: page_of(Filter(q='"no. 77"'), at=at),
        "search, a phrase": lambda: page_of(Filter(q='"community hall"'), at=at),
    }


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
    results: list[dict[str, tuple[float, float]]] = []
    seen: list[dict[str, float]] = []
    with override_settings(ALLOWED_HOSTS=["*"]):
        for copies in (0, count // begin - 1):
            if copies:
                multiply(copies)
            else:
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE")
            results.append({name: measured(rounds, ask) for name, ask in questions(officer, channels[0].pk).items()})
            seen.append(pages(officer, rounds))
    total = Message.objects.count()
    return tell(results, seen, begin, total)


def tell(results: list[dict[str, Any]], seen: list[dict[str, float]], begin: int, total: int) -> int:
    few, many = results
    print(f"\n| question | {begin:,}: desk, bare | {total:,}: desk, bare | desk/bare | grew |\n|---|---|---|---|---|")
    wrong = 0
    for name, (desk, bare) in many.items():
        before, plain = few[name]
        ratio, grew = desk / bare, desk / before
        wrong += ratio > 2.0 or grew > 1.5
        told = f"{before:.2f} ms, {plain:.2f} ms | {desk:.2f} ms, {bare:.2f} ms | {ratio:.2f} | {grew:.2f}"
        print(f"| {name} | {told} |")
    for name, time_now in seen[1].items():
        print(f"| {name} | {seen[0][name]:.1f} ms | {time_now:.1f} ms | | {time_now / seen[0][name]:.2f} |")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:4])))
