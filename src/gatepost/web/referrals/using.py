"""What a department said, as the beginning of an answer that somebody writes: never sent as it stands by itself."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone

from gatepost.inbox.masking import masked
from gatepost.inbox.models import Message, Referral
from gatepost.policy.reading import read
from gatepost.rulebook.actions import in_force


def said_by_department(message: Message, query: QueryDict) -> str:
    """The answer of the referral that the address names, without personal details; "" when it names none."""
    number = query.get("referral", "")
    if not number.isdecimal() or len(number) > 15:
        return ""
    found = Referral.objects.filter(pk=int(number), message=message, state="answered").first()
    return masked(found.answer, read(found.answer, in_force(timezone.now()).words).spans) if found else ""
