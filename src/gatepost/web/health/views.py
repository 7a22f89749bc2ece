"""For a monitor outside: is somebody sending? Figures alone, no words and no names."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.channels.models import Channel
from gatepost.gate.beats import pulse
from gatepost.web.permission import needs


@needs("anybody")
@require_safe
def sending_health(request: HttpRequest) -> JsonResponse:
    """200 while a worker gives signs of life, 503 when none has for a minute although a channel is live."""
    at = timezone.now()
    now = pulse(at)
    silent = not now.alive and Channel.objects.filter(state="live").exists()
    told = {
        "sending": now.alive,
        "workers": now.workers,
        "last_sign_of_life": now.last,
        "last_sweep": now.swept,
        "due_and_not_left": now.queue,
        "next_due": now.next_due,
    }
    return JsonResponse(told, status=503 if silent else 200)
