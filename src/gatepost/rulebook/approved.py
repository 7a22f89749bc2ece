"""Approved lines: what the organisation says on a topic, its figures and dates, and every earlier version."""

from __future__ import annotations

from django.db import models

from gatepost.people.models import User


class ApprovedLine(models.Model):
    """A topic on which there is one agreed line. What it says is its latest version."""

    topic = models.CharField(max_length=160)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField()
    created_at = models.DateTimeField()
    reviewed_at = models.DateTimeField()
    reminded_for = models.DateField(null=True)  # the day of review its owner was written to about
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("topic", condition=models.Q(ended_at=None), name="line_topic_once"),
        ]
        indexes = [models.Index(fields=["review_on"], name="line_review", condition=models.Q(ended_at=None))]

    def __str__(self) -> str:
        return self.topic


class LineVersion(models.Model):
    """What a line said from one moment on. Never changed: the database refuses it (migration)."""

    line = models.ForeignKey(ApprovedLine, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    words = models.JSONField(default=list)  # by which a draft is known to be about the topic
    figures = models.JSONField(default=list)  # [{"what": "flats", "value": "120"}]
    dates = models.JSONField(default=list)  # [{"what": "work begins", "value": "2026-12-01"}]
    because = models.CharField(max_length=400, blank=True)  # why it was changed
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="line_version_once")]
        ordering = ["line_id", "-number"]

    def __str__(self) -> str:
        return f"{self.line_id}, version {self.number}"
