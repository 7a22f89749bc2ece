"""Dissatisfaction with us: said outright, by chasing, by blame, by sarcasm, or only by the facts told."""

from __future__ import annotations

from .evidence import Sign, total
from .normal import listed
from .page import Page

BIAS = -1.9
ADDRESS = listed("you your youve youre yours bhp")
_ASKING = listed("can could would will do does is are please if when what which")
_DONE = listed(
    "took left said told sent cut lost keep never dont cant couldnt wont havent hasnt had did didnt "
    "made put treat ignore charge broke gave chose let got been went still think care only always "
    "just refuse expect"
)
_NOT_DONE = listed("need indeed speed based interested asked updated related")
ELSE = (
    "service_request",
    "thanks",
    "praise",
    "spam",
    "media_query",
    "sar_request",
    "foi_request",
    "neighbour",
    "fault",
)
_HOME = listed("repairs heating damp_mould lifts rent estates fire_safety")
_SOCIAL = frozenset(("community", "lettings", "asb"))
_LEAST_LEAN, _MOST_LEAN = -1.5, 2.0
NO_LEAN = 0.6  # what the leaning cues must weigh before they say anything
LONG_ENOUGH = 4  # words that a message which only tells something has more of
REACH = 4  # words within which "you" is followed by what was done
_INFORMATION = ("media_query", "foi_request", "sar_request")
US = listed("you your youve youre bhp landlord")


def complaint(page: Page) -> list[Sign]:
    """Evidence of a complaint about the organisation."""
    found: list[Sign] = []
    leans: dict[str, float] = {}
    for cue, first, after in page.of("complaint"):
        if cue.kind == "lean":
            leans[cue.plain] = cue.weight
        else:
            found.append(Sign(cue.weight, cue.kind, *page.span(first, after)))
    lean = max(_LEAST_LEAN, min(_MOST_LEAN, sum(leans.values()) - NO_LEAN)) if leans else -NO_LEAN
    if found and any(sign.kind == "denied" for sign in found):
        # "not a complaint" also holds the word complaint: the denial outweighs it
        found = [sign for sign in found if sign.kind != "explicit"]
    if (
        "sour" in page.hits
        and "reported" not in page.hits
        and (page.of("aimed") or page.of("staff") or not US.isdisjoint(page.forms))
    ):
        hit = page.of("sour")[0]
        found.append(Sign(1.3, "sour_at_us", *page.span(hit.first, hit.after)))
    found += _said_to_us(page)
    if (
        not found
        and "topic" in page.hits
        and len(page.forms) > LONG_ENOUGH
        and page.hits.keys().isdisjoint(ELSE)
        and not _form(page)
    ):
        topics = {hit.cue.kind for hit in page.of("topic")}
        if topics & _HOME and not topics & _SOCIAL:  # what people tell a landlord of its homes is seldom idle talk
            hit = next(hit for hit in page.of("topic") if hit.cue.kind in _HOME)
            found.append(Sign(1.5, "tells", *page.span(hit.first, hit.after)))
    if lean > 0 or found:
        found.append(Sign(lean, "lean"))
    if not found:
        return found
    kinds = {sign.kind for sign in found}
    if not kinds & {"chase", "explicit", "said_to_us", "blame"} and page.of("neighbour") and not page.of("staff"):
        found.append(Sign(-2.0, "about_others"))
    if "thanks" in page.hits and "sarcasm" not in kinds and any(hit.cue.weight > 1 for hit in page.of("thanks")):
        grumbles = kinds & {"blame", "long", "lapse", "explicit"}
        found.append(Sign(-0.8 if "but" in page.forms and grumbles else -2.2, "thanks"))
    if not page.hits.keys().isdisjoint(_INFORMATION) and any(
        hit.cue.weight > 0 for label in _INFORMATION for hit in page.of(label)
    ):
        found.append(Sign(-2.6, "asks_for_information"))
    if page.of("spam"):
        found.append(Sign(-2.0, "spam"))
    shouted = page.original
    if len(shouted) > 12 and shouted.isupper():
        found.append(Sign(1.0, "shouting", 0, len(shouted)))
    return found


def done(word: str) -> bool:
    """Whether it tells what somebody did or did not do."""
    return word in _DONE or (len(word) > 4 and word.endswith("ed") and word not in _NOT_DONE)


def _form(page: Page) -> bool:
    return "?" in page.forms


def _said_to_us(page: Page) -> list[Sign]:
    """A plain statement of what we did or did not do: "you took my fence down". Not a question, thanks or a request."""
    if ADDRESS.isdisjoint(page.forms):
        return []
    if not page.hits.keys().isdisjoint(_INFORMATION) or any(hit.cue.weight > 1 for hit in page.of("thanks")):
        return []
    asked = {page.sentence(hit.first) for hit in page.of("service_request")[:50]}
    for place, form in enumerate(page.forms[:-1]):
        if form not in ADDRESS:
            continue
        first, after = page.sentence(place)
        if (first, after) in asked or page.forms[first] in _ASKING or page.forms[after : after + 1] == ["?"]:
            continue
        for word in page.forms[place + 1 : min(place + 1 + REACH, after)]:
            if done(word):
                return [Sign(1.7, "said_to_us", *page.span(place, place + 2))]
    return []


def log_odds(found: list[Sign]) -> float:
    return BIAS + total(found)
