"""What a message is about, in the topics of the pack's words, and whom the policy names for each."""

from __future__ import annotations

from gatepost.policy.pack import Pack
from gatepost.policy.schema import When


def topics_of(pack: Pack) -> tuple[str, ...]:
    """Every topic that the pack has words for, by name."""
    book = pack.words.book
    cues = [variant.cue for variants in book.exact.values() for variant in variants]
    cues += [variant.cue for variant in book.prefixed]
    return tuple(sorted({cue.kind for cue in cues if cue.label == "topic" and cue.weight > 0}))


def departments_of(pack: Pack) -> dict[str, tuple[str, ...]]:
    """The departments to which a rule that looks for a topic refers, by topic, in the order of the rules."""
    found: dict[str, dict[str, None]] = {}
    for rule in pack.rules:
        for topic in sorted(_looked_for(rule.when)):
            found.setdefault(topic, {}).update(dict.fromkeys(rule.then.refer))
    return {topic: tuple(names) for topic, names in found.items() if names}


def _looked_for(when: When) -> set[str]:
    """Topics of which one makes the condition hold, at any depth; those it rules out are not among them."""
    parts = [*(when.all_of or []), *(when.any_of or [])]
    return set(when.topic or ()).union(*(_looked_for(one) for one in parts))


def topic_title(topic: str) -> str:
    """A topic as people read it: "damp_mould" is "Damp mould", "asb" is "ASB"."""
    return topic.upper() if len(topic) <= 3 else topic.replace("_", " ").capitalize()
