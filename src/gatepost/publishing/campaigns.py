"""Campaigns: planned, changed, closed, put away and brought back, deleted while nothing rests on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from gatepost.channels.models import Approval, Channel
from gatepost.gate.actions import UNKEEPABLE
from gatepost.gate.models import Act
from gatepost.ledger.actions import record
from gatepost.people.authority import NotAllowed, require_sign_off, signs_off
from gatepost.people.models import User
from gatepost.publishing.models import ArchivedItem
from gatepost.publishing.planned import Campaign, CampaignPart
from gatepost.rulebook.actions import in_force

MOST_PARTS = 100
MOST_MONEY = Decimal("9999999999.99")
MOST_COUNTED = Decimal("999999999999.99")
KINDS = tuple(kind for kind, _ in CampaignPart._meta.get_field("kind").choices or ())


class CampaignError(Exception):
    """A campaign cannot be kept so; `field` is the part of the plan that mends it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Part:
    """A way of reaching people. `channel` is the id of one of ours, for kind "channel"; `id` that of a part which
    stands in the plan already. Without one, a part of the same kind, channel and words is the same part."""

    kind: str
    title: str
    channel: int | None = None
    on: date | None = None
    cost: Decimal = Decimal(0)
    spent: Decimal | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign as somebody plans it."""

    name: str
    goal: str
    begins: date
    ends: date
    measure: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    audiences: Sequence[str] = ()
    parts: Sequence[Part] = field(default_factory=tuple)


def require_planner(person: User, at: datetime) -> None:
    """Whoever is approved to write for some channel, or signs off, plans campaigns."""
    if not signs_off(person, at) and not Approval.objects.in_force(at).filter(person=person).exists():
        raise NotAllowed(
            "Campaigns are planned by people who are approved for a channel. Ask the communications officer.",
            "desk:approvals",
        )


def open_campaigns() -> QuerySet[Campaign]:
    """Campaigns that have not been closed or put away, the one that begins first before the others."""
    return Campaign.objects.filter(closed_at=None, put_away_at=None).order_by("begins", "name")


def campaigns_for(chosen: int = 0) -> QuerySet[Campaign]:
    """Those a post may be given to: the open ones, and the one it has already."""
    open_or_chosen = Q(closed_at=None, put_away_at=None) | Q(pk=chosen)
    return Campaign.objects.filter(open_or_chosen).order_by("begins", "name")


def _checked(plan: Plan, *, at: datetime) -> None:
    if not plan.name.strip():
        raise CampaignError("Give the campaign a name.", "name")
    if not plan.goal.strip():
        raise CampaignError("Say what the campaign is to reach.", "goal")
    if plan.ends < plan.begins:
        raise CampaignError("The last day lies before the first.", "ends")
    for words, most, where in ((plan.name, 120, "name"), (plan.goal, 4000, "goal"), (plan.measure, 200, "measure")):
        if len(words.strip()) > most or UNKEEPABLE.search(words):
            raise CampaignError(f"This is longer than {most:,} characters, or holds one that cannot be kept.", where)
    for number, where in ((plan.baseline, "baseline"), (plan.target, "target")):
        if number is not None and not (number.is_finite() and abs(number) <= MOST_COUNTED):
            raise CampaignError("This is not a number that can be kept. Use digits, for example 1200.", where)
    if (plan.baseline is not None or plan.target is not None) and not plan.measure.strip():
        raise CampaignError("Say what the figures count.", "measure")
    unknown = set(plan.audiences) - {audience.id for audience in in_force(at).audiences}
    if unknown:
        raise CampaignError(f"The policy has no audience “{sorted(unknown)[0]}”.", "audiences")
    if len(plan.parts) > MOST_PARTS:
        raise CampaignError(f"A campaign has at most {MOST_PARTS} parts.", "parts")
    for part in plan.parts:
        _checked_part(part)


def _checked_part(part: Part) -> None:
    if part.kind not in KINDS:
        raise CampaignError(f"There is no kind of part “{part.kind[:40]}”. There are: {', '.join(KINDS)}.", "parts")
    if not part.title.strip() or len(part.title) > 200 or UNKEEPABLE.search(part.title):
        raise CampaignError("Say in at most 200 characters what each part of the mix is.", "parts")
    if part.channel is not None and part.kind != "channel":
        raise CampaignError(f"“{part.title[:60]}” names a channel but is not one. Choose the kind Channel.", "parts")
    for money in (part.cost, part.spent):
        if money is not None and not (money.is_finite() and 0 <= money <= MOST_MONEY):
            raise CampaignError(f"The cost of “{part.title[:60]}” is not an amount of pounds, such as 240.50.", "parts")


@transaction.atomic
def save_campaign(plan: Plan, *, by: User, at: datetime, campaign: Campaign | None = None) -> Campaign:
    """A new campaign, or a change to one that has not been closed. Raises CampaignError, NotAllowed."""
    require_planner(by, at)
    _checked(plan, at=at)
    channels = {part.channel for part in plan.parts if part.channel is not None}
    if Channel.objects.filter(pk__in=channels).count() != len(channels):
        raise CampaignError("One of the channels of the mix is not on this desk.", "parts")
    others = open_campaigns().filter(name=plan.name.strip())
    if (others.exclude(pk=campaign.pk) if campaign else others).exists():
        raise CampaignError(f"There is a campaign “{plan.name.strip()}” already. Give this one another name.", "name")
    values = {
        "name": plan.name.strip(),
        "goal": plan.goal.strip(),
        "measure": plan.measure.strip(),
        "baseline": plan.baseline,
        "target": plan.target,
        "audiences": list(plan.audiences),
        "begins": plan.begins,
        "ends": plan.ends,
        "changed_at": at,
    }
    if campaign is None:
        campaign = Campaign.objects.create(owner=by, created_at=at, **values)
    else:
        campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if campaign.closed_at is not None:
            raise CampaignError("This campaign is closed. Plan a new one.")
        if campaign.put_away_at is not None:
            raise CampaignError("This campaign is put away. Bring it back first.")
        for name, value in values.items():
            setattr(campaign, name, value)
        campaign.save()
    _keep_parts(campaign, plan.parts)
    detail = {"parts": len(plan.parts), "begins": plan.begins.isoformat(), "ends": plan.ends.isoformat()}
    record("campaign.saved", f"campaign:{campaign.pk}", by=by, at=at, clauses=["desk:campaigns"], detail=detail)
    return campaign


def _keep_parts(campaign: Campaign, parts: Sequence[Part]) -> None:
    """Brings the mix up to the plan. Parts that stay keep their results; one with results is not dropped."""
    left = {part.pk: part for part in campaign.parts.all()}
    if any(part.id and part.id not in left for part in parts):
        raise CampaignError("Somebody has taken a part out of this mix meanwhile. Look at the plan again.", "parts")
    named = {part.id for part in parts}
    for part in parts:
        row = left.pop(part.id, None) if part.id else None
        if row is None:
            alike = ((pk, one) for pk, one in left.items() if pk not in named and _same(one, part))
            pk, row = next(alike, (0, CampaignPart(campaign=campaign)))
            left.pop(pk, None)
        row.kind, row.channel_id, row.title = part.kind, part.channel, part.title.strip()
        row.on, row.cost, row.spent = part.on, part.cost, part.spent
        row.save()
    for row in left.values():
        if row.figures.exists():  # those that were taken out too: they stay to be read
            raise CampaignError(
                f"“{row.title[:60]}” has results, taken out or not, which stay to be read. Leave it in the mix. "
                "Its words can say that it has ended.",
                "parts",
            )
        row.delete()


def _same(row: CampaignPart, part: Part) -> bool:
    return (row.kind, row.channel_id, row.title) == (part.kind, part.channel, part.title.strip())


@transaction.atomic
def close_campaign(campaign: Campaign, *, outcome: str, by: User, at: datetime) -> Campaign:
    """Ends work on a campaign and keeps in words what came of it."""
    require_planner(by, at)
    if not outcome.strip() or len(outcome) > 4000 or UNKEEPABLE.search(outcome):
        raise CampaignError("Say in at most 4,000 characters what came of it, good or bad.", "outcome")
    rows = Campaign.objects.filter(pk=campaign.pk, closed_at=None, put_away_at=None)
    if not rows.update(closed_at=at, outcome=outcome.strip()):
        raise CampaignError("This campaign has been closed already, put away, or deleted.")
    record("campaign.closed", f"campaign:{campaign.pk}", by=by, at=at, clauses=["desk:campaigns"])
    campaign.refresh_from_db()
    return campaign


def rests_on(campaign: Campaign) -> str:
    """Why a campaign is kept, in a sentence: what the archive and the reports show of it; "" when nothing is."""
    subjects = [f"variant:{pk}" for pk in campaign.posts.values_list("variants", flat=True) if pk]
    if (
        ArchivedItem.objects.filter(campaign=campaign.pk).exists()
        or Act.objects.filter(subject__in=subjects).filter(Q(state="sent") | Q(parts_out__gt=0)).exists()
    ):
        return "Something was published for it."
    if campaign.figures.exists():  # those that were taken out too: they stay to be read
        return "Figures were entered for it."
    if campaign.parts.exclude(spent=None).exists():
        return "Money was spent on it."
    return ""


@transaction.atomic
def delete_campaign(campaign: Campaign, *, by: User, at: datetime) -> bool:
    """Takes a campaign out of the work. One that something rests on is put away with its posts, figures and costs, and
    can be brought back; a bare plan is gone, and its drafts stay without a campaign. Returns whether it was put away.
    Raises CampaignError, NotAllowed."""
    require_sign_off(by, at)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.put_away_at is not None:
        raise CampaignError("This campaign is put away already.")
    number, posts = campaign.pk, campaign.posts.count()
    if rests_on(campaign):
        Campaign.objects.filter(pk=number).update(put_away_at=at, put_away_by=by)
        detail = {"posts": posts}
        record("campaign.put_away", f"campaign:{number}", by=by, at=at, clauses=["desk:campaigns"], detail=detail)
        return True
    campaign.delete()
    record("campaign.deleted", f"campaign:{number}", by=by, at=at, clauses=["desk:campaigns"], detail={"posts": posts})
    return False


@transaction.atomic
def bring_back(campaign: Campaign, *, by: User, at: datetime) -> Campaign:
    """Undoes putting a campaign away: it is as it was. Raises CampaignError, NotAllowed."""
    require_sign_off(by, at)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.put_away_at is None:
        raise CampaignError("This campaign is not put away.")
    if campaign.closed_at is None and open_campaigns().filter(name=campaign.name).exists():
        raise CampaignError(f"Another campaign is called “{campaign.name}” now. Give that one another name first.")
    Campaign.objects.filter(pk=campaign.pk).update(put_away_at=None, put_away_by=None)
    record("campaign.brought_back", f"campaign:{campaign.pk}", by=by, at=at, clauses=["desk:campaigns"])
    campaign.refresh_from_db()
    return campaign
