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
from django.db.models import Count, F, Max, Q, QuerySet

from gatepost import jobs
from gatepost.channels.actions import require_reader
from gatepost.inbox.alarms import USUAL, clause_of, taken, taken_together
from gatepost.inbox.models import Alarm, AlarmCall, AlarmLink, CallLine
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import Conflict
from gatepost.networks.calling import TYPES, Format, TemplateRefused, body_of, template_problem
from gatepost.networks.handing_over import Never, NotYet, address_problem, deliver, host_of
from gatepost.people.actions import hashed
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.policy.clocks import is_open
from gatepost.rulebook.actions import in_force
from gatepost.vault import VaultError, lock

MOST_CALLS = 200  # about one alarm, that the service took: beyond these, ringing helps nobody
SOONEST = timedelta(minutes=1)  # between two calls to one phone, however grave
LONGEST = timedelta(days=14)  # after which a link in an old e-mail does nothing
TEXT = {
    "person": "Somebody may be in danger. A message on {channel} waits{more}. Open this, say you have it: {link}",
    "place": "It may be an emergency in a home. A message on {channel} waits{more}. Open this, say you have it: {link}",
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
    _require_whole(what, title, url, template)
    key = secrets.token_urlsafe(32)
    known = {"key": key, "authorisation": what.authorisation.strip(), "url": url, "template": template}
    known |= {"first": what.first.strip(), "deputy": what.deputy.strip()}
    made = CallLine.objects.create(
        title=title,
        host=host_of(url),
        form=what.form,
        secret=lock(known, settings.DATA),
        allow_private=what.allow_private,
        at_night_only=what.at_night_only,
        has_deputy=bool(what.deputy.strip()),
        every=what.every,
        deputy_after=what.deputy_after,
        made_by=by,
        at=at,
    )
    clause, detail = clause_of(in_force(at)), {"every": what.every, "at_night_only": what.at_night_only}
    record("on_call.connected", f"call_line:{made.pk}", by=by, at=at, clauses=[clause], detail=detail)
    return made, key


def _require_whole(what: Line, title: str, url: str, template: str) -> None:
    """Raises InboxError, with the field that is to blame."""
    if not title:
        raise InboxError("Give the line a name.", "title")
    if len(url) > 400:
        raise InboxError("This address is longer than 400 characters.", "url")
    if problem := address_problem(url, allow_private=what.allow_private):
        raise InboxError(problem.replace("the case", "the number"), "url")
    if not what.first.strip():
        raise InboxError("Enter the number of the on-call phone.", "first")
    for field, number in (("first", what.first), ("deputy", what.deputy)):
        if len(number) > 60 or any(sign in number for sign in "\r\n\x00"):
            raise InboxError("A number has at most 60 characters.", field)
    if len(what.authorisation) > 1000 or not what.authorisation.isascii() or "\n" in what.authorisation.strip():
        says = "The authorisation is one line of at most 1,000 plain letters, such as Bearer and a key."
        raise InboxError(says, "authorisation")
    for field, minutes, most in (("every", what.every, 60), ("deputy_after", what.deputy_after, 240)):
        if not 1 <= minutes <= most:
            raise InboxError("Call again after 1 to 60 minutes, and the deputy after 1 to 240.", field)
    if problem := template_problem(template, what.form):
        raise InboxError(problem, "template")


@transaction.atomic
def end_line(line: CallLine, *, by: User, at: datetime) -> None:
    """Nothing more goes there; its key, address, body and numbers are forgotten."""
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


def waiting(at: datetime) -> QuerySet[Alarm]:
    """Alarms that nobody has taken, as long as their links still do something."""
    return Alarm.objects.filter(taken_at=None, at__gt=at - LONGEST)


def ring(*, by: Actor, at: datetime) -> int:
    """Asks for the calls that are due about alarms that nobody has taken. Returns how many."""
    if not waiting(at).exists():
        return 0
    closed = not is_open(at, in_force(at).hours)
    return sum(_ring(line, by=by, at=at) for line in lines() if closed or not line.at_night_only)


@transaction.atomic
def _ring(line: CallLine, *, by: Actor, at: datetime) -> int:
    """One call to each phone of the line at most: how often a phone rings must not be in the hands of strangers."""
    if not CallLine.objects.select_for_update().filter(pk=line.pk, ended_at=None).exists():
        return 0
    asked = 0
    for who in ("first", "deputy") if line.has_deputy else ("first",):
        alarm = _due(line, who, at)
        if alarm is None:
            continue
        made = AlarmCall.objects.create(alarm=alarm, line=line, who=who, at=at)
        jobs.enqueue(jobs.Job.RING, call=made.pk)
        detail = {"alarm": alarm.pk, "line": line.pk, "whom": [who]}
        clause = clause_of(in_force(at))
        record("alarm.rung", f"message:{alarm.message_id}", by=by, at=at, clauses=[clause], detail=detail)
        asked += 1
    return asked


def _due(line: CallLine, who: str, at: datetime) -> Alarm | None:
    """The alarm that this phone is called about now: one it has not heard of, the gravest and newest first; else the
    one whose last call is longest ago. Within the line's minutes only what is graver than all it has heard of."""
    last = AlarmCall.objects.filter(line=line, who=who, alarm__isnull=False).aggregate(last=Max("at"))["last"]
    if last is not None and last > at - SOONEST:
        return None
    ours = Q(calls__line=line)
    rows = waiting(at).annotate(
        heard=Count("calls", filter=ours & Q(calls__taken_at__isnull=False)),
        last=Max("calls__at", filter=ours & Q(calls__who=who)),
    )
    rows = rows.filter(heard__lt=MOST_CALLS)
    if who == "deputy":
        rows = rows.filter(at__lte=at - timedelta(minutes=line.deputy_after))
    found = rows.order_by(F("last").asc(nulls_first=True), "kind", "-at", "-pk").first()  # "person" before "place"
    if found is None or last is None or last <= at - timedelta(minutes=line.every):
        return found
    return None if found.last is not None or rows.filter(last__isnull=False, kind__lte=found.kind).exists() else found


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
        body = body_of(known["template"], _values(call, known[call.who], at), line.form)
    except (VaultError, TemplateRefused) as error:
        return _over(call, str(error), at=at)
    answer = deliver(
        known["url"],
        body,
        secret=known["key"],
        delivery=f"call-{call.pk}",
        seconds=int(at.timestamp()),
        allow_private=line.allow_private,
        kind=TYPES[line.form],
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
        more = 0
    else:
        link, about = made_link(call.alarm, call, at=at), str(call.alarm.pk)
        channel = call.alarm.message.channel.name
        others = list(waiting(at).exclude(pk=call.alarm.pk).values_list("kind", flat=True))
        kind, more = min([call.alarm.kind, *others]), len(others)  # said as grave as the gravest that waits
    text = TEXT[kind].format(channel=channel, link=link, more=f", and {more} more" if more else "")
    return {"to": number, "text": text, "link": link, "alarm": about, "kind": kind}


def made_link(alarm: Alarm, call: AlarmCall, *, at: datetime) -> str:
    """A new link that takes an alarm. Its secret is in the call alone."""
    token = secrets.token_urlsafe(24)
    AlarmLink.objects.create(alarm=alarm, token_hash=hashed(token), call=call, at=at)
    return f"{settings.PUBLIC_URL}/have/{token}/"


def found_link(token: str, *, at: datetime) -> AlarmLink | None:
    rows = AlarmLink.objects.select_related("alarm__message__channel", "alarm__taken_by", "person", "call__line")
    return rows.filter(token_hash=hashed(token), at__gt=at - LONGEST).first()


@transaction.atomic
def take_by_link(link: AlarmLink, *, name: str, at: datetime, upto: int = 0) -> None:
    """Somebody says that they have it: the person whose link it is, or by name whoever holds the phone. `upto`: the
    newest alarm they were shown, if they take all that wait. Raises Conflict when somebody was faster, InboxError
    without a name, NotAllowed when the person has left."""
    by, as_name = _taker(link, name, at)
    if not upto:
        taken(link.alarm, by=by, at=at, as_name=as_name)
    elif not taken_together(waiting(at).filter(pk__lte=upto), by=by, at=at, as_name=as_name):
        raise Conflict("Somebody has taken all of these already. Nothing was done.")


def _taker(link: AlarmLink, name: str, at: datetime) -> tuple[Actor, str]:
    if link.person is not None:
        require_reader(link.person, at)
        return link.person, ""
    if link.call is None:  # the table lets no such link be
        raise InboxError("This link is nobody’s. Ring a colleague.")
    name = " ".join(name.replace("\x00", "").split())[:80]
    if not name:
        raise InboxError("Write your name, so that the others know who has it.", "name")
    return _ByPhone(link.call.line_id), f"{name}, by {link.call.get_who_display().lower()}"
