"""Matters with a course and clocks of their own, and the systems elsewhere that they are handed over to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from gatepost.inbox.states import CASE, HANDOVER
from gatepost.lifecycle import Machine
from gatepost.people.models import User
from gatepost.policy.cases import case_kinds
from gatepost.vault import unlock


class Case(models.Model):
    """A complaint, a hazard or a request for information that began with a message. `next_due` is the soonest of its
    clocks that is not met."""

    MACHINE: ClassVar[Machine] = CASE

    kind = models.CharField(max_length=30)  # an id of policy/cases.toml
    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="cases")
    summary = models.TextField(blank=True)
    why = models.CharField(max_length=300, blank=True)  # why these rules bind us
    received_at = models.DateTimeField()
    next_due = models.DateTimeField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: the desk itself
    at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=CASE.choices, default="open")
    closed_because = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "kind"], condition=Q(state="open"), name="case_open_once")
        ]
        indexes = [models.Index(fields=["state", "next_due"], name="case_due")]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"

    @property
    def title(self) -> str:
        known = case_kinds().get(self.kind)
        return known.title if known else self.kind

    @property
    def subject(self) -> str:
        return f"case:{self.pk}"


class CaseStep(models.Model):
    """A step of the case's course that was taken, and when it happened."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=30)
    happened_at = models.DateTimeField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="case_step_once")]

    def __str__(self) -> str:
        return f"{self.step} of case {self.case_id}"


class CaseExtension(models.Model):
    """One clock of a case made longer, once, with the reason that the person was told."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions")
    law = models.CharField(max_length=60)
    because = models.TextField()
    told_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "law"], name="case_extended_once")]

    def __str__(self) -> str:
        return f"extension of case {self.case_id}"


class CasePause(models.Model):
    """Days in which a clock that may stand still does, for example while proof of identity is awaited."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    because = models.CharField(max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(until=None), name="case_paused_once")]

    def __str__(self) -> str:
        return f"pause of case {self.case_id}"


class Receiver(models.Model):
    """A system elsewhere, housing or CRM, that cases are handed over to. Everything sent to it is signed."""

    title = models.CharField(max_length=120)
    url = models.CharField(max_length=400)
    secret = models.BinaryField(default=bytes)  # locked by gatepost.vault
    allow_private = models.BooleanField(default=False)  # its address may be this machine or this network
    details = models.BooleanField(default=False)  # it is given personal details
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title

    def key(self) -> str:
        """What its deliveries are signed with. Raises VaultError."""
        return unlock(self.secret, settings.DATA).get("key", "")


class HandOver(models.Model):
    """One case handed over to one system. The body is emptied when it has arrived; its digest stays."""

    MACHINE: ClassVar[Machine] = HANDOVER

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handovers")
    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, related_name="handovers")
    body = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=HANDOVER.choices, default="queued")
    tries = models.PositiveIntegerField(default=0)
    says = models.CharField(max_length=400, blank=True)
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"hand-over {self.pk} of case {self.case_id}"
