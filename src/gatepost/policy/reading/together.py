"""Reading many texts at once: each is cut and its cues found by itself, then all are weighed together.

One text is a batch of one, so that a message reads the same alone and in any company.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import repeat
from typing import NamedTuple

import numpy as np

from ..model import LABELS, Reading, Span
from ..quick import quick
from .alone import Alone
from .crowd import Crowd
from .evidence import Sign, logistic, sign_of
from .known import Found, Known
from .learnt import Learnt
from .memory import Floats
from .trained import ONE, Trained, base, shipped
from .vocabulary import Vocabulary
from .words import Words

SHOWN = 0.35  # a label this likely carries its spans, so that a pack may set its threshold below one half
FEW = 6  # texts fewer than these are opened one by one
MOST_PAGES = 256  # weighed together: more would only need more room
MOST_TEXT = 400_000  # code points of them
_MOST_SPANS = 200  # of one label; personal details have no such end, for each of them is masked
_MOST_WORDS = 3  # shown of a label that only the trained judge found
_BETWEEN = ".!\n\r\t "  # ends of sentences weigh too, but tell nobody anything
_END = 9 * ONE  # log-odds beyond this say no more
_PROBABLE = np.array([round(logistic(place / ONE), 4) for place in range(-_END, _END + 1)])
_SPARED = [LABELS.index("offensive"), LABELS.index("hate")]  # what is told of or condemned is not said
_reading, _span = quick(Reading), partial(tuple.__new__, Span)
_SAFEGUARDING = LABELS.index("safeguarding")


class Read(NamedTuple):
    """A reading with the log-odds of every label by LABELS, and the signs behind those that have any."""

    reading: Reading
    odds: list[float]
    found: Found


_Weighed = tuple[list[Reading], Floats, list[Found]]  # what a `Read` holds of each text, apart


def read_together(
    texts: Sequence[str], words: Words, model: Trained | None = None, learnt: Learnt | None = None
) -> list[Read]:
    """Every text read, in order. `model` stands in for the one that ships; `learnt` is what the desk taught it."""
    judge = model or shipped()
    with collector_paused():
        done = [_read(batch, words, judge, learnt) for batch in _batches(texts)]
        return [
            Read(reading, odds, found)
            for readings, final, founds in done
            for reading, odds, found in zip(readings, final.tolist(), founds, strict=True)
        ]


def readings_together(texts: Sequence[str], words: Words, learnt: Learnt | None = None) -> list[Reading]:
    """The readings alone: what lies behind them is let go batch by batch."""
    judge = shipped()
    with collector_paused():
        return [reading for batch in _batches(texts) for reading in _read(batch, words, judge, learnt)[0]]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the collector of cycles. What is made on the way to a reading or a decision has none and is gone at the
    end; left to itself the collector would walk over all of it, and over the whole pack, many times a batch."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    waiting: list[str] = []
    length = 0
    for text in texts:
        waiting.append(text)
        length += len(text)
        if len(waiting) == MOST_PAGES or length > MOST_TEXT:
            yield waiting
            waiting, length = [], 0
    if waiting:
        yield waiting


def _read(texts: list[str], words: Words, model: Trained, learnt: Learnt | None) -> _Weighed:
    """Opened one by one where they are few, for the arrays of a crowd pay only for many."""
    if len(texts) < FEW:
        judges: list[Trained | Learnt] = [model] if learnt is None else [model, learnt]
        memories = [judge.memory() for judge in judges]
        done = _weigh(texts, Alone(texts, words, memories), model, learnt)
        for judge, memory in zip(judges, memories, strict=True):
            judge.memories.append(memory)
        return done
    try:
        vocabulary = words.vocabularies.pop()
    except IndexError:
        vocabulary = Vocabulary(words.book, words.tokens)
    if vocabulary.full():
        vocabulary.forget()
    done = _weigh(texts, Crowd(texts, words, vocabulary), model, learnt)
    words.vocabularies.append(vocabulary)
    return done


def _weigh(texts: list[str], known: Known, model: Trained, learnt: Learnt | None) -> _Weighed:
    founds, feelings = known.found, known.feelings
    sums, summed = known.summed(model.table)
    cues: Floats = np.rint(known.odds * ONE)
    felt = np.array([(feeling == "positive", feeling == "negative") for feeling in feelings], dtype=np.float64)
    bases = base(cues, model.told(summed), felt)
    judged = _settled(model, cues, bases, summed.lengths)
    for place, found in enumerate(founds):
        if "offensive" in found and any(sign.kind == "spared" for sign in found["offensive"]):
            judged[place, _SPARED] = np.minimum(judged[place, _SPARED], cues[place, _SPARED])
    taught = ""
    if learnt is not None:
        taught = learnt.digest
        judged[:, learnt.columns] += learnt.told(known.summed(learnt.table)[1])
    probable = _PROBABLE[np.minimum(np.maximum(judged, -_END), _END).astype(np.int64) + _END]
    moods = model.felt(bases)
    for place in known.wordless():
        moods[place] = feelings[place]
    labels = [dict(zip(LABELS, row, strict=True)) for row in probable.tolist()]
    behind: list[list[Span]] = [[] for _ in texts]
    bare: list[tuple[int, str]] = []
    likely = np.nonzero(probable >= SHOWN)
    for place, column in zip(likely[0].tolist(), likely[1].tolist(), strict=True):
        label = LABELS[column]
        places = _places(label, founds[place].get(label, ()))
        if places:
            behind[place] += _shown(label, labels[place][label], places)
        else:
            bare.append((place, label))
    wanted = [one for one in bare if one[1] in model.join]
    heaviest = model.weighed(sums, summed, wanted, 2 * _MOST_WORDS) if wanted else []
    for (place, label), weighed in zip(wanted, heaviest, strict=True):
        shown: list[Sign] = []
        for weight, at in weighed:
            if weight <= 0 or len(shown) == _MOST_WORDS:
                break
            start, end = known.span(place, at)
            if texts[place][start:end].strip(_BETWEEN):
                shown.append(sign_of((round(weight, 3), "weighed", start, end, "")))
        founds[place][label] = founds[place].get(label, []) + shown
    for place, label in bare:
        behind[place] += _places(label, founds[place].get(label, ())) or [Span(0, len(texts[place]), label, "whole")]
    final = judged / ONE
    urgent, topics, languages = known.urgent(final[:, _SAFEGUARDING].tolist()), known.topics(), known.languages()
    spans = [
        tuple(sorted(set(places)) if len(places) > 1 else places) if text else ()
        for text, places in zip(texts, behind, strict=True)
    ]
    readings = list(map(_reading, labels, spans, moods, languages, urgent, topics, repeat(taught)))  # as its fields are
    return readings, final, founds


def _settled(model: Trained, cues: Floats, bases: Floats, lengths: Floats) -> Floats:
    """The log-odds of every label, joined where the model has a say, in 1/ONE."""
    judged, own, joined = cues.copy(), cues[:, model.columns], model.joined(bases)
    settled = np.where(own > 0, np.maximum(joined, own - model.below(lengths)), joined)
    judged[:, model.columns] = model.honest(settled)
    return judged


def _places(label: str, signs: Sequence[Sign]) -> list[Span]:
    """Where those of the signs stand that speak for their label at a place of the text."""
    return [_span((start, end, label, kind)) for weight, kind, start, end, _ in signs if end > start and weight > 0]


def _shown(label: str, probable: float, places: list[Span]) -> list[Span]:
    """Those of the places behind a label that are shown: of a flat or a name alone nothing is, unless likely enough."""
    if label != "personal_details":
        return places[:_MOST_SPANS]
    return places if probable >= 0.5 else [one for one in places if one[3] not in ("flat", "name")]
