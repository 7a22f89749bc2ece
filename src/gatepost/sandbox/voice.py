"""How a resident's voice changes what they write. Texts in other languages and texts with details stay as they are."""

from __future__ import annotations

import random
import re

KEEPS_DETAILS = re.compile(r"\d{3}|@|\b[A-Z]{2}\d")
SLIPS = (
    ("because", "becuase"),
    ("definitely", "definatly"),
    ("receive", "recieve"),
    ("really", "realy"),
    ("please", "pls"),
    ("tomorrow", "tommorow"),
    ("their", "there"),
    ("you are", "ur"),
    ("your", "ur"),
    ("and", "an"),
    ("have", "hav"),
    ("what", "wot"),
    ("though", "tho"),
    ("ing ", "in "),
)


def spoken(text: str, voice: str, rng: random.Random) -> str:
    """The text in this voice; the same for the same random state."""
    if voice == "shouting" and not KEEPS_DETAILS.search(text):
        return text.upper()
    if voice == "misspelt" and not KEEPS_DETAILS.search(text):
        for right, wrong in SLIPS:
            if rng.random() < 0.7:
                text = text.replace(right, wrong)
        return text.replace("'", "").lower()
    return text
