"""What the cue readers make of a page: log-odds and signs per label, before the trained judge has its say."""

from __future__ import annotations

from . import abuse as _abuse
from . import complaint as _complaint
from . import personal_data as _personal_data
from . import requests as _requests
from . import safeguarding as _safeguarding
from . import spam as _spam
from . import thanks as _thanks
from .evidence import Sign
from .page import Page
from .words import Words


def by_cues(page: Page, words: Words) -> tuple[dict[str, float], dict[str, list[Sign]]]:
    """For every label its log-odds and the signs behind them."""
    found: dict[str, list[Sign]] = {}
    odds: dict[str, float] = {}
    abused = _abuse.abuse(page, words)
    found["staff_abuse"], found["offensive"] = abused.staff, abused.offensive
    odds["staff_abuse"] = _abuse.log_odds(abused.staff, -2.2)
    odds["offensive"] = _abuse.log_odds(abused.offensive, -2.3)
    found["personal_details"] = _personal_data.personal_data(page, words)
    odds["personal_details"] = _personal_data.log_odds(found["personal_details"])
    found["complaint"] = _complaint.complaint(page)
    odds["complaint"] = complains = _complaint.log_odds(found["complaint"])
    found["thanks"] = _thanks.thanks(page)
    odds["thanks"] = _thanks.log_odds(found["thanks"])
    found["spam"] = _spam.spam(page)
    odds["spam"] = _spam.log_odds(found["spam"])
    found["safeguarding"] = _safeguarding.safeguarding(page)
    odds["safeguarding"] = _safeguarding.log_odds(found["safeguarding"])
    for label, reader in (
        ("media_query", _requests.media_query),
        ("sar_request", _requests.sar_request),
        ("foi_request", _requests.foi_request),
    ):
        found[label] = reader(page)
        odds[label] = _requests.log_odds(label, found[label])
    found["service_request"] = _requests.service_request(page, complains)
    odds["service_request"] = wants = _requests.log_odds("service_request", found["service_request"])
    found["question"] = _requests.question(page, complains, wants)
    odds["question"] = _requests.log_odds("question", found["question"])
    return odds, found
