"""Clauses are found where they are marked, with their words and headings."""

from gatepost.policy.document import passages


def test_passages() -> None:
    text = """# Title
Intro, no clause.
## Part one: ##
[a.1] First line
goes on here

  and indented after a blank line

A paragraph of the document, no clause.
More of it.
- [a.2] Second
* [a.3] Third
### Part two
[b.1.2] Deep
"""
    found = passages(text)
    assert [(one.id, one.heading, one.line) for one in found] == [
        ("a.1", "Part one", 4),
        ("a.2", "Part one", 11),
        ("a.3", "Part one", 12),
        ("b.1.2", "Part two", 14),
    ]
    assert found[0].text == "First line\ngoes on here\nand indented after a blank line"


def test_nothing_marked() -> None:
    assert passages("just words\n") == []
