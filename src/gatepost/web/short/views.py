"""Our own short links, for anybody: counted, and nothing kept of who follows them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.publishing.links import followed, target_of
from gatepost.web.permission import needs


@needs("anybody")
@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """Leads on. A browser that only fetches ahead, or asks for the head alone, is not counted."""
    ahead = request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", "")
    target = target_of(code) if ahead else followed(code, at=timezone.now())
    if target is None:
        raise Http404
    answer = HttpResponseRedirect(target)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
