"""Acts, the sign-offs that cover them, holds, attempts and receipts.

Triggers let the database itself refuse an attempt whose digest is not signed off: migration 0003, and those named
guard after it.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from gatepost.channels.models import Channel
from gatepost.gate.facts import LinkFact, MediaFact
from gatepost.gate.states import ACT
from gatepost.gate.unseen import Unseen
from gatepost.gate.world import Allowance, Crisis, Published, PublishedPart, Sighting
from gatepost.lifecycle import Machine
from gatepost.people.models import User
from gatepost.policy.approval import USUAL


def usual_steps() -> list[dict[str, Any]]:
    return [step.as_json() for step in USUAL.steps]


class Act(models.Model):
    """One outward change with its exact content. `content` is what the digest is taken over (gate/content.py)."""

    MACHINE: ClassVar[Machine] = ACT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="acts")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acts")
    subject = models.CharField(max_length=80, db_index=True)  # what it belongs to: "variant:5", "message:8"
    content = models.JSONField()
    context = models.JSONField(default=dict)  # what the checks need beside the content
    digest = models.CharField(max_length=64)
    wording = models.CharField(max_length=80, blank=True)
    clauses = models.JSONField(default=list)
    reason = models.CharField(max_length=400, blank=True)
    findings = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    post_kind = models.CharField(max_length=60, blank=True)
    chain = models.CharField(max_length=60, default="usual")  # of the policy: who signs this off
    steps = models.JSONField(default=usual_steps)  # what it takes, as policy/approval.py says
    planned_at = models.DateTimeField(null=True)  # the time chosen inside its window
    waits_since = models.DateTimeField(null=True)  # since when it waits for its sign-offs
    sign_by = models.DateTimeField(null=True)  # when it must be signed to be in time
    state = models.CharField(max_length=20, choices=ACT.choices, default="to_sign_off")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when it leaves; set when it is released
    try_at = models.DateTimeField(null=True)  # not before: the network asked us to wait, or its files are on their way
    files_by = models.DateTimeField(null=True)  # it waits for its files, at most until then; others go before it
    look_at = models.DateTimeField(null=True)  # when to look for it again
    looks = models.IntegerField(default=0)
    says = models.CharField(max_length=400, blank=True)  # the latest thing people should know of it
    ref = models.CharField(max_length=300, blank=True)
    permalink = models.CharField(max_length=600, blank=True)
    sent_at = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)  # a person says it on the network and records it: gate/by_hand.py
    parts_out = models.PositiveSmallIntegerField(default=0)  # writes the network has taken, while more are to follow
    above = models.CharField(max_length=300, blank=True)  # the ref of the part sent last, which the next one answers
    # The hold that has ended and from which it has not been let go: a person looks at it first (gate/review.py).
    review = models.ForeignKey("gate.Hold", null=True, on_delete=models.PROTECT, related_name="to_review")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="act_due", condition=Q(state="signed_off")),
            models.Index(fields=["look_at"], name="act_look", condition=Q(state="unconfirmed")),
            models.Index(fields=["state", "-created_at"], name="act_state"),
            models.Index(fields=["channel", "-sent_at"], name="act_sent", condition=Q(state="sent")),
            models.Index(fields=["channel", "ref"], name="act_ref", condition=~Q(ref="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class StandingSignOff(models.Model):
    """A named person's lasting agreement to one approved wording, to one kind of moderation under a clause, or, up to a
    day, to a post that comes again on a channel (`content` without its times: gate/series.py)."""

    pack_digest = models.CharField(max_length=64)
    wording = models.CharField(max_length=80, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    moderation = models.CharField(max_length=20, blank=True)  # "hide", "unhide", "remove", "approve"
    clause = models.CharField(max_length=60)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(null=True)
    lasts = models.IntegerField(null=True)  # seconds that a post which comes again stays online
    until = models.DateTimeField(null=True)
    role = models.CharField(max_length=60, blank=True)  # in which a post that comes again was signed
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="standing_sign_offs")
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(content__isnull=True) & (Q(wording="") ^ Q(moderation="")))
                | Q(wording="", moderation="", content__isnull=False, channel__isnull=False, until__isnull=False),
                name="standing_one_thing",
            ),
            models.UniqueConstraint(
                fields=["wording", "text_digest", "moderation", "clause"],
                condition=Q(revoked_at=None, content__isnull=True),
                name="standing_once",
            ),
        ]

    def __str__(self) -> str:
        return self.wording or self.moderation or f"repeats until {self.until:%Y-%m-%d}"


class Invitation(models.Model):
    """Somebody without an account is asked to sign exactly one digest. The link's secret is kept nowhere: it is made of
    the row's number and the desk's key (gate/outside.py). The person's name and address are kept as part of the record
    of who agreed to what."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64)
    step = models.IntegerField()
    name = models.CharField(max_length=120)
    email = models.EmailField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    codes = models.IntegerField(default=0)  # how many have been sent
    code_at = models.DateTimeField(null=True)  # when the latest was made
    tries = models.IntegerField(default=0)  # at the latest code
    confirmed_at = models.DateTimeField(null=True)  # a code was typed in: the address is theirs
    outcome = models.CharField(
        max_length=10,
        blank=True,
        choices=[
            ("signed", "Signed"),
            ("declined", "Declined"),
            ("revoked", "Taken back"),
            ("overtaken", "Overtaken by a newer one"),
        ],
    )
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "step"], condition=Q(ended_at=None), name="invitation_one_open"),
            models.CheckConstraint(condition=Q(outcome="") ^ Q(ended_at__isnull=False), name="invitation_ended"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def actor(self) -> str:
        return f"outside:{self.pk}"


class SignOff(models.Model):
    """Somebody's agreement to exactly one digest, with what they saw: one step of what the act takes."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="sign_offs")
    digest = models.CharField(max_length=64)
    step = models.IntegerField(default=0)
    signer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="sign_offs")
    role = models.CharField(max_length=60, blank=True)  # the role it was signed in
    instead_of = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outside = models.ForeignKey(Invitation, null=True, on_delete=models.PROTECT, related_name="sign_offs")
    standing = models.ForeignKey(StandingSignOff, null=True, on_delete=models.PROTECT, related_name="uses")
    seen = models.JSONField()
    proof = models.JSONField(null=True)  # by passkey: gate/proofs.py
    at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    voided_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "signer"], condition=Q(voided_at=None), name="sign_off_one_step_a_person"
            ),
            models.UniqueConstraint(
                fields=["act"], condition=Q(voided_at=None) & ~Q(standing=None), name="sign_off_one_standing"
            ),
            models.UniqueConstraint(
                fields=["outside"], condition=~Q(outside=None), name="sign_off_one_for_an_invitation"
            ),
            models.CheckConstraint(condition=Q(signer=None) ^ Q(outside=None), name="sign_off_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"sign-off {self.pk} of {self.act_id}"

    @property
    def who(self) -> str:
        """One name for one person, as policy/approval.py counts them."""
        return f"outside:{self.outside_id}" if self.outside_id else f"person:{self.signer_id}"

    @property
    def name(self) -> str:
        if self.outside is not None:
            return self.outside.name
        return self.signer.name if self.signer is not None else ""


class Suggestion(models.Model):
    """Somebody who could sign proposes other words; the author takes or leaves them."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="suggestions")
    digest = models.CharField(max_length=64)  # of the content it was made for
    text = models.TextField()
    note = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, blank=True, choices=[("taken", "Taken"), ("left", "Left"), ("replaced", "Replaced")]
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act"], condition=Q(outcome=""), name="suggestion_one_open"),
        ]

    def __str__(self) -> str:
        return f"suggestion {self.pk}"


class Reminder(models.Model):
    """A letter to one person that something waits for them, or waits and can be signed by nobody because it cannot be
    read. Each kind once for one digest and step."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="reminders")
    digest = models.CharField(max_length=64)
    step = models.IntegerField()
    kind = models.CharField(
        max_length=10,
        choices=[("reminder", "Reminder"), ("escalation", "Escalation"), ("unreadable", "Cannot be read")],
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "digest", "step", "kind", "person"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.act_id}"


class Seen(models.Model):
    """The content of an act that a person last had before them, to show what has changed since."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    at = models.DateTimeField()
    before = models.JSONField(null=True)  # what they had seen when this was first before them, and when that was
    before_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "person"], name="seen_once")]

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.act_id}"


class Hold(models.Model):
    """A stop on acts: all, those of a channel or a campaign, of some kinds, or one; with exceptions that are named."""

    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT, related_name="holds")
    act = models.ForeignKey(Act, null=True, on_delete=models.PROTECT, related_name="holds")
    campaign = models.PositiveBigIntegerField(null=True)  # publishing.Campaign, which lies above and so is not a key
    kinds = models.JSONField(default=list)  # of acts; none: every kind
    reason = models.CharField(max_length=400)
    moderation_may_go = models.BooleanField(default=True)  # hiding others' posts and taking down our own goes on
    people = models.JSONField(default=list)  # numbers of those whose acts go on
    spared = models.JSONField(default=list)  # ids of acts that go on
    statements = models.JSONField(default=list)  # wordings that go on, unchanged
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # when people are reminded; or when it ends, if that was asked for
    ends_itself = models.BooleanField(default=False)
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel=None) | Q(act=None), name="hold_one_scope"),
        ]

    def __str__(self) -> str:
        return self.reason


class Attempt(models.Model):
    """One try at the network. `outcome` is "" while it runs; the row is there before the first byte leaves."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="attempts")
    digest = models.CharField(max_length=64)
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="attempts")
    worker = models.CharField(max_length=80)
    part = models.PositiveSmallIntegerField(default=0)  # which write of the act: 0 is the first
    at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)  # just before the first byte; null: nothing has left for certain
    lease_until = models.DateTimeField()
    outcome = models.CharField(
        max_length=20,
        blank=True,
        choices=[
            ("receipt", "Taken"),
            ("refused", "Refused"),
            ("later", "Asked to wait"),
            ("unknown", "Unconfirmed"),
            ("given_back", "Not tried"),
        ],
    )
    settled_at = models.DateTimeField(null=True)
    says = models.CharField(max_length=400, blank=True)
    answer = models.JSONField(null=True)  # the network's receipt

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "part"], condition=Q(outcome=""), name="attempt_one_running"),
            models.UniqueConstraint(fields=["act", "part"], condition=Q(outcome="receipt"), name="attempt_one_receipt"),
        ]
        indexes = [models.Index(fields=["lease_until"], name="attempt_running", condition=Q(outcome=""))]

    def __str__(self) -> str:
        return f"attempt {self.pk} at {self.act_id}"


class Beat(models.Model):
    """A worker's sign of life; a silent one alarms on the front page."""

    worker = models.CharField(primary_key=True, max_length=80)
    started_at = models.DateTimeField()
    at = models.DateTimeField(db_index=True)
    swept_at = models.DateTimeField(null=True)  # when it last asked what is due
    sent = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.worker


__all__ = [
    "Act",
    "Allowance",
    "Attempt",
    "Beat",
    "Crisis",
    "Hold",
    "Invitation",
    "LinkFact",
    "MediaFact",
    "Published",
    "PublishedPart",
    "Reminder",
    "Seen",
    "Sighting",
    "SignOff",
    "StandingSignOff",
    "Suggestion",
    "Unseen",
]
