"""Every input the fuzzer ever broke something with, and a few it began from, through their targets again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.run import keys, seeds
from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file())
CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_is_kept(file: Path) -> None:
    TARGETS[file.parent.name](file.read_bytes())


def test_every_target_has_something_kept_and_something_to_begin_with() -> None:
    assert {file.parent.name for file in FILES} == set(TARGETS)
    assert all(seeds(target) for target in TARGETS)
    assert "[[rule]]" in keys()


@pytest.mark.parametrize("target", ["pack", "triage", "phrases"])
def test_any_bytes(target: str) -> None:
    @CALM
    @given(st.binary(max_size=400))
    def run(data: bytes) -> None:
        TARGETS[target](data)

    run()


@CALM
@given(
    st.integers(0, 255), st.integers(0, 60), st.sampled_from([one.encode() for one in keys()]), st.binary(max_size=60)
)
def test_any_line_of_a_pack(file: int, line: int, key: bytes, rest: bytes) -> None:
    TARGETS["pack"](bytes([file, line]) + key + rest)
