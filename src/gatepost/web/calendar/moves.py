"""Moving a post: what it will do to the sign-off, said before; what it did, said after; and back again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.channels.models import Channel
from gatepost.publishing.best_time import ENOUGH, suggest
from gatepost.publishing.models import Post
from gatepost.publishing.moving import Moved, foresee, move_post
from gatepost.publishing.planner import title_of
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, problem, see
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.write.form import zone
from gatepost.web.write.when import When, WhenError, clock, read


@dataclass(frozen=True, slots=True)
class Typed:
    """A day and a time as people type them. `second`: of an hour that comes twice, the one in winter time."""

    day: str
    time: str
    second: bool = False

    def read(self, now: datetime) -> When:
        """Raises Unclear."""
        try:
            found = read(f"{self.day} {self.time}", now=now, zone=zone())
        except WhenError as error:
            raise Unclear(str(error), "day") from error
        if not (found.note and self.second):
            return found
        later = found.moment.astimezone(zone()).replace(fold=1)
        return When(later.astimezone(found.moment.tzinfo), found.said, "This is the second one, in winter time.")


def typed(request: HttpRequest, post: Post) -> Typed:
    """From the fields of the form; or from `to`, a moment or a day as a slot that was dragged gives it: a day keeps
    the time the post has, or is so many hours `later` than that."""
    given = request.POST if request.method == "POST" else request.GET
    if "day" in given:
        return Typed(given.get("day", "")[:60], given.get("time", "")[:20], bool(given.get("second")))
    to = given.get("to", "")[:40]
    here = timezone.localtime(post.not_before) if post.not_before else None
    try:
        if len(to) == 10:
            day = date.fromisoformat(to)
            if here and (hours := _hours(given.get("later", ""))):
                first = here.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)
                return _shown(timezone.localtime(first + timedelta(hours=hours)))
            return Typed(f"{day.day} {day:%b %Y}", clock(here) if here else "9am", bool(here and here.fold))
        if to:
            here = timezone.localtime(datetime.fromisoformat(to.replace(" ", "+")))
    except ValueError:
        pass
    return _shown(here) if here else Typed("", "")


def _shown(here: datetime) -> Typed:
    return Typed(f"{here.day} {here:%b %Y}", clock(here), bool(here.fold))


def _hours(given: str) -> int:
    """A number of hours, at most a week on or back; 0 for anything else."""
    plain = given.removeprefix("-")
    return int(given) if plain.isascii() and plain.isdecimal() and len(plain) < 4 and int(plain) <= 168 else 0


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("author"), pk=pk)
    form, at = typed(request, post), timezone.now()
    view = request.POST.get("view") or request.GET.get("view", "")
    context: dict[str, Any] = {
        "post": post,
        "title": title_of(post),
        "form": form,
        "zone": settings.TIME_ZONE,
        "view": view[:10],
        "best": [(channel, suggest(channel, pack=in_force(at), at=at)) for channel in _channels(post)],
        "enough": ENOUGH,
    }
    if request.method != "POST" and not form.day:
        return render(request, "calendar/move.html", context)
    try:
        when = form.read(at)
        seen = foresee(post, when.moment)
        context |= {"when": when, "seen": seen, "same": when.moment == post.not_before}
        if request.method != "POST" or (seen.void and not request.POST.get("sure")):
            asked = {"asked": request.method == "POST"}
            return render(request, "calendar/move.html", {**context, **asked})
        before = post.not_before
        done = move_post(post, to=when.moment, by=me(request), at=at)
    except ERRORS as error:
        shown = problem(error, title="Not moved", field="day")
        return render(request, "calendar/move.html", {**context, "problem": shown}, status=422)
    _say(request, when, done)
    return see(f"{reverse('calendar')}?{urlencode(_after(request, post, before, done))}")


def _channels(post: Post) -> list[Channel]:
    return [variant.channel for variant in post.variants.select_related("channel")]


def _say(request: HttpRequest, when: When, done: Moved) -> None:
    words = [f"Moved to {when.said}."]
    if done.void:
        names = ", ".join(act.channel.name for act in done.void)
        words.append(f"The sign-off for {names} is void: it has to be signed again before it leaves.")
    if done.kept:
        words.append("The sign-off stays: the time lies in the window that was signed.")
    if done.left:
        words.append("What is out already stays as it is.")
    (messages.warning if done.void else messages.success)(request, " ".join(words))


def _after(request: HttpRequest, post: Post, before: datetime | None, done: Moved) -> dict[str, str]:
    """Where the calendar opens after a move, and what undoes it: `moved` to `back`."""
    view = request.POST.get("view", "")
    there = {
        "view": view if view in ("month", "day", "list") else "",
        "on": timezone.localtime(done.to).date().isoformat(),
        "moved": str(post.pk),
        "back": before.isoformat() if before else "",
    }
    return {name: value for name, value in there.items() if value}


def undone_by(request: HttpRequest) -> dict[str, Any]:
    """The post that was just moved and the time it had, for the button that puts it back; empty when there is none."""
    back = request.GET.get("back", "")[:40]
    try:
        before = datetime.fromisoformat(back)
        if before <= timezone.now():
            return {}
    except (ValueError, TypeError):
        return {}
    post = Post.objects.filter(pk=number(request.GET.get("moved", ""))).first()
    return {"moved": post, "moved_title": title_of(post), "moved_back": before} if post else {}
