"""What was found in a message: each label with its marks, why it was read so, and the clause that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gatepost.inbox.masking import kind_words, pieces, spans_of
from gatepost.inbox.models import Correction, Message
from gatepost.policy.conditions import LABEL_WORDS
from gatepost.policy.hazards import in_words, told_to_us
from gatepost.policy.pack import Pack
from gatepost.policy.reasons import reasons
from gatepost.policy.topics import departments_of, topic_title
from gatepost.web.inbox.thread import shown_spans
from gatepost.web.inbox.words import Word, in_order, likelihood, listed, word_of


@dataclass(frozen=True, slots=True)
class Found:
    """One line under the message. `numbers` tie it to its marks; empty when no words in particular gave rise to it."""

    numbers: tuple[int, ...]
    word: Word
    says: str
    clauses: tuple[str, ...]
    label: str = ""  # of the policy; "" for what a rule alone found


def found_in(message: Message, corrections: Sequence[Correction] = ()) -> list[Found]:
    """The labels of a message and the rules that fired beside them, in the order of their marks."""
    kept = message.decision
    spans = spans_of(kept.spans)
    marks: dict[str, dict[str, int]] = {}
    for piece in pieces(message.text, shown_spans(message), mask=True):
        if piece.number:
            marks.setdefault(piece.label, {})[piece.kind] = piece.number
    said = {one.label: one.by.name for one in corrections if one.holds}
    labels = [*(word.id for word in in_order(list(kept.decided)))]
    labels += [label for label in marks if label not in labels]
    rows: list[Found] = []
    used: set[str] = set()
    for label in labels:
        rules = _rules_for(label, kept.evidence)
        used.update(rule[0] for rule in rules)
        probability = float(kept.labels.get(label, 0.0))
        kinds = [kind_words(kind) for kind in marks.get(label, {})] if label == "personal_details" else []
        numbers = tuple(sorted(set(marks.get(label, {}).values())))
        because = kinds or [why.says for why in reasons(message.text, label, spans)]
        rows.append(
            Found(
                numbers,
                word_of(label),
                f"{said[label]} said so." if label in said else _says(probability, because),
                tuple(dict.fromkeys(rule[1] for rule in rules)),
                label,
            )
        )
    rows += [_by_rule(evidence) for evidence in kept.evidence if evidence[0] not in used and _own_reason(evidence)]
    return sorted(rows, key=lambda row: row.numbers[:1] or (1000,))


def about(message: Message, pack: Pack) -> list[tuple[str, str, tuple[str, ...]]]:
    """What a message is about: (topic, its title, the departments that the policy names for it)."""
    names = departments_of(pack) if message.decision.topics else {}
    rows = [(topic, names.get(topic, ())) for topic in message.decision.topics]
    return [(topic, topic_title(topic), tuple(pack.departments[one].name for one in to)) for topic, to in rows]


def hazards_in(message: Message, pack: Pack) -> str:
    """The hazards of a home that it tells of, "damp and a child or somebody pregnant."; "" for none."""
    told = in_words(told_to_us(message.text, pack.words, message.decision.decided, urgent=message.urgent))
    return f"{listed(told)}." if told else ""


def _says(probability: float, because: Sequence[str]) -> str:
    sure = f"{likelihood(probability)} ({probability:.2f})."
    if not because:
        return sure
    words = listed(list(because))
    return f"{words[0].upper()}{words[1:]}. {sure}"


def _rules_for(label: str, evidence: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The rules that fired because of a label before all else; failing those, the first it had a part in."""
    words = f"it reads as {LABEL_WORDS.get(label, label)} ("
    first = [rule for rule in evidence if rule[2:3] and rule[2].startswith(words)]
    return first or [rule for rule in evidence if any(why.startswith(words) for why in rule[3:])][:1]


def _own_reason(evidence: Sequence[str]) -> list[str]:
    """Why a rule fired, beyond labels, which have lines of their own."""
    return [why for why in evidence[2:] if not why.startswith("it reads as ") and why != "it can be seen by everybody"]


def _by_rule(evidence: Sequence[str]) -> Found:
    reasons = _own_reason(evidence)
    title = evidence[0].replace("_", " ").capitalize()
    urgent = "it is urgent" in reasons
    word = Word(evidence[0], title, "stop" if urgent else "", "triangle-alert" if urgent else "info")
    says = listed(reasons)
    return Found((), word, f"{says[0].upper()}{says[1:]}.", (evidence[1],))
