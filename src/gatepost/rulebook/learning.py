"""What the readers have learnt from corrections, and when it was in use."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReaderModel(models.Model):
    """What one training made, by its digest. Never changed."""

    digest = models.CharField(primary_key=True, max_length=64)
    base = models.CharField(max_length=64)  # digest of the shipped judge it corrects
    data = models.BinaryField()  # weights of hashed pieces of words
    report = models.JSONField()  # before and after, label by label: policy.reading.learning.LabelReport
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"readers {self.digest[:12]}"


class ReaderUse(models.Model):
    """The readers use what was learnt from a moment on. At most one is active."""

    model = models.ForeignKey(ReaderModel, on_delete=models.PROTECT, related_name="uses")
    accepted_by = models.CharField(max_length=80)
    accepted_at = models.DateTimeField()
    active = models.BooleanField(default=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="reader_use_one")]

    def __str__(self) -> str:
        return f"{self.model_id[:12]} from {self.accepted_at:%-d %B %Y}"


class ReaderTraining(models.Model):
    """Somebody asked the readers to learn. `report` also tells of labels of which nothing was learnt."""

    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)  # labels
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(null=True)
    failed = models.TextField(blank=True)
    model = models.ForeignKey(ReaderModel, null=True, on_delete=models.PROTECT, related_name="trainings")

    def __str__(self) -> str:
        return f"training {self.pk}"
