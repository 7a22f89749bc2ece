"""Rows as the API tells them. Messages come masked: what the policy calls personal details is not in an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from gatepost.calls.asked import (
    ActOut,
    ChannelOut,
    ClockOut,
    FindingOut,
    MessageOut,
    PartAsked,
    PictureAsked,
    PostOut,
    ReferralOut,
)
from gatepost.channels.actions import may_write
from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.gate.seal import four_words
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Message, Referral
from gatepost.inbox.reached import delivery_of
from gatepost.people.models import User
from gatepost.policy.model import Finding
from gatepost.publishing.actions import acts_of, findings
from gatepost.publishing.models import Post


def message_out(message: Message) -> MessageOut:
    kept = message.decision
    return MessageOut(
        id=message.pk,
        channel=message.channel_id,
        conversation=message.conversation_id,
        kind=message.kind,
        text=masked(message.text, spans_of(kept.spans)),
        state=message.state,
        visibility=message.visibility,
        private=message.private,
        urgent=message.urgent,
        danger=message.danger,
        posted_at=message.posted_at,
        received_at=message.received_at,
        due_at=message.due_at,
        labels=kept.labels,
        decided=kept.decided,
        topics=kept.topics,
        offers=kept.offers,
        refer=kept.refer,
        moderate=kept.moderate,
        steps=kept.steps,
        answer=kept.answer,
        clocks=[ClockOut(id=row[0], due=row[1], clause=row[2], source=row[3]) for row in kept.clocks],
        clauses=kept.clauses,
        advice=kept.advice,
        second_look=kept.second_look,
        hand_over=kept.hand_over,
    )


def findings_out(found: Iterable[Finding | Mapping[str, Any]]) -> list[FindingOut]:
    return [FindingOut(**(asdict(item) if isinstance(item, Finding) else item)) for item in found]


def act_out(act: Act) -> ActOut:
    return ActOut(
        id=act.pk,
        kind=act.kind,
        channel=act.channel_id,
        author=act.author_id,
        subject=act.subject,
        state=act.state,
        content=act.content,
        digest=act.digest,
        words=list(four_words(act.digest)),
        clauses=act.clauses,
        reason=act.reason,
        findings=findings_out(act.findings),
        answers=act.answers,
        created_at=act.created_at,
        due_at=act.due_at,
        sent_at=act.sent_at,
        says=act.says,
        permalink=act.permalink,
        parts_out=act.parts_out,
        delivery=delivery_of(act),
    )


def referral_out(referral: Referral) -> ReferralOut:
    return ReferralOut(
        id=referral.pk,
        message=referral.message_id,
        department=referral.department,
        to=referral.name,
        stands_in_for=referral.stands_in_for,
        answer_by=referral.answer_by,
        clause=referral.clause,
        state=referral.state,
    )


def post_out(post: Post, *, at: datetime) -> PostOut:
    return PostOut(
        id=post.pk,
        version=post.version,
        kind=post.kind,
        aim=post.aim,
        audiences=post.audiences,
        title=post.title,
        text=post.text,
        texts={variant.channel_id: variant.text or post.text for variant in post.variants.all()},
        link=post.link,
        campaign=post.campaign_id,
        other_channel=post.other_channel,
        pictures=[
            PictureAsked(
                sha256=item.media_id,
                alt=item.alt,
                shape=item.shape,
                focus=(item.focus_x, item.focus_y),
                part=item.part,
            )
            for item in post.pictures.all()
        ],
        parts=[PartAsked(text=part["text"], channel=part["channel"]) for part in post.parts],
        not_before=post.not_before,
        expires_at=post.expires_at,
        withdrawn_at=post.withdrawn_at,
        answers=post.answers,
        findings={channel: findings_out(found) for channel, found in findings(post, at=at).items()},
        acts=[act_out(act) for act in acts_of(post)],
    )


def channel_out(channel: Channel, person: User, at: datetime) -> ChannelOut:
    return ChannelOut(
        id=channel.pk,
        network=channel.network,
        name=channel.name,
        state=channel.state,
        practice=channel.practice,
        audiences=channel.audiences,
        may_write=may_write(person, channel, at),
        last_read_at=channel.last_read_at,
        ill_since=channel.ill_since,
        ill_says=channel.ill_says,
        credentials_end=channel.credentials_end,
    )
