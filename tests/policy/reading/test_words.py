from __future__ import annotations

import pytest

from gatepost.policy.problems import PackError
from gatepost.policy.reading import load_words, read, read_many
from tests.policy.reading.test_messages import PACK, words


@pytest.mark.parametrize(
    ("toml", "line", "part"),
    [
        ("[[cue]]\nlabel = 'complaint'\nphrases = ['a']\ncolour = 'red'\n", 4, "colour"),
        ("a = 1\nb = = 2\n", 2, "TOML"),
        ("[[cue]]\nlabel = 'grumble'\nphrases = ['a']\n", 2, "grumble"),
        ('[[cue]]\nlabel = \'thanks\'\nphrases = [\n"ta",\n"to @nobody",\n]\n', 5, "@nobody"),
        ("[[cue]]\nlabel = 'thanks'\nphrases = [\"ta ..\"]\n", 3, "gap"),
        ("[[cue]]\nlabel = 'thanks'\nphrases = [\"ta? you\"]\n", 3, "first word"),
        ("[[cue]]\nlabel = 'thanks'\nphrases = [\"a|b?|c d\"]\n", 3, "very end"),
        ("[[references]]\nname = 'x'\npattern = '(?<=a)b'\n", 3, "pattern"),
    ],
)
def test_a_mistake_is_named_with_its_line(toml: str, line: int, part: str) -> None:
    with pytest.raises(PackError) as caught:
        load_words(toml, "words.toml")
    problem = caught.value.problems[0]
    assert problem.line == line
    assert part in str(problem)
    assert problem.mend


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(PackError, match="characters"):
        load_words("#" * 1_000_001)


def test_an_empty_pack_still_reads() -> None:
    bare = load_words("")
    reading = read("your staff are idiots, ring 07700 900123", bare)
    assert reading.labels["personal_details"] > 0.9
    assert reading.labels["staff_abuse"] < 0.5


def test_every_label_of_the_shipped_pack_has_cues() -> None:
    labels = {v.cue.label for rows in words().book.exact.values() for v in rows}
    assert labels >= {"complaint", "thanks", "insult", "slur", "threat", "topic", "tone", "safeguarding"}
    assert "Offensive words stand here because" in PACK.read_text(encoding="utf-8")


def test_references_come_from_the_pack() -> None:
    spans = read("my ref is BHP-123456 ok", words()).spans
    assert [(s.start, s.end, s.kind) for s in spans if s.label == "personal_details"] == [(10, 20, "tenancy_ref")]


@pytest.mark.parametrize("pattern", [r"BHP-\d{6}", r"^BHP-\d{6}$", r"\ABHP-\d{6}\z", r"\bBHP-[^x]{6}\b"])
def test_references_are_found_among_many_texts(pattern: str) -> None:
    known = load_words(f"[[references]]\nname = 'tenancy_ref'\npattern = '{pattern}'\n")
    texts = ["at 7 it rained", "BHP-123456", "nothing at all", "at 8 it did not", "seven", "9 more", "Bhp-654321", "5"]
    assert read_many(texts, known) == [read(text, known) for text in texts]
    assert [bool(one.spans) for one in read_many(texts, known)] == [place in (1, 6) for place in range(8)]
