"""Abuse: what is said, how strong it is, and above all whom it is aimed at.

Swearing in praise or in frustration is not abuse; neither is telling us what somebody else said. The same word is
abuse of staff when it is aimed at the people who work here, and plain offence when aimed at somebody else.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from .cues import Hit
from .evidence import Sign, said, sign_of, total
from .hate import Hate
from .normal import listed
from .page import Page
from .quoted import quoted
from .words import Words

STAFF_BIAS: float = -2.2
OFFENSIVE_BIAS: float = -2.3
_MOST = 60  # of each kind: more of the same adds nothing
# A slur told of still stands on the page for all to read; what is condemned as such (see `hate`) does not count.
_TOLD_OF = 3.0
_NEAR = 10  # words between an insult and the person it is aimed at
_SELF = listed("i im me my myself feel felt")
_ADJECTIVES = listed(
    "stupid thick lazy lying dumb arrogant ignorant corrupt vile evil nasty fat ugly dozy smug idle crooked rude"
)
_THINGS = listed(
    "lift boiler door heating intercom weather rain day night job week month thing car bin bins mould "
    "damp smell noise music rats mice system website app form line queue estate stairs wall food "
    "price it"
)


_NO_HATE = Hate([])


@dataclass(frozen=True, slots=True)
class Abuse:
    """Evidence for the two labels, and whether anybody at all is being abused."""

    staff: list[Sign]
    offensive: list[Sign]


def abuse(page: Page, words: Words, hatred: Hate = _NO_HATE) -> Abuse:
    """Evidence of abuse aimed at staff and of offensive language, hatred included."""
    found = Abuse([], list(hatred.signs))
    if hatred.spared:  # told of, condemned, or a word that only looks like one
        found.offensive.append(Sign(-2.0, "spared"))
    if not (page.of("insult") or page.of("slur") or page.of("threat")):
        return found
    telling = {page.sentence(hit.first) for hit in page.of("reported")[:_MOST]}
    between = quoted(page)
    for hit in page.of("slur")[:_MOST]:
        weight = hit.cue.weight
        if hatred.spared:
            weight = 0.8
        elif page.sentence(hit.first) in telling or _inside(page, hit, between):
            weight = _TOLD_OF
        found.offensive.append(_sign(page, hit, weight))
        if weight > 2 and hit.cue.kind == "slur" and _target(page, hit) == "staff":
            found.staff.append(_sign(page, hit, 4.0))
    safe = [hit for hit in page.of("threat") if hit.cue.weight < 0]
    for hit in page.of("threat")[:_MOST]:
        if hit.cue.weight < 0 or any(abs(hit.first - other.first) < 6 for other in safe):
            continue
        _threat(page, hit, found, _told(page, hit))
    for hit in page.of("insult")[:_MOST]:
        if _harmless(page, hit, words) or _inside(page, hit, between):
            continue
        told = _told(page, hit)
        _insult(page, hit, found, told, words)
    if page.of("joke"):
        found.staff.append(Sign(-0.8, "joke"))
        found.offensive.append(Sign(-0.6, "joke"))
    return found


def log_odds(found: list[Sign], bias: float) -> float:
    return bias + total(found) if found else bias - 1.5


def _sign(page: Page, hit: Hit, weight: float) -> Sign:
    return sign_of((weight, hit.cue.kind, *page.span(hit.first, hit.after), said(page, hit.first, hit.after)))


def _around(page: Page, label: str, first: int, after: int) -> list[Hit]:
    """The hits of a label that begin at words `first` to `after`; found by halving, so that long texts stay quick."""
    hits = page.hits.get(label)
    if hits is None:
        return []
    low = bisect_left(hits, first, key=lambda hit: hit.first)
    return hits[low : bisect_left(hits, after, key=lambda hit: hit.first)]


def _told(page: Page, hit: Hit) -> bool:
    """Whether words just before say that somebody else said it: "he called me a ..."."""
    if "reported" not in page.hits:
        return False
    first = page.sentence(hit.first)[0]
    return bool(_around(page, "reported", max(first, hit.first - 9), hit.first))


def _threat(page: Page, hit: Hit, found: Abuse, told: bool) -> None:
    if told:  # "he said he'd kill me" is somebody asking for help
        found.offensive.append(_sign(page, hit, 0.5))
        return
    target = _target(page, hit)
    weight = hit.cue.weight
    found.offensive.append(_sign(page, hit, weight if target != "none" else weight - 1.2))
    if target == "staff":
        found.staff.append(_sign(page, hit, weight + 0.3))
    elif target in ("none", "person"):
        found.staff.append(_sign(page, hit, 1.4))


def _insult(page: Page, hit: Hit, found: Abuse, told: bool, words: Words) -> None:
    target = _target(page, hit)
    if "slur" in page.hits and _around(page, "slur", *page.sentence(hit.first)):
        target = "person"  # hatred of a group is not abuse of staff because it says "you" somewhere
    obscene = hit.cue.kind == "obscene"
    weight = hit.cue.weight
    mild = weight < 2.5
    if told:
        found.offensive.append(_sign(page, hit, 0.6))
        return
    if target == "staff":
        # "your staff are useless" finds fault with the work; "your staff are morons" is about the people
        conduct = not obscene and page.forms[hit.first] in words.lists.get("mild", frozenset())
        found.staff.append(_sign(page, hit, 4.0 if obscene else 1.5 if conduct else 2.9))
        found.offensive.append(
            _sign(
                page,
                hit,
                max(weight, 3.6) if obscene else 1.5 if conduct or page.forms[hit.first] in _ADJECTIVES else 2.5,
            )
        )
    elif target == "self" or target == "thing":
        return
    elif target == "neighbour":
        found.offensive.append(_sign(page, hit, max(weight, 3.2) if obscene else 0.9))
    elif target == "person":
        found.offensive.append(_sign(page, hit, max(weight, 3.2) if obscene else 1.0))
    else:
        found.offensive.append(_sign(page, hit, weight - 0.4 if obscene else 0.3))
        found.staff.append(_sign(page, hit, 1.4 if obscene else 0.4 if mild else 0.8))


def _target(page: Page, hit: Hit) -> str:
    """Whom the words at `hit` are aimed at: staff, neighbour, person, self, thing or none."""
    first, after = page.sentence(hit.first)
    before = page.forms[max(first, hit.first - 4) : hit.first]
    near = page.forms[max(first, hit.first - 5) : min(after, hit.after + 2)]
    if _spoken_to(page, first):
        return "person"
    best, distance = "none", _NEAR + 1
    for label, target in (("staff", "staff"), ("aimed", "staff"), ("neighbour", "neighbour")):
        for other in _around(page, label, first, after):
            gap = max(other.first - hit.after, hit.first - other.after, 0)
            if gap < distance:
                best, distance = target, gap
    if distance > 2 and (_SELF & set(before[-2:])) and "you" not in before:
        return "self"
    if best == "none" and any(form in _THINGS for form in near):
        return "thing"
    if best == "none" and any(f in ("he", "she", "they", "hes", "shes", "theyre", "him", "her") for f in near):
        return "person"
    if best == "none" and page.of("staff"):
        return "staff" if _nearby_sentence(page, hit) else "none"
    return best


def _spoken_to(page: Page, first: int) -> bool:
    """Whether the sentence speaks to somebody by name, as residents do with each other: "Gavin you are ..."."""
    if first + 1 >= len(page.forms) or page.forms[first + 1] not in ("you", "youre", "your"):
        return False
    start, end = page.span(first, first + 1)
    return page.original[start:end].istitle() and page.forms[first] not in (
        "all",
        "and",
        "but",
        "so",
        "because",
        "if",
        "bhp",
        "do",
        "are",
        "think",
        "hope",
        "why",
        "how",
        "what",
        "have",
        "can",
        "fuck",
        "is",
        "then",
        "thank",
        "well",
    )


def _nearby_sentence(page: Page, hit: Hit) -> bool:
    """Whether staff are named in the words just before or after, across the end of a sentence."""
    return bool(_around(page, "staff", hit.first - 8, hit.first + 9))


def _harmless(page: Page, hit: Hit, words: Words) -> bool:
    """A safe name, a negated insult, or a word that only looks like one."""
    form = page.forms[hit.first]
    if form in words.lists.get("namelike", frozenset()):
        start, end = page.span(hit.first, hit.first + 1)
        written = page.original[start:end]
        if written[:1].isupper() and not written.isupper():
            return True
    if hit.cue.kind == "insult" and page.negated(hit.first, 2):
        return True
    if hit.after - hit.first == 1 and form in (
        "cow",
        "pig",
        "rat",
        "rats",
        "dogs",
        "animal",
        "animals",
        "snake",
        "lying",
        "fat",
        "mug",
        "lazy",
        "knob",
    ):
        # everyday words: an insult only right beside the person meant
        return not any(
            abs(other.first - hit.after) <= 2
            or abs(hit.first - other.after) <= 2
            or other.first <= hit.first < other.after
            for label in ("staff", "aimed")
            for other in _around(page, label, hit.first - 8, hit.after + 4)
        )
    return False


def _inside(page: Page, hit: Hit, between: list[tuple[int, int]]) -> bool:
    if not between:
        return False
    start, end = page.starts[hit.first], page.ends[hit.after - 1]
    return any(first < start and end <= last + 1 for first, last in between)
