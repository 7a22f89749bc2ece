"""Notes on a conversation, and answers that colleagues have begun."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from gatepost.inbox.models import Note, ReplyDraft
from gatepost.inbox.notes import add_note, strike_note
from gatepost.inbox.reply_drafts import take_over_draft
from gatepost.web.desk.work import again
from gatepost.web.frame.problems import ERRORS, done
from gatepost.web.frame.who import me
from gatepost.web.inbox.views import found
from gatepost.web.permission import needs


@needs("reader")
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps a note at this message."""
    message = found(pk)
    try:
        add_note(message, request.POST.get("note_text", ""), by=me(request), at=timezone.now())
    except ERRORS as error:
        return again(request, error, message=message, title="The note was not kept")
    return done(request, "The note is kept. Nobody outside sees it.", "message", pk)


@needs("reader")
@require_POST
def strike(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Its author takes a note back."""
    message = found(pk)
    one = get_object_or_404(Note.objects.select_related("message"), pk=note, message__conversation=message.conversation)
    try:
        strike_note(one, by=me(request), at=timezone.now())
    except ERRORS as error:
        return again(request, error, message=message)
    return done(request, "The note is struck: its words are gone.", "message", pk)


@needs("reader")
@require_POST
def take_over(request: HttpRequest, pk: int, draft: int) -> HttpResponse:
    """Goes on with an answer that a colleague began."""
    message = found(pk)
    one = get_object_or_404(ReplyDraft.objects.select_related("message"), pk=draft, message=message)
    take_over_draft(one, by=me(request), at=timezone.now())
    return done(request, "What your colleague began is yours now. It stands in the box.", "message", pk)
