"""Every way in which an action of the desk says no: each holds a sentence for people, and nothing was done."""

from __future__ import annotations

from gatepost.channels.actions import ChannelError
from gatepost.channels.outside_reader import OutsideReaderError
from gatepost.gate.actions import GateError
from gatepost.gate.checking import Stopped
from gatepost.gate.content import BadContent
from gatepost.gate.holds import HoldError
from gatepost.gate.media import MediaError
from gatepost.gate.outside import OutsideError
from gatepost.inbox.actions import InboxError
from gatepost.inbox.appeals import AppealError
from gatepost.inbox.cases import CaseError
from gatepost.inbox.handovers import HandOverError
from gatepost.inbox.personal.officer import PersonalError
from gatepost.inbox.referral_answers import AnswerError
from gatepost.inbox.referrals import ReferralError
from gatepost.lifecycle import Conflict
from gatepost.people.actions import PeopleError
from gatepost.people.authority import NotAllowed
from gatepost.policy.problems import PackError
from gatepost.publishing.actions import PublishingError
from gatepost.publishing.bringing import BringError
from gatepost.publishing.campaigns import CampaignError
from gatepost.publishing.comments import CommentError
from gatepost.publishing.feeds_out import FeedError
from gatepost.publishing.film import FilmError
from gatepost.publishing.pictures import PictureError
from gatepost.publishing.rights import RightsError
from gatepost.publishing.subtitle_files import SubtitleError
from gatepost.publishing.templates import TemplateError
from gatepost.publishing.uploads import UploadError
from gatepost.rulebook.actions import NoPolicy, NotNow, Untested
from gatepost.rulebook.drafts import DraftError
from gatepost.rulebook.lines import LineError
from gatepost.rulebook.readers import ReadersError
from gatepost.vault import VaultError

REFUSALS = (
    NotAllowed,
    Conflict,
    GateError,
    BadContent,
    Stopped,  # and Unanswered, which is one
    InboxError,
    PersonalError,
    AppealError,
    PublishingError,
    CampaignError,
    FeedError,
    LineError,
    PeopleError,
    ChannelError,
    OutsideReaderError,
    HoldError,
    OutsideError,
    ReferralError,
    AnswerError,
    CaseError,
    HandOverError,
    MediaError,
    PictureError,
    BringError,
    CommentError,
    TemplateError,
    FilmError,
    RightsError,
    SubtitleError,
    UploadError,
    ReadersError,
    NoPolicy,
    NotNow,
    Untested,
    DraftError,
    PackError,
    VaultError,
)
