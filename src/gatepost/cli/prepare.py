"""What a start does to the database before anybody may come in.

A process of its own (`python -m gatepost.cli.prepare`), so that the supervisor, which lives as long as the desk, stays
small. Its last line of output is JSON for `gatepost up`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from gatepost.cli.database import NoDesk, django_ready

EXPLAINED = 3  # exit code when the sentence for people has been printed; a traceback ends with 1


def prepare() -> dict[str, Any]:
    """Bring tables, static files and policy up to date.

    Returns {"link": path of the first sign-in or None, "town": whether the practice town is wanted}.
    """
    django_ready()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    from gatepost.channels.models import Channel
    from gatepost.ledger.actions import System
    from gatepost.people.links import first_sign_in_link
    from gatepost.rulebook.actions import ensure_pack

    now, setup = timezone.now(), System("setup")
    ensure_pack(by=setup, at=now)
    secret = first_sign_in_link(by=setup, at=now)
    return {
        "link": f"/sign-in/link/{secret}/" if secret else None,
        "town": not Channel.objects.filter(practice=False).exclude(state="closed").exists(),
    }


def explained(error: Exception) -> str | None:
    """One sentence for the errors people can mend; None for a mistake of ours."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    from gatepost.policy.problems import PackError

    if isinstance(error, OperationalError):
        said = " ".join(str(error).split())[:300]
        mend = "check that it runs and that DATABASE_URL is right, then start again"
        return f"The database cannot be used ({said}): {mend}."
    if isinstance(error, ProgrammingError) and "permission denied" in str(error):
        return "The database user may not create tables: make it the owner of the database, then start again."
    if isinstance(error, (NoDesk, PackError, ImproperlyConfigured)):
        return str(error)
    if isinstance(error, OSError):
        return f"The data folder cannot be used ({error.strerror}: {error.filename}): mend that and start again."
    return None


def main() -> int:
    try:
        print(json.dumps(prepare()), flush=True)
    except Exception as error:
        sentence = explained(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return EXPLAINED
    return 0


if __name__ == "__main__":
    sys.exit(main())
