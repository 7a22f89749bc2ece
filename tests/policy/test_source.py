"""Every key is found by its line, whatever stands around it."""

import pytest

from gatepost.policy.source import Source

TEXT = '''top = 1
"quoted key" = 2

[table]
one = "a # not a comment = 5"
many = [
  "x = 1",
  { inner = 2 },
]
long = """
fake = 1
[fake]
"""
literal = \'\'\'
fake2 = 1
\'\'\'
single = """on one line"""
a.b = 3
inline = { deep = [1, 2] }

[[rows]]
id = "first"
  [rows.then]
  offer = []

[[rows]] # with a comment
id = "second"
escaped = "quote \\" [ inside"
after = 1
[rows.then]
offer = ["x"]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 1),
        (("quoted key",), 2),
        (("table",), 4),
        (("table", "one"), 5),
        (("table", "many"), 6),
        (("table", "many", 1, "inner"), 6),
        (("table", "long"), 10),
        (("table", "literal"), 14),
        (("table", "single"), 17),
        (("table", "a", "b"), 18),
        (("table", "inline", "deep", 0), 19),
        (("rows", 0), 21),
        (("rows", 0, "id"), 22),
        (("rows", 0, "then", "offer"), 24),
        (("rows", 1), 26),
        (("rows", 1, "after"), 29),
        (("rows", 1, "then", "offer"), 31),
        (("rows", 1, "missing"), 26),
        (("nowhere",), 0),
        (("table", "fake"), 4),
    ],
)
def test_lines(path: tuple[str | int, ...], line: int) -> None:
    source = Source("x.toml", TEXT)
    assert not source.problems
    assert source.line(path) == line


def test_syntax_error_names_the_line() -> None:
    source = Source("x.toml", "good = 1\nbad = \n")
    assert source.problems[0].line == 2
    assert "not TOML" in source.problems[0].message
    assert source.line(("good",)) == 0


def test_syntax_error_at_the_end_names_the_last_line() -> None:
    assert Source("x.toml", 'a = 1\nb = """never closed').problems[0].line == 2


def test_too_deep_is_a_problem_not_a_crash() -> None:
    source = Source("x.toml", "a = " + "[" * 50_000)
    assert len(source.problems) == 1
