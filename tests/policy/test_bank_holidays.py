"""The one calendar loaded by itself says what the library says when asked by country."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import holidays
import pytest

from gatepost.policy import bank_holidays


@pytest.mark.parametrize("nation", ["ENG", "WLS", "SCT", "NIR"])
def test_every_year_is_the_librarys(nation: str) -> None:
    for year in range(1975, 2061):
        asked = holidays.country_holidays("GB", subdiv=nation, years=year, categories=("public",))
        assert dict(bank_holidays.named_holidays(nation, year)) == dict(asked), year


def test_no_other_country_is_loaded() -> None:
    script = (
        "import sys; from gatepost.policy.bank_holidays import named_holidays; named_holidays('SCT', 2026); "
        "print(sorted(name for name in sys.modules if name.startswith('holidays.countries')))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_library_without_the_file_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_holidays, "_FILE", "united_kingdom.data")
    bank_holidays._calendar.cache_clear()
    with pytest.raises(ImportError, match="install the library holidays again"):
        bank_holidays.named_holidays("ENG", 2026)
    bank_holidays._calendar.cache_clear()
