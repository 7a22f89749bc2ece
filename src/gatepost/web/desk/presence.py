"""Who has a message open: said by the page every 20 seconds, and shown to colleagues."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gatepost.inbox import presence
from gatepost.inbox.models import Message
from gatepost.web.frame.who import me
from gatepost.web.permission import needs


@needs("reader")
@require_POST
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """This person reads it ("doing" empty), answers it ("replying") or has left it ("gone")."""
    message = get_object_or_404(Message.objects.only("pk"), pk=pk)
    doing = request.POST.get("doing", "")
    if doing == "gone":
        presence.gone(message, by=me(request), at=timezone.now())
    else:
        presence.here(message, replying=doing == "replying", by=me(request), at=timezone.now())
    return HttpResponse(status=204)


@needs("reader")
@require_GET
def who(request: HttpRequest, pk: int) -> HttpResponse:
    """The line that says who else is here."""
    message = get_object_or_404(Message.objects.only("pk"), pk=pk)
    return render(request, "desk/who.html", {"presences": presence.others_at(message, me(request), timezone.now())})
