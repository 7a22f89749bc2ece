"""A file that hangs on a message, as a browser may have it: a picture is shown, anything else is taken away."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from gatepost.inbox import attachments
from gatepost.inbox.intake_models import Attachment
from gatepost.ledger.actions import Actor

SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")


def served(found: Attachment, *, by: Actor, at: datetime) -> HttpResponse:
    """Whoever looks is kept in the record."""
    try:
        data = attachments.open_one(found, by=by, at=at)
    except OSError as error:
        raise Http404 from error
    shown = found.mime in SHOWN
    answer = HttpResponse(data, content_type=found.mime if shown else "application/octet-stream")
    name = found.name or f"attachment-{found.pk}"
    answer["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
