"""Dissatisfaction with us: said outright, by chasing, by blame, by sarcasm, or only by the facts told."""

from __future__ import annotations

from .evidence import Sign, sign, total
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
PASSAGE = 60  # words of a long message that are heard together
_STRIDE = 10
_TELLS_WHAT = frozenset(("explicit", "chase", "long", "lapse", "cost", "fault", "said_to_us", "tells"))
_ABUSE = ("insult", "slur", "threat")
US = listed("you your youve youre bhp landlord")


def complaint(page: Page) -> list[Sign]:
    """Evidence of a complaint about the organisation."""
    found: list[Sign] = []
    leans: dict[str, float] = {}
    begin, end = _passage(page)
    for hit in page.of("complaint"):
        if not begin <= hit.first < end:
            continue
        if hit.cue.kind == "lean":
            leans[hit.cue.plain] = hit.cue.weight
        else:
            found.append(sign(page, hit))
    lean = max(_LEAST_LEAN, min(_MOST_LEAN, sum(leans.values()) - NO_LEAN)) if leans else -NO_LEAN
    if found and any(one.kind == "denied" for one in found):
        # "not a complaint" also holds the word complaint: the denial outweighs it
        found = [one for one in found if one.kind != "explicit"]
    if (
        "sour" in page.hits
        and "reported" not in page.hits
        and (page.of("aimed") or page.of("staff") or not US.isdisjoint(page.forms[begin:end]))
    ):
        for hit in page.of("sour"):
            if begin <= hit.first < end:
                found.append(Sign(1.3, "sour_at_us", *page.span(hit.first, hit.after)))
                break
    found += _said_to_us(page, begin, end)
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
    kinds = {one.kind for one in found}
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
    if not kinds & _TELLS_WHAT and not page.hits.keys().isdisjoint(_ABUSE):
        found.append(Sign(-1.6, "only_abuse"))  # an insult that does not say what went wrong
    if "safeguarding" in page.hits and not kinds & {"explicit", "said_to_us"} and US.isdisjoint(page.forms):
        found.append(Sign(-1.6, "danger"))  # what nobody answers or has for weeks may be the danger itself
    shouted = page.original
    if len(shouted) > 12 and shouted.isupper():
        found.append(Sign(1.0, "shouting", 0, len(shouted)))
    return found


def _passage(page: Page) -> tuple[int, int]:
    """The words to look at: all of a short message, of a long one those where most speaks for a complaint. One grumble
    here and another a page later are no case together."""
    length = len(page.forms)
    if length <= PASSAGE:
        return 0, length
    hits = [hit for hit in page.of("complaint") if hit.cue.kind != "lean"]
    best, begin, after, tried = 0.0, 0, 0, -_STRIDE
    for place, hit in enumerate(hits):
        if hit.first < tried + _STRIDE:
            continue
        tried = hit.first
        while after < len(hits) and hits[after].first < tried + PASSAGE:
            after += 1
        kinds: dict[str, float] = {}
        for other in hits[place:after]:
            kinds[other.cue.kind] = max(kinds.get(other.cue.kind, other.cue.weight), other.cue.weight)
        weight = sum(kinds.values())
        if weight > best:
            best, begin = weight, tried
    first = max(begin - _STRIDE, 0)
    return first, first + PASSAGE + _STRIDE


def done(word: str) -> bool:
    """Whether it tells what somebody did or did not do."""
    return word in _DONE or (len(word) > 4 and word.endswith("ed") and word not in _NOT_DONE)


def _form(page: Page) -> bool:
    return "?" in page.forms


def _said_to_us(page: Page, begin: int, end: int) -> list[Sign]:
    """A plain statement of what we did or did not do: "you took my fence down". Not a question, thanks or a request."""
    if ADDRESS.isdisjoint(page.forms):
        return []
    if not page.hits.keys().isdisjoint(_INFORMATION) or any(hit.cue.weight > 1 for hit in page.of("thanks")):
        return []
    asked = {page.sentence(hit.first) for hit in page.of("service_request")[:50]}
    for place, form in enumerate(page.forms[begin : min(end, len(page.forms) - 1)], begin):
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
