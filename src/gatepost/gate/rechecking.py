"""Looking again at what is out: is it still there, and does it still say what was signed off?"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from gatepost.gate.models import Published, PublishedPart, Sighting
from gatepost.gate.published import SOON, last_out, next_look
from gatepost.ledger.actions import System, record
from gatepost.networks.client import BadAccount
from gatepost.networks.limits import network_title
from gatepost.networks.protocol import NotThere, ReadFailed, ReadsBack, Shown
from gatepost.networks.registry import connect
from gatepost.vault import VaultError

BY = System("rechecker")
AT_ONCE = 10  # calls to the networks in one go
LATER = timedelta(hours=6)
TEXT_LIMIT = 100_000


def recheck(*, at: datetime) -> int:
    """Looks at those that are due, one after another. Returns how many."""
    with transaction.atomic():
        rows = Published.objects.select_for_update(skip_locked=True, of=("self",)).filter(check_at__lte=at)
        items = list(rows.select_related("act", "channel").filter(channel__state="live").order_by("check_at")[:AT_ONCE])
        # Nobody else looks at these meanwhile; if this worker dies, they are looked at again.
        Published.objects.filter(pk__in=[item.pk for item in items]).update(check_at=at + SOON)
    for item in items:
        look = _look(item, item.ref)
        parts = [(part, _look(item, part.ref)) for part in item.parts.all() if part.status != "retracted" and part.ref]
        with transaction.atomic():
            wrong = [_conclude_part(item, part, seen, at=at) for part, seen in parts]
            _conclude(item, look, next(filter(None, wrong), ""), at=at)
    return len(items)


def _look(item: Published, ref: str) -> Shown | NotThere | ReadFailed:
    try:
        network = connect(item.channel.account())
        if not isinstance(network, ReadsBack):
            return ReadFailed("This network does not show posts again.", None)
        return network.shown(ref)
    except ReadFailed as fault:
        return fault
    except (VaultError, BadAccount) as error:
        return ReadFailed(str(error), None)
    except Exception as error:  # a connector must not raise; if one does, nothing is known
        return ReadFailed(f"The connector failed: {type(error).__name__}.", None)


def _conclude(item: Published, look: Shown | NotThere | ReadFailed, wrong: str, *, at: datetime) -> None:
    """`wrong`: what is wrong with a further part of it, in a sentence."""
    if isinstance(look, ReadFailed):
        wait = timedelta(seconds=max(600.0, look.retry_after)) if look.retry_after is not None else LATER
        Published.objects.filter(pk=item.pk, status=item.status).update(check_at=at + wait)
        return
    _sight(item, look, at=at)
    name = network_title(item.channel.network)
    ahead = next_look(item.channel.network, item.since, at, ends=item.expires_at)
    values: dict[str, object] = {"checked_at": at, "check_at": ahead}
    if isinstance(look, NotThere):
        status, says = "gone", f"It is no longer on {name}. Nobody took it down from here."
        if item.status != "gone":  # looked at once more: a network that cannot be read well may say so by mistake
            values["check_at"] = at + timedelta(hours=1)
    else:
        shows = _digest(look.text)
        # The words as sent, and nothing added since they were first seen: a network shows more than the words alone.
        words = str(last_out(item.act).get("text", ""))
        same = _bare(words) in _bare(look.text) and item.shows in ("", shows)
        if same:
            values["shows"] = shows
        status = "online" if same and not wrong else "changed"
        says = wrong if same else f"{name} now shows other words than were signed off. Nobody changed it from here."
    if status != item.status:
        values |= {"status": status, "says": says, "changed_at": at}
    rows = Published.objects.filter(pk=item.pk, status=item.status, ref=item.ref)  # edited or taken down meanwhile?
    if rows.update(**values) and status != item.status:
        detail = {"ref": item.ref, "was": item.status}
        record(f"published.{status}", f"act:{item.pk}", by=BY, at=at, clauses=["desk:gate"], detail=detail)


def _conclude_part(item: Published, part: PublishedPart, look: Shown | NotThere | ReadFailed, *, at: datetime) -> str:
    """The same for a further part. Returns what is wrong with it: that is told of the whole post."""
    if isinstance(look, ReadFailed):
        return part.says if part.status == "changed" else ""
    _sight(item, look, at=at, part=part.number)
    name, number = network_title(item.channel.network), part.number + 1
    words = str(last_out(item.act, part.number).get("text", ""))
    gone = isinstance(look, NotThere)
    same = not isinstance(look, NotThere) and _bare(words) in _bare(look.text)
    status = "gone" if gone else "online" if same else "changed"
    if gone:
        says = f"Part {number} is no longer on {name}. Nobody took it down from here."
    else:
        says = "" if same else f"{name} shows other words in part {number} than were signed off."
    rows = PublishedPart.objects.filter(pk=part.pk, status=part.status)
    if not rows.update(status=status, says=says, checked_at=at):  # edited or taken down meanwhile
        return ""
    if status not in (part.status, "online"):
        detail = {"ref": part.ref, "part": number, "was": part.status}
        record(f"published.part_{status}", f"act:{item.pk}", by=BY, at=at, clauses=["desk:gate"], detail=detail)
    return says


def _sight(item: Published, look: Shown | NotThere, *, at: datetime, part: int = 0) -> None:
    """Lays by what was seen for the archive. At most TEXT_LIMIT characters: a network may show more than was sent."""
    if isinstance(look, NotThere):
        Sighting.objects.create(item=item, part=part, at=at, there=False)
        return
    text = look.text[:TEXT_LIMIT].replace("\x00", "")
    alts = [alt[:5_000].replace("\x00", "") for alt in look.alts[:50]]
    counts = {name[:40]: count for name, count in list(look.counts.items())[:20]}
    raw = dict(look.raw) if item.act.kind == "publish" else {}
    Sighting.objects.create(item=item, part=part, at=at, there=True, text=text, alts=alts, counts=counts, raw=raw)


def _bare(text: str) -> str:
    """Letters and figures alone: networks change quotation marks, dashes and blanks."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _digest(text: str) -> str:
    return hashlib.sha256(_bare(text).encode("utf-8", "surrogatepass")).hexdigest()
