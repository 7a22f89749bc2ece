"""The further parts of a post in the Write screen: added, taken out, put in another order, with or without script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.http import QueryDict

from gatepost.channels.models import Channel
from gatepost.gate.content import MOST_PARTS
from gatepost.networks.limits import limits
from gatepost.publishing.drafts import DraftPart
from gatepost.web.frame.given import number

if TYPE_CHECKING:
    from gatepost.web.write.form import Form

TEXT = "part.text."
GOES = "part.channel."


@dataclass(frozen=True, slots=True)
class FormPart:
    """One further part as typed. `number` is what people call it: the post itself is part 1."""

    number: int
    text: str = ""
    channel: int = 0


def of_request(data: QueryDict) -> tuple[FormPart, ...]:
    """The parts of a form that was sent, in their order."""
    named = (name[len(TEXT) :] for name in data if name.startswith(TEXT))
    places = sorted(int(place) for place in named if place.isascii() and place.isdecimal() and len(place) < 4)
    found = []
    for place in places[: MOST_PARTS - 1]:
        channel = number(data.get(f"{GOES}{place}", ""))
        found.append((data.get(f"{TEXT}{place}", "").replace("\r\n", "\n"), channel))
    return numbered(found)


def numbered(parts: Sequence[tuple[str, int]]) -> tuple[FormPart, ...]:
    return tuple(FormPart(number, text, channel) for number, (text, channel) in enumerate(parts, 2))


def as_draft(parts: Sequence[FormPart]) -> list[DraftPart]:
    return [DraftPart(part.text, part.channel) for part in parts]


def of_draft(parts: Sequence[DraftPart]) -> tuple[FormPart, ...]:
    return numbered([(part.text, part.channel) for part in parts])


def done(form: Form, wish: str) -> Form:
    """The form after "part-add", or "part-drop:3", "part-up:3", "part-down:3": the number people see. What cannot be
    done leaves it as it is. Pictures follow the part they go with; those of a part taken out go with the post."""
    verb, _, rest = wish.partition(":")
    place = int(rest) - 2 if rest.isascii() and rest.isdecimal() and len(rest) < 4 else -1
    count = len(form.parts)
    if verb == "part-add":
        more = (*form.parts, FormPart(count + 2)) if count < MOST_PARTS - 1 else form.parts
        return replace(form, parts=more)
    if not 0 <= place < count:
        return form
    order = list(range(count))
    if verb == "part-drop":
        del order[place]
    elif verb == "part-up" and place:
        order[place - 1], order[place] = order[place], order[place - 1]
    elif verb == "part-down" and place + 1 < count:
        order[place + 1], order[place] = order[place], order[place + 1]
    return _ordered(form, order)


def _ordered(form: Form, order: Sequence[int]) -> Form:
    places = {0: 0} | {old + 1: new + 1 for new, old in enumerate(order)}
    return replace(
        form,
        parts=numbered([(form.parts[old].text, form.parts[old].channel) for old in order]),
        pictures=tuple(replace(item, part=places.get(item.part, 0)) for item in form.pictures),
    )


def takers(channels: Sequence[Channel]) -> list[Channel]:
    """The channels whose networks take further parts."""
    return [channel for channel in channels if limits(channel.network).parts]
