"""What the bar, the counts, the hold line and the foot say, in a handful of cheap queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from gatepost.channels.models import Approval
from gatepost.gate import holds
from gatepost.gate.models import Hold
from gatepost.people.models import Holding, User
from gatepost.rulebook.actions import pack_of
from gatepost.rulebook.asked_once import adoption_at
from gatepost.web.frame.waiting import COUNTED_TO, counts


@dataclass(frozen=True, slots=True)
class Facts:
    """The empty value is what a page shows to nobody in particular."""

    organisation: str = ""
    policy: str = ""  # "Social media policy, version 1"
    in_force_from: datetime | None = None
    sealed_at: datetime | None = None
    sealed_to: int = 0
    inbox: int = 0
    sign_off: int = 0
    holds: list[Hold] = field(default_factory=list)
    everything: Hold | None = None  # the hold on everything, when there is one
    held: int = 0
    to_review: int = 0  # kept back by holds that have ended
    alarms: int = 0  # of people or homes in danger that nobody has taken
    reads: bool = False  # what residents write, see channels.actions.reads_messages
    may: str = ""  # what this person may do, in words
    roles: str = ""
    signs_off: bool = False
    town: bool = False


def counted(number: int) -> str:
    """A capped count as people read it."""
    return f"{COUNTED_TO}+" if number > COUNTED_TO else f"{number:,}"


def facts_of(request: HttpRequest, at: datetime) -> Facts:
    user = getattr(request, "user", None)
    organisation, policy, since = _policy(at)
    if not isinstance(user, User):
        return Facts(organisation=organisation)
    roles = list(
        Holding.objects.in_force(at).filter(person=user).select_related("role").order_by("deputy", "role__title")
    )
    signer = user.is_active and any(held.role.signs_off for held in roles)
    known = counts(user, signs=signer)
    writes_for = [] if signer else _writes_for(user, at)
    stops = list(holds.active()) if known.holds else []
    return Facts(
        organisation=organisation,
        policy=policy,
        in_force_from=since,
        sealed_at=known.sealed_at,
        sealed_to=known.sealed_to,
        inbox=known.inbox,
        sign_off=known.to_sign,
        holds=stops,
        everything=next((held for held in stops if holds.scope_of(held) == "all" and not held.kinds), None),
        held=holds.held_acts(at=at)[: COUNTED_TO + 1].count() if known.holds else 0,
        to_review=known.to_review,
        alarms=known.alarms,
        reads=bool(roles or writes_for),
        may=_may(writes_for, signer),
        roles=_roles(user, roles),
        signs_off=signer,
        town=bool(settings.TOWN_URL),
    )


def _policy(at: datetime) -> tuple[str, str, datetime | None]:
    adopted = adoption_at(at)
    if adopted is None:
        return "", "", None
    pack = pack_of(adopted.pack_id)
    return pack.organisation, f"{pack.title}, version {pack.version}", adopted.in_force_from


def _roles(user: User, held: list[Holding]) -> str:
    words = [f"{item.role.title}{' (deputy)' if item.deputy else ''}" for item in held]
    return ", ".join(words) or ("Administrator" if user.is_admin else "No role yet")


def _writes_for(user: User, at: datetime) -> list[str]:
    """The channels for which somebody is approved, by name."""
    approved = Approval.objects.in_force(at).filter(person=user).exclude(channel__state="closed")
    return list(approved.order_by("channel__name").values_list("channel__name", flat=True))


def _may(names: list[str], signer: bool) -> str:
    if signer:
        return "May write and sign off on every channel"
    if not names:
        return "Not approved to write for a channel yet"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"May write for {', '.join(names[:3])}{more}"
