"""What the cue readers make of a page: log-odds and signs per label, before the trained judge has its say.

A reader is asked only where something on the page could give it a sign; what it says of nothing at all is known.
"""

from __future__ import annotations

from . import abuse as _abuse
from . import complaint as _complaint
from . import hate as _hate
from . import personal_data as _personal_data
from . import requests as _requests
from . import safeguarding as _safeguarding
from . import spam as _spam
from . import thanks as _thanks
from .evidence import Sign
from .page import Page
from .words import Words

# Labels read from their own cues alone, with their readers and what turns signs into log-odds.
_OWN = (
    ("thanks", _thanks.thanks, _thanks.log_odds),
    ("spam", _spam.spam, _spam.log_odds),
    ("safeguarding", _safeguarding.safeguarding, _safeguarding.log_odds),
    ("media_query", _requests.media_query, lambda found: _requests.log_odds("media_query", found)),
    ("sar_request", _requests.sar_request, lambda found: _requests.log_odds("sar_request", found)),
    ("foi_request", _requests.foi_request, lambda found: _requests.log_odds("foi_request", found)),
)
OWN_LABELS = tuple(label for label, _, _ in _OWN)
ABUSIVE = ("insult", "slur", "threat")
WORK = ("service_request", "fault")
_NO_HATE = _hate.Hate([])
# The log-odds of every label for a page without a sign of it.
NOTHING: dict[str, float] = {
    "complaint": _complaint.log_odds([]),
    "personal_details": _personal_data.log_odds([]),
    "staff_abuse": _abuse.log_odds([], _abuse.STAFF_BIAS),
    "hate": _hate.log_odds([]),
    "offensive": _abuse.log_odds([], _abuse.OFFENSIVE_BIAS),
    "service_request": _requests.log_odds("service_request", []),
    "question": _requests.log_odds("question", []),
    **{label: log_odds([]) for label, _, log_odds in _OWN},
}


# Which readers are asked.
HATE, ABUSE, PERSONAL, COMPLAINT, OWN, REQUEST, QUESTION = (1 << place for place in range(7))
ALL = (1 << 7) - 1


def by_cues(page: Page, words: Words) -> tuple[dict[str, float], dict[str, list[Sign]]]:
    """For every label its log-odds, and the signs behind those that have any."""
    odds, found = asked(page, words, ALL)
    return {**NOTHING, **odds}, found


def asked(page: Page, words: Words, readers: int, spelt: str = "") -> tuple[dict[str, float], dict[str, list[Sign]]]:
    """Of these readers the log-odds and the signs of every label that has signs. `spelt`: see `hate.hate`."""
    hits = page.hits
    odds: dict[str, float] = {}
    found: dict[str, list[Sign]] = {}
    hatred = _hate.hate(page, spelt) if readers & HATE else _NO_HATE
    if hatred.signs:
        found["hate"] = hatred.signs
        odds["hate"] = _hate.log_odds(hatred.signs)
    if hatred.signs or hatred.spared or (readers & ABUSE and not hits.keys().isdisjoint(ABUSIVE)):
        abused = _abuse.abuse(page, words, hatred)
        if abused.staff:
            found["staff_abuse"] = abused.staff
            odds["staff_abuse"] = _abuse.log_odds(abused.staff, _abuse.STAFF_BIAS)
        if abused.offensive:
            found["offensive"] = abused.offensive
            odds["offensive"] = _abuse.log_odds(abused.offensive, _abuse.OFFENSIVE_BIAS)
    if readers & PERSONAL and (signs := _personal_data.personal_data(page, words)):
        found["personal_details"] = signs
        odds["personal_details"] = _personal_data.log_odds(signs)
    if readers & COMPLAINT and (signs := _complaint.complaint(page)):
        found["complaint"] = signs
        odds["complaint"] = _complaint.log_odds(signs)
    if readers & OWN and hits:
        for label, reader, log_odds in _OWN:
            if label in hits and (signs := reader(page)):
                found[label] = signs
                odds[label] = log_odds(signs)
    complains = odds.get("complaint", NOTHING["complaint"])
    if readers & REQUEST and not hits.keys().isdisjoint(WORK) and (signs := _requests.service_request(page, complains)):
        found["service_request"] = signs
        odds["service_request"] = _requests.log_odds("service_request", signs)
    if readers & QUESTION:
        service = odds.get("service_request", NOTHING["service_request"])
        signs = _requests.question(page, complains, service)
        if signs:
            found["question"] = signs
            odds["question"] = _requests.log_odds("question", signs)
    return odds, found
