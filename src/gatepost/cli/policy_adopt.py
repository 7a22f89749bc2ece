"""`gatepost policy adopt|withdraw|rollback|shadow|history`: which policy is in force, from when, by whom."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from gatepost.cli.database import EXPECTED, database
from gatepost.cli.packs import WRONG, pack_at
from gatepost.cli.policy_diff import told
from gatepost.policy.diff import diff
from gatepost.policy.pack import Pack
from gatepost.policy.plainly import FIELD_WORDS

if TYPE_CHECKING:
    from gatepost.people.models import User

_SHORT = 12  # characters of a digest that name a pack


class Wrong(Exception):
    """The command cannot be done; the text says why and what to do."""


def add_to(verbs: Any) -> None:
    adopting = verbs.add_parser("adopt", help="put a pack in force, now or from a date; its examples must hold")
    adopting.add_argument("folder", type=Path, metavar="DIR")
    _person(adopting)
    adopting.add_argument("--from", dest="starts", default="", metavar="TIME", help="2027-01-04, or 2027-01-04T09:00")
    adopting.set_defaults(run=_with_desk(adopt))
    withdrawing = verbs.add_parser("withdraw", help="call off an adoption that is still to come")
    withdrawing.add_argument(
        "digest", nargs="?", default="", help="the beginning of its digest (default: the next one)"
    )
    _person(withdrawing)
    withdrawing.set_defaults(run=_with_desk(withdraw))
    back = verbs.add_parser("rollback", help="adopt again the version before the one in force")
    back.add_argument("--to", default="", metavar="DIGEST", help="an earlier version, by the beginning of its digest")
    _person(back)
    back.set_defaults(run=_with_desk(rollback))
    beside = verbs.add_parser("shadow", help="try a draft beside the policy in force; without DIR: what it would do")
    beside.add_argument("folder", type=Path, nargs="?", default=None, metavar="DIR")
    beside.add_argument("--stop", action="store_true", help="end the trial")
    _person(beside, required=False)
    beside.set_defaults(run=_with_desk(shadow))
    past = verbs.add_parser("history", help="which policy was in force when, and what is planned")
    past.set_defaults(run=_with_desk(history))


def _person(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument("--as", dest="email", default="", required=required, metavar="EMAIL", help="who does it")


def _with_desk(command: Callable[[argparse.Namespace, datetime], None]) -> Callable[[argparse.Namespace], int]:
    """The command on the desk's database; what it refuses becomes a sentence and the exit code 1."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            with database():
                from gatepost.people.authority import NotAllowed
                from gatepost.rulebook.actions import NoPolicy, NotNow, Untested

                try:
                    command(arguments, datetime.now(UTC))
                except (NotAllowed, NoPolicy, NotNow, Untested, Wrong, *WRONG) as error:
                    print(error, file=sys.stderr)
                    return 1
        except EXPECTED as error:
            print(error, file=sys.stderr)
            return 1
        return 0

    return run


def _user(email: str) -> User:
    from gatepost.people.models import User

    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise Wrong(f"Nobody on this desk has the address {email or '(none given)'}. Say who you are with --as EMAIL.")
    return person


def adopt(arguments: argparse.Namespace, now: datetime) -> None:
    from gatepost.rulebook import actions

    pack = pack_at(arguments.folder)
    starts = starts_of(arguments.starts, pack)
    try:
        before: Pack | None = actions.in_force(now)
    except actions.NoPolicy:
        before = None
    person = _user(arguments.email)
    actions.adopt(pack, by=person, at=now, starts=starts)
    when = _when(starts, pack) if starts else "now"
    print(f"{pack.title}, version {pack.version}, is in force from {when}. All {len(pack.examples)} examples hold.")
    print(f"Digest {pack.digest[:_SHORT]}")
    if before is not None:
        print(told(diff(before, pack), before, pack)[-1])
        for wording in pack.wordings.values():
            was = before.wordings.get(wording.id)
            if was is None or was.text != wording.text:
                print(f"The wording “{wording.title}” is new or changed: it needs its standing sign-off.")
    _tell_of_roles(pack, person, now)


def _tell_of_roles(pack: Pack, person: User, now: datetime) -> None:
    from gatepost.people.models import Holding

    for taken in Holding.objects.filter(person=person, starts=now).select_related("role"):
        print(f"You hold the role “{taken.role.title}” from now on: nobody on the desk held one like it.")
    roles = [role.id for role in pack.roles.values() if role.signs_off]
    if not Holding.objects.filter(role_id__in=roles, person__is_active=True).exclude(until__lte=now).exists():
        titles = ", ".join(pack.roles[role].title for role in roles)
        print(f"Nobody on the desk holds a role that signs off under it ({titles}): you take it when it begins.")


def starts_of(text: str, pack: Pack) -> datetime | None:
    """A date or time as the policy's own country reads it; None when there is none. Raises Wrong."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong(f"{text!r} is not a date or time. Write it like 2027-01-04, or 2027-01-04T09:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(pack.hours.timezone))


def withdraw(arguments: argparse.Namespace, now: datetime) -> None:
    from gatepost.rulebook import actions
    from gatepost.rulebook.models import Adoption

    person = _user(arguments.email)
    planned = (
        Adoption.objects.planned(now).filter(pack__digest__startswith=arguments.digest).select_related("pack").first()
    )
    if planned is None:
        raise Wrong("No such adoption is planned. See what is: gatepost policy history.")
    actions.withdraw(planned, by=person, at=now)
    print(f"Called off: {planned.pack}. What is in force stays in force.")


def rollback(arguments: argparse.Namespace, now: datetime) -> None:
    from gatepost.rulebook import actions

    version = actions.roll_back(by=_user(arguments.email), at=now, to=arguments.to)
    print(f"{version.title}, version {version.version}, is in force again. Digest {version.digest[:_SHORT]}")


def shadow(arguments: argparse.Namespace, now: datetime) -> None:
    from gatepost.rulebook import shadow as rulebook
    from gatepost.rulebook.models import Shadow

    if arguments.folder is not None and arguments.stop:
        raise Wrong("Give a folder to try, or --stop to end the trial, not both.")
    if arguments.folder is not None:
        pack = pack_at(arguments.folder)
        rulebook.start(pack, by=_user(arguments.email), at=now)
        print(
            f"{pack.title}, version {pack.version}, runs beside the policy in force. Nothing comes of it but figures."
        )
        print("See them with: gatepost policy shadow. End it with: gatepost policy shadow --stop --as EMAIL")
        return
    if arguments.stop:
        found: Shadow | None = rulebook.stop(by=_user(arguments.email), at=now)
    else:
        found = Shadow.objects.select_related("pack").order_by("-active", "-pk").first()
    if found is None:
        raise Wrong("No draft has been tried yet. Try one with: gatepost policy shadow DIR --as EMAIL")
    print("\n".join(_compared(found)))


def _compared(shadow: Any) -> list[str]:
    from gatepost.inbox.models import Message
    from gatepost.rulebook.shadow import comparison

    result = comparison(shadow, examples=5)
    state = "runs since" if shadow.active else f"ran until {shadow.ended_at:%-d %B %Y, %H:%M} UTC, from"
    lines = [f"{shadow.pack} {state} {shadow.at:%-d %B %Y, %H:%M} UTC."]
    lines.append(f"{result.otherwise:,} of {result.decided:,} messages would have been decided otherwise.")
    if result.failed:
        lines.append(f"{result.failed:,} messages could not be decided by the draft. The log says why.")
    for field, count in sorted(result.fields.items(), key=lambda pair: -pair[1]):
        lines.append(f"  {count:>7,}  {FIELD_WORDS[field]}")
    for clause, count in sorted(result.clauses.items()):
        lines.append(f"  {count:>7,}  {clause or 'no clause'}")
    if result.examples:
        shown = Message.objects.filter(decision__in=result.examples).order_by("-pk")
        lines.append(f"For example {', '.join(message.subject for message in shown)}.")
    return lines


def history(arguments: argparse.Namespace, now: datetime) -> None:
    from gatepost.people.models import User
    from gatepost.rulebook.models import Adoption

    rows = list(Adoption.objects.select_related("pack").order_by("-in_force_from", "-pk"))
    if not rows:
        raise Wrong("No policy has been adopted yet. Run: gatepost up")
    names = {person.actor: person.name for person in User.objects.all()}
    current = Adoption.objects.begun(now).first()
    for row in rows:
        state = "withdrawn" if row.withdrawn_at else "planned" if row.in_force_from > now else ""
        state = "in force" if current is not None and row.pk == current.pk else state
        who = names.get(row.by, row.by)
        since = f"{row.in_force_from:%Y-%m-%d %H:%M} UTC"
        print(f"{since}  {row.pack_id[:_SHORT]}  {state:<9}  {row.pack.title}, version {row.pack.version}, by {who}")


def _when(moment: datetime, pack: Pack) -> str:
    return f"{moment.astimezone(ZoneInfo(pack.hours.timezone)):%H:%M on %A %-d %B %Y}"
