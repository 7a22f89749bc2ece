"""What was decided against somebody's words, so that they can ask for a review; who bore abuse; who is in danger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gatepost.gate.models import Act
from gatepost.inbox.states import APPEAL
from gatepost.lifecycle import Machine
from gatepost.people.models import User

RULINGS = (
    ("hide", "Hidden"),
    ("remove", "Removed"),
    ("warn", "Warned"),
    ("block", "Blocked"),
    ("mute", "Muted"),
    ("report", "Reported to the network"),
    ("close", "Comments closed"),
)


class Ruling(models.Model):
    """A named person's decision against a message or its writer. `reference` is what the writer is given: with it they
    see what was decided, and ask for a review. `act` is None for what was done by hand on the network."""

    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="rulings")
    contact = models.ForeignKey("inbox.Contact", on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField(max_length=10, choices=RULINGS)
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="ruling")
    evidence = models.ForeignKey("inbox.Evidence", on_delete=models.PROTECT, related_name="rulings")
    reference = models.CharField(max_length=12, unique=True)
    reason = models.CharField(max_length=400)
    more_than = models.CharField(max_length=400, blank=True)  # why it is more than the lawful speech it looked like
    clause = models.CharField(max_length=60)
    strike = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # of a block or a mute; None: until it is lifted
    done_at = models.DateTimeField(null=True)  # when the network did it, or somebody by hand
    told = models.CharField(max_length=10, blank=True, choices=[("reply", "By an answer"), ("hand", "By hand")])
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_because = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["contact", "-at"], name="ruling_contact"),
            models.Index(fields=["-at"], name="ruling_newest"),
        ]

    def __str__(self) -> str:
        return f"ruling {self.pk}"

    @property
    def subject(self) -> str:
        return f"ruling:{self.pk}"

    @property
    def reference_shown(self) -> str:
        return f"{self.reference[:5]}-{self.reference[5:]}"


class Appeal(models.Model):
    """Somebody outside asks for a ruling to be looked at again. No account, no name and no address are asked for."""

    MACHINE: ClassVar[Machine] = APPEAL

    ruling = models.OneToOneField(Ruling, on_delete=models.PROTECT, related_name="appeal")
    words = models.TextField()
    at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=APPEAL.choices, default="open")
    answer = models.TextField(blank=True)  # shown to whoever has the reference
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="appeal_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"appeal {self.pk}"


class Opened(models.Model):
    """Somebody opened words that are covered, because they are abuse: shown to them until a moment."""

    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="opened")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="opened_person")]

    def __str__(self) -> str:
        return f"opened {self.pk}"


class AbuseRecord(models.Model):
    """The employer's record of abuse of a member of staff: whom it was aimed at, and every step that followed."""

    message = models.OneToOneField("inbox.Message", on_delete=models.PROTECT, related_name="abuse")
    aimed_at = models.CharField(max_length=200)  # a name or a team, as told; they need not be on the desk
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"abuse record {self.pk}"


class AbuseStep(models.Model):
    """One thing that was done for those exposed, or about the writer. Append-only."""

    record = models.ForeignKey(AbuseRecord, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(
        max_length=10,
        choices=[
            ("exposed", "Somebody was exposed to it"),
            ("support", "Support offered"),
            ("warning", "Writer warned"),
            ("tenancy", "Tenancy step"),
            ("police", "Reported to the police"),
            ("note", "Note"),
            ("closed", "Closed"),
        ],
    )
    words = models.CharField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"abuse step {self.pk}"


class Alarm(models.Model):
    """Somebody or something may be in danger. It stands on top of every page until a person has taken it."""

    message = models.OneToOneField("inbox.Message", on_delete=models.PROTECT, related_name="alarm")
    kind = models.CharField(max_length=10, choices=[("person", "A person"), ("place", "A place")])
    at = models.DateTimeField()
    told = models.JSONField(default=list)  # keys of the people who were written to
    told_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_as = models.CharField(max_length=120, blank=True)  # who said so by a phone's link, without an account
    did = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="alarm_open", condition=Q(taken_at=None))]

    def __str__(self) -> str:
        return f"alarm {self.pk}"

    @property
    def taker(self) -> str:
        """Who has it, by name."""
        return self.taken_by.name if self.taken_by else self.taken_as
