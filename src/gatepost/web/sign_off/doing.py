"""What people do on the page of an act that waits: sign, decline, suggest, ask somebody outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from gatepost.gate import outside, proofs, series, suggesting
from gatepost.gate.models import Act, Invitation, StandingSignOff, Suggestion
from gatepost.people.models import User
from gatepost.publishing.suggested import take
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import Unclear
from gatepost.web.sign_off.group import decline_together, sign_together
from gatepost.web.write.form import zone
from gatepost.web.write.when import WhenError, read

# What is done, and the id of the field that mends a problem with it.
VERBS = {
    "sign": "",
    "decline": "why",
    "suggest": "words",
    "take": "",
    "leave": "",
    "ask": "outside-email",
    "revoke": "",
}
TO_THE_QUEUE = ("sign", "decline")


def host_of(request: HttpRequest) -> str:
    """The name in the browser's address, without the port: what passkeys are made for."""
    return request.get_host().partition(":")[0]


def do(request: HttpRequest, wish: str, acts: Sequence[Act], *, by: User, at: datetime) -> str:
    """Does it and says so. Raises what the actions raise."""
    given = request.POST
    match wish:
        case "sign":
            return _sign(request, acts, by=by, at=at)
        case "decline":
            decline_together(acts, reason=given.get("reason", ""), by=by, at=at)
            return f"Declined. {acts[0].author.name} sees why."
        case "suggest":
            return _suggest(request, acts, by=by, at=at)
        case "take" | "leave":
            return _settle(acts, wish, by=by, at=at)
        case "ask":
            return _ask(request, acts, by=by, at=at)
    asked = Invitation.objects.filter(pk=number(given.get("invitation", "")), act__in=acts).first()
    if asked is None:
        raise Unclear("There is no such request any more. Nothing was changed.")
    outside.revoke(asked, by=by, at=at)
    return f"{asked.name} is no longer asked. The link does not work any more."


def end_repeats(request: HttpRequest, *, by: User, at: datetime) -> str:
    """Takes back what was signed ahead. Raises Unclear, NotAllowed."""
    rows = StandingSignOff.objects.filter(content__isnull=False)
    given = rows.filter(pk=number(request.POST.get("standing", ""))).first()
    if given is None:
        raise Unclear("There is nothing signed ahead under this number. Nothing was changed.")
    series.end(given, by=by, at=at)
    return "Taken back. What comes again is signed by itself from now on."


def shown_digests(request: HttpRequest, acts: Sequence[Act]) -> dict[str, str]:
    """The digest of each act as this form showed it; "" for one that was shown and is not in the group any more."""
    named = {name[7:]: digest for name, digest in request.POST.items() if name.startswith("digest.")}
    here = {str(act.pk) for act in acts}
    return {key: str(digest) if key in here else "" for key, digest in named.items()}


def _sign(request: HttpRequest, acts: Sequence[Act], *, by: User, at: datetime) -> str:
    digests = shown_digests(request, acts)
    answer = request.POST.get("passkey", "")
    with transaction.atomic():
        proof = None
        if answer:
            proof = proofs.prove(list(digests.values()), answer, host=host_of(request), by=by, at=at)
        sign_together(acts, digests, by=by, at=at, proof=proof)
        until = _until(request, at)
        if until is not None:
            for act in acts:
                series.sign_ahead(act, until=until, by=by, at=at)
    if until:
        return f"Signed off, and the same again until {timezone.localtime(until):%-d %B %Y}."
    still = Act.objects.filter(pk__in=[act.pk for act in acts], state="to_sign_off").exists()
    if still:
        return "Signed. Others have to sign it too before it goes out."
    leaves = "It goes out at its time." if acts[0].content.get("not_before") else "It is on its way."
    return f"Signed off. {leaves}"


def _until(request: HttpRequest, at: datetime) -> datetime | None:
    """The end of the day up to which repeats are signed ahead; None when none are. Raises Unclear."""
    words = request.POST.get("until", "").strip()[:60]
    if not words:
        return None
    try:
        return read(f"{words} 23:59", now=at, zone=zone()).moment
    except WhenError as error:
        raise Unclear(str(error), "until") from error


@transaction.atomic
def _suggest(request: HttpRequest, acts: Sequence[Act], *, by: User, at: datetime) -> str:
    digests, words = shown_digests(request, acts), request.POST.get("words", "").replace("\r\n", "\n")
    about = str(request.POST.get("about", ""))
    first = next((act for act in acts if str(act.pk) == about), acts[0])
    for act in acts:
        if act.content["text"] == first.content["text"]:
            note = request.POST.get("note", "")
            suggesting.suggest(act, words, digest=digests.get(str(act.pk), ""), note=note, by=by, at=at)
    return f"Suggested. {first.author.name} takes it or leaves it."


@transaction.atomic
def _settle(acts: Sequence[Act], wish: str, *, by: User, at: datetime) -> str:
    rows = list(Suggestion.objects.filter(act__in=acts, outcome="").select_related("act"))
    if not rows:
        raise Unclear("There is nothing suggested here any more. Nothing was changed.")
    for row in rows:
        if wish == "take":
            take(row, by=by, at=at)
        else:
            suggesting.leave(row, by=by, at=at)
    return "The suggested words are in. They wait for a sign-off." if wish == "take" else "Your own words stay."


@transaction.atomic
def _ask(request: HttpRequest, acts: Sequence[Act], *, by: User, at: datetime) -> str:
    digests = shown_digests(request, acts)
    name, email = request.POST.get("name", ""), request.POST.get("email", "")
    for act in acts:
        made = outside.invite(act, name=name, email=email, digest=digests.get(str(act.pk), ""), by=by, at=at)
    links = "a link" if len(acts) == 1 else f"{len(acts)} links, one for each channel"
    return f"{made.name} gets {links} by e-mail. Nothing goes out before they have signed."
