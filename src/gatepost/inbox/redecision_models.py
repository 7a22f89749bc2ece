"""What the policy said of a message before somebody corrected what the readers made of it."""

from __future__ import annotations

from django.db import models

from gatepost.people.models import User
from gatepost.rulebook.models import KeptDecision


class Redecision(models.Model):
    """A message was decided anew after a correction. `was` stood until then; what stands now is the message's own
    decision, or the `was` of the next row."""

    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="redecisions")
    was = models.OneToOneField(KeptDecision, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=40)
    holds = models.BooleanField()
    begun = models.JSONField(default=list)  # [id, due, clause, source] of each clock that it began
    ended = models.JSONField(default=list)  # the same of each that no longer runs
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["message", "id"], name="redecision_message")]

    def __str__(self) -> str:
        return f"redecision {self.pk}"

    @property
    def because(self) -> str:
        return f"after {self.by.name}’s correction"
