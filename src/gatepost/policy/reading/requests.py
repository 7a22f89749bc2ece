"""What a message asks for: work, an answer, a comment for the press, one's own data, recorded information."""

from __future__ import annotations

from .cues import STOPS
from .evidence import Sign, signs, total
from .normal import listed
from .page import Page

OPENERS = listed(
    "do does is are am can could will would should did was have has may what when where who which how whose"
)
_ASKING = frozenset(("can", "could", "will", "would"))
_HELPERS = listed("you someone somebody anyone it this we")
GREETINGS = listed("hi hello hiya hey morning please sorry and or one quick")
BIASES = {"service_request": -2.0, "question": -2.0, "media_query": -2.3, "sar_request": -2.3, "foi_request": -2.3}


def service_request(page: Page, complaint: float) -> list[Sign]:
    """Evidence of a request for work or help. `complaint` is the log-odds that the message complains.

    A fault told by somebody who complains is part of the complaint; asked for outright it is a request as well.
    """
    found = signs(page, "service_request")
    faults = signs(page, "fault")
    if faults:
        if complaint > 0:
            found.append(Sign(-1.3, "complains"))
        if not any(sign.weight > 0 for sign in found):  # a fault told in passing
            if page.of("safeguarding"):
                found.append(Sign(-1.0, "danger"))
            if any(hit.cue.kind == "question" for hit in page.of("question")):
                found.append(Sign(-1.2, "asks"))
        found += faults
    if found and page.of("spam"):
        found.append(Sign(-2.5, "spam"))
    if found and any(hit.cue.weight > 0 for hit in page.of("thanks")) and not page.of("polite"):
        found.append(Sign(-2.6, "thanks"))
    if found and any(
        hit.cue.weight > 0 for label in ("media_query", "sar_request", "foi_request") for hit in page.of(label)
    ):
        found.append(Sign(-3.0, "other_request"))
    return found


def question(page: Page, complaint: float, service: float) -> list[Sign]:
    """Evidence of a question that wants an answer rather than work."""
    found = signs(page, "question")
    form = _form(page)
    if form:
        found.append(form)
    if not any(sign.weight > 0 for sign in found):
        return found
    if complaint > 0:
        found.append(Sign(-2.4 if complaint > 1 else -1.6, "complains"))
    if service > 0.8 and not any(sign.kind == "question" for sign in found):
        found.append(Sign(-1.2, "service"))
    for label in ("media_query", "sar_request", "foi_request"):
        if sum({hit.cue.plain: hit.cue.weight for hit in page.of(label)}.values()) > 3:
            found.append(Sign(-3.5, label))
    if page.of("spam"):
        found.append(Sign(-2.5, "spam"))
    return found


def _form(page: Page) -> Sign | None:
    """A sentence that opens like a question, surer when it also ends like one."""
    for place in [place for place, word in enumerate(page.forms) if word in OPENERS]:
        word = page.forms[place]
        if place and page.forms[place - 1] not in STOPS and page.forms[place - 1] not in GREETINGS:
            continue
        if word in _ASKING and page.forms[place + 1 : place + 2] and page.forms[place + 1] in _HELPERS:
            continue  # "could you send somebody" asks for work
        after = page.sentence(place)[1]
        marked = after < len(page.forms) and page.forms[after] == "?"
        return Sign(2.0 if marked else 1.2, "form", *page.span(place, after))
    return None


def media_query(page: Page) -> list[Sign]:
    """Evidence that a journalist asks. A resident who threatens us with the press is not one."""
    return signs(page, "media_query")


def sar_request(page: Page) -> list[Sign]:
    """Evidence that a person asks for the data we hold about them."""
    return signs(page, "sar_request")


def foi_request(page: Page) -> list[Sign]:
    """Evidence of a request for recorded information."""
    found = signs(page, "foi_request")
    if found and not any(sign.kind == "foi" for sign in found):
        return []
    return found


def log_odds(label: str, found: list[Sign]) -> float:
    return BIASES[label] + total(found)
