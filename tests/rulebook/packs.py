"""The shipped pack with a change, for tests of adoption."""

from __future__ import annotations

from gatepost.policy.pack import Pack, load, load_files
from gatepost.shipped import pack_folder

REFERRED = ('offer = ["complaint_phone", "complaint_referred"]', 'refer = ["complaints"], offer = ["complaint_phone"]')
COMPLAINT = "Disgraceful service, third week without a lift, nobody cares"


def shipped(**changes: tuple[str, str]) -> Pack:
    """`rules=(old, new)` replaces in rules.toml."""
    files = dict(load(pack_folder()).files)
    for name, (old, new) in changes.items():
        assert old in files[f"{name}.toml"]
        files[f"{name}.toml"] = files[f"{name}.toml"].replace(old, new)
    return load_files(files)


def renamed(version: str) -> Pack:
    """The shipped pack under another version: another digest, and the same decisions."""
    return shipped(pack=('version = "draft-1"', f'version = "{version}"'))


def referring() -> Pack:
    """Complaints are referred at once and one wording is offered, so that its own examples no longer hold."""
    return shipped(rules=REFERRED)
