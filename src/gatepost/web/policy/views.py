"""The policy page: the whole document with what each clause does here, and the standing sign-offs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gatepost.gate import standing as gate
from gatepost.gate.models import StandingSignOff
from gatepost.gate.seal import four_words
from gatepost.people.authority import require_sign_off, signs_off
from gatepost.people.models import User
from gatepost.policy.model import Wording
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import NoPolicy, in_force, pack_of
from gatepost.rulebook.models import Adoption
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.inbox.says import standing_of, valid
from gatepost.web.permission import needs
from gatepost.web.policy.notes import noon, notes, results, shares, warnings
from gatepost.web.policy.sheet import sections
from gatepost.web.policy.who import names_of

HISTORY = 5  # policies


@dataclass(frozen=True, slots=True)
class Adopted:
    """One line of the policy's history."""

    adoption: Adoption
    by: str
    words: str


def context_of(request: HttpRequest, at: datetime) -> dict[str, Any]:
    """Everything the page shows. Raises NoPolicy."""
    pack = in_force(at)
    doubts, tests = warnings(pack, noon(at)), results(pack, noon(at))
    found = notes(pack, doubts, tests)
    live = sum(note.letter not in ("P", "N") for note in found.values())
    history = adopted()
    wordings = _wordings(pack.wordings.values(), standing_of(pack, at))
    moderation = _moderation(at)
    return {
        "pack": pack,
        "sections": sections(pack),
        "notes": found,
        "shares": shares(found),
        "live": live,
        "clauses": len(found),
        "missing": [note.clause for note in found.values() if note.letter == "N"],
        "mend": [one for one in doubts if one.grade == "mend"],
        "look": [one for one in doubts if one.grade == "look" and not one.suggests],
        "lacks": [one for one in doubts if one.suggests],
        "history": history,
        "tests": len(tests),
        "failing": [one for one in tests if not one.ok],
        "planned": list(Adoption.objects.planned(at).select_related("pack")),
        "current": next((one for one in history if one.adoption.pack_id == pack.digest), None),
        "wordings": wordings,
        "moderation": moderation,
        "unsigned": any(row[-1] is None for row in (*wordings, *moderation)),
        "may_sign": signs_off(me(request), at),
        "now": at,
    }


def adopted() -> list[Adopted]:
    """When which policy came into force, the latest first, with its digest in four words."""
    rows = list(Adoption.objects.begun(timezone.now()).select_related("pack")[:HISTORY])
    said = names_of(row.by for row in rows)
    return [Adopted(row, said[row.by], ", ".join(four_words(row.pack_id))) for row in rows]


def _wordings(
    wordings: Iterable[Wording], found: dict[str, StandingSignOff]
) -> list[tuple[Wording, StandingSignOff | None]]:
    return [(wording, found.get(wording.id)) for wording in wordings]


def _moderation(at: datetime) -> list[tuple[str, str, StandingSignOff | None]]:
    """Each way of moderating under a clause that may have a standing sign-off, with the one in force."""
    found = StandingSignOff.objects.filter(revoked_at=None).exclude(moderation="").select_related("signer")
    standing = {(one.moderation, one.clause): one for one in valid(found, at)}
    ways = gate.moderation_clauses(in_force(at))
    ways += [way for way in standing if way not in ways]
    return [(kind, clause, standing.get((kind, clause))) for kind, clause in ways]


@needs("signed in")
@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    try:
        return render(request, "policy/policy.html", context_of(request, now))
    except ERRORS as error:
        return refused(request, "policy/none.html", {}, error, title="There is no policy yet")


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def signing(request: HttpRequest) -> HttpResponse:
    """The wordings of the policy in force without a standing sign-off, one by one, with what they said before."""
    now, person = timezone.now(), me(request)
    try:
        pack = in_force(now)
    except NoPolicy as error:
        return refused(request, "policy/none.html", {}, error, title="There is no policy yet")
    if request.method == "POST":
        try:
            gate.sign_wording(request.POST.get("wording", ""), by=person, at=now)
        except (*ERRORS, LookupError) as error:
            shown = Unclear(str(error).strip("'\"")) if isinstance(error, LookupError) else error
            return refused(request, "policy/signing.html", _to_sign(pack, person, now), shown, title="Not signed")
        return done(request, "Signed. Sent unchanged, this wording needs no other sign-off.", "policy_signing")
    return render(request, "policy/signing.html", _to_sign(pack, person, now))


def _to_sign(pack: Pack, person: User, now: datetime) -> dict[str, Any]:
    unsigned = [pack.wordings[key] for key in gate.unsigned_wordings(pack, now)]
    earlier = Adoption.objects.begun(now).exclude(pack_id=pack.digest).first()
    old = pack_of(earlier.pack_id).wordings if earlier is not None else {}
    before = {one.id: old[one.id].text for one in unsigned if one.id in old and old[one.id].text != one.text}
    return {"unsigned": unsigned, "before": before, "may_sign": signs_off(person, now)}


@needs("signed in")
@require_POST
def standing(request: HttpRequest) -> HttpResponse:
    """Signs or revokes a standing sign-off: of a wording, of a way of moderating under a clause, or all of them."""
    now = timezone.now()
    try:
        words = _sign_or_revoke(request, me(request), now)
    except (*ERRORS, LookupError) as error:
        shown = Unclear(str(error).strip("'\"")) if isinstance(error, LookupError) else error
        return refused(request, "policy/policy.html", context_of(request, now), shown, title="This was not done")
    return done(request, words, "policy")


def _sign_or_revoke(request: HttpRequest, person: User, now: datetime) -> str:
    form = request.POST
    require_sign_off(person, now)
    if revoked := form.get("revoke", ""):
        one = get_object_or_404(StandingSignOff, pk=number(revoked))
        gate.revoke(one, by=person, at=now)
        return "Revoked. From now on each use needs a sign-off of its own."
    if form.get("all"):
        return f"{gate.sign_all(by=person, at=now)} standing sign-offs are in force."
    if wording := form.get("wording", ""):
        gate.sign_wording(wording, by=person, at=now)
        return "Signed. Sent unchanged, this wording needs no other sign-off."
    if kind := form.get("moderation", ""):
        gate.sign_moderation(kind, form.get("clause", ""), by=person, at=now)
        return f"Signed. What rests on {form.get('clause', '')} is done at once from now on."
    raise Unclear("Choose what is signed.")
