"""How far the slow second reading of what is held of a channel has come."""

from __future__ import annotations

from django.db import models

from gatepost.channels.models import Channel


class Reread(models.Model):
    """One round after the other over the open conversations of a channel, and those closed lately: were they changed,
    or taken off, without the network telling?"""

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()  # this round
    reached = models.BigIntegerField(default=0)  # the last message asked about in it
    looked = models.IntegerField(default=0)  # messages asked about in it
    next_at = models.DateTimeField(null=True)  # not before; null: at once
    whole_at = models.DateTimeField(null=True)  # when the last round ended
    whole = models.IntegerField(default=0)  # messages it asked about
    missed = models.JSONField(default=dict)  # number of a message -> when it was first not there (ISO)
    failed = models.IntegerField(default=0)  # times in a row at the same place
    says = models.CharField(max_length=400, blank=True)  # why it could not be asked last

    def __str__(self) -> str:
        return f"second reading of {self.channel_id}"
