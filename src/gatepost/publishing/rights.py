"""Whose picture it is, who is shown, and whether they agree: noted with it, felt by every act that uses it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from gatepost.channels.actions import reads_messages
from gatepost.gate.facts import MediaFact
from gatepost.gate.media import get, put
from gatepost.gate.models import Act
from gatepost.ledger.actions import record
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.publishing.models import Consent, Media, Post, Rendition

FORM_LIMIT = 10 * 1024 * 1024
FORMS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")
SOON = timedelta(days=30)


class RightsError(Exception):
    """What was noted cannot be kept; the message says why and what to do."""


def require_keeper(person: User, at: datetime) -> None:
    """What is noted of pictures decides what leaves, and a consent names somebody: not for everybody who was let in."""
    if not reads_messages(person, at):
        raise NotAllowed(
            "What is noted of pictures and films, and who agreed, is kept by people who are approved for a channel or "
            "hold a role of the policy. Ask the communications officer to approve you.",
            "desk:approvals",
        )


@dataclass(frozen=True, slots=True)
class About:
    """What is noted of a picture beside its bytes."""

    alt: str = ""
    source: str = ""
    licence: str = ""
    words: str = ""
    people: bool = False


@transaction.atomic
def describe(media: Media, about: About, *, by: User, at: datetime) -> Media:
    """Notes what a picture shows, where it is from, under what licence, and whether people can be told on it."""
    require_keeper(by, at)
    media = Media.objects.select_for_update().get(pk=media.pk)
    media.alt, media.source = about.alt.strip()[:2000], about.source.strip()[:200]
    media.licence, media.words, media.people = about.licence.strip()[:120], about.words.strip()[:300], about.people
    media.save(update_fields=["alt", "source", "licence", "words", "people"])
    refresh_facts(media)
    record("media.described", f"media:{media.pk[:16]}", by=by, at=at, clauses=["desk:pictures"])
    return media


@transaction.atomic
def note_consent(
    media: Media,
    who: str,
    *,
    given_on: date,
    expires_on: date | None,
    by: User,
    at: datetime,
    form: bytes = b"",
    form_name: str = "",
) -> Consent:
    """Notes that somebody shown has agreed, with the signed form if there is one. Whoever wrote a post with the
    picture that has not left does not vouch for it: somebody else notes it. Raises RightsError, NotAllowed."""
    require_keeper(by, at)
    _require_another(media, by)
    name = " ".join(who.split())
    if not name or len(name) > 120:
        raise RightsError("Say who agreed, in your own way: the number of a form, or initials.")
    if given_on > at.date() + timedelta(days=1):
        raise RightsError("The day on which they agreed lies ahead.")
    if expires_on is not None and expires_on < given_on:
        raise RightsError("The consent would end before it was given. Check the two days.")
    if len(form) > FORM_LIMIT or (form and not form.startswith(FORMS)):
        raise RightsError("The form must be a PDF, JPEG or PNG of at most 10 MB.")
    kept = Consent.objects.create(
        media=media,
        who=name,
        form_sha256=put(form) if form else "",
        form_name=form_name[-160:] if form else "",
        given_on=given_on,
        expires_on=expires_on,
        by=by,
        at=at,
    )
    Media.objects.filter(pk=media.pk).update(people=True)
    media.people = True
    refresh_facts(media)
    record(
        "consent.given",
        f"media:{media.pk[:16]}",
        by=by,
        at=at,
        clauses=["desk:personal_data"],
        detail={"consent": kept.pk},
    )
    return kept


@transaction.atomic
def withdraw_consent(kept: Consent, *, because: str, by: User, at: datetime) -> list[Act]:
    """Somebody no longer agrees. Nothing with it leaves any more; returns the acts by which it is still out."""
    require_keeper(by, at)
    if Consent.objects.filter(pk=kept.pk, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_because=because.strip()[:300]
    ):
        refresh_facts(kept.media)
        detail = {"consent": kept.pk}
        record(
            "consent.withdrawn",
            f"media:{kept.media_id[:16]}",
            by=by,
            at=at,
            clauses=["desk:personal_data"],
            detail=detail,
        )
    return out_there(kept.media)


@transaction.atomic
def read_form(kept: Consent, *, by: User, at: datetime) -> bytes:
    """The signed form of a consent. Each reading is a line of the record."""
    require_keeper(by, at)
    record(
        "consent.read",
        f"media:{kept.media_id[:16]}",
        by=by,
        at=at,
        clauses=["desk:personal_data"],
        detail={"consent": kept.pk},
    )
    return get(kept.form_sha256)


def _require_another(media: Media, by: User) -> None:
    posts = Post.objects.filter(Q(author=by) | Q(changed_by=by), pictures__media=media, withdrawn_at=None)
    subjects = [f"variant:{pk}" for pk in posts.values_list("variants", flat=True).distinct()]
    left = Act.objects.filter(subject__in=subjects, kind="publish", state="sent").values_list("subject", flat=True)
    if set(subjects) - set(left):
        raise NotAllowed(
            "You wrote a post with this picture that has not left yet. Somebody else notes the consent: give them the "
            "form, or what they need to find it.",
            "desk:personal_data",
        )


def refresh_facts(media: Media) -> None:
    """Writes what the checks read, for the picture and each form of it that was made for a network."""
    consents = list(media.consents.all())
    ends = [one.expires_on for one in consents if one.expires_on]
    withdrawn = [one.withdrawn_at for one in consents if one.withdrawn_at]
    values: dict[str, Any] = {
        "sharpness": media.sharpness,
        "seconds": media.seconds,
        "people": media.people,
        "agreed": bool(consents),
        "agreed_by": sorted({one.by_id for one in consents if one.withdrawn_at is None}),
        "agreed_until": min(ends, default=None),
        "withdrawn_at": min(withdrawn, default=None),
    }
    read = MediaFact.objects.filter(pk=media.pk).values("text_share", "words", "words_at", "unread").first()
    values |= read or {}
    for digest in digests_of(media):
        MediaFact.objects.update_or_create(sha256=digest, defaults=values)


def digests_of(media: Media) -> list[str]:
    """The picture's own digest and those of its forms for networks."""
    made = Rendition.objects.filter(original=media).exclude(sha256="").values_list("sha256", flat=True)
    return [media.pk, *dict.fromkeys(made)]


def using(media: Media) -> list[Act]:
    """Acts whose content holds the picture in any of its forms, the newest first."""
    holds = Q()
    for digest in digests_of(media):
        holds |= Q(content__media__contains=[{"sha256": digest}])
        holds |= Q(content__parts__contains=[{"media": [{"sha256": digest}]}])
    rows = Act.objects.filter(holds, kind__in=("publish", "reply")).select_related("channel")
    return list(rows.order_by("-created_at")[:200])


def out_there(media: Media) -> list[Act]:
    """Acts by which the picture was published and not taken down since: where people may still see it."""
    sent = [act for act in using(media) if act.state == "sent"]
    gone = _taken_down(sent)
    return [act for act in sent if act.pk not in gone]


def _taken_down(acts: Iterable[Act]) -> set[object]:
    subjects = {f"act:{act.pk}": act.pk for act in acts}
    down = Act.objects.filter(subject__in=list(subjects), kind="delete", state="sent").values_list("subject", flat=True)
    return {subjects[subject] for subject in down}


def ending(at: datetime) -> list[Consent]:
    """Consents that end soon or have ended or were withdrawn, the soonest first."""
    last = (at + SOON).date()
    rows = Consent.objects.filter(Q(expires_on__lte=last) | Q(withdrawn_at__isnull=False)).select_related("media")
    return list(rows.order_by("expires_on", "pk")[:100])
