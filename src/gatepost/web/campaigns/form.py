"""A campaign as its form gives it: the plan, and a row for each part of the mix."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.http.request import QueryDict

from gatepost.publishing.campaigns import MOST_PARTS, Part, Plan
from gatepost.publishing.models import Campaign
from gatepost.web.frame.given import day_of, number
from gatepost.web.frame.problems import Unclear

EMPTY_ROWS = 3


@dataclass(frozen=True, slots=True)
class Row:
    kind: str = "channel"
    title: str = ""
    channel: int = 0
    on: str = ""
    cost: str = ""
    spent: str = ""
    id: int = 0  # of the part as it stands in the plan


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields, kept whatever becomes of it."""

    name: str = ""
    goal: str = ""
    measure: str = ""
    baseline: str = ""
    target: str = ""
    begins: str = ""
    ends: str = ""
    audiences: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=())

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows, and empty ones for more."""
        return (*self.rows, *(Row() for _ in range(EMPTY_ROWS)))

    def plan(self) -> Plan:
        """Raises Unclear for what cannot be read."""
        return Plan(
            name=self.name,
            goal=self.goal,
            begins=day_of(self.begins, "begins"),
            ends=day_of(self.ends, "ends"),
            measure=self.measure,
            baseline=number_of(self.baseline, "baseline"),
            target=number_of(self.target, "target"),
            audiences=self.audiences,
            parts=[_part(row) for row in self.rows],
        )


def number_of(given: str, where: str) -> Decimal | None:
    """A number as people write one: 1,200 or £412.50; None for ""."""
    plain = given.strip().replace(",", "").removeprefix("£").strip()
    if not plain:
        return None
    try:
        found = Decimal(plain).quantize(Decimal("0.01"))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Unclear(f"“{given[:40]}” is not a number. Use digits, for example 1,200 or 412.50.", where)
    return found


def _part(row: Row) -> Part:
    return Part(
        kind=row.kind,
        title=row.title,
        channel=row.channel if row.kind == "channel" and row.channel else None,
        on=day_of(row.on, "parts") if row.on.strip() else None,
        cost=number_of(row.cost, "parts") or Decimal(0),
        spent=number_of(row.spent, "parts"),
        id=row.id or None,
    )


def of_request(given: QueryDict) -> Form:
    def one(name: str, most: int) -> str:
        return given.get(name, "").replace("\r\n", "\n")[:most]

    names = ("part_kind", "part_title", "part_channel", "part_on", "part_cost", "part_spent")
    ids = [*map(number, given.getlist("part_id")[: MOST_PARTS + 1]), *[0] * (MOST_PARTS + 1)]
    columns = zip(*(given.getlist(name)[: MOST_PARTS + 1] for name in names), ids, strict=False)
    rows = [
        Row(kind[:20], title[:300], number(channel), on[:20], cost[:30], spent[:30], pk)
        for kind, title, channel, on, cost, spent, pk in columns
        if title.strip() or cost.strip() or spent.strip()
    ]
    return Form(
        name=one("name", 200),
        goal=one("goal", 5000),
        measure=one("measure", 300),
        baseline=one("baseline", 40),
        target=one("target", 40),
        begins=one("begins", 20),
        ends=one("ends", 20),
        audiences=tuple(given.getlist("audience")[:50]),
        rows=tuple(rows),
    )


def plain(amount: Decimal | None) -> str:
    """1200 and 412.50 rather than 1200.00."""
    if amount is None:
        return ""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def of_campaign(campaign: Campaign) -> Form:
    return Form(
        name=campaign.name,
        goal=campaign.goal,
        measure=campaign.measure,
        baseline=plain(campaign.baseline),
        target=plain(campaign.target),
        begins=campaign.begins.isoformat(),
        ends=campaign.ends.isoformat(),
        audiences=tuple(campaign.audiences),
        rows=tuple(
            Row(
                part.kind,
                part.title,
                part.channel_id or 0,
                part.on.isoformat() if part.on else "",
                plain(part.cost),
                plain(part.spent),
                part.pk,
            )
            for part in campaign.parts.all()
        ),
    )
