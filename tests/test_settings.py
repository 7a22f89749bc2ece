"""Settings as people write them."""

from __future__ import annotations

import pytest

from gatepost import settings


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("desk.example.org", ["desk.example.org"]),
        (" desk.example.org , 127.0.0.1,\n[::1] ,", ["desk.example.org", "127.0.0.1", "[::1]"]),
        (None, ["localhost"]),
    ],
)
def test_blanks_around_names_count_for_nothing(
    given: str | None, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if given is None:
        monkeypatch.delenv("GATEPOST_HOSTS", raising=False)
    else:
        monkeypatch.setenv("GATEPOST_HOSTS", given)
    assert settings._names("GATEPOST_HOSTS", "localhost") == names
