"""Posts to begin from: a name, and everything of a post but its time and the answers to checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.publishing.drafts import Draft
from gatepost.publishing.models import Template
from gatepost.publishing.versions import as_json, from_json


class TemplateError(Exception):
    """A template cannot be kept or used; the message says why and what to do."""


@transaction.atomic
def keep_template(draft: Draft, name: str, *, by: User, at: datetime) -> Template:
    """Keeps a draft to begin from. One of the same name is replaced. Raises TemplateError."""
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise TemplateError("Give the template a name of at most 120 characters.")
    content = {**as_json(replace(draft, expires_at=None)), "not_before": None, "answers": {}}
    Template.objects.filter(name=name, ended_at=None).update(ended_at=at)
    kept = Template.objects.create(name=name, content=content, by=by, at=at)
    record("template.kept", f"template:{kept.pk}", by=by, at=at, clauses=["desk:gate"])
    return kept


@transaction.atomic
def end_template(kept: Template, *, by: User, at: datetime) -> None:
    """Takes a template out of the list. Posts made from it stay as they are."""
    if Template.objects.filter(pk=kept.pk, ended_at=None).update(ended_at=at):
        record("template.ended", f"template:{kept.pk}", by=by, at=at)


def templates() -> list[Template]:
    return list(Template.objects.filter(ended_at=None).select_related("by"))


def begin_from(kept: Template) -> Draft:
    """A draft with what the template holds."""
    return from_json(kept.content)
