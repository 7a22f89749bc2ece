"""What is kept with a picture or a film: how it arrived, subtitles, whose consent, its forms for the networks."""

from __future__ import annotations

import uuid

from django.db import models

from gatepost.people.models import User


class Upload(models.Model):
    """A file on its way in, in pieces. `received` bytes are in the data folder; a break loses nothing of them."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    filename = models.CharField(max_length=160)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()
    media = models.ForeignKey("publishing.Media", on_delete=models.SET_NULL, null=True, related_name="+")
    failed = models.CharField(max_length=400, blank=True)  # why it could not be used, for people

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="upload_of_person")]

    def __str__(self) -> str:
        return self.filename


class Subtitles(models.Model):
    """What is said in a film, as WebVTT, in one language."""

    media = models.ForeignKey("publishing.Media", on_delete=models.CASCADE, related_name="subtitles")
    language = models.CharField(max_length=20, default="en")
    sha256 = models.CharField(max_length=64)
    cues = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["media", "language"], name="subtitles_once")]
        ordering = ["language"]

    def __str__(self) -> str:
        return f"{self.language} of {self.media_id[:12]}"


class Consent(models.Model):
    """Somebody shown has agreed. `who` says who in the organisation's own way: a number of a form, initials."""

    media = models.ForeignKey("publishing.Media", on_delete=models.CASCADE, related_name="consents")
    who = models.CharField(max_length=120)
    form_sha256 = models.CharField(max_length=64, blank=True)  # of the signed form, when it was added
    form_name = models.CharField(max_length=160, blank=True)
    given_on = models.DateField()
    expires_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["given_on", "pk"]

    def __str__(self) -> str:
        return f"Consent of {self.who}"


class Rendition(models.Model):
    """A picture or film as one network takes it: cut, smaller, in another format. Made once, kept by its own digest."""

    original = models.ForeignKey("publishing.Media", on_delete=models.CASCADE, related_name="renditions")
    wanted = models.CharField(max_length=200)  # what it was made for: renditions.Wanted as one word
    sha256 = models.CharField(max_length=64, blank=True)  # "" while it is being made, or when it could not be
    mime = models.CharField(max_length=60, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    failed = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["original", "wanted"], name="rendition_once")]
        indexes = [models.Index(fields=["sha256"], name="rendition_digest")]

    def __str__(self) -> str:
        return f"{self.original_id[:12]} as {self.wanted}"


class ShortLink(models.Model):
    """A short address of ours. It leads to one place for ever."""

    code = models.CharField(primary_key=True, max_length=12)
    post = models.ForeignKey("publishing.Post", on_delete=models.SET_NULL, null=True, related_name="short_links")
    channel = models.ForeignKey("channels.Channel", on_delete=models.SET_NULL, null=True, related_name="+")
    target = models.CharField(max_length=2000)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class LinkDay(models.Model):
    """How often a short link was followed on a day. Nothing of who did is kept."""

    link = models.ForeignKey(ShortLink, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="link_day_once")]
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.link_id} on {self.day}"
