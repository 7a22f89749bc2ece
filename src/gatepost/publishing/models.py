"""Posts: one text, a variant for each channel, pictures."""

from __future__ import annotations

from django.db import models

from gatepost.channels.models import Channel
from gatepost.people.models import User
from gatepost.publishing.archived import ArchivedEvent, ArchivedItem
from gatepost.publishing.figures import CampaignFigure
from gatepost.publishing.kept import Comment, Mention, PostVersion, Template, WorkingCopy
from gatepost.publishing.planned import CalendarFeed, Campaign, CampaignPart
from gatepost.publishing.stored import Consent, LinkDay, Rendition, ShortLink, Subtitles, Upload

__all__ = [
    "ArchivedEvent",
    "ArchivedItem",
    "CalendarFeed",
    "Campaign",
    "CampaignFigure",
    "CampaignPart",
    "Comment",
    "Consent",
    "LinkDay",
    "Media",
    "Mention",
    "Post",
    "PostMedia",
    "PostVersion",
    "Rendition",
    "ShortLink",
    "Subtitles",
    "Template",
    "Upload",
    "Variant",
    "WorkingCopy",
]


class Media(models.Model):
    """A picture or film as stored: without metadata, once by its digest."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    mime = models.CharField(max_length=60)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    filename = models.CharField(max_length=160)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    seconds = models.FloatField(null=True)  # of a film
    sharpness = models.FloatField(null=True)  # variance of the Laplacian of its grey values, 0-255
    still = models.CharField(max_length=64, blank=True)  # digest of the picture that stands for a film
    alt = models.TextField(blank=True)  # what it shows, to begin from when it is used
    source = models.CharField(max_length=200, blank=True)  # where it is from, who made it
    licence = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=300, blank=True)  # to find it by
    people = models.BooleanField(default=False)  # somebody can be told on it: their consent is needed

    def __str__(self) -> str:
        return self.filename

    @property
    def moving(self) -> bool:
        return self.mime.startswith("video/")

    @property
    def shown(self) -> str:
        """Digest of the picture that shows it on our screens."""
        return self.still or self.sha256


class Post(models.Model):
    """Something to publish. Its state is that of its acts; a post without acts is a draft."""

    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=60)
    aim = models.CharField(max_length=60, blank=True)
    audiences = models.JSONField(default=list)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    link = models.URLField(max_length=600, blank=True)
    parts = models.JSONField(default=list)  # what follows it: {"text", "channel"}; channel 0: each that takes parts
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.SET_NULL, related_name="posts")
    other_channel = models.CharField(max_length=200, blank=True)  # where people who are not here read it
    not_before = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)  # then it is taken down again, under the same sign-off
    answers = models.JSONField(default=dict)  # the author's answers to what the checks asked
    version = models.PositiveIntegerField(default=1)  # raised by each save, so that nobody overwrites anybody
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-changed_at"], name="post_changed")]

    def __str__(self) -> str:
        return self.title or self.text[:60] or f"Post {self.pk}"


class Variant(models.Model):
    """A post's form for one channel; `text` is "" where it is the post's own."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="variants")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "channel"], name="variant_once")]
        ordering = ["channel_id"]

    def __str__(self) -> str:
        return f"{self.post_id} for {self.channel}"

    @property
    def subject(self) -> str:
        return f"variant:{self.pk}"


class PostMedia(models.Model):
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="pictures")
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="+")
    alt = models.TextField(blank=True)
    shape = models.CharField(max_length=10, blank=True)  # "16:9" to cut it so; "" leaves it whole
    focus_x = models.PositiveSmallIntegerField(default=50)  # percent from the left: what must stay in sight
    focus_y = models.PositiveSmallIntegerField(default=50)  # percent from the top
    place = models.PositiveSmallIntegerField(default=0)
    part = models.PositiveSmallIntegerField(default=0)  # 0: the post itself; 1: the first part after it

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return self.alt or str(self.media)
