"""The bank holidays of the nations of the United Kingdom, by name.

The library is asked for the one calendar that is needed, from its file. Asked for by the country's code it would first
load those of 250 countries, which takes each process of the desk 9 MB.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import holidays
from holidays.holiday_base import HolidayBase

_FILE = "united_kingdom.py"


@lru_cache(maxsize=1)
def _calendar() -> type[HolidayBase]:
    path = Path(holidays.__file__).with_name("countries") / _FILE
    spec = spec_from_file_location("gatepost_bank_holidays", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no file of Python: install the library holidays again")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: type[HolidayBase] = module.UnitedKingdom
    return found


def named_holidays(nation: str, year: int) -> Mapping[date, str]:
    """The public holidays of ENG, WLS, SCT or NIR in `year`, each with its name. Source: the library holidays."""
    return _calendar()(subdiv=nation, years=year, categories=("public",))
