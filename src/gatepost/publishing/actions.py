"""Writing posts and putting them before the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gatepost.channels.actions import require_may_write
from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.checking import require_clear
from gatepost.gate.content import MOST_PARTS, CaptionsRef, Content, MediaRef, Part
from gatepost.gate.facts import links_in
from gatepost.gate.models import Act
from gatepost.gate.states import OPEN
from gatepost.gate.stops import stops_recorded
from gatepost.ledger.actions import record
from gatepost.ledger.models import Line
from gatepost.networks.limits import limits, listens_only
from gatepost.people.authority import NotAllowed, signs_off
from gatepost.people.models import User
from gatepost.policy.model import Finding
from gatepost.publishing.drafts import Draft, DraftPart, Picture
from gatepost.publishing.link_checks import want
from gatepost.publishing.links import leaving_link
from gatepost.publishing.models import Campaign, Media, Post, PostMedia, Variant
from gatepost.publishing.picture_words import want_words
from gatepost.publishing.renditions import SHAPES, Wanted, made_for
from gatepost.publishing.versions import keep_version
from gatepost.rulebook.actions import in_force

TEXT_LIMIT = 70_000
PAST, AHEAD = timedelta(days=3660), timedelta(days=731)  # a time beyond what rows can hold breaks every list it is in
WITHDRAWABLE = ("to_sign_off", "signed_off", "missed", "refused", "declined", "expired")


class PublishingError(Exception):
    """A post cannot be saved or submitted; the message says why and what to do. Nothing has been sent."""


class Clash(PublishingError):
    """Somebody else saved the post since its writer opened it. Nothing was overwritten."""


def validate(draft: Draft, *, at: datetime) -> None:
    """Raises PublishingError for a draft that cannot be kept."""
    pack = in_force(at)
    kinds = [kind.id for kind in pack.post_kinds]
    if draft.kind not in kinds:
        raise PublishingError(f"Choose what kind of post this is: {', '.join(kinds)}.")
    if draft.aim and draft.aim not in [aim.id for aim in pack.aims]:
        raise PublishingError(f"The policy has no aim “{draft.aim}”.")
    unknown = set(draft.audiences) - {audience.id for audience in pack.audiences}
    if unknown:
        raise PublishingError(f"The policy has no audience “{sorted(unknown)[0]}”.")
    texts = [draft.text, *draft.texts.values(), *(part.text for part in draft.parts)]
    if max(len(text) for text in texts) > TEXT_LIMIT:
        raise PublishingError(f"The text is longer than {TEXT_LIMIT:,} characters. No network takes that much.")
    if len(draft.parts) >= MOST_PARTS:
        raise PublishingError(f"A post has at most {MOST_PARTS} parts. Put the rest on a page of yours and link to it.")
    if any(item.part > len(draft.parts) for item in draft.pictures):
        raise PublishingError("A picture is to go with a part that there is not. Choose another part for it.")
    if any(gate.UNKEEPABLE.search(text) for text in (*texts, draft.title, draft.link)):
        raise PublishingError("The text holds a character that no network takes (NUL or half of a pair). Take it out.")
    if len(draft.link) > 600:
        raise PublishingError("The link is longer than 600 characters.")
    if draft.not_before and not at - PAST <= draft.not_before <= at + AHEAD:
        raise PublishingError("The time to send lies too far away. Choose one within the next two years.")
    if draft.expires_at and not max(at, draft.not_before or at) < draft.expires_at <= at + AHEAD:
        raise PublishingError("The time to take it down must lie after it leaves, and within the next two years.")
    if draft.campaign is not None and not Campaign.objects.filter(pk=draft.campaign).exists():
        raise PublishingError("The campaign is no longer on the desk. Choose another, or none.")
    if any(item.shape not in SHAPES or not all(0 <= place <= 100 for place in item.focus) for item in draft.pictures):
        raise PublishingError("A picture is to be cut to a shape we do not know, or round a place outside it.")
    if draft.link and not draft.link.startswith(("https://", "http://")):
        raise PublishingError("The link must begin with https://.")


@transaction.atomic
def save_draft(draft: Draft, *, by: User, at: datetime, post: Post | None = None, version: int | None = None) -> Post:
    """Saves a new post or a change to one. Acts of it that wait or are signed off are amended, which voids their
    sign-off. `version` is the one the writer began from: a post changed meanwhile is not overwritten."""
    validate(draft, at=at)
    channels = list(Channel.objects.filter(pk__in=draft.channels).exclude(state="closed"))
    if heard := [one.name for one in channels if one.network in listens_only()]:
        raise PublishingError(f"{heard[0]} is only read: nothing can be posted there. Choose other channels.")
    _require_may_write(by, channels, at)
    values = {
        "kind": draft.kind,
        "aim": draft.aim,
        "audiences": list(draft.audiences),
        "title": draft.title.strip()[:200],
        "text": draft.text,
        "link": draft.link.strip(),
        "parts": [{"text": part.text.strip(), "channel": part.channel} for part in draft.parts],
        "campaign_id": draft.campaign,
        "other_channel": draft.other_channel.strip()[:200],
        "not_before": draft.not_before,
        "expires_at": draft.expires_at,
        "answers": dict(draft.answers),
        "changed_at": at,
        "changed_by": by,
        "withdrawn_at": None,
    }
    if post is None:
        post = Post.objects.create(author=by, created_at=at, **values)
    else:
        post = Post.objects.select_for_update().get(pk=post.pk)
        if version is not None and version != post.version:
            raise Clash(
                f"{post.changed_by.name} changed this post while you were writing. Nothing was overwritten: "
                "copy your words, open the post again and put them in."
            )
        if any(act.parts_out or act.state in ("sending", "sent", "unconfirmed") for act in acts_of(post)):
            raise PublishingError("This post has left. What is out is changed by a new post or by taking it down.")
        _require_may_write(by, [variant.channel for variant in post.variants.select_related("channel")], at)
        for name, value in values.items():
            setattr(post, name, value)
        post.version += 1
        post.save()
    _variants(post, draft, channels, by=by, at=at)
    _pictures(post, draft.pictures)
    keep_version(post, by=by, at=at)
    want(links_in("\n".join([post.text, *(part.text for part in draft.parts)]), post.link), at=at)
    record("post.saved", f"post:{post.pk}", by=by, at=at, clauses=["desk:posts"], detail={"version": post.version})
    _amend_acts(post, by=by, at=at)
    return post


def _require_may_write(by: User, channels: Iterable[Channel], at: datetime) -> None:
    for channel in channels:
        require_may_write(by, channel, at)


def _variants(post: Post, draft: Draft, channels: Sequence[Channel], *, by: User, at: datetime) -> None:
    """A channel that is no longer chosen gets nothing: what waits for it is withdrawn."""
    kept = {channel.pk for channel in channels}
    for variant in post.variants.exclude(channel_id__in=kept):
        for act in Act.objects.filter(subject=variant.subject, state__in=WITHDRAWABLE):
            gate.withdraw(act, by=by, at=at)
        variant.delete()
    for channel in channels:
        own = draft.texts.get(channel.pk, "").strip()
        text = "" if own == draft.text.strip() else own
        Variant.objects.update_or_create(post=post, channel=channel, defaults={"text": text})


def _pictures(post: Post, pictures: Sequence[Picture]) -> None:
    post.pictures.all().delete()
    known = Media.objects.in_bulk([item.sha256 for item in pictures])
    for place, item in enumerate(pictures):
        if item.sha256 not in known:
            raise PublishingError("One of the pictures is no longer on the desk. Add it again.")
        PostMedia.objects.create(
            post=post,
            media_id=item.sha256,
            alt=item.alt.strip(),
            place=place,
            shape=item.shape,
            focus_x=item.focus[0],
            focus_y=item.focus[1],
            part=item.part,
        )
    for media in known.values():
        want_words(media)


def ref_of(media: Media, item: Picture, network: str) -> MediaRef:
    """A picture or film exactly as this network gets it, as the gate binds it: bytes, alternative text, subtitles."""
    made = made_for(media, Wanted(network, "" if media.moving else item.shape, item.focus))
    return MediaRef(
        sha256=made.sha256,
        mime=made.mime,
        alt=item.alt.strip(),
        filename=media.filename,
        width=made.width,
        height=made.height,
        bytes=made.bytes,
        captions=tuple(CaptionsRef(one.sha256, one.language) for one in media.subtitles.all()) if media.moving else (),
    )


def content_of(post: Post, variant: Variant) -> Content:
    """Exactly what would leave for this channel."""
    link, leads_to = leaving_link(post, variant.channel, in_force(timezone.now()).checks.links)
    rows = list(post.pictures.select_related("media"))
    pictures = [
        (Picture(row.media_id, row.alt, row.shape, (row.focus_x, row.focus_y), row.part), row.media) for row in rows
    ]
    parts = [DraftPart(part["text"], part["channel"]) for part in post.parts]
    return Content(
        kind="publish",
        channel=variant.channel_id,
        text=(variant.text or post.text).strip(),
        title=post.title,
        link=link,
        leads_to=leads_to,
        media=_refs(pictures, 0, variant.channel),
        parts=_parts(parts, pictures, variant.channel),
        not_before=post.not_before,
        expires_at=post.expires_at,
        late_after=settings.LATE_AFTER_MINUTES,
    )


def content_of_draft(draft: Draft, channel: Channel) -> Content:
    """Exactly what would leave for a channel, were the draft saved and submitted as it stands."""
    media = Media.objects.in_bulk([item.sha256 for item in draft.pictures])
    pictures = [(item, media[item.sha256]) for item in draft.pictures if item.sha256 in media]
    return Content(
        kind="publish",
        channel=channel.pk,
        text=(draft.texts.get(channel.pk, "").strip() or draft.text).strip(),
        title=draft.title.strip()[:200],
        link=draft.link.strip(),
        media=_refs(pictures, 0, channel),
        parts=_parts(draft.parts, pictures, channel),
        not_before=draft.not_before,
        expires_at=draft.expires_at,
        late_after=settings.LATE_AFTER_MINUTES,
    )


def parts_for(parts: Sequence[DraftPart], channel: Channel) -> list[int]:
    """The places, from 0, of the parts that leave for a channel; none where its network takes no parts."""
    if not limits(channel.network).parts:
        return []
    return [place for place, part in enumerate(parts) if part.channel in (0, channel.pk)]


def _refs(pictures: Sequence[tuple[Picture, Media]], part: int, channel: Channel) -> tuple[MediaRef, ...]:
    return tuple(ref_of(media, item, channel.network) for item, media in pictures if item.part == part)


def _parts(parts: Sequence[DraftPart], pictures: Sequence[tuple[Picture, Media]], channel: Channel) -> tuple[Part, ...]:
    places = parts_for(parts, channel)
    return tuple(Part(parts[place].text.strip(), _refs(pictures, place + 1, channel)) for place in places)


def findings(post: Post, *, at: datetime) -> dict[int, list[Finding]]:
    """What the policy says of each variant, by channel."""
    context = {**_context(post), "author": post.author_id, "editors": sorted(_writers(post))}
    return {
        variant.channel_id: gate.check(content_of(post, variant), at=at, context=context)
        for variant in post.variants.select_related("channel")
    }


def _context(post: Post) -> dict[str, Any]:
    """What the checks and the holds need beside the content."""
    return {"post_kind": post.kind, "aim": post.aim or None, "campaign": post.campaign_id}


def _amend_acts(post: Post, *, by: User, at: datetime) -> None:
    for variant in post.variants.select_related("channel"):
        for act in Act.objects.filter(subject=variant.subject, state__in=("to_sign_off", "signed_off", "missed")):
            if act.context.get("campaign") != post.campaign_id:
                Act.objects.filter(pk=act.pk).update(context={**act.context, "campaign": post.campaign_id})
                act.refresh_from_db(fields=["context"])
            checked = {name: value for name, value in _context(post).items() if name != "campaign"}
            content = content_of(post, variant)
            gate.amend(act, content, by=by, at=at, answers=post.answers, post_kind=post.kind, context=checked)


@stops_recorded
@transaction.atomic
def submit(post: Post, *, by: User, at: datetime) -> list[Act]:
    """Puts every variant before the gate: all or none. Raises Stopped, Unanswered, NotAllowed, GateError."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    variants = list(post.variants.select_related("channel"))
    if not variants:
        raise PublishingError("Choose at least one channel.")
    if not post.aim:
        raise PublishingError("Say which aim of the policy this post serves.")
    if post.not_before and post.not_before < at:
        raise PublishingError("The time to send has passed. Choose a later one, or leave it empty to send once signed.")
    everything = [found for group in findings(post, at=at).values() for found in group]
    require_clear(everything, post.answers)
    clauses = ["desk:posts", "desk:gate"]
    writers = _writers(post)
    acts = []
    for variant in variants:
        open_before = Act.objects.filter(subject=variant.subject, state__in=(*OPEN, "sent")).first()
        if open_before is not None:
            acts.append(open_before)
            continue
        acts.append(
            gate.submit(
                content_of(post, variant),
                subject=variant.subject,
                by=by,
                at=at,
                answers=post.answers,
                clauses=clauses,
                post_kind=post.kind,
                # Who wrote it may not sign it, whoever submits it.
                context={"editors": sorted(writers - {by.pk}), **_context(post)},
            )
        )
    Post.objects.filter(pk=post.pk).update(submitted_at=at, withdrawn_at=None)
    record("post.submitted", f"post:{post.pk}", by=by, at=at, clauses=clauses, detail={"acts": len(acts)})
    return acts


def _writers(post: Post) -> set[int]:
    """Everybody who has saved the post, by the record."""
    actors = Line.objects.filter(subject=f"post:{post.pk}", verb="post.saved").values_list("actor", flat=True)
    numbers = {int(actor.removeprefix("person:")) for actor in actors if actor.startswith("person:")}
    return numbers | {post.author_id, post.changed_by_id}


def acts_of(post: Post) -> list[Act]:
    subjects = [variant.subject for variant in post.variants.all()]
    return list(Act.objects.filter(subject__in=subjects).select_related("channel", "author").order_by("created_at"))


@transaction.atomic
def withdraw(post: Post, *, by: User, at: datetime) -> None:
    """Takes back every act of a post that has not left. A draft is thrown away: it leaves the lists of work and stays
    to be brought back."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    going = [act for act in acts_of(post) if act.state in WITHDRAWABLE]
    if not going:
        _require_drafter(post, by, at)
    for act in going:  # the gate says who may
        gate.withdraw(act, by=by, at=at)
    Post.objects.filter(pk=post.pk).update(withdrawn_at=at)
    record("post.withdrawn", f"post:{post.pk}", by=by, at=at)


@transaction.atomic
def bring_back(post: Post, *, by: User, at: datetime) -> None:
    """A draft that was thrown away is a draft again. Raises PublishingError for what was not."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.withdrawn_at is None or acts_of(post):
        raise PublishingError("Only a draft that was thrown away is brought back. Nothing was done.")
    _require_drafter(post, by, at)
    Post.objects.filter(pk=post.pk).update(withdrawn_at=None)
    record("post.brought_back", f"post:{post.pk}", by=by, at=at)


def _require_drafter(post: Post, by: User, at: datetime) -> None:
    """Whoever may write for all its channels; of a draft without any, whoever wrote it."""
    channels = [variant.channel for variant in post.variants.select_related("channel")]
    _require_may_write(by, channels, at)
    if not channels and by.pk not in (post.author_id, post.changed_by_id) and not signs_off(by, at):
        raise NotAllowed("Only who wrote this draft or Communications may throw it away or bring it back.", "")
