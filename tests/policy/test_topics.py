"""Topics of a pack's words, and the departments that its rules name for them."""

from __future__ import annotations

from gatepost.policy.pack import load
from gatepost.policy.topics import departments_of, topic_title, topics_of
from gatepost.shipped import pack_folder


def test_the_shipped_pack_names_repairs_for_its_topics_and_nobody_for_what_a_rule_rules_out() -> None:
    pack = load(pack_folder())
    topics = topics_of(pack)
    assert {"damp_mould", "repairs", "rent", "asb"} <= set(topics)
    found = departments_of(pack)
    assert found["damp_mould"] == found["heating"] == ("repairs",)
    assert "rent" not in found
    assert set(found) <= set(topics)


def test_titles_are_as_people_read_them() -> None:
    assert topic_title("damp_mould") == "Damp mould"
    assert topic_title("asb") == "ASB"
