"""Reading many texts at once: each is cut and its cues found by itself, then all are weighed together.

One text is a batch of one, so that a message reads the same alone and in any company.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from ..model import LABELS, Reading, Span
from ..quick import quick
from .alone import Alone
from .crowd import Crowd
from .evidence import Sign, logistic
from .known import Found, Known
from .learnt import Learnt
from .memory import Floats
from .trained import ONE, Trained, base, shipped
from .vocabulary import Vocabulary
from .words import Words

SHOWN = 0.35  # a label this likely carries its spans, so that a pack may set its threshold below one half
FEW = 6  # texts fewer than these are opened one by one
MOST_PAGES = 384  # weighed together: more would only need more room
MOST_TEXT = 400_000  # code points of them
_MOST_SPANS = 200  # of one label; personal details have no such end, for each of them is masked
_MOST_WORDS = 3  # shown of a label that only the trained judge found
_END = 9 * ONE  # log-odds beyond this say no more
_PROBABLE = np.array([round(logistic(place / ONE), 4) for place in range(-_END, _END + 1)])
_SPARED = [LABELS.index("offensive"), LABELS.index("hate")]  # what is told of or condemned is not said
_reading, _span = quick(Reading), quick(Span)
_SAFEGUARDING = LABELS.index("safeguarding")


class Read(NamedTuple):
    """A reading with the log-odds of every label by LABELS, and the signs behind those that have any."""

    reading: Reading
    odds: list[float]
    found: Found


def read_together(
    texts: Sequence[str], words: Words, model: Trained | None = None, learnt: Learnt | None = None
) -> list[Read]:
    """Every text read, in order. `model` stands in for the one that ships; `learnt` is what the desk taught it."""
    judge = model or shipped()
    if len(texts) == 1:
        return _read([texts[0]], words, judge, learnt)
    with collector_paused():
        return [read for batch in _batches(texts) for read in _read(batch, words, judge, learnt)]


def readings_together(texts: Sequence[str], words: Words, learnt: Learnt | None = None) -> list[Reading]:
    """The readings alone: what lies behind them is let go batch by batch."""
    judge = shipped()
    with collector_paused():
        return [read.reading for batch in _batches(texts) for read in _read(batch, words, judge, learnt)]


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


def _read(texts: list[str], words: Words, model: Trained, learnt: Learnt | None) -> list[Read]:
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


def _weigh(texts: list[str], known: Known, model: Trained, learnt: Learnt | None) -> list[Read]:
    founds, feelings = known.found, known.feelings
    sums, summed = known.summed(model.table)
    cues: Floats = np.rint(known.odds * ONE)
    felt = np.array([(feeling == "positive", feeling == "negative") for feeling in feelings], dtype=np.float64)
    bases = base(cues, model.told(summed), felt)
    judged = _settled(model, cues, bases)
    for place, found in enumerate(founds):
        if "offensive" in found and any(sign.kind == "spared" for sign in found["offensive"]):
            judged[place, _SPARED] = np.minimum(judged[place, _SPARED], cues[place, _SPARED])
    if learnt is not None:
        judged[:, learnt.columns] += learnt.told(known.summed(learnt.table)[1])
    probable = _PROBABLE[np.minimum(np.maximum(judged, -_END), _END).astype(np.int64) + _END]
    moods = model.felt(bases)
    for place in known.wordless():
        moods[place] = feelings[place]
    labels = [dict(zip(LABELS, row, strict=True)) for row in probable.tolist()]
    shown: list[list[str]] = [[] for _ in texts]
    wanted: list[tuple[int, str]] = []
    likely = np.nonzero(probable >= SHOWN)
    for place, column in zip(likely[0].tolist(), likely[1].tolist(), strict=True):
        label = LABELS[column]
        shown[place].append(label)
        if label in model.join and not any(
            sign.weight > 0 and sign.end > sign.start for sign in founds[place].get(label, ())
        ):
            wanted.append((place, label))
    if wanted:
        for (place, label), weighed in zip(wanted, model.weighed(sums, summed, wanted, _MOST_WORDS), strict=True):
            founds[place][label] = founds[place].get(label, []) + [
                Sign(round(weight, 3), "weighed", *known.span(place, at)) for weight, at in weighed if weight > 0
            ]
    final = judged / ONE
    urgent, topics, languages = known.urgent(final[:, _SAFEGUARDING].tolist()), known.topics(), known.languages()
    taught = learnt.digest if learnt is not None else ""
    return [
        Read(
            _reading(
                labels=labels[place],
                spans=_spans(shown[place], labels[place], founds[place], len(texts[place])) if shown[place] else (),
                sentiment=moods[place],
                language=languages[place],
                urgent=urgent[place],
                topics=topics[place],
                readers=taught,
            ),
            odds,
            founds[place],
        )
        for place, odds in enumerate(final.tolist())
    ]


def _settled(model: Trained, cues: Floats, bases: Floats) -> Floats:
    """The log-odds of every label, joined where the model has a say, in 1/ONE."""
    judged, own, joined = cues.copy(), cues[:, model.columns], model.joined(bases)
    judged[:, model.columns] = np.where(own > 0, np.maximum(joined, own - model.doubts), joined)
    return judged


def _spans(shown: list[str], labels: dict[str, float], found: Found, length: int) -> tuple[Span, ...]:
    """The places behind every label likely enough; a label whose signs have no place gets the whole text."""
    spans: list[tuple[int, int, str, str]] = []
    for label in shown:
        placed = [sign for sign in found.get(label, ()) if sign.end > sign.start and sign.weight > 0]
        if not placed and length:
            spans.append((0, length, label, "whole"))
        for sign in placed if label == "personal_details" else placed[:_MOST_SPANS]:
            if label == "personal_details" and sign.kind == "flat" and labels[label] < 0.5:
                continue
            spans.append((sign.start, sign.end, label, sign.kind))
    if len(spans) > 1:
        spans = sorted(set(spans))
    return tuple([_span(*row) for row in spans])
