"""The cases of a message, for the panel beside its conversation."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from gatepost.inbox.cases import clocks, next_steps, suggested
from gatepost.inbox.handovers import receivers
from gatepost.inbox.models import Case, Message
from gatepost.policy.cases import case_kinds
from gatepost.rulebook.actions import in_force

register = template.Library()


@register.simple_tag
def cases_of(message: Message) -> dict[str, Any]:
    """Its open and closed cases with their clocks, what it may begin, and every kind there is."""
    at = timezone.now()
    rows = list(Case.objects.filter(message=message).order_by("at", "pk"))
    taken = {row.kind for row in rows if row.state == "open"}
    hints = [one for one in suggested(message, in_force(at)) if one.kind not in taken]
    advised = {one.kind for one in hints}
    known = [row for row in rows if row.kind in case_kinds()]
    return {
        "rows": [(row, [one for one in clocks(row, at=at) if one.met_at is None], next_steps(row)) for row in known],
        "suggested": hints,
        "others": [one for one in case_kinds().values() if one.id not in taken | advised],
    }


@register.simple_tag
def handing_of(case: Case) -> dict[str, Any]:
    """The systems it may go to, and where it went."""
    return {
        "receivers": receivers(),
        "handovers": list(case.handovers.select_related("receiver").order_by("-pk")[:20]),
    }
