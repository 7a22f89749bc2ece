"""Personal details of people, and their personal matters, do not go out."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, clause, matches
from gatepost.policy.model import Finding
from gatepost.policy.pack import Pack

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
_PLACES = frozenset(("address", "postcode", "flat"))


def personal_data(draft: Draft) -> Iterator[Finding]:
    """Anything that tells who or where a person is. The organisation's own lines and addresses may go out.

    A place alone, in a post that answers nobody, may be a hall or a building site: a person is asked to look.
    """
    ours = _own(draft.pack)
    found = [
        span
        for span in draft.reading.spans
        if span.label == "personal_details" and not ours & _said(draft.text[span.start : span.end])
    ]
    only_places = draft.out.kind == "post" and all(span.kind in _PLACES for span in found)
    for span in found:
        what = _KINDS.get(span.kind, "personal details")
        if only_places:
            yield Finding(
                "personal_data",
                "ask",
                clause(draft, "law.2"),
                f"This looks like {what}. It may go out as the place of an event, never as somebody's home.",
                "Take it out if anybody could tell from it where a person lives.",
                start=span.start,
                end=span.end,
            )
            continue
        yield Finding(
            "personal_data",
            "stop",
            clause(draft, "law.2"),
            f"This looks like {what}. What is published can stay online for ever, and a person could be found by it.",
            "Take it out. Ask the person to write privately, or refer the matter to the department.",
            start=span.start,
            end=span.end,
        )


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
                clause(draft, "usage.5"),
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


def _said(words: str) -> set[str]:
    return {_plain(words), _only_digits(words)} - {""}


def _plain(text: str) -> str:
    return text.strip(" .,;:()<>\"'").lower()


def _only_digits(text: str) -> str:
    digits = "".join(mark for mark in text if mark.isdigit())
    if digits.startswith("44") and len(digits) == 12:
        digits = "0" + digits[2:]
    return digits if len(digits) >= 7 else ""
