"""What a department said, as the beginning of an answer that somebody writes: never sent as it stands by itself."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone

from gatepost.inbox.models import Message, Referral
from gatepost.inbox.referral_letters import hidden_in
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number


def said_by_department(message: Message, query: QueryDict) -> str:
    """The answer of the referral that the address names, without personal details; "" when it names none."""
    wanted = number(query.get("referral", ""))
    found = Referral.objects.filter(pk=wanted, message=message, state="answered").first() if wanted else None
    return hidden_in(found.answer, in_force(timezone.now())) if found else ""
