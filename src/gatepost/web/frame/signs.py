"""The words for states with their voice and sign: these and no others."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

# word: (voice, sign)
SIGNS: dict[str, tuple[str, str]] = {
    "Draft": ("plain", "pencil"),
    "To sign off": ("ask", "circle-dashed"),
    "Signed off": ("policy", "signature"),
    "Sending": ("info", "send"),
    "Sent": ("ok", "check"),
    "Held": ("info", "circle-pause"),
    "Unconfirmed": ("ask", "circle-help"),
    "Missed its time": ("stop", "alarm-clock"),
    "Refused": ("stop", "circle-x"),
    "Declined": ("stop", "undo-2"),
    "Withdrawn": ("plain", "undo-2"),
    "Not signed in time": ("stop", "alarm-clock"),
    "Stop": ("stop", "octagon-alert"),
    "Ask": ("ask", "circle-help"),
    "Note": ("info", "info"),
    "Enforced": ("ok", "shield-check"),
    "Assisted": ("info", "hand"),
    "Measured": ("plain", "chart-column"),
    "Not enforced": ("stop", "circle-x"),
    "With us": ("plain", "inbox"),
    "Answer on its way": ("info", "send"),
    "Answered": ("ok", "check"),
    "Referred": ("info", "arrow-right"),
    "Done": ("ok", "check"),
    "Live": ("ok", "check"),
    "Working": ("ok", "check"),
    "Not answering": ("stop", "unplug"),
    "Paused": ("info", "circle-pause"),
    "Closed": ("plain", "archive"),
    "To send": ("ask", "circle-dashed"),
    "E-mail failed": ("stop", "circle-x"),
    "Asks us": ("ask", "circle-help"),
    "Handed back": ("ask", "undo-2"),
    "Not taken yet": ("ask", "circle-dashed"),
    "Open": ("plain", "inbox"),
    "Being hidden": ("info", "eye-off"),
    "Hidden": ("info", "eye-off"),
    "Removed": ("info", "eye-off"),
    "Practice": ("plain", "graduation-cap"),
}
SAME = {"circle-help": "circle-question-mark"}
NOTHING = ("plain", "")


@cache
def paths() -> dict[str, str]:
    with (Path(__file__).parent / "icons.toml").open("rb") as file:
        return {str(name): str(markup) for name, markup in tomllib.load(file).items()}


def path_of(name: str) -> str:
    """What stands inside the SVG of an icon. Raises KeyError for a name icons.toml does not have."""
    return paths()[SAME.get(name, name)]
