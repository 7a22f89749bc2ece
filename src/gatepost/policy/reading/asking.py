"""Which readers could find anything in which of many texts. Said too often it costs time, never too seldom."""

from __future__ import annotations

import numpy as np

from . import telling
from .by_cues import ABUSE, ABUSIVE, COMPLAINT, HATE, OWN, OWN_LABELS, PERSONAL, QUESTION, REQUEST, WORK
from .complaint import ELSE, LONG_ENOUGH, NO_LEAN, REACH
from .matching import Found
from .opening import Bits, Opened
from .personal_data import LEAST_WORDED
from .vocabulary import Numbers

_HAIR = 1e-6  # weights are added in another order here


def readers_for(opened: Opened, found: Found) -> Numbers:
    """For each text the bits of the readers to ask."""
    told, count = opened.told, len(opened.texts)
    hateful = opened.apart | opened.any_of(told & telling.HATED)
    figures = np.bincount(opened.owner[(told & telling.FIGURE) != 0], minlength=count)
    bits = np.zeros(count, dtype=np.int64)
    for bit, asked in (
        (HATE, hateful),
        (ABUSE, found.any_of(ABUSIVE)),
        (PERSONAL, opened.personal | (figures >= LEAST_WORDED)),
        (COMPLAINT, _complaint(opened, found)),
        (OWN, found.any_of(OWN_LABELS)),
        (REQUEST, found.any_of(WORK)),
        (QUESTION, found.has("question") | _opens_a_question(opened)),
    ):
        bits |= np.where(asked, bit, 0)
    return bits


def _complaint(opened: Opened, found: Found) -> Bits:
    """Where anything but a slight leaning speaks for a complaint: see `complaint.complaint`."""
    told, has = opened.told, found.has
    addressed = told & telling.ADDRESSED
    done = told & telling.DONE
    said = np.zeros(len(told), dtype=np.bool_)
    for gap in range(1, REACH + 1):
        said[:-gap] |= (addressed[:-gap] != 0) & (done[gap:] != 0) & (opened.owner[gap:] == opened.owner[:-gap])
    sour = has("sour") & ~has("reported")
    sour &= has("aimed") | has("staff") | opened.any_of(told & telling.OURS)
    tells = has("topic") & (opened.lengths > LONG_ENOUGH) & ~found.any_of(ELSE) & ~opened.any_of(told & telling.ASKED)
    return found.plain_complaint() | sour | opened.any_of(said) | tells | (found.leaning() > NO_LEAN - _HAIR)


def _opens_a_question(opened: Opened) -> Bits:
    """Where a word that opens questions opens a sentence, or follows a greeting: see `requests.question`."""
    told = opened.told
    at = np.flatnonzero(told & telling.OPENER)
    first = at == opened.starts[opened.owner[at]]
    at = at[first | ((told[at - 1] & (telling.STOP | telling.GREETED)) != 0)]
    found: Bits = np.bincount(opened.owner[at], minlength=len(opened.texts)) > 0
    return found
