"""A message too long for the conversation's page, to its last word."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.inbox.exposure import covered_for, open_until, why_covered
from gatepost.inbox.intake_models import Version
from gatepost.inbox.masking import spans_of
from gatepost.inbox.models import Reveal
from gatepost.policy.model import Span
from gatepost.web.frame.given import number
from gatepost.web.frame.who import me
from gatepost.web.inbox.thread import shown_spans
from gatepost.web.inbox.views import found
from gatepost.web.permission import needs


@needs("reader")
@require_safe
def whole(request: HttpRequest, pk: int) -> HttpResponse:
    """All its words, masked and covered as in the conversation; with ?version= the words of an earlier version."""
    message, person, at = found(pk), me(request), timezone.now()
    text: str = message.text
    spans: Sequence[Span] = shown_spans(message)
    earlier, why = None, why_covered(message)
    if asked := request.GET.get("version", ""):
        versions = Version.objects.select_related("decision").filter(message=message, what="said")
        earlier = get_object_or_404(versions, pk=number(asked))
        kept = spans_of(earlier.decision.spans if earlier.decision else [])
        why = covered_for(earlier.decision.decided) if earlier.decision else why
        text, spans = earlier.text, [span for span in kept if span.label == "personal_details"]
    shown = Reveal.objects.filter(message=message, person=person, until__gt=at)
    until = shown.order_by("-until").values_list("until", flat=True).first()
    context = {
        "message": message,
        "earlier": earlier,
        "text": text,
        "size": f"{len(text):,}",
        "spans": spans,
        "mask": until is None,
        "until": until,
        "details": any(span.label == "personal_details" for span in spans),
        "covered": "" if message.pk in open_until([message], person, at) else why,
    }
    return render(request, "intake/whole.html", context)
