"""Times in which a live channel cannot be read, as somebody is told of them."""

from __future__ import annotations

from django.db import models

from gatepost.channels.models import Channel


class Unread(models.Model):
    """A live channel that the desk tries to read and cannot. One row for each time, however often it is tried."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()  # it was last read, or first refused
    noticed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # its people were written to
    ended_at = models.DateTimeField(null=True)  # it was read again, or is no longer to be read

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel"], condition=models.Q(ended_at=None), name="unread_one_open")
        ]

    def __str__(self) -> str:
        return f"unread {self.pk}"
