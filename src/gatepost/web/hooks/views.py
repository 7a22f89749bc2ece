"""Where networks call us. A call is proven over its raw bytes before anything of it is kept or looked at."""

from __future__ import annotations

import hmac
import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gatepost.channels.models import Channel
from gatepost.networks.client import BadAccount
from gatepost.networks.x_webhooks import AnswersQuestion
from gatepost.vault import VaultError
from gatepost.web.hooks.door import BODY_LIMIT, LISTENS, Call, connector_of, keep, listener, unproven
from gatepost.web.permission import needs

ANSWERS = (*LISTENS, "proposed")  # the question whether the address is ours is asked when an account is connected

logger = logging.getLogger("gatepost.hooks")


def say(status: int, words: str) -> HttpResponse:
    return HttpResponse(words + "\n", status=status, content_type="text/plain; charset=utf-8")


@needs("signature")
@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: a network tells us that there is something to read. GET: it asks whether this address is ours."""
    channel = Channel.objects.filter(pk=pk, state__in=ANSWERS if request.method == "GET" else LISTENS).first()
    if channel is None:
        return say(404, "No channel of this desk listens here.")
    return _challenge(request, channel) if request.method == "GET" else _delivery(request, channel)


def _challenge(request: HttpRequest, channel: Channel) -> HttpResponse:
    try:
        account = channel.account()
        network = connector_of(account)
    except (VaultError, BadAccount):
        return say(503, "This desk cannot open the channel's credentials now.")
    if isinstance(network, AnswersQuestion):
        return _answer(channel, network.answer_to(request.GET.dict()))
    token = account.credentials.get("verify_token", "")
    given = request.GET.get("hub.verify_token", "")
    right = bool(token) and hmac.compare_digest(given.encode(), token.encode())
    if not right or request.GET.get("hub.mode") != "subscribe":
        logger.warning("A webhook of channel %d was asked for with a wrong verify token.", channel.pk)
        return say(403, "The verify token is not the one of this channel.")
    challenge = request.GET.get("hub.challenge", "")[:200]
    return HttpResponse(challenge, content_type="text/plain; charset=utf-8")


def _answer(channel: Channel, words: str) -> HttpResponse:
    if not words:
        logger.warning("A webhook of channel %d was asked for and could not be answered.", channel.pk)
        return say(403, "Nothing was asked that this desk can answer. Enter the API secret key of the channel's app.")
    return HttpResponse(words, content_type="application/json")


def _delivery(request: HttpRequest, channel: Channel) -> HttpResponse:
    """As door.Door does it in the web process, for a server that calls Django alone."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdecimal() and int(declared) > BODY_LIMIT:
        return say(413, "A call may have at most 1 MB.")
    body = request.read(BODY_LIMIT + 1)
    if len(body) > BODY_LIMIT:
        return say(413, "A call may have at most 1 MB.")
    here = listener(channel.pk)
    if here.network is None:
        return say(here.status, here.words)
    if not here.network.signature_is_valid(body, dict(request.headers)):
        return say(*unproven(channel.pk))
    keep([Call(channel.pk, body, timezone.now())])
    return say(200, "Taken.")
