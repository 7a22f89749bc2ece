"""Fills a desk, measures, multiplies it, measures again: `_with_django benchmarks.fill_million 10000 1000000 200 .`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from benchmarks._asked import Took, measured, timed
from benchmarks.fill_pages import fill
from gatepost.channels.models import Channel
from gatepost.inbox.lines import page_of
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Message
from gatepost.inbox.personal import covering
from gatepost.inbox.personal.finding import find
from gatepost.people.models import User
from gatepost.rulebook.asked_once import asked_once
from gatepost.web.inbox.rows import lines_of
from gatepost.web.inbox.thread import thread_of

Measured = dict[str, Any]
SLOW = 8.0  # milliseconds of bare SQL above which the plan is printed
OPEN = 2000  # messages with us at the beginning
NUMBER = "07700 900123"  # many residents of the practice town tell it
STEP = 10_000_000  # between the numbers of one copy and the next
COPIED = {
    "rulebook_keptdecision": {"id": "id + {c}"},
    "inbox_contact": {
        "id": "id + {c}",
        "external_id": "external_id || '-' || c",
        "name": "replace(name, 'Robin Oakley', 'Resident')",
    },
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
        "text": "replace(text, ' Kumquat', '') || ' copy' || c",
        "posted_at": "posted_at - c * interval '7 hours'",
        "received_at": "received_at - c * interval '7 hours'",
        "state": "CASE WHEN (id + c) % 200 = 0 THEN 'new' ELSE 'done' END",
    },
}


def multiply(copies: int) -> None:
    """Every row of these tables `copies` times more. Generated columns make themselves. Indexes that only find rows are
    built anew at the end, which takes a part of the time."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique AND NOT indisprimary",
            [list(COPIED)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
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
        began = time.monotonic()
        for _, made in indexes:
            cursor.execute(made)
        for table in (*COPIED, "inbox_nameword"):  # which a trigger fills
            cursor.execute(f"VACUUM ANALYZE {table}")
        print(f"  {len(indexes)} indexes and statistics in {time.monotonic() - began:.0f} s", flush=True)


def mark_some() -> None:
    """A word in one message and a name that a hundred have, however many messages there are; and a name that one in a
    hundred have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inbox_message SET text = text || ' Kumquat'"
            " WHERE id = (SELECT id FROM inbox_message ORDER BY received_at LIMIT 1 OFFSET 1000)"
        )
        cursor.execute(
            "UPDATE inbox_contact SET name = CASE WHEN place % 100 = 0 THEN 'Casey Sample' ELSE 'Robin Oakley' END FROM"
            " (SELECT id, row_number() OVER (ORDER BY id) AS place FROM inbox_contact) AS placed"
            " WHERE placed.id = inbox_contact.id AND (place % 100 = 0 OR place BETWEEN 1001 AND 1101)"
        )


def questions(officer: User, channel: int, hundred: str, name: str) -> dict[str, Callable[[], object]]:
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
        "search, one hit": listed(Filter(q="kumquat")),
        "search, a name that all have": listed(Filter(q=name)),
        "search, a name that a hundred have": listed(Filter(q="oakley")),
        "search, two names of a hundred": listed(Filter(q="robin oakley")),
        "search, a name of one in a hundred": listed(Filter(q="casey")),
        "search, two names of one in a hundred": listed(Filter(q="casey sample")),
        "search, no hit": listed(Filter(q='"community hall zebra"')),
    }


def people(number: str) -> dict[str, Callable[[], object]]:
    """Looking for a person in all that the desk holds, whose mentions were not covered before. Told, not judged: what a
    hundred times as many messages say of somebody may be a hundred times as much, up to 200 of each table."""

    def looked_for(**known: str) -> Callable[[], object]:
        def ask() -> object:
            covering.forget()
            return find(known)

        return ask

    return {
        "find: a number that is told": looked_for(number=number),
        "find: a name in every fiftieth": looked_for(name="Damson Court"),
        "find: an account": looked_for(account="r1234"),
        "find: nobody": looked_for(name="Zebra Quagga", number="01632 960999", email="nobody@example.org"),
    }


_NAMES = "ts_stat('SELECT to_tsvector(''simple'', name || '' '' || handle) FROM inbox_contact')"


def word_in(messages: int) -> str:
    """A word that about so many messages hold, and nobody is called by."""
    return _one(
        "SELECT word FROM ts_stat('SELECT words FROM inbox_message')"
        " WHERE websearch_to_tsquery('english', word)::text = quote_literal(word)"  # its stem is the word itself
        f" AND word ~ '^[a-z]{{4,}}$' AND word NOT IN (SELECT word FROM {_NAMES})"  # words of ours
        f" ORDER BY abs(ndoc - {messages:d}), word LIMIT 1"
    )


def name_of_many() -> str:
    return _one(f"SELECT word FROM {_NAMES} WHERE word ~ '^[a-z]{{4,}}$' ORDER BY ndoc DESC, word LIMIT 1")  # as above


def _one(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return str(cursor.fetchone()[0])


def pages(officer: User, rounds: int) -> dict[str, float]:
    client = Client()
    client.force_login(officer)
    number = Message.objects.order_by("-received_at").values_list("pk", flat=True).first()
    asked = {"page: inbox": "/inbox/", "page: message": f"/inbox/{number}/", "page: search": "/inbox/?q=lift"}
    return {name: min(timed(partial(client.get, url)) for _ in range(rounds)) for name, url in asked.items()}


def measure(rounds: int, words: tuple[str, str]) -> Measured:
    officer, channel = User.objects.get(email="nell@example.org"), Channel.objects.order_by("pk")[0]
    with override_settings(ALLOWED_HOSTS=["*"]):
        asked = questions(officer, channel.pk, *words)
        took = {name: asdict(_on_a_page(rounds, ask)) for name, ask in asked.items()}
        found = people(NUMBER)
        took |= {name: asdict(measured(rounds // 20, ask, SLOW * 10)) for name, ask in found.items()}
        seen = pages(officer, rounds // 10)
    return {"messages": Message.objects.count(), "took": took, "pages": seen, "words": words}


def _on_a_page(rounds: int, ask: Callable[[], object]) -> Took:
    """Measured where the policy in force is known, as it is on every page: its frame asks for it, not the question."""
    with asked_once():
        ask()
        return measured(rounds, ask, SLOW)


def main(begin: int, count: int, rounds: int, folder: Path) -> int:
    """`folder`: keeps the figures of the few messages, for when the many are measured again."""
    began = time.monotonic()
    kept = folder / "few.json"
    if not Message.objects.exists():
        fill(begin)
        print(f"{begin} messages through intake and the policy in {time.monotonic() - began:.0f} s", flush=True)
    if Message.objects.count() < count or not kept.exists():
        done = Message.objects.order_by("pk").values_list("pk", flat=True)[: max(begin - OPEN, 0)]
        Message.objects.filter(pk__in=list(done)).update(state="done")
        alone, name = word_in(1), name_of_many()
        mark_some()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        kept.write_text(json.dumps({**measure(rounds, (word_in(100), name)), "alone": alone}))
        if count > begin:
            multiply(count // begin - 1)
    few = json.loads(kept.read_text())
    # One message had the word, of which there are copies now: as many as had the other.
    return tell(few, measure(rounds, (few["alone"], few["words"][1])))


def tell(few: Measured, many: Measured) -> int:
    print(f"\n| question | {few['messages']:,}: desk, bare | {many['messages']:,}: desk, bare", end="")
    print(" | desk/bare | desk grew | bare grew | rows |\n|---|---|---|---|---|---|---|")
    wrong = 0
    for name, took in many["took"].items():
        was, now = Took(**few["took"][name]), Took(**took)
        ratio, grew = now.desk / now.bare, now.desk / was.desk
        judged, larger = not name.startswith("find: "), name.endswith("of one in a hundred")
        wrong += judged and (ratio > 2.0 or (grew > 1.5 and now.rows == was.rows and not larger))
        told = f"{was.desk:.2f} ms, {was.bare:.2f} ms | {now.desk:.2f} ms, {now.bare:.2f} ms"
        ratios = f"{was.desk / was.bare:.2f}, {ratio:.2f}"
        print(f"| {name} | {told} | {ratios} | {grew:.2f} | {now.bare / was.bare:.2f} | {was.rows}, {now.rows} |")
    for name, time_now in many["pages"].items():
        before = few["pages"][name]
        print(f"| {name} | {before:.1f} ms | {time_now:.1f} ms | | {time_now / before:.2f} | | |")
    one = ", ".join(name for name, took in many["took"].items() if took["one"]) or "nothing"
    print(f"load of this machine: {os.getloadavg()[0]:.1f}; one statement for it all was faster for: {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    begin, count, rounds = (int(word) for word in sys.argv[1:4])
    sys.exit(main(begin, count, rounds, Path(sys.argv[4])))
