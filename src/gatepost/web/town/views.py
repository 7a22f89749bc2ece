"""The practice town from the desk: its accounts, how lively it is, what goes wrong there, and closing it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.channels import actions
from gatepost.channels.models import Channel
from gatepost.people.actions import require_admin_or_approver
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.town import connect
from gatepost.web.town.client import TownError, ask

FAULTS = {
    "slow": "Answers come late",
    "rate_limit": "It asks us to wait",
    "error_500": "It fails and takes nothing",
    "error_500_after": "It takes the post, then fails",
    "lost_before": "The line breaks before the post arrives",
    "lost_after": "It takes the post, then the line breaks",
    "token_revoked": "It no longer knows our key",
    "html": "It answers with a web page",
    "deleted_elsewhere": "Somebody deletes the post elsewhere",
}
NETWORKS = {"facebook": "Facebook", "x": "X"}
BURST_LIMIT = 200


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def town(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "town/town.html", _context(request))
    try:
        require_admin_or_approver(me(request), timezone.now())
        said, to = _act(request)
    except TownError as error:
        return refused(request, "town/town.html", _context(request), Unclear(str(error)))
    except ERRORS as error:
        return refused(request, "town/town.html", _context(request), error)
    return done(request, said, to)


def _act(request: HttpRequest) -> tuple[str, str]:
    by, at, given = me(request), timezone.now(), request.POST
    match given.get("act"):
        case "connect":
            said = connect.accounts(by=by, at=at)
            return " ".join(said) or "The town has no accounts to connect.", "channels"
        case "pace":
            pace = _between(given.get("pace", ""), 0, 600, "pace")
            ask("POST", "pace", {"pace": pace})
            return (f"Residents write about {pace} messages a minute." if pace else "Residents are quiet."), "town"
        case "burst":
            count = _between(given.get("n", ""), 1, BURST_LIMIT, "n")
            ask("POST", "burst", {"n": count})
            return f"{count} messages have just been written in the town. The desk reads them in a moment.", "town"
        case "fault":
            network, kind = given.get("network", ""), given.get("kind", "")
            if network not in NETWORKS or kind not in FAULTS:
                raise Unclear("Choose where and what goes wrong.", "kind")
            count = _between(given.get("count", ""), 1, 1000, "count")
            ask("POST", "faults", {"network": network, "kind": kind, "count": count})
            times = "the next time" if count == 1 else f"the next {count} times"
            return f"{NETWORKS[network]}, {times}: {FAULTS[kind][:1].lower()}{FAULTS[kind][1:]}.", "town"
        case "faults_off":
            ask("DELETE", "faults")
            return "Everything works again in the town.", "town"
        case "close":
            if not given.get("sure"):
                raise Unclear("Tick the box to say that you mean it.", "sure")
            with transaction.atomic():
                for channel in Channel.objects.filter(practice=True).exclude(state="closed"):
                    actions.close(channel, by=by, at=at)
            return "The practice town's channels are closed. Their history stays.", "channels"
    raise Unclear("The desk does not know what to do with that.")


def _between(given: str, least: int, most: int, field: str) -> int:
    value = int(given) if given.strip().isdecimal() and len(given) < 8 else -1
    if not least <= value <= most:
        raise Unclear(f"Give a whole number from {least} to {most}.", field)
    return value


def _context(request: HttpRequest) -> dict[str, Any]:
    practice = list(Channel.objects.filter(practice=True).exclude(state="closed").order_by("name"))
    context: dict[str, Any] = {"practice": practice, "url": settings.TOWN_URL, "kinds": FAULTS, "networks": NETWORKS}
    if not settings.TOWN_URL:
        return context
    try:
        state = ask("GET", "state")
    except TownError as error:
        return {**context, "away": str(error)}
    standing = [
        {"network": NETWORKS.get(str(one.get("network")), ""), "says": FAULTS.get(str(one.get("kind")), ""), **one}
        for one in state.get("faults", [])
    ]
    return {**context, "state": state, "standing": standing, "pace": round(float(state.get("pace", 0)))}
