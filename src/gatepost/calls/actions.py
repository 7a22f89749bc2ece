"""The one table of the API: a name, what is asked, what is done, what is told, in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from gatepost.calls import archive, asked, bringing, composing, doing, holding, kept, planning
from gatepost.calls.asking import ASKING
from gatepost.calls.campaign_results import RESULTS
from gatepost.calls.casework import CASEWORK
from gatepost.calls.channels import CHANNELS
from gatepost.calls.decisions import DECISIONS
from gatepost.calls.desk import DESK
from gatepost.calls.desk_kept import KEPT
from gatepost.calls.evidence import EVIDENCE
from gatepost.calls.handing import HANDING
from gatepost.calls.intake import INTAKE
from gatepost.calls.media import MEDIA
from gatepost.calls.moderating import MODERATION
from gatepost.calls.on_call import ON_CALL
from gatepost.calls.outside_reader import OUTSIDE
from gatepost.calls.personal import PERSONAL
from gatepost.calls.planned import PLANNED
from gatepost.calls.policy_actions import POLICY
from gatepost.calls.private import PRIVATE
from gatepost.calls.readers import READERS
from gatepost.calls.referring import REFERRING
from gatepost.calls.reveals import REVEALS
from gatepost.calls.signing import SIGNING
from gatepost.calls.why import WHY


@dataclass(frozen=True, slots=True)
class Action:
    asks: type[asked.Asked]
    does: Callable[..., BaseModel]  # called as does(wish, by=person, at=now)
    tells: type[BaseModel]
    words: str

    def __call__(self, wish: asked.Asked, **how: Any) -> BaseModel:
        return self.does(wish, **how)


ACTIONS: dict[str, Action] = {
    "messages.list": Action(asked.MessagesList, doing.messages_list, asked.MessagesOut, "Messages by time left"),
    "message.get": Action(
        asked.MessageGet, doing.message_get, asked.MessageOut, "One message with what the policy says"
    ),
    "message.reply": Action(asked.MessageReply, doing.message_reply, asked.ActOut, "Answer a message through the gate"),
    "message.refer": Action(asked.MessageRefer, doing.message_refer, asked.ReferralOut, "Refer to a department"),
    "message.moderate": Action(asked.MessageModerate, doing.message_moderate, asked.ActOut, "Hide, remove or restore"),
    "message.close": Action(asked.MessageClose, doing.message_close, asked.MessageOut, "End work on a message"),
    "message.correct_label": Action(
        asked.MessageCorrect, doing.message_correct, asked.CorrectionOut, "Say that a message is, or is not, something"
    ),
    "post.save": Action(asked.PostSave, doing.post_save, asked.PostOut, "Write or change a post"),
    "post.check": Action(asked.PostSave, composing.post_check, composing.CheckedOut, "Check a text and save nothing"),
    "post.submit": Action(asked.PostGet, doing.post_submit, asked.ActsOut, "Put a post before the gate"),
    "post.withdraw": Action(
        asked.PostGet, kept.post_withdraw, asked.PostOut, "Take back what has not left, or throw a draft away"
    ),
    "post.bring_back": Action(asked.PostGet, kept.post_bring_back, asked.PostOut, "A thrown-away draft is one again"),
    "post.get": Action(asked.PostGet, doing.post_get, asked.PostOut, "One post with its acts"),
    "archive.search": Action(
        archive.ArchiveSearch, archive.archive_search, archive.ArchiveOut, "Find what was published"
    ),
    "archive.get": Action(
        asked.ActGet, archive.archive_get, archive.ArchivedWholeOut, "Everything kept of one published act"
    ),
    "archive.online": Action(
        archive.StillOnline, archive.archive_online, archive.StillOnlineOut, "What is still online, and until when"
    ),
    "calendar.list": Action(
        planning.CalendarList, planning.calendar_list, planning.CalendarOut, "Posts by day, and days that are something"
    ),
    "calendar.suggest": Action(
        archive.CalendarSuggest,
        archive.calendar_suggest,
        archive.SuggestOut,
        "The best free time of a channel",
    ),
    "post.move": Action(planning.PostMove, planning.post_move, planning.MoveOut, "Another time for a post"),
    "campaigns.list": Action(
        planning.CampaignsList, planning.campaigns_list, planning.CampaignsOut, "Campaigns by their first day"
    ),
    "campaign.save": Action(
        planning.CampaignSave, planning.campaign_save, planning.CampaignOut, "Plan or change a campaign"
    ),
    "campaign.get": Action(
        planning.CampaignGet, planning.campaign_get, planning.CampaignOut, "One campaign with its mix and posts"
    ),
    "campaign.close": Action(
        planning.CampaignClose, planning.campaign_close, planning.CampaignOut, "End a campaign with what came of it"
    ),
    "campaign.delete": Action(
        planning.CampaignGet, planning.campaign_delete, planning.CampaignGone, "Put a campaign away, or delete a plan"
    ),
    "campaign.bring_back": Action(
        planning.CampaignGet, planning.campaign_bring_back, planning.CampaignOut, "Undo putting a campaign away"
    ),
    "lines.list": Action(planning.LinesList, planning.lines_list, planning.LinesOut, "Approved lines in force"),
    "line.save": Action(planning.LineSave, planning.line_save, planning.LineOut, "Set what we say on a topic"),
    "line.get": Action(planning.LineGet, planning.line_get, planning.LineOut, "One line with its history"),
    "line.end": Action(planning.LineGet, planning.line_end, planning.LineOut, "End an approved line"),
    "posts.bring_in": Action(
        bringing.CsvIn, bringing.posts_bring_in, bringing.BroughtOut, "Drafts from a CSV, or a dry run of it"
    ),
    "post.repeat": Action(
        bringing.Repeat, bringing.post_repeat, bringing.PostsOut, "A draft for each time it comes again"
    ),
    "feed.read": Action(bringing.FeedAsked, bringing.feed_read, bringing.FeedOut, "What stands in a news feed"),
    "post.versions": Action(asked.PostGet, kept.post_versions, kept.VersionsOut, "What each save of a post left"),
    "post.comments": Action(asked.PostGet, kept.post_comments, kept.CommentsOut, "What colleagues say of a post"),
    "comment.add": Action(kept.CommentAdd, kept.comment_add, kept.CommentOut, "Say something of a post"),
    "comment.settle": Action(kept.CommentGet, kept.comment_settle, kept.CommentOut, "A comment is dealt with"),
    "templates.list": Action(asked.Nothing, kept.templates_list, kept.TemplatesOut, "Posts to begin from"),
    "template.keep": Action(kept.TemplateKeep, kept.template_keep, kept.TemplateOut, "Keep a post to begin from"),
    "template.begin": Action(kept.TemplateGet, kept.template_begin, asked.PostOut, "A new draft from a template"),
    "template.end": Action(kept.TemplateGet, kept.template_end, kept.TemplateOut, "Offer a template no longer"),
    "acts.waiting": Action(asked.ActsWaiting, doing.acts_waiting, asked.ActsOut, "What waits for a sign-off"),
    "act.decline": Action(asked.ActDecline, doing.act_decline, asked.ActOut, "Send an act back with a reason"),
    "act.withdraw": Action(asked.ActGet, doing.act_withdraw, asked.ActOut, "Take back what has not left"),
    "act.edit": Action(holding.ActEdit, holding.act_edit, asked.ActOut, "Other words for what is out"),
    "act.is_down": Action(holding.ActDown, holding.act_down, asked.ActOut, "A person took it down on the network"),
    "act.retract": Action(holding.ActRetract, holding.act_retract, asked.ActOut, "Take down what is out"),
    "holds.list": Action(asked.Nothing, holding.holds_list, holding.HoldsOut, "Holds in force"),
    "hold.make": Action(holding.HoldMake, holding.hold_make, holding.HoldOut, "Stop acts from leaving"),
    "hold.extend": Action(holding.HoldExtend, holding.hold_extend, holding.HoldOut, "Give a hold another end"),
    "hold.end": Action(asked.HoldEnd, holding.hold_end, holding.HoldOut, "End a hold; what it kept back is looked at"),
    "held.list": Action(asked.Nothing, holding.held_list, asked.ActsOut, "What waits to be looked at after a hold"),
    "held.decide": Action(holding.HeldDecide, holding.held_decide, asked.ActOut, "Keep, move, rewrite or withdraw it"),
    "crisis.declare": Action(
        holding.CrisisDeclare, holding.crisis_declare, holding.CrisisOut, "Stop all but the prepared statements"
    ),
    "crisis.end": Action(holding.CrisisEnd, holding.crisis_end, holding.CrisisOut, "End the crisis and its hold"),
    "online.list": Action(holding.OnlineList, holding.online_list, holding.OnlineOut, "What of ours is online"),
    "pulse.get": Action(asked.Nothing, holding.pulse_get, holding.PulseOut, "Is somebody sending, and what waits"),
    "channels.list": Action(asked.Nothing, doing.channels_list, asked.ChannelsOut, "Channels and their health"),
    "policy.coverage": Action(asked.Nothing, doing.policy_coverage, asked.CoverageOut, "What enforces each clause"),
    "ledger.verify": Action(asked.Nothing, doing.ledger_verify, asked.VerifyOut, "Check the record now"),
    **{name: Action(*row) for name, row in ASKING.items()},
    **{name: Action(*row) for name, row in DECISIONS.items()},
    **{name: Action(*row) for name, row in WHY.items()},
    **{name: Action(*row) for name, row in CHANNELS.items()},
    **{name: Action(*row) for name, row in INTAKE.items()},
    **{name: Action(*row) for name, row in EVIDENCE.items()},
    **{name: Action(*row) for name, row in POLICY.items()},
    **{name: Action(*row) for name, row in PRIVATE.items()},
    **{name: Action(*row) for name, row in MEDIA.items()},
    **{name: Action(*row) for name, row in ON_CALL.items()},
    **{name: Action(*row) for name, row in OUTSIDE.items()},
    **{name: Action(*row) for name, row in MODERATION.items()},
    **{name: Action(*row) for name, row in PERSONAL.items()},
    **{name: Action(*row) for name, row in PLANNED.items()},
    **{name: Action(*row) for name, row in READERS.items()},
    **{name: Action(*row) for name, row in RESULTS.items()},
    **{name: Action(*row) for name, row in REVEALS.items()},
    **{name: Action(*row) for name, row in SIGNING.items()},
    **{name: Action(*row) for name, row in DESK.items()},
    **{name: Action(*row) for name, row in KEPT.items()},
    **{name: Action(*row) for name, row in REFERRING.items()},
    **{name: Action(*row) for name, row in CASEWORK.items()},
    **{name: Action(*row) for name, row in HANDING.items()},
}
