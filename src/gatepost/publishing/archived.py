"""The archive's tables: what was published, with everything known of it copied in, and what became of it.

They point at nothing that can be deleted, and the database refuses every change of a row (migration): the archive
stands when drafts, campaigns and people are gone.
"""

from __future__ import annotations

from django.db import models


class ArchivedItem(models.Model):
    """One post or reply as it left. `facts` hold all of it (publishing/archive.py); the other columns find it."""

    act = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    network = models.CharField(max_length=30)
    channel = models.BigIntegerField()  # number of the channel; no foreign key: a channel may go
    channel_name = models.CharField(max_length=160)
    campaign = models.BigIntegerField(null=True)
    campaign_name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    media = models.JSONField(default=list)  # digests of the files that left with it
    sent_at = models.DateTimeField()
    facts = models.JSONField()
    rendered = models.TextField()  # a page for people, complete but for the pictures, which it names by digest
    digest = models.CharField(max_length=64)  # SHA-256 over the canonical form of facts
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="archive_sent"),
            models.Index(fields=["channel", "-sent_at"], name="archive_channel"),
            models.Index(fields=["campaign"], name="archive_campaign", condition=~models.Q(campaign=None)),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60] or str(self.act)


class ArchivedEvent(models.Model):
    """Something that happened to it after it left."""

    item = models.ForeignKey(ArchivedItem, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(
        max_length=20,
        choices=[
            ("shown", "Seen on the network"),
            ("edited", "Changed"),
            ("taken_down", "Taken down"),
            ("gone", "Gone from the network"),
            ("unseen", "Could not be looked at"),
        ],
    )
    act = models.UUIDField(null=True, unique=True)  # the act that did it, for what we did ourselves
    at = models.DateTimeField()
    facts = models.JSONField()
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.item_id}"
