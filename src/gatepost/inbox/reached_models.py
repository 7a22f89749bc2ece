"""What a network told of private messages of ours after it took them."""

from __future__ import annotations

from django.db import models

from gatepost.channels.models import Channel


class ReachedTo(models.Model):
    """Everything of ours that the network had taken for one person up to a moment of its clock was delivered, or read.
    Told twice or late it only ever moves on."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=40)  # by the network's number of them
    how = models.CharField(max_length=10, choices=[("delivered", "Delivered"), ("read", "Read")])
    up_to = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "person", "how"], name="reached_to_once")]

    def __str__(self) -> str:
        return f"reached {self.pk}"


class ReachedMessage(models.Model):
    """A message that the network named as delivered. It may have told so before the desk had its ref. The network had
    it no later than `by`."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=300)
    by = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "ref"], name="reached_message_once")]

    def __str__(self) -> str:
        return f"reached message {self.pk}"
