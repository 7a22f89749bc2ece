"""A list of the words that the pack had not: the organisation's own addresses."""

from __future__ import annotations

from gatepost.policy.editing import apply, parse_change
from gatepost.policy.pack import load_files
from gatepost.shipped import pack_folder


def test_our_addresses_in_a_file_that_had_none() -> None:
    files = {one.name: one.read_text("utf-8") for one in pack_folder().iterdir()}
    files["words.toml"] = files["words.toml"].replace("public_addresses = []\n", "")
    change = parse_change({"do": "words", "name": "public_addresses", "entries": ["1 Fern Hill"]})
    made = apply(files, change)
    assert load_files(made.files).words.public_addresses == ("1 Fern Hill",)
