"""Personal details of people, and their personal matters, do not go out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, clause, matches
from gatepost.policy.model import Finding, Severity
from gatepost.policy.pack import Pack
from gatepost.policy.reading import read

_KINDS = {
    "phone": "a phone number",
    "email": "an e-mail address",
    "address": "an address",
    "postcode": "a postcode",
    "name": "a person's name",
    "dob": "a date of birth",
    "flat": "an address",
    "third_person": "details of another person",
    "ni": "a National Insurance number",
    "nhs": "an NHS number",
    "bank": "bank details",
    "card": "a card number",
    "tenancy_ref": "a tenancy reference",
    "car_registration": "a car registration",
}
# What may be the place of an event or of works as well as somebody's home.
_SHORTEST = 4  # characters of a detail that is told from ordinary words
_PLACES = frozenset(("address", "postcode", "flat"))


def personal_data(draft: Draft) -> Iterator[Finding]:
    """Anything that tells who or where a person is. The organisation's own lines and addresses may go out.

    A place alone, in a post that answers nobody, may be a hall or a building site, and a private message is read by
    one person: there a person is asked to look. Details of the message answered are never repeated in public.
    """
    ours = _own(draft.pack)
    places = _our_places(draft.text, draft.pack)
    found = [
        (span.start, span.end, span.kind)
        for span in draft.reading.spans
        if span.label == "personal_details"
        and not ours & _said(draft.text[span.start : span.end])
        and not any(start <= span.start and span.end <= end for start, end in places)
    ]
    if draft.public_reply:
        found += [
            row for row in _repeated(draft) if not any(row[0] < end and start < row[1] for start, end, _ in found)
        ]
    private = draft.out.kind == "private"
    only_places = draft.out.kind == "post" and all(kind in _PLACES for _, _, kind in found)
    for start, end, kind in found:
        what = _KINDS.get(kind, "personal details")
        if private:
            says = f"This looks like {what}. The network keeps what is sent over it, and it may reach the wrong person."
            mend = "Take it out, or make sure that it is this person's own and needed here."
        elif only_places:
            says = f"This looks like {what}. It may go out as the place of an event, never as somebody's home."
            mend = "Take it out if anybody could tell from it where a person lives."
        else:
            says = f"This looks like {what}. What is published can stay for ever, and a person could be found by it."
            mend = "Take it out. Ask the person to write privately, or refer the matter to the department."
            if kind in _PLACES:
                mend += " An address of ours is put among the words of the policy, under “Addresses that are ours”."
        severity: Severity = "ask" if private or only_places else "stop"
        yield Finding("personal_data", severity, clause(draft, "personal_data"), says, mend, start=start, end=end)
    yield from _in_pictures(draft, ours)


def _in_pictures(draft: Draft, ours: set[str]) -> Iterator[Finding]:
    """The same of the words that were read in a picture: a screenshot shows more than its author looked at."""
    for place, image in enumerate(draft.out.images):
        kinds = details_in(image.words, draft.pack, ours)
        if not kinds:
            continue
        what = " and ".join(dict.fromkeys(_KINDS.get(kind, "personal details") for kind in kinds))
        only_places = draft.out.kind == "post" and all(kind in _PLACES for kind in kinds)
        severity: Severity = "ask" if draft.out.kind == "private" or only_places else "stop"
        says = f"The picture holds words that look like {what}."
        says += " What is published can stay for ever, and a person could be found by it."
        if only_places:
            mend = "Look at it: the place of an event may be shown, somebody's home never. Say which it is."
        elif severity == "ask":
            mend = "Look at it: make sure that it is this person's own and needed here, or cover it."
        else:
            mend = "Use a picture without it, or cover it in the picture and add it again."
        yield Finding("personal_data", severity, clause(draft, "personal_data"), says, mend, field=f"images.{place}")


def details_in(words: str, pack: Pack, ours: set[str] | None = None) -> list[str]:
    """The kinds of personal details in words that were read in a picture, without the organisation's own."""
    known = _own(pack) if ours is None else ours
    places = _our_places(words, pack)
    return [
        span.kind
        for span in (read(words, pack.words).spans if words else ())
        if span.label == "personal_details"
        and not known & _said(words[span.start : span.end])
        and not any(start <= span.start and span.end <= end for start, end in places)
    ]


def _repeated(draft: Draft) -> Iterator[tuple[int, int, str]]:
    """Where the draft repeats details out of the message it answers; a name in a greeting is no such thing."""
    answering, decision = draft.out.answering, draft.answered
    if answering is None or decision is None:
        return
    ours = _own(draft.pack)
    for span in decision.reading.spans:
        words = answering.text[span.start : span.end].strip()
        if span.label != "personal_details" or span.kind in ("name", "third_person") or len(words) < _SHORTEST:
            continue
        found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", draft.text, re.IGNORECASE)
        if found and not ours & _said(words):
            yield found.start(), found.end(), span.kind


def personal_issue(draft: Draft) -> Iterator[Finding]:
    """A public reply that deals with one person's matter instead of referring it."""
    if not draft.public_reply or draft.unchanged_wording:
        return
    seen: set[tuple[int, int]] = set()
    for phrase in draft.pack.checks.personal_issue:
        for start, end in matches(phrase, draft.text):
            if any(start < other_end and end > other_start for other_start, other_end in seen):
                continue
            seen.add((start, end))
            yield Finding(
                "personal_issue",
                "stop",
                clause(draft, "personal_issue"),
                f"This deals with a personal matter where everybody can read it: {phrase.why}.",
                phrase.instead or "Refer the person to the department instead, without the details of their case.",
                start=start,
                end=end,
            )


def _own(pack: Pack) -> set[str]:
    """Numbers and addresses of the organisation itself, as digits and in lower case."""
    own: set[str] = set()
    for department in pack.departments.values():
        own |= {_plain(department.email), _only_digits(department.phone)}
    for wording in pack.wordings.values():
        for part in wording.text.replace(".", " ").split("  "):
            own.add(_only_digits(part))
    own |= {_plain(role.email) for role in pack.roles.values()}
    return own - {""}


def _our_places(text: str, pack: Pack) -> list[tuple[int, int]]:
    """Where the organisation's own addresses (`public_addresses` in words.toml) stand, however they are spaced."""
    found: list[tuple[int, int]] = []
    for line in pack.words.public_addresses:
        words = r"[\s,]+".join(re.escape(word) for word in line.replace(",", " ").split())
        found += [one.span() for one in re.finditer(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE)]
    return found


def _said(words: str) -> set[str]:
    return {_plain(words), _only_digits(words)} - {""}


def _plain(text: str) -> str:
    return text.strip(" .,;:()<>\"'").lower()


def _only_digits(text: str) -> str:
    digits = "".join(mark for mark in text if mark.isdigit())
    if digits.startswith("44") and len(digits) == 12:
        digits = "0" + digits[2:]
    return digits if len(digits) >= 7 else ""
