"""An edit and a deletion of the same thing, both signed: the deletion goes first.

As long as something waits to be taken down it stays as those who sign the deletion see it: no change of it is signed
off or leaves. When it is down, the changes that waited are withdrawn; when the deletion is declined or withdrawn they
may be signed again. A deletion is not signed while a change is on its way, for nobody knows what is out then. A
trigger of the database holds to the same, behind a lock on the row of what is out.
"""

from __future__ import annotations

from typing import Any

from gatepost.gate.models import Act, Published, PublishedPart
from gatepost.gate.published import subject_of
from gatepost.gate.states import OPEN

ON_ITS_WAY = ("sending", "unconfirmed")
WAITS_TO_GO = (
    "This waits to be taken down, and a deletion goes before a change. Once the deletion has been declined or "
    "withdrawn, the change can be signed off"
)
UNDER_WAY = "A change of this is on its way. What is to be taken down is known when it has arrived"
NOT_ONLINE = "This is no longer online"
OTHER_NOW = "What is out has changed since this was asked for. Withdraw it and ask anew"


def in_the_way(act: Act) -> str:
    """Why this edit or deletion of something that is out may be neither signed nor sent now, a sentence without its
    full stop; "" when nothing stands before it, and for acts of other kinds."""
    if act.kind not in ("edit", "delete"):
        return ""
    about = Act.objects.filter(subject=act.subject).exclude(pk=act.pk)
    if act.kind == "delete":
        if about.filter(kind="edit", state__in=ON_ITS_WAY).exists():
            return UNDER_WAY
        return "" if set(targets_of(act.content)) <= set(_known(act)) else OTHER_NOW
    if about.filter(kind="delete", state__in=OPEN).exists():
        return WAITS_TO_GO
    known = _known(act)
    if act.content.get("target", "") not in known:
        return OTHER_NOW
    return "" if known[act.content["target"]] else NOT_ONLINE


def targets_of(content: dict[str, Any]) -> list[str]:
    """The numbers on the network of all that a deletion takes down, in the order in which it does."""
    return [content.get("target", ""), *(part.get("target", "") for part in content.get("parts", ()))]


def _known(act: Act) -> dict[str, bool]:
    """The numbers under which what it is about is known, and whether each is online; what was never kept apart counts
    as it is asked for."""
    item = Published.objects.filter(pk=subject_of(act)).first()
    if item is None:
        return dict.fromkeys(targets_of(act.content), True)
    parts = PublishedPart.objects.filter(item=item)
    return {item.ref: item.online, **{part.ref: part.online for part in parts if part.ref}}
