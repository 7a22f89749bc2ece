"""One change of a pack's files at a time, made as a person would: comments, order and all else stay as they are.

`apply(files, change)` gives the new files and what is wrong with them; nothing is changed in place. The changes are
plain data (changes.py), so that a form, a program and a test say the same.
"""

from __future__ import annotations

from gatepost.policy.editing.apply import Edited, apply
from gatepost.policy.editing.changes import Change, parse_change
from gatepost.policy.editing.files import CannotChange

__all__ = ["CannotChange", "Change", "Edited", "apply", "parse_change"]
