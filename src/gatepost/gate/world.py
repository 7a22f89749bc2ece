"""What is known of the world outside: what of ours is on the networks, how much each still takes, whether it is
a crisis."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gatepost.channels.models import Channel
from gatepost.people.models import User

ONLINE = ("online", "changed")  # of the states of what was sent: people can see it


class Published(models.Model):
    """One post or reply of ours that a network took, and whether it is still there as it was signed off."""

    STATUS = (
        ("online", "Online"),
        ("changed", "Changed elsewhere"),
        ("gone", "Removed elsewhere"),
        ("retracted", "Taken down"),
    )

    act = models.OneToOneField("gate.Act", on_delete=models.PROTECT, related_name="published", primary_key=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="published")
    ref = models.CharField(max_length=300)
    since = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # signed off with the content: then it is taken down
    status = models.CharField(max_length=12, choices=STATUS, default="online")
    shows = models.CharField(max_length=64, blank=True)  # digest of the text as the network last showed it
    checked_at = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)  # null: not looked at any more
    changed_at = models.DateTimeField(null=True)  # when its status last changed
    says = models.CharField(max_length=400, blank=True)
    overdue_at = models.DateTimeField(null=True)  # it did not come down at its end: people were told

    class Meta:
        indexes = [
            models.Index(fields=["check_at"], name="published_check", condition=Q(check_at__isnull=False)),
            models.Index(fields=["expires_at"], name="published_expiry", condition=Q(status__in=ONLINE)),
            models.Index(fields=["channel", "-since"], name="published_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.status}"

    @property
    def online(self) -> bool:
        return self.status in ONLINE


class PublishedPart(models.Model):
    """One further part of a post that a network took: the next of a thread, or a comment of our own under it."""

    item = models.ForeignKey(Published, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()  # 1 is the first after the post itself
    ref = models.CharField(max_length=300)
    permalink = models.CharField(max_length=600, blank=True)
    since = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Published.STATUS, default="online")
    checked_at = models.DateTimeField(null=True)
    says = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="published_part_once")]
        indexes = [models.Index(fields=["ref"], name="published_part_ref")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.ref}: {self.status}"

    @property
    def online(self) -> bool:
        return self.status in ONLINE


class Sighting(models.Model):
    """What a look at the network showed, until the archive has taken it over."""

    item = models.ForeignKey(Published, on_delete=models.PROTECT, related_name="sightings")
    part = models.PositiveSmallIntegerField(default=0)  # 0 is the post itself, 1 the first after it
    at = models.DateTimeField()
    there = models.BooleanField()
    text = models.TextField(blank=True)
    alts = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    raw = models.JSONField(default=dict)  # of a post: the network's answer; of a reply it would hold who is answered

    def __str__(self) -> str:
        return f"{self.item_id} at {self.at}"


class Allowance(models.Model):
    """How many posts a channel's network takes in its present window, shared by all workers."""

    channel = models.OneToOneField(Channel, on_delete=models.PROTECT, related_name="allowance", primary_key=True)
    most = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    resets_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.used} of {self.most}"


class Crisis(models.Model):
    """A crisis that was declared: who, when, why, and who ended it. While it lasts the policy's crisis approvers sign
    off."""

    hold = models.ForeignKey("gate.Hold", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    clause = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_because = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(models.Value(1), condition=Q(ended_at=None), name="crisis_one")]

    def __str__(self) -> str:
        return self.reason
