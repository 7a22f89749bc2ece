"""Work on messages, one or many ticked in the list: given, labelled, put off, closed; undone; joined and parted."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages as said
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gatepost.inbox import changes, joining
from gatepost.inbox.changes import Done, Wish
from gatepost.inbox.labels import make_label
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Change, Label, Message
from gatepost.people.models import User
from gatepost.web.desk.facts import DID
from gatepost.web.desk.until import until_of
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused, see
from gatepost.web.frame.who import me
from gatepost.web.inbox.drafting import Draft
from gatepost.web.inbox.page import conversation_context, list_context
from gatepost.web.inbox.views import found
from gatepost.web.permission import needs


def back_to(request: HttpRequest) -> str:
    """Where the form was: a page of the inbox, never an address from elsewhere."""
    given = request.POST.get("back", "")
    inside = given.startswith(reverse("inbox")) and "\\" not in given and "\n" not in given
    return given if inside else reverse("inbox")


def again(
    request: HttpRequest, error: Exception, *, message: Message | None, title: str = "", draft: Draft | None = None
) -> HttpResponse:
    """The page the form stood on, with what went wrong on top."""
    now = timezone.now()
    person = me(request)
    title = title or "This was not done"
    given = {"given": request.POST.dict(), "ticked": set(request.POST.getlist("message"))}
    if message is None:
        query = QueryDict(back_to(request).partition("?")[2]).dict()
        context = {**list_context(Filter.of(query, me=person.pk), person=person, at=now), **given}
        return refused(request, "inbox/list.html", context, error, title=title)
    message = found(message.pk)
    context = {
        **list_context(Filter(me=person.pk), person=person, at=now),
        **conversation_context(request, message, at=now, draft=draft),
        **given,
    }
    return refused(request, "inbox/conversation.html", context, error, title=title)


@needs("reader")
@require_POST
def do_it(request: HttpRequest) -> HttpResponse:
    """One thing done to the messages chosen; what could not be done is said beside what was."""
    now, person = timezone.now(), me(request)
    numbers = [number(one) for one in request.POST.getlist("message")][: changes.MOST + 1]
    chosen = list(Message.objects.filter(pk__in=numbers).select_related("channel").order_by("pk"))
    alone = chosen[0] if request.POST.get("alone") and chosen else None
    try:
        came = changes.do(_wish(request, person, now), chosen, by=person, at=now)
    except ERRORS as error:
        return again(request, error, message=alone)
    _tell(request, DID.get(request.POST.get("verb", ""), "Done"), came)
    return see(reverse("message", args=[alone.pk]) if alone else back_to(request))


def _wish(request: HttpRequest, person: User, now: datetime) -> Wish:
    form = request.POST
    verb = form.get("verb", "")
    if verb == "take":
        return Wish("assign", person=person)
    if verb == "release":
        return Wish("assign", person=None)
    if verb == "assign":
        to = User.objects.filter(pk=number(form.get("person", "")), is_active=True).first()
        if to is None:
            raise Unclear("Choose who gets it.", "person")
        return Wish("assign", person=to)
    if verb in ("label", "unlabel"):
        name = form.get("label", "").strip()
        if not name:
            raise Unclear("Give a label first.", "label")
        if verb == "label":
            return Wish(verb, label=make_label(name, by=person, at=now))
        known = Label.objects.filter(name__iexact=name).order_by("-pk").first()
        if known is None:
            raise Unclear(f"There is no label “{name[:40]}”.", "label")
        return Wish(verb, label=known)
    if verb == "snooze":
        return Wish(verb, until=until_of(form.dict(), now))
    return Wish(verb, because=form.get("because", "").replace("\x00", ""))


def _tell(request: HttpRequest, words: str, came: Done) -> None:
    count = len(came.changed)
    if not came.changed and not came.refused:
        said.info(request, "Nothing had to change: it was so already.")
        return
    text = f"{words}: {count} message{'' if count == 1 else 's'}."
    if came.refused:
        rest = len(came.refused)
        text += f" {rest} stayed as {'it was' if rest == 1 else 'they were'}: {next(iter(came.refused.values()))}"
    said.success(request, text)


@needs("reader")
@require_POST
def undo_it(request: HttpRequest, change: int) -> HttpResponse:
    """Puts back what was done, where nothing has changed since."""
    one = get_object_or_404(Change, pk=change)
    try:
        came = changes.undo(one, by=me(request), at=timezone.now())
    except ERRORS as error:
        return again(request, error, message=None)
    _tell(request, "Undone", came)
    return see(back_to(request))


@needs("reader")
@require_POST
def merge_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Joins this conversation to that of another message, named by its number."""
    message = found(pk)
    try:
        into = Message.objects.filter(pk=number(request.POST.get("into", ""))).first()
        if into is None:
            raise Unclear("Choose the conversation it belongs to.", "into")
        joining.merge(message, into, by=me(request), at=timezone.now())
    except ERRORS as error:
        return again(request, error, message=message)
    return done(request, "Joined: this is one conversation now. What they write next comes here too.", "message", pk)


@needs("reader")
@require_POST
def split_it(request: HttpRequest, pk: int) -> HttpResponse:
    """From this message on it is another matter."""
    message = found(pk)
    try:
        joining.split(message, by=me(request), at=timezone.now())
    except ERRORS as error:
        return again(request, error, message=message)
    return done(request, "Parted: from this message on it is a conversation of its own.", "message", pk)
