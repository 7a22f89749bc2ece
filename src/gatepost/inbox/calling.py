"""An alarm rings: the on-call phone at once and again every few minutes, then the deputy's too, until somebody has it.

A call holds no word of a message and no name: that somebody may be in danger, and a link. Opening the link shows when
and on which channel the message came; "I have it" takes the alarm, without an account.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from gatepost import jobs
from gatepost.inbox.alarms import USUAL, clause_of, digest_of, take, taken
from gatepost.inbox.models import Alarm, AlarmCall, AlarmLink, CallLine
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import Actor, record
from gatepost.networks.calling import TYPES, Format, TemplateRefused, body_of, template_problem
from gatepost.networks.handing_over import Never, NotYet, address_problem, deliver
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.policy.clocks import is_open
from gatepost.rulebook.actions import in_force
from gatepost.vault import VaultError, lock

AT_ONCE = 50  # alarms looked at in one go
MOST_CALLS = 200  # about one alarm: beyond these, ringing helps nobody
LONGEST = timedelta(days=14)  # after which a link in an old e-mail does nothing
TEXT = {
    "person": "Somebody may be in danger. A message on {channel} waits for you. Open this and say you have it: {link}",
    "place": "It may be an emergency in a home. A message on {channel} waits. Open this and say you have it: {link}",
    "trial": "This is a trial of the on-call line of {channel}. Nobody is in danger, and nothing is to be done.",
}


class CallFailed(Exception):
    """The service did not take a call this time; the job tries again."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as somebody names it. `authorisation`: the service's own header, such as "Bearer …", if it asks for one.
    `first`, `deputy`: numbers as the service wants them."""

    title: str
    url: str
    first: str
    deputy: str = ""
    template: str = ""
    form: Format = "json"
    authorisation: str = ""
    allow_private: bool = False
    at_night_only: bool = False
    every: int = 5
    deputy_after: int = int(USUAL.total_seconds() // 60)


class _ByPhone:
    """Whoever holds a link that only a phone was sent."""

    def __init__(self, line: int) -> None:
        self.actor = f"on_call:{line}"


@transaction.atomic
def connect_line(what: Line, *, by: User, at: datetime) -> tuple[CallLine, str]:
    """Somebody who signs off names a service that rings or texts. Returns it with the key by which the service can
    check that a call is the desk's; it is shown this once. Raises InboxError."""
    require_sign_off(by, at)
    title, url, template = " ".join(what.title.split())[:120], what.url.strip(), what.template.strip()
    if problem := _problem(what, title, url, template):
        raise InboxError(problem)
    key = secrets.token_urlsafe(32)
    known = {"key": key, "authorisation": what.authorisation.strip(), "first": what.first.strip()}
    made = CallLine.objects.create(
        title=title,
        url=url,
        form=what.form,
        template=template,
        secret=lock(known | {"deputy": what.deputy.strip()}, settings.DATA),
        allow_private=what.allow_private,
        at_night_only=what.at_night_only,
        every=what.every,
        deputy_after=what.deputy_after,
        made_by=by,
        at=at,
    )
    clause, detail = clause_of(in_force(at)), {"every": what.every, "at_night_only": what.at_night_only}
    record("on_call.connected", f"call_line:{made.pk}", by=by, at=at, clauses=[clause], detail=detail)
    return made, key


def _problem(what: Line, title: str, url: str, template: str) -> str:
    if not title:
        return "Give the line a name."
    if len(url) > 400:
        return "This address is longer than 400 characters."
    if problem := address_problem(url, allow_private=what.allow_private):
        return problem.replace("the case", "the number")
    if not what.first.strip():
        return "Enter the number of the on-call phone."
    if any(len(number) > 60 or any(sign in number for sign in "\r\n\x00") for number in (what.first, what.deputy)):
        return "A number has at most 60 characters."
    if len(what.authorisation) > 1000 or not what.authorisation.isascii() or "\n" in what.authorisation.strip():
        return "The authorisation is one line of at most 1,000 plain letters, such as Bearer and a key."
    if not 1 <= what.every <= 60 or not 1 <= what.deputy_after <= 240:
        return "Call again after 1 to 60 minutes, and the deputy after 1 to 240."
    return template_problem(template, what.form)


@transaction.atomic
def end_line(line: CallLine, *, by: User, at: datetime) -> None:
    """Nothing more goes there; its key and numbers are forgotten."""
    require_sign_off(by, at)
    if CallLine.objects.filter(pk=line.pk, ended_at=None).update(ended_at=at, ended_by=by, secret=b""):
        record("on_call.ended", f"call_line:{line.pk}", by=by, at=at)


def lines() -> list[CallLine]:
    """The lines that are connected now."""
    return list(CallLine.objects.filter(ended_at=None).select_related("made_by").order_by("title", "pk"))


@transaction.atomic
def try_line(line: CallLine, *, by: User, at: datetime) -> AlarmCall:
    """Rings the on-call phone with words that say it is a trial."""
    require_sign_off(by, at)
    if not CallLine.objects.filter(pk=line.pk, ended_at=None).exists():
        raise InboxError("This line is no longer connected.")
    made = AlarmCall.objects.create(line=line, who="first", at=at)
    record("on_call.tried", f"call_line:{line.pk}", by=by, at=at)
    jobs.enqueue(jobs.Job.RING, call=made.pk)
    return made


def ring(*, by: Actor, at: datetime) -> int:
    """Asks for the calls that are due about alarms that nobody has taken. Returns how many."""
    asked = 0
    rows = lines()
    if not rows:
        return 0
    closed = not is_open(at, in_force(at).hours)
    for line in rows:
        if line.at_night_only and not closed:
            continue
        lately = AlarmCall.objects.filter(alarm=OuterRef("pk"), line=line, at__gt=at - timedelta(minutes=line.every))
        due = Alarm.objects.filter(~Exists(lately), taken_at=None, at__gt=at - LONGEST).order_by("kind", "at")
        for alarm in due[:AT_ONCE]:
            asked += _ring(alarm, line, by=by, at=at)
    return asked


@transaction.atomic
def _ring(alarm: Alarm, line: CallLine, *, by: Actor, at: datetime) -> int:
    locked = Alarm.objects.select_for_update().filter(pk=alarm.pk, taken_at=None).first()
    before = AlarmCall.objects.filter(alarm=alarm, line=line)
    if locked is None or before.count() >= MOST_CALLS:
        return 0
    if before.filter(at__gt=at - timedelta(minutes=line.every)).exists():  # another worker was faster
        return 0
    whom = ["first"]
    if at - alarm.at >= timedelta(minutes=line.deputy_after):
        whom.append("deputy")
    for who in whom:
        made = AlarmCall.objects.create(alarm=alarm, line=line, who=who, at=at)
        jobs.enqueue(jobs.Job.RING, call=made.pk)
    detail = {"alarm": alarm.pk, "line": line.pk, "whom": whom}
    clause = clause_of(in_force(at))
    record("alarm.rung", f"message:{alarm.message_id}", by=by, at=at, clauses=[clause], detail=detail)
    return len(whom)


def send(call: AlarmCall, *, at: datetime) -> None:
    """One try at the service, with no transaction open while it talks. Raises CallFailed, so that the job comes again.
    Nothing is sent about an alarm that somebody has meanwhile."""
    if call.taken_at is not None or call.ended_at is not None:
        return None
    alarm, line = call.alarm, call.line
    if line.ended_at is not None or (alarm is not None and alarm.taken_at is not None):
        return _over(call, "", at=at)
    try:
        known = line.known()
        if not known.get(call.who):
            return _over(call, "No number is kept for the deputy.", at=at)
        body = body_of(line.template, _values(call, known[call.who], at), line.form)  # type: ignore[arg-type]  # checked
    except (VaultError, TemplateRefused) as error:
        return _over(call, str(error), at=at)
    answer = deliver(
        line.url,
        body,
        secret=known["key"],
        delivery=f"call-{call.pk}",
        seconds=int(at.timestamp()),
        allow_private=line.allow_private,
        kind=TYPES[line.form],  # type: ignore[index]  # one of its choices
        authorisation=known.get("authorisation", ""),
    )
    AlarmCall.objects.filter(pk=call.pk).update(tries=call.tries + 1)
    if isinstance(answer, NotYet):
        AlarmCall.objects.filter(pk=call.pk).update(says=answer.reason[:400])
        raise CallFailed(answer.reason)
    if isinstance(answer, Never):
        return _over(call, answer.reason, at=at)
    AlarmCall.objects.filter(pk=call.pk).update(taken_at=at, says="")
    return None


def _over(call: AlarmCall, says: str, *, at: datetime) -> None:
    AlarmCall.objects.filter(pk=call.pk).update(ended_at=at, says=says[:400])


def _values(call: AlarmCall, number: str, at: datetime) -> dict[str, str]:
    if call.alarm is None:
        link, kind, channel, about = f"{settings.PUBLIC_URL}/have/trial/", "trial", in_force(at).organisation, ""
    else:
        link, kind, about = made_link(call.alarm, call, at=at), call.alarm.kind, str(call.alarm.pk)
        channel = call.alarm.message.channel.name
    text = TEXT[kind].format(channel=channel, link=link)
    return {"to": number, "text": text, "link": link, "alarm": about, "kind": kind}


def made_link(alarm: Alarm, call: AlarmCall, *, at: datetime) -> str:
    """A new link that takes an alarm. Its secret is in the call alone."""
    token = secrets.token_urlsafe(24)
    AlarmLink.objects.create(alarm=alarm, token_hash=digest_of(token), call=call, at=at)
    return f"{settings.PUBLIC_URL}/have/{token}/"


def found_link(token: str, *, at: datetime) -> AlarmLink | None:
    rows = AlarmLink.objects.select_related("alarm__message__channel", "alarm__taken_by", "person", "call__line")
    return rows.filter(token_hash=digest_of(token), at__gt=at - LONGEST).first()


@transaction.atomic
def take_by_link(link: AlarmLink, *, name: str, at: datetime) -> None:
    """Somebody says that they have it: the person whose link it is, or by name whoever holds the phone. Raises Conflict
    when somebody was faster, InboxError without a name, NotAllowed when the person has left."""
    if link.person is not None:
        take(link.alarm, by=link.person, at=at)
        return
    if link.call is None:  # the table lets no such link be
        raise InboxError("This link is nobody’s. Ring a colleague.")
    name = " ".join(name.replace("\x00", "").split())[:80]
    if not name:
        raise InboxError("Write your name, so that the others know who has it.")
    where = link.call.get_who_display().lower()
    taken(link.alarm, by=_ByPhone(link.call.line_id), at=at, as_name=f"{name}, by {where}")
