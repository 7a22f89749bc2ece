"""How we speak to people and of people: no quarrels, no insults, no allegations, no words the pack bans."""

from __future__ import annotations

import re
from collections.abc import Iterator

import re2

from gatepost.policy.checks.base import Draft, clause, matches, sentences
from gatepost.policy.model import Finding
from gatepost.policy.reading.tone import tone as read_tone
from gatepost.policy.shape import Phrase

_TONES = {
    "hostile": "This sounds hostile.",
    "defensive": "This sounds defensive: it argues with the person instead of helping.",
    "sarcastic": "This sounds sarcastic.",
}
_NAME = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Cllr|Councillor|Sir|Dame)\.?\s+[A-Z][\w'’-]+"
    r"|(?<![\w@])@\w{2,}"
    r"|\b[A-Z][a-z'’-]+(?:\s+(?:[A-Z]\.\s+)?(?:Mc|Mac|O['’])?[A-Z][a-z'’-]+\b){1,3}"
    # In a shouted text every word has capitals: a name is what something is said of.
    r"|\b[A-Z]{2,}\s+[A-Z][A-Z'’-]+(?=\s+(?:IS|ARE|WAS|WERE|HAS|HAVE|HAD|STOLE|STEALS|LIED|LIES|TOOK|TAKES|CHEATED)\b)"
)
# Somebody who can be told without a name: by where they live, or by the office they hold.
_WITHOUT_NAME = re.compile(
    r"\b(?:man|woman|couple|family|people|person|lad|boy|girl|tenants?|residents?|neighbours?|owners?|landlord|lodger)\b"
    r"[^.!?\n]{0,25}\b(?:at|of|in|from)\s+(?:(?:house|flat|number|no\.?)\s+)?\d+[a-z]?\b"
    r"|\bthe\s+(?:\w+\s+)?(?:manager|director|chief executive|leader|mayor|owner|head|head ?teacher|chair|caretaker"
    r"|contractor)\s+(?:of|at|for)\s+\w",
    re.IGNORECASE,
)
# A first name, or a word like "somebody", tells who it is beside where they live, when something is said of them there.
_FIRST_NAME = re.compile(
    r"\b(?!(?:\w+ing|The|This|That|It|What|Work|Water|Power|Gas|Damp|Rubbish|Waste|Access|Noise|Fire|Theft|Fraud|Crime"
    r"|Everything|Nothing|Life|Rent|Home|Door|Police)\b)[A-Z][a-z'’-]+,?\s+(?:who\s+lives\s+)?"
    r"(?:(?:at|of|in|from)\s+(?:house|flat|number|no\.?|apartment|room)\s+\d+[a-z]?"
    r"|(?:from\s+)?(?:next\s+door|upstairs|downstairs)|across\s+the\s+(?:road|street|landing))\b,?\s+"
    r"(?:is|was|has|had|keeps?|stole|steals|lied|lies|cheat(?:s|ed)|deals|sells|hits?|beats?|attacked|assaulted|abuse[sd]"
    r"|threatened|harass(?:es|ed)|blackmail(?:s|ed)|defrauded|scammed|sublets)\b"
)


def tone(draft: Draft) -> Iterator[Finding]:
    """Hostile and defensive words stop, in an answer also sarcasm and shouting; shouting in a post is noted."""
    words = draft.pack.words
    # The same text in small letters shows which findings rest on words and not on shouting; lengths must not change.
    quiet = "".join(mark.lower() if len(mark.lower()) == 1 else mark for mark in draft.text)
    worded = [span for span in read_tone(quiet, words) if any(mark.isalpha() for mark in quiet[span.start : span.end])]
    by_words = bytearray(len(quiet))  # a text of nothing but such spans would take a look at each for each
    for other in worded:
        by_words[other.start : other.end] = b"\1" * (other.end - other.start)
    for span in read_tone(draft.text, words):
        shouted = not any(by_words[span.start : span.end])
        # "Congratulations!" can be sarcastic only towards somebody.
        if span.kind == "sarcastic" and draft.out.kind == "post":
            continue
        # Capitals in a post are for the check of capitals to note.
        if shouted and draft.out.kind == "post" and any(mark.isalpha() for mark in draft.text[span.start : span.end]):
            continue
        yield Finding(
            "tone",
            "note" if shouted and draft.out.kind == "post" else "stop",
            clause(draft, "tone"),
            "This reads as shouting." if shouted else _TONES.get(span.kind, f"The tone of this is {span.kind}."),
            "Say plainly what you can do, or who can help. Leave out what answers the person's anger.",
            start=span.start,
            end=span.end,
        )


def thread_limit(draft: Draft) -> Iterator[Finding]:
    """A public back and forth past the pack's limit is handed over."""
    limit = draft.pack.checks.thread_limit
    if draft.public_reply and draft.out.exchanges >= limit:
        yield Finding(
            "thread_limit",
            "stop",
            clause(draft, "thread_limit"),
            f"We have answered {draft.out.exchanges} times in this thread; the limit is {limit}.",
            "Hand the conversation over: refer it to the department, which answers outside the thread.",
        )


def offensive(draft: Draft) -> Iterator[Finding]:
    """Obscene or abusive words of our own, marked where the reader can tell which they are."""
    for label in ("offensive", "hate", "staff_abuse"):
        if draft.reading.labels.get(label, 0.0) < draft.pack.checks.offensive:
            continue
        for span in draft.reading.spans:
            if span.label == label:
                yield Finding(
                    "offensive",
                    "stop",
                    clause(draft, "offensive"),
                    "This is offensive, or could be read so.",
                    "Take it out, also where it quotes somebody.",
                    start=span.start,
                    end=span.end,
                )


def allegation(draft: Draft) -> Iterator[Finding]:
    """An accusation in the same sentence as somebody who can be told: a person must look before it goes out."""
    for begin, finish in sentences(draft.text):
        sentence = draft.text[begin:finish]
        named = [found for found in _NAME.finditer(sentence) if not _is_ours(draft, found[0])]
        named += [*_WITHOUT_NAME.finditer(sentence), *_FIRST_NAME.finditer(sentence)]
        if not named:
            continue
        for phrase in draft.pack.checks.allegation:
            for start, end in matches(phrase, sentence):
                yield Finding(
                    "allegation",
                    "ask",
                    clause(draft, "allegation"),
                    f"This may accuse a person who can be told ({phrase.why}). It could be defamatory.",
                    "Take out the accusation or the person, or have it agreed by somebody who knows the facts.",
                    start=begin + min(start, named[0].start()),
                    end=begin + max(end, named[0].end()),
                )


def banned(draft: Draft) -> Iterator[Finding]:
    """Words this organisation does not use."""
    for entry in draft.pack.checks.banned:
        phrase = Phrase(pattern=r"\b" + re2.escape(entry.word) + r"\b", why=entry.word)
        for start, end in matches(phrase, draft.text):
            mend = f"Write {entry.instead!r} instead." if entry.instead else "Take it out."
            says = f"The policy does not use {entry.word!r}."
            yield Finding("banned", entry.severity, clause(draft, "banned"), says, mend, start=start, end=end)


def _is_ours(draft: Draft, name: str) -> bool:
    """Names of the organisation, its departments and of places are no persons."""
    pack = draft.pack
    known = {pack.organisation.lower(), pack.short_name.lower()}
    known |= {department.name.lower() for department in pack.departments.values()}
    places = {word.lower() for word in pack.checks.not_names}
    words = name.lower().split()
    while len(words) > 2 and words[0] in places:  # "The Daily Mail", "Good Anna Smith"
        words = words[1:]
    return any(" ".join(words) in one for one in known) or any(word.strip(".,") in places for word in words)
