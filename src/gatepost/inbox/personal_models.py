"""People's data: holds on deleting, requests of people about their data, what was agreed, and what is gone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gatepost.channels.models import Channel
from gatepost.inbox.states import PERSON_REQUEST
from gatepost.lifecycle import Machine
from gatepost.people.models import User


class LegalHold(models.Model):
    """Nothing that it covers is deleted: everything of one account, one message, one kind of record, or all there is.
    A stop on sending is another thing (gate.Hold)."""

    contact = models.ForeignKey("inbox.Contact", null=True, on_delete=models.PROTECT, related_name="legal_holds")
    message = models.ForeignKey("inbox.Message", null=True, on_delete=models.PROTECT, related_name="legal_holds")
    kind = models.CharField(max_length=40, blank=True)  # of policy/retention.py, or "everything"
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_because = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, message=None, kind="")
                | Q(contact=None, message__isnull=False, kind="")
                | (Q(contact=None, message=None) & ~Q(kind="")),
                name="legal_hold_one_scope",
            )
        ]
        indexes = [models.Index(fields=["contact", "message"], name="legal_hold_open", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"


class PersonRequest(models.Model):
    """Somebody wants to know what is held about them, or wants it gone. What they are known by is kept only while the
    request is open; afterwards `marks`, keyed digests of it, tell whether the same person asks again."""

    MACHINE: ClassVar[Machine] = PERSON_REQUEST

    kind = models.CharField(max_length=10, choices=[("access", "To see it"), ("erasure", "To have it erased")])
    state = models.CharField(max_length=12, choices=PERSON_REQUEST.choices, default="open")
    known_by = models.JSONField(default=dict)  # "account", "name", "number", "email" -> what was looked for
    contacts = models.JSONField(default=list)  # numbers of the accounts that somebody said are this person's
    mentions = models.JSONField(default=list)  # [place, number] of what others wrote that belongs to it
    identity = models.CharField(max_length=400, blank=True)  # how it was made sure who asks
    received_on = models.DateField()
    answer_by = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    marks = models.JSONField(default=list)
    exported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    says = models.CharField(max_length=400, blank=True)  # what came of it

    class Meta:
        indexes = [models.Index(fields=["state", "answer_by"], name="person_request_due")]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def subject(self) -> str:
        return f"person_request:{self.pk}"


class RetentionAgreement(models.Model):
    """Somebody who answers for it agreed that these periods are carried out. Others need another agreement."""

    digest = models.CharField(max_length=64)
    periods = models.JSONField()  # [kind, as the policy puts it, clause]
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(ended_at=None), name="retention_agreement_one")
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class Erased(models.Model):
    """That a message was here and its words are gone. `mark` is a keyed digest of the network's ref, so that the same
    message is not taken in again."""

    WHY = (
        ("request", "The person asked"),
        ("retention", "Its time was over"),
        ("network", "Deleted on the network"),
    )

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)
    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="erasures")
    because = models.CharField(max_length=10, choices=WHY)
    request = models.ForeignKey(PersonRequest, null=True, on_delete=models.PROTECT, related_name="erased")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "mark"], name="erased_once")]

    def __str__(self) -> str:
        return f"erased {self.pk}"


class GoneLook(models.Model):
    """How far a round over what is held of one channel has come: which of it is gone on the network?"""

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    reached = models.BigIntegerField(default=0)  # the last message asked about
    ended_at = models.DateTimeField(null=True)
    look_after = models.DateTimeField(null=True)
    missed = models.JSONField(default=dict)  # number of a message -> when it was first not there (ISO)
    says = models.CharField(max_length=400, blank=True)  # why it last could not be asked

    def __str__(self) -> str:
        return f"round of {self.channel_id}"
