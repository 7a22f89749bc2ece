"""What the public says: contacts, conversations, messages with their triage, referrals, evidence."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, get_args

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper

from gatepost.channels.models import Channel, OutsideReader
from gatepost.gate.models import Act

# Tables in files of their own, for Django to find; they point at those below by name.
from gatepost.inbox.calling_models import AlarmCall, AlarmLink, CallLine
from gatepost.inbox.case_models import Case, CaseExtension, CasePause, CaseStep, HandOver, Receiver
from gatepost.inbox.desk_models import Change, Duty, Known, Label, Note, Presence, ReplyDraft, SavedView
from gatepost.inbox.due_process import AbuseRecord, AbuseStep, Alarm, Appeal, Opened, Ruling
from gatepost.inbox.intake_models import Attachment, Gap, GoneEarly, Quiet, Version
from gatepost.inbox.long_models import NameWord, Passage
from gatepost.inbox.personal_models import Erased, GoneLook, LegalHold, PersonRequest, RetentionAgreement
from gatepost.inbox.reached_models import ReachedMessage, ReachedTo
from gatepost.inbox.redecision_models import Redecision
from gatepost.inbox.referral_models import ReferralLetter, ReferralLink, ReferralNote
from gatepost.inbox.reread_models import Reread
from gatepost.inbox.states import MESSAGE, REFERRAL
from gatepost.inbox.unread_models import Unread
from gatepost.lifecycle import Machine
from gatepost.networks.protocol import ByHandKind
from gatepost.people.models import User
from gatepost.rulebook.models import KeptDecision

# The order of the list: danger first, then the least time left. Each view of it has an index of its own.
TURN = (F("danger").desc(), F("due_at").asc(nulls_last=True), F("id").desc())
OPEN = Q(state__in=("new", "answering"))
BY_HAND = frozenset(get_args(ByHandKind))  # kinds of what was recorded by hand
# How grave: a person first, then what else the policy calls urgent; no longer so once it has been dealt with.
PERSON, PLACE = 2, 1
DANGER = models.Case(
    models.When(~Q(state__in=("new", "answering", "referred")), then=0),
    models.When(marks__contains=["is:safeguarding"], then=PERSON),
    models.When(urgent=True, then=PLACE),
    default=0,
)


BARE = models.Func(F("handle"), models.Value("@"), function="ltrim", output_field=models.TextField())


class Contact(models.Model):
    """A person outside, by one account of theirs."""

    network = models.CharField(max_length=30)
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    handle = models.CharField(max_length=200, blank=True)
    first_seen_at = models.DateTimeField()
    kind = models.CharField(max_length=20, blank=True)  # "journalist" or "councillor", because somebody here said so
    known = models.ForeignKey("inbox.Known", null=True, on_delete=models.PROTECT, related_name="contacts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "external_id"], name="contact_once")]
        indexes = [  # as personal/finding.py asks
            models.Index(Upper("external_id"), name="contact_external_id"),
            models.Index(Upper("handle"), name="contact_handle"),
            models.Index(Lower(BARE), name="contact_bare_handle"),
        ]

    def __str__(self) -> str:
        return self.name or self.handle or "Somebody"


class Conversation(models.Model):
    """Messages and our answers in one thread of one channel."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="conversations")
    thread_ref = models.CharField(max_length=300)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="conversations")
    started_at = models.DateTimeField()
    # Where its messages went, and those still to come go, since somebody said that it is one with another.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "thread_ref", "contact"], name="conversation_once")]

    def __str__(self) -> str:
        return f"{self.contact} on {self.channel}"


class Message(models.Model):
    """One thing somebody said, with what the policy says of it. `due_at` is the soonest of its clocks."""

    MACHINE: ClassVar[Machine] = MESSAGE

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="messages")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="messages")
    ref = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    text = models.TextField()
    permalink = models.CharField(max_length=600, blank=True)
    parent_ref = models.CharField(max_length=300, blank=True)
    post_ref = models.CharField(max_length=300, blank=True)
    private = models.BooleanField(default=False)
    posted_at = models.DateTimeField()
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)  # on the network, when it was; earlier words are its versions
    gone_at = models.DateTimeField(null=True)  # somebody else took it off the network
    raw = models.JSONField(default=dict)
    decision = models.OneToOneField(KeptDecision, on_delete=models.PROTECT, related_name="message")
    state = models.CharField(max_length=20, choices=MESSAGE.choices, default="new")
    visibility = models.CharField(
        max_length=20,
        default="shown",
        choices=[
            ("shown", "Shown"),
            ("hiding", "Being hidden"),
            ("hidden", "Hidden"),
            ("removed", "Removed"),
        ],
    )
    urgent = models.BooleanField(default=False)
    danger = models.GeneratedField(expression=DANGER, output_field=models.SmallIntegerField(), db_persist=True)
    due_at = models.DateTimeField(null=True)
    done_because = models.CharField(max_length=300, blank=True)
    assignee = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="messages")
    assigned_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    marks = ArrayField(models.CharField(max_length=80), default=list)  # what it is found by: inbox/marks.py
    erased_at = models.DateTimeField(null=True)  # its words and whose they were are gone (inbox/personal)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "ref"], name="message_once")]
        indexes = [
            models.Index(fields=["received_at"], name="message_kept", condition=Q(erased_at=None)),
            models.Index(fields=["state", "due_at", "id"], name="message_due"),
            models.Index(fields=["state", "channel", "-received_at", "-id"], name="message_channel"),
            models.Index(fields=["conversation", "posted_at"], name="message_thread"),
            models.Index(fields=["-received_at", "-id"], name="message_newest"),
            models.Index(fields=["-danger", "-received_at", "-id"], name="message_gravest"),
            models.Index(*TURN, name="message_with_us", condition=OPEN),
            models.Index("assignee", *TURN, name="message_mine", condition=OPEN & Q(assignee__isnull=False)),
            models.Index(*TURN, name="message_nobodys", condition=OPEN & Q(assignee=None)),
            models.Index(*TURN, name="message_complaint", condition=OPEN & Q(marks__contains=["is:complaint"])),
            models.Index("channel", *TURN, name="message_of_channel", condition=OPEN),
            models.Index(fields=["due_at", "id"], name="message_soon", condition=OPEN),
            models.Index(fields=["snoozed_until"], name="message_snoozed", condition=Q(snoozed_until__isnull=False)),
            # With what orders the messages of the people of a name, so that these are not fetched to be put in order.
            models.Index(fields=["contact", "-received_at", "-id"], name="message_contact", include=("danger",)),
            GinIndex(fields=["marks"], name="message_marks"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def subject(self) -> str:
        return f"message:{self.pk}"

    @property
    def known_since(self) -> datetime:
        """When it reached the organisation: its clocks count from then. What was recorded by hand reached somebody
        when it happened, not when it was written down."""
        return self.posted_at if self.kind in BY_HAND else self.received_at


class Referral(models.Model):
    """A conversation passed to a department, with an answer-by time."""

    MACHINE: ClassVar[Machine] = REFERRAL

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="referrals")
    department = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    stands_in_for = models.CharField(max_length=160, blank=True)  # who is away: a holder, a department; empty: nobody
    email = models.EmailField()
    clause = models.CharField(max_length=60)
    clock = models.CharField(max_length=60)
    answer_by = models.DateTimeField()
    note = models.TextField(blank=True)
    reply_act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: the desk, by the policy
    at = models.DateTimeField()
    details = models.BooleanField(default=False)  # its page shows the personal details
    details_because = models.CharField(max_length=300, blank=True)
    out_of_hours = models.BooleanField(default=False)  # to whom an emergency goes while the department is closed
    taken_at = models.DateTimeField(null=True)  # the department said that it has it
    round = models.PositiveSmallIntegerField(default=0)  # how often we opened it again
    state = models.CharField(max_length=20, choices=REFERRAL.choices, default="queued")
    email_id = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    says = models.CharField(max_length=400, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "department", "out_of_hours"], name="referral_once")]
        indexes = [models.Index(fields=["state", "answer_by"], name="referral_due")]

    def __str__(self) -> str:
        return f"referral {self.pk} to {self.name}"

    @property
    def subject(self) -> str:
        return f"referral:{self.pk}"

    @property
    def whose(self) -> str:
        """Who referred it, in words."""
        return self.by.name if self.by else "the desk, as the policy says"


class Evidence(models.Model):
    """What somebody said as it stood before it was hidden or removed, or when it was referred as abuse."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="evidence")
    act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    author_name = models.CharField(max_length=200)
    author_ref = models.CharField(max_length=200)
    posted_at = models.DateTimeField()
    raw = models.JSONField()
    picture = models.TextField(blank=True)  # the message as an SVG; "" in evidence kept before there were pictures
    sha256 = models.CharField(max_length=64)  # of the canonical form of all above; the ledger holds it too
    reason = models.CharField(max_length=400)
    clause = models.CharField(max_length=60)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"evidence {self.pk}"


class Reveal(models.Model):
    """Somebody looked at masked personal details, for a reason, until a moment."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="reveals")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"reveal {self.pk}"


class Correction(models.Model):
    """Somebody said that the readers were wrong: this message is, or is not, what they made of it."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="corrections")
    label = models.CharField(max_length=40)
    holds = models.BooleanField()  # the message is this
    read_as = models.FloatField()  # the probability the readers gave it
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "label"], name="correction_once")]

    def __str__(self) -> str:
        return f"correction {self.pk}"


class Delivery(models.Model):
    """A webhook's body as received: kept before the network is answered, read by the queue. What could not be read says
    why and stays."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    body = models.BinaryField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["channel", "id"], name="delivery_to_read", condition=Q(read_at=None, failed=""))
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class OutsideReading(models.Model):
    """What the outside reader said of a message. It stands beside the decision and takes nothing from it."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="outside")
    reader = models.ForeignKey(OutsideReader, on_delete=models.PROTECT, related_name="+")
    found = models.JSONField(default=list)  # [label, probability, start, end]; 0, 0 for no words
    decided = models.JSONField(default=list)  # labels over their thresholds with it that were not without it
    refer = models.JSONField(default=list)  # departments the policy would refer to as well
    clocks = models.JSONField(default=list)  # [id, due] of each clock that began with it
    says = models.CharField(max_length=400, blank=True)  # why nothing could be read
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"outside reading of message {self.message_id}"


__all__ = [
    "AbuseRecord",
    "AbuseStep",
    "Alarm",
    "AlarmCall",
    "AlarmLink",
    "Appeal",
    "Attachment",
    "CallLine",
    "Case",
    "CaseExtension",
    "CasePause",
    "CaseStep",
    "Change",
    "Contact",
    "Conversation",
    "Correction",
    "Delivery",
    "Duty",
    "Erased",
    "Evidence",
    "Gap",
    "GoneEarly",
    "GoneLook",
    "HandOver",
    "Known",
    "Label",
    "LegalHold",
    "Message",
    "NameWord",
    "Note",
    "Opened",
    "OutsideReading",
    "Passage",
    "PersonRequest",
    "Presence",
    "Quiet",
    "ReachedMessage",
    "ReachedTo",
    "Receiver",
    "Redecision",
    "Referral",
    "ReferralLetter",
    "ReferralLink",
    "ReferralNote",
    "ReplyDraft",
    "Reread",
    "RetentionAgreement",
    "Reveal",
    "Ruling",
    "SavedView",
    "Unread",
    "Version",
]
