"""Who is on duty: new messages nobody has go to them in turn."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gatepost.channels.models import Channel
from gatepost.inbox import assigning
from gatepost.inbox.models import Duty
from gatepost.people.authority import approves_staff
from gatepost.people.models import User
from gatepost.policy.model import LABELS
from gatepost.policy.topics import topic_title, topics_of
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.inbox.words import word_of
from gatepost.web.permission import needs


@needs("reader")
@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest) -> HttpResponse:
    """Who is on duty now and next; somebody goes on duty."""
    now, person = timezone.now(), me(request)
    if request.method == "GET":
        return render(request, "desk/duty.html", _context(person, now))
    form = request.POST
    try:
        who = User.objects.filter(pk=number(form.get("person", "")) or person.pk).first()
        if who is None:
            raise Unclear("Choose who is on duty.", "person")
        starts = _moment(form.get("day", ""), form.get("from", ""), "day")
        until = _moment(form.get("last", "") or form.get("day", ""), form.get("to", ""), "last")
        made = assigning.go_on_duty(
            who,
            starts=starts,
            until=until,
            labels=[label for label in form.getlist("label") if label in LABELS],
            topics=[topic for topic in form.getlist("topic") if topic in topics_of(in_force(now))],
            channels=[number(one) for one in form.getlist("channel")],
            by=person,
            at=now,
        )
    except ERRORS as error:
        return refused(request, "desk/duty.html", {**_context(person, now), "given": form.dict()}, error, field="day")
    when = timezone.localtime(made.starts)
    return done(request, f"{who.name} is on duty from {when:%H:%M on %-d %B}.", "desk_duty")


def _context(person: User, now: datetime) -> dict[str, object]:
    rows = Duty.objects.filter(ended_at=None, until__gt=now).select_related("person").order_by("starts", "pk")
    names = dict(Channel.objects.values_list("pk", "name"))
    officer = approves_staff(person, now)
    today = timezone.localdate(now)
    return {
        "rows": [
            {
                "duty": row,
                "now": row.starts <= now,
                "labels": [word_of(label).title for label in row.labels] + [topic_title(one) for one in row.topics],
                "channels": [names.get(one, "?") for one in row.channels],
                "may_end": officer or row.person_id == person.pk,
            }
            for row in rows
        ],
        "people": assigning.colleagues(now) if officer else [person],
        "me": person,
        "labels": [word_of(label) for label in LABELS],
        "topics": [(topic, topic_title(topic)) for topic in topics_of(in_force(now))],
        "channels": Channel.objects.filter(state="live").order_by("name"),
        "given": {"day": today.isoformat(), "last": today.isoformat(), "from": "09:00", "to": "17:00"},
        "now": now,
        "week": today + timedelta(days=7),
    }


def _moment(day: str, hour: str, field: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), timezone.get_current_timezone())
    except ValueError as error:
        raise Unclear("Give a day and a time, such as 09:00.", field) from error


@needs("reader")
@require_POST
def end_duty(request: HttpRequest, duty: int) -> HttpResponse:
    one = get_object_or_404(Duty.objects.select_related("person"), pk=duty)
    try:
        assigning.go_off_duty(one, by=me(request), at=timezone.now())
    except ERRORS as error:
        return refused(request, "desk/duty.html", _context(me(request), timezone.now()), error)
    return done(request, f"{one.person.name} is off duty. What they have stays with them.", "desk_duty")
