"""`gatepost doctor`: one line for each thing the desk depends on and each channel; exit 1 when any is ill."""

from __future__ import annotations

import argparse
import shutil
import socket
from collections.abc import Callable, Iterator
from importlib import metadata
from smtplib import SMTPException
from typing import Any

from gatepost.cli.database import EXPECTED, data_folder, database
from gatepost.policy import compiled

Finding = tuple[bool, str, str]  # well, name, what is so

NEEDED = ("Django", "psycopg", "procrastinate", "granian", "httpx", "cryptography", "pydantic", "holidays", "pillow")
LEAST_FREE = 1024**3  # bytes


def add_to(commands: Any) -> None:
    parser = commands.add_parser("doctor", help="is everything the desk needs well? One line each")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    ok = True
    for well, name, says in examine():
        print(f"{'well' if well else 'ILL '}  {name}: {says}", flush=True)
        ok = ok and well
    return 0 if ok else 1


def examine() -> Iterator[Finding]:
    for package in NEEDED:
        yield _package(package)
    yield _picture_words()
    yield _readers()
    data = data_folder()
    if data.exists():
        free = shutil.disk_usage(data).free
        yield (
            free > LEAST_FREE,
            "disk",
            f"{free / 1024**3:.1f} GB free where {data} is"
            + ("" if free > LEAST_FREE else ". Make room before the desk stops."),
        )
    try:
        with database():
            for look in (_database, _migrations, _policy, _roles, _worker, _mail, _credentials, _record, _evidence):
                yield _looked(look)
            yield from _endings()
            yield from _channels()
    except EXPECTED as error:
        yield False, "database", str(error)


def _looked(look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Exception as error:  # a doctor who faints helps nobody: what fails is ill
        return False, look.__name__.strip("_"), f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _package(name: str) -> Finding:
    try:
        return True, name, metadata.version(name)
    except metadata.PackageNotFoundError:
        return False, name, "is not installed. Run: make setup"


def _picture_words() -> Finding:
    """Nothing stops without it, so its absence is told and is no illness."""
    found = shutil.which("tesseract")
    without = "not measured, for Tesseract is not installed (on Debian: apt-get install tesseract-ocr). All else works"
    return True, "words in pictures", f"read by {found}" if found else without


def _readers() -> Finding:
    """Slower is not ill."""
    plain = "run as plain Python, a little slower (with a C compiler, make setup compiles them)"
    return True, "readers", "compiled" if compiled.in_use() else plain


def _database() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('server_version_num')::int")
        version, number = cursor.fetchone()
    fits = number >= 150000
    return fits, "database", f"PostgreSQL {version}" + ("" if fits else ". It must be 15 or newer.")


def _migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not plan, "tables", f"{len(plan)} changes to make. Run: gatepost up" if plan else "up to date"


def _policy() -> Finding:
    from django.utils import timezone

    from gatepost.rulebook.actions import in_force

    pack = in_force(timezone.now())
    return True, "policy", f"{pack.title}, {len(pack.clauses)} clauses, digest {pack.digest[:12]}"


def _roles() -> Finding:
    from django.utils import timezone

    from gatepost.people.authority import vacant

    empty = [role.title for role in vacant(timezone.now())]
    says = f"nobody holds: {', '.join(empty)}. Give them under People." if empty else "all have a holder"
    return not empty, "roles", says


def _worker() -> Finding:
    from django.utils import timezone

    from gatepost.gate.beats import pulse

    now = pulse(timezone.now())
    last = f"last sign of life {timezone.localtime(now.last):%-d %B %H:%M:%S}" if now.last else "never seen"
    return now.alive, "worker", last + ("" if now.alive else ". Nothing is sent until it runs. Run: gatepost up")


def _mail() -> Finding:
    from django.conf import settings

    from gatepost.mailing.posting import Posting, SignInFailed

    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    signs_in = bool(settings.EMAIL_HOST_USER or settings.EMAIL_SIGN_IN["sign_in"])
    try:
        if signs_in:
            post = Posting()
            post.open()
            post.close()
            return True, "e-mail", f"{where} answers and lets the desk in"
        with socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=5):
            return True, "e-mail", f"{where} answers"
    except SignInFailed as error:
        return False, "e-mail", f"{error.strerror}."
    except SMTPException as error:
        return False, "e-mail", f"{where} does not let the desk in ({type(error).__name__}). Check GATEPOST_SMTP_USER."
    except OSError as error:
        says = f"{where} does not answer ({error.strerror or error}). Set GATEPOST_SMTP_HOST and GATEPOST_SMTP_PORT."
        return False, "e-mail", says


def _credentials() -> Finding:
    from gatepost.channels.models import Channel

    count = 0
    for channel in Channel.objects.exclude(state="closed"):
        channel.account()
        count += 1
    return True, "credentials", f"those of {count} channels open with the key in use"


def _record() -> Finding:
    from gatepost.ledger.verify import verify

    report = verify()
    return report.ok, "record", report.says


def _endings() -> Iterator[Finding]:
    from django.utils import timezone

    from gatepost.channels.ending import endings
    from gatepost.channels.models import Channel

    for one in endings(Channel.objects.exclude(state="closed"), at=timezone.now()):
        whose = f"credentials of {one.channel.name}" if one.channel else "secret for e-mail"
        when = f"{one.on.day} {one.on:%B %Y}"
        says = f"ran out on {when}. The desk may be kept out until there are new ones"
        if not one.over:
            says = f"good until {when}. Make new ones before the desk is kept out"
        yield not one.over, whose, f"{says}."


def _evidence() -> Finding:
    from gatepost.inbox.evidence_check import verify_kept

    report = verify_kept()
    return report.ok, "evidence", report.says


def _channels() -> Iterator[Finding]:
    from gatepost.channels.models import Channel
    from gatepost.networks.registry import connect

    for channel in Channel.objects.filter(state="live").order_by("pk"):
        try:
            health = connect(channel.account()).check()
            yield health.ok, f"channel {channel.name}", health.says
        except Exception as error:  # as above
            yield False, f"channel {channel.name}", f"{type(error).__name__}: {str(error)[:200]}"
