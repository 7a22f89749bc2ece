"""Actions of the API for writing: a text checked without saving it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from gatepost.calls import asked, told
from gatepost.channels.actions import require_may_write
from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate.checking import draft_of
from gatepost.gate.content import Content
from gatepost.people.models import User
from gatepost.policy.mending import mend_for
from gatepost.publishing import actions as publishing
from gatepost.publishing.costs import said
from gatepost.publishing.drafts import Draft, DraftPart, Picture
from gatepost.publishing.earlier import alike
from gatepost.publishing.lengths import length_of
from gatepost.rulebook.actions import in_force


class MendOut(BaseModel):
    """Put `instead` where field[start:end] is `was`; code points."""

    field: str
    start: int
    end: int
    was: str
    instead: str


class CheckedFinding(asked.FindingOut):
    fix: MendOut | None = None


class AlikeOut(BaseModel):
    """An earlier post with nearly the same words; `score` of 100."""

    post: int
    score: int


class LengthOut(BaseModel):
    """As the network counts: `words` says it in full, "282 of 280"; `over`: too many."""

    used: int
    most: int
    over: int
    words: str


class CheckedOut(BaseModel):
    """What the policy says, by channel; how long the text is there; what the network charges for it ("" for nothing);
    earlier posts that say nearly the same."""

    findings: dict[int, list[CheckedFinding]]
    lengths: dict[int, LengthOut]
    costs: dict[int, str]
    alike: list[AlikeOut]


def draft(wish: asked.PostSave) -> Draft:
    """The draft that a wish of the API describes."""
    return Draft(
        text=wish.text,
        kind=wish.kind,
        channels=wish.channels,
        title=wish.title,
        aim=wish.aim,
        audiences=wish.audiences,
        link=wish.link,
        campaign=wish.campaign,
        other_channel=wish.other_channel,
        texts=wish.texts,
        pictures=[Picture(item.sha256, item.alt, item.shape, item.focus, item.part) for item in wish.pictures],
        parts=[DraftPart(part.text, part.channel) for part in wish.parts],
        not_before=wish.not_before,
        expires_at=wish.expires_at,
        answers=wish.answers,
    )


def post_check(wish: asked.PostSave, *, by: User, at: datetime) -> CheckedOut:
    wanted = draft(wish)
    pack = in_force(at)
    out: dict[int, list[CheckedFinding]] = {}
    lengths: dict[int, LengthOut] = {}
    charged: dict[int, str] = {}
    for channel in Channel.objects.filter(pk__in=wanted.channels).exclude(state="closed"):
        require_may_write(by, channel, at)
        content: Content = publishing.content_of_draft(wanted, channel)
        outbound = draft_of(content, channel.network, {}, "")
        rows = []
        for found in gate.check(content, at=at):
            mend = mend_for(found, outbound, pack)
            fix = MendOut.model_validate(mend, from_attributes=True) if mend else None
            rows.append(CheckedFinding(**told.findings_out([found])[0].model_dump(), fix=fix))
        out[channel.pk] = rows
        length = length_of(content, channel.network)
        lengths[channel.pk] = LengthOut(used=length.used, most=length.most, over=length.over, words=length.words)
        charged[channel.pk] = said("publish", content.as_json(), channel)
    earlier = [AlikeOut(post=one.post.pk, score=one.score) for one in alike(wanted.text, at=at, but=wish.post or 0)]
    return CheckedOut(findings=out, lengths=lengths, costs=charged, alike=earlier)
