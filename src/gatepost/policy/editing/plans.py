"""Changes of working hours, calendar and sign-off chains, applied to the files of a pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gatepost.policy.editing.changes import SetCalendar, SetChain, SetHours, SetWaiting
from gatepost.policy.editing.files import Maker, edited, put, put_list, put_or_drop, row_of, rows_of
from gatepost.policy.named_days import DAYS

Files = dict[str, str]
_CHAIN: Mapping[str, Any] = {
    "kinds": [],
    "post_kinds": [],
    "networks": [],
    "hours": "",
    "crisis": None,
    "standing": True,
}
_STEP: Mapping[str, Any] = {"roles": [], "all": False, "count": 1, "outside": False, "passkey": False}
_NO_LIMIT = {"at_most": 0, "minutes_apart": 0}


def _hours(files: Files, change: SetHours) -> Files:
    def how(data: Any, make: Maker) -> None:
        hours = data["hours"]
        put(hours, "timezone", change.timezone)
        put(hours, "nation", change.nation)
        for day in DAYS:
            put_or_drop(hours, day, list(change.week[day]) if day in change.week else None, None)

    files["pack.toml"] = edited("pack.toml", files["pack.toml"], how)
    return files


def _calendar(files: Files, change: SetCalendar) -> Files:
    def how(data: Any, make: Maker) -> None:
        promised = [one.model_dump() for one in change.cadence]
        _rows(data, "cadence", "network", promised, _NO_LIMIT, make)
        _rows(data, "day", "on", [one.model_dump() for one in change.days], {}, make)

    files["calendar.toml"] = edited("calendar.toml", files.get("calendar.toml", ""), how, adds=True)
    return files


def _rows(
    data: Any, table: str, key: str, wanted: list[dict[str, Any]], defaults: Mapping[str, Any], make: Maker
) -> None:
    """Makes the list of tables hold `wanted`; what stays keeps its place, its remarks and what no form shows."""
    if not wanted:
        data.pop(table, None)
        return
    here = rows_of(data, table, make)
    names = [row[key] for row in wanted]
    for place in range(len(here) - 1, -1, -1):
        if here[place][key] not in names:
            del here[place]
    for row in wanted:
        found = next((one for one in here if one[key] == row[key]), None)
        if found is None:
            here.append(make.row({name: value for name, value in row.items() if value != defaults.get(name)}))
            continue
        for name, value in row.items():
            put_or_drop(found, name, value, defaults.get(name))


def _chain(files: Files, change: SetChain) -> Files:
    given = change.model_dump(exclude={"do", "steps", "before"})
    steps = [_shorter(one.model_dump(), _STEP) for one in change.steps]

    def how(data: Any, make: Maker) -> None:
        rows = rows_of(data, "chain", make)
        place = row_of(rows, change.id)
        if place is None:
            row = make.row(_shorter(given, _CHAIN) | {"step": make.value(steps)})
            before = row_of(rows, change.before)
            rows.insert(len(rows) if before is None else before, row)
            return
        row = rows[place]
        for key, value in given.items():
            if isinstance(value, list) and value:
                put_list(row, key, value)
            else:
                put_or_drop(row, key, value, _CHAIN.get(key, ""))
        if [_shorter(dict(one), _STEP) for one in row["step"]] != steps:
            row.pop("step")
            row["step"] = make.value(steps)

    files["approvals.toml"] = edited("approvals.toml", files.get("approvals.toml", ""), how, adds=True)
    return files


def _shorter(row: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in defaults or value != defaults[key]}


def _waiting(files: Files, change: SetWaiting) -> Files:
    def how(data: Any, make: Maker) -> None:
        if "waiting" not in data:
            if not change.values and not change.escalate_to:
                return
            data["waiting"] = {}
        for key, value in change.values.items():
            put(data["waiting"], key, value)
        put_or_drop(data["waiting"], "escalate_to", change.escalate_to, [])

    made = edited("approvals.toml", files.get("approvals.toml", ""), how)
    if made:  # a pack without the file gets none for nothing
        files["approvals.toml"] = made
    return files


PLANS: Mapping[type, Callable[[Files, Any], Files]] = {
    SetHours: _hours,
    SetCalendar: _calendar,
    SetChain: _chain,
    SetWaiting: _waiting,
}
