"""The other side of triage_speed: Presidio's patterns, alt-profanity-check and VADER, one after another on each text.

Run by triage_speed in an environment of its own (requirements/rivals.txt). Takes {"texts", "sizes", "single"} as JSON
on standard input, gives figures as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time

began = time.process_time()
import spacy  # noqa: E402  # the imports are what is timed
from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry  # noqa: E402
from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: E402
from profanity_check import predict_prob  # noqa: E402
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: E402


class NoModel(SpacyNlpEngine):
    """Words and nothing else: the patterns need no trained pipeline."""

    def __init__(self) -> None:
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}


registry = RecognizerRegistry(supported_languages=["en"])
registry.load_predefined_recognizers(languages=["en"], nlp_engine=NoModel())
registry.remove_recognizer("SpacyRecognizer")
analyzer = AnalyzerEngine(registry=registry, nlp_engine=NoModel(), supported_languages=["en"])
batched = BatchAnalyzerEngine(analyzer)
feelings = SentimentIntensityAnalyzer()
imported = time.process_time() - began


def one(text: str) -> None:
    analyzer.analyze(text, language="en")
    predict_prob([text])
    feelings.polarity_scores(text)


def many(texts: list[str], size: int) -> None:
    for start in range(0, len(texts), size):
        some = texts[start : start + size]
        list(batched.analyze_iterator(some, language="en", batch_size=size))
        predict_prob(some)
        for text in some:
            feelings.polarity_scores(text)


def main() -> None:
    asked = json.load(sys.stdin)
    texts, few = asked["texts"], asked["texts"][: asked["single"]]
    one(texts[0])
    taken = []
    start = time.process_time()
    for text in few:
        moment = time.perf_counter()
        one(text)
        taken.append(time.perf_counter() - moment)
    told = {"import": imported, "single": len(few) / (time.process_time() - start), "taken": taken, "batch": {}}
    for size in asked["sizes"]:
        start = time.process_time()
        many(texts, size)
        told["batch"][str(size)] = len(texts) / (time.process_time() - start)
    told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
