"""What intake keeps beside a message: what it said before, that it was taken off the network."""

from __future__ import annotations

from django.db import models

from gatepost.channels.models import Channel
from gatepost.inbox.models import Message
from gatepost.rulebook.models import KeptDecision


class Version(models.Model):
    """What a message said before it was changed on the network, or that it was taken off it or came back.

    Nothing said is lost: the row of a change holds the words that stood until then, with what the policy made of them.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="versions")
    what = models.CharField(
        max_length=10, choices=[("said", "Said before"), ("gone", "Taken off the network"), ("back", "Put back")]
    )
    mark = models.CharField(max_length=64, blank=True)  # SHA-256 of the words
    text = models.TextField(blank=True)
    decision = models.ForeignKey(KeptDecision, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()  # by the network's clock: when these words were written, or it was taken off
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "what", "mark", "changed_at"], name="version_once")]

    def __str__(self) -> str:
        return f"version {self.pk} of message {self.message_id}"


class GoneEarly(models.Model):
    """The network said that something is gone before it said that it was there. It is looked at when that arrives."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "ref"], name="gone_early_once")]

    def __str__(self) -> str:
        return f"gone early {self.pk}"
