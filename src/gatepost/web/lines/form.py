"""A line as its form gives it: figures and days one a line, as "what: value"."""

from __future__ import annotations

from dataclasses import dataclass

from django.http.request import QueryDict

from gatepost.policy.model import Stated
from gatepost.rulebook.lines import Wanted
from gatepost.rulebook.models import ApprovedLine, LineVersion
from gatepost.web.frame.given import number, written_day
from gatepost.web.frame.problems import Unclear


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields, kept whatever becomes of it."""

    topic: str = ""
    text: str = ""
    words: str = ""
    figures: str = ""
    dates: str = ""
    owner: int = 0
    review_on: str = ""
    because: str = ""

    def wanted(self) -> Wanted:
        """Raises Unclear for what cannot be read."""
        review = written_day(self.review_on)
        if review is None:
            raise Unclear("Give the day of review as year-month-day, such as 2027-03-01.", "review_on")
        days = [Stated(one.what, _iso(one.value)) for one in stated(self.dates, "dates")]
        return Wanted(
            topic=self.topic,
            text=self.text,
            review_on=review,
            owner=self.owner,
            words=[word.strip() for word in self.words.splitlines() if word.strip()],
            figures=stated(self.figures, "figures"),
            dates=days,
            because=self.because,
        )


def _iso(given: str) -> str:
    day = written_day(given)
    if day is None:
        raise Unclear(f"“{given[:40]}” is not a day. Write it like 1 December 2026 or 2026-12-01.", "dates")
    return day.isoformat()


def stated(text: str, field: str) -> list[Stated]:
    """Each line "what: value". Raises Unclear."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        what, colon, value = line.rpartition(":")
        if not colon or not what.strip() or not value.strip():
            raise Unclear(
                f"“{line.strip()[:60]}”: write what it is, a colon, and the value, such as “flats: 120”.", field
            )
        found.append(Stated(what.strip(), value.strip()))
    return found


def of_request(given: QueryDict) -> Form:
    def one(name: str, most: int) -> str:
        return given.get(name, "").replace("\r\n", "\n")[:most]

    return Form(
        topic=one("topic", 200),
        text=one("text", 5000),
        words=one("words", 5000),
        figures=one("figures", 8000),
        dates=one("dates", 8000),
        owner=number(given.get("owner", "")),
        review_on=one("review_on", 40),
        because=one("because", 500),
    )


def of_version(line: ApprovedLine, version: LineVersion) -> Form:
    return Form(
        topic=line.topic,
        text=version.text,
        words="\n".join(version.words),
        figures="\n".join(f"{item['what']}: {item['value']}" for item in version.figures),
        dates="\n".join(f"{item['what']}: {item['value']}" for item in version.dates),
        owner=line.owner_id,
        review_on=line.review_on.isoformat(),
    )
