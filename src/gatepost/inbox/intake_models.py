"""What intake keeps beside messages: what they said before, and when a channel was not heard."""

from __future__ import annotations

from django.db import models

from gatepost.channels.models import Channel
from gatepost.people.models import User
from gatepost.rulebook.models import KeptDecision


class Version(models.Model):
    """What a message said before it was changed on the network, or that it was taken off it or came back.

    Nothing said is lost: the row of a change holds the words that stood until then, with what the policy made of them.
    """

    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="versions")
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


class Gap(models.Model):
    """A time in which a live channel was not read, and whether what was said in it has been read since."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="gaps")
    since = models.DateTimeField()
    until = models.DateTimeField()
    why = models.CharField(max_length=400)
    filled_at = models.DateTimeField(null=True)
    found = models.IntegerField(default=0)  # messages written in it that came in afterwards
    says = models.CharField(max_length=400, blank=True)  # why reading alone cannot fill it
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # looked on the network
    settled_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "since"], name="gap_once")]
        indexes = [models.Index(fields=["channel", "until"], name="gap_open", condition=models.Q(filled_at=None))]

    def __str__(self) -> str:
        return f"gap {self.pk}"


class Quiet(models.Model):
    """A channel on which nobody writes, at a time at which they usually do."""

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="quiets")
    since = models.DateTimeField()  # somebody was last heard
    noticed_at = models.DateTimeField()
    usual = models.JSONField()  # how many wrote in the same hours of the weeks before, the latest week first
    told_at = models.DateTimeField(null=True)  # its people were written to
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel"], condition=models.Q(ended_at=None), name="quiet_one_open")
        ]

    def __str__(self) -> str:
        return f"quiet {self.pk}"


class Attachment(models.Model):
    """Something that hung on a message. Its bytes lie in the data folder under their digest, once it is known what they
    are; what the desk does not keep says why."""

    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="attachments")
    place = models.SmallIntegerField()
    name = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=2000, blank=True)  # where it is fetched from
    mime = models.CharField(max_length=100, blank=True)  # what it is, by its bytes; "" until it is here
    size = models.BigIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    says = models.CharField(max_length=300, blank=True)  # why it is not kept
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "place"], name="attachment_once")]
        indexes = [models.Index(fields=["sha256"], name="attachment_digest")]

    def __str__(self) -> str:
        return f"attachment {self.pk}"

    @property
    def is_picture(self) -> bool:
        return self.mime.startswith("image/")
