"""The town's people and templates."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from gatepost.sandbox import residents
from gatepost.sandbox.voice import spoken
from tests.shared import shared


def test_there_are_enough_templates_and_none_twice() -> None:
    found = residents.templates()
    assert len(found) >= 220
    assert len({normal(one.text) for one in found}) == len(found)
    assert len({one.id for one in found}) == len(found)


def test_every_label_is_carried_by_several_templates_and_some_carry_none() -> None:
    found = residents.templates()
    for label in residents.LABELS:
        assert sum(label in one.labels for one in found) >= 8, label
    assert sum(not one.labels for one in found) >= 10
    assert {one.language for one in found} >= {"en", "pl", "so", "gu", "pt", "ro"}


def test_people_have_names_handles_and_voices_of_their_own() -> None:
    people = residents.people()
    assert len(people) >= 40
    assert all(re.fullmatch(r"[A-Za-z0-9_]{4,15}", one.handle) for one in people)
    spoken_for = {voice for one in residents.templates() for voice in one.voices}
    assert spoken_for <= {one.voice for one in people}


def test_filled_templates_hold_no_slot_and_no_real_number() -> None:
    rng = random.Random(1)
    for template in residents.templates():
        for resident in residents.people()[:5]:
            text = residents.fill(template, resident, rng)
            assert not re.search(r"[{}]", text)
            numbers = re.findall(r"\b0\d{4} ?\d{6}\b", text)
            assert all(number.startswith(("01632 960", "07700 900")) for number in numbers)
            assert all(address.endswith("@example.org") for address in re.findall(r"\S+@\S+\.\w+", text))


def test_voices_change_the_words_but_not_the_details() -> None:
    rng = random.Random(1)
    assert spoken("Please help, nobody came.", "shouting", rng) == "PLEASE HELP, NOBODY CAME."
    assert "'" not in spoken("I'm waiting and you're late", "misspelt", rng)
    details = "Ring me on 07700 900123"
    assert spoken(details, "shouting", rng) == spoken(details, "misspelt", rng) == details
    assert spoken("Plain words.", "plain", rng) == "Plain words."


def normal(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def rows(folder: Path) -> Iterator[str]:
    csv.field_size_limit(10_000_000)
    for path in sorted(folder.glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield row.get("text") or ""
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield str(json.loads(line).get("text", ""))


def test_no_template_is_a_row_of_the_data_sets() -> None:
    ours = {normal(one.text): one.id for one in residents.templates()}
    # One or two words ("Interesting.") are nobody's; a row of that length proves no copying.
    ours = {text: name for text, name in ours.items() if len(text.split()) > 2}
    seen = 0
    for text in rows(shared("data")):
        seen += 1
        assert normal(text) not in ours, ours[normal(text)]
    assert seen > 1_000
