"""Tags for people's data, in every template without {% load %}.

{{ note.text|details_hidden }}, {% personal_links message %}, {% details_seen message %}
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from gatepost.inbox.models import Message, Reveal
from gatepost.inbox.personal.covering import covered
from gatepost.inbox.personal.officer import is_officer
from gatepost.people.models import User

register = template.Library()


@register.filter
def details_hidden(text: str) -> str:
    """What staff or a department wrote, with numbers, addresses and other details of people left out by name."""
    return covered(str(text))


@register.inclusion_tag("personal/seen.html")
def details_seen(message: Message) -> dict[str, Any]:
    """Who looked at the masked details of a message, and why. The database is asked only where there are some."""
    masked = any(row[2] == "personal_details" for row in message.decision.spans)
    rows = Reveal.objects.filter(message=message).select_related("person").order_by("-pk")[:20]
    return {"seen": list(rows) if masked else []}


@register.inclusion_tag("personal/from_message.html", takes_context=True)
def personal_links(context: template.Context, message: Message) -> dict[str, Any]:
    """For the officer: everything about whoever wrote this, and a legal hold on it."""
    person = getattr(context.get("request"), "user", None)
    shown = isinstance(person, User) and message.erased_at is None and is_officer(person, timezone.now())
    account = message.contact.handle or message.contact.external_id
    return {
        "officer": shown,
        "message": message,
        "account": account,
        "name": message.contact.name,
        "csrf_token": context.get("csrf_token"),
    }
