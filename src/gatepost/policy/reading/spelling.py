"""The letters that `hate` spells texts by, for many texts at once, wherever every word stands for itself alone."""

from __future__ import annotations

from . import telling
from .hate import MOST_WORDS
from .opening import Opened
from .vocabulary import Numbers, Vocabulary


def spelt(opened: Opened, vocabulary: Vocabulary, texts: Numbers) -> dict[int, str]:
    """The letters of these texts. Those are missing in which words may be a phrase, run together, or set apart."""
    letters = vocabulary.letter.array[opened.words]
    told, owner = opened.told, opened.owner
    several = opened.apart | (opened.lengths > MOST_WORDS)
    several[owner[letters == 0]] = True
    same = owner[1:] == owner[:-1]
    phrase = ((told[:-1] & telling.LEADS) != 0) & ((told[1:] & telling.FOLLOWS) != 0) & same
    several[owner[1:][phrase]] = True
    lone = ((told[:-1] & told[1:] & telling.LONE) != 0) & same
    several[owner[2:][lone[1:] & lone[:-1]]] = True
    written, edges = letters.tobytes().decode("latin-1"), opened.edges
    return {text: written[edges[text] : edges[text + 1]] for text in texts[~several[texts]].tolist()}
