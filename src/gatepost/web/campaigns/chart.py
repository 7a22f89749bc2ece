"""Where the lines, points and bars of a campaign's charts lie, for plain SVG. Every figure also stands in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from django.utils import formats

from gatepost.publishing.models import Campaign
from gatepost.publishing.results import Course
from gatepost.web.campaigns.form import plain

WIDE, HIGH = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 92, 628, 26, 232
STEPS = 4
BARS = 12
LONGEST = 46  # letters of a bar's name


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    says: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Lines:
    """A course over time. `path` joins the readings; `steady` is the straight course, `target` its height."""

    ticks: tuple[Tick, ...]
    days: tuple[Tick, ...]
    path: str
    points: tuple[tuple[float, float, str], ...]
    steady: str
    target: float | None
    today: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    wide: float
    at: int  # the top of its row
    says: str


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    high: int


def counted(value: Decimal | int | None) -> str:
    """1,200 or 412.50; "" for None."""
    if value is None:
        return ""
    number = Decimal(value)
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,.2f}"


def lines(campaign: Campaign, course: Course, today: date) -> Lines | None:
    """None when there is nothing to draw a line of."""
    if not course.readings:
        return None
    heights = [one.value for one in course.readings]
    heights += [one for one in (campaign.baseline, campaign.target) if one is not None]
    low, step = _scale(min(heights), max(heights))
    first = min(campaign.begins, course.readings[0].on)
    last = max(campaign.ends, course.readings[-1].on)
    span = max((last - first).days, 1)

    def x(on: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (on - first).days / span, 1)

    def y(value: Decimal) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * float((value - low) / (step * STEPS)), 1)

    points = tuple((x(one.on), y(one.value), f"{one.on:%-d %B %Y}: {counted(one.value)}") for one in course.readings)
    steady = ""
    if campaign.baseline is not None and campaign.target is not None:
        steady = f"M{x(campaign.begins)} {y(campaign.baseline)}L{x(campaign.ends)} {y(campaign.target)}"
    middle = first + timedelta(days=span // 2)
    return Lines(
        ticks=tuple(Tick(y(low + step * number), counted(low + step * number)) for number in range(STEPS + 1)),
        days=(
            Tick(LEFT, formats.date_format(first, "j M Y"), "start"),
            Tick(x(middle), formats.date_format(middle, "j M")),
            Tick(RIGHT, formats.date_format(last, "j M Y"), "end"),
        ),
        path="M" + "L".join(f"{across} {down}" for across, down, _ in points),
        points=points,
        steady=steady,
        target=y(campaign.target) if campaign.target is not None else None,
        today=x(today) if first <= today <= last else None,
    )


def _scale(least: Decimal, most: Decimal) -> tuple[Decimal, Decimal]:
    """(where the scale begins, its step): round figures that hold both, from nought where that is not far."""
    if Decimal(0) <= least <= most * Decimal("0.6"):
        least = Decimal(0)
    span = most - least or abs(most) or Decimal(1)
    size = Decimal(10) ** ((span / STEPS).adjusted())
    for number in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10), Decimal(20)):
        step = size * number
        low = (least / step).to_integral_value(ROUND_FLOOR) * step
        if (most - low) / step <= STEPS:
            return low, step
    return least, (span / STEPS).to_integral_value(ROUND_CEILING)


def bars(given: Sequence[tuple[str, Decimal | int | None]]) -> Bars | None:
    """The largest first; None when fewer than two have a figure: there is nothing to compare."""
    known = sorted(((Decimal(value), name) for name, value in given if value is not None), key=lambda one: -one[0])
    most = max((value for value, _ in known), default=Decimal(0))
    if len(known) < 2 or most <= 0:
        return None
    drawn = tuple(
        Bar(
            name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…",
            round(440 * float(value / most), 1),
            row * 58,
            counted(value),
        )
        for row, (value, name) in enumerate(known[:BARS])
    )
    return Bars(drawn, len(drawn) * 58)


def said(campaign: Campaign, course: Course) -> str:
    """The course in a sentence or two: the text alternative of its chart, and what stands above it."""
    last = course.last
    if last is None:
        return ""
    told = f"{counted(last.value)} on {last.on:%-d %B %Y}."
    if course.way is None or course.steady is None:
        return told
    way, time = round(course.way * 100), round(course.time * 100)
    told += f" That is {way}% of the way from {plain(campaign.baseline)} to {plain(campaign.target)}"
    told += f", with {time}% of the time gone." if time < 100 else ", and the time is over."
    if course.way >= 1:
        return f"{told} The target is reached."
    if time >= 100:
        return f"{told} The target was missed by {counted(abs((campaign.target or 0) - last.value))}."
    where = "on" if course.steady == last.value else "ahead of" if course.way > course.time else "behind"
    steady = course.steady if abs(course.steady) < 10 else round(course.steady)
    return f"{told} A straight course would be at {counted(steady)}: the count is {where} it."
