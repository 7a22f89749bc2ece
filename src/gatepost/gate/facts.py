"""What is known of a stored picture or film beside its bytes: facts the policy's checks read at every step, also at the
moment of sending. Written by those who keep the pictures; not part of what is signed, for they change by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.db import models
from django.utils import timezone

Consent = Literal["", "missing", "expired", "withdrawn"]


class MediaFact(models.Model):
    sha256 = models.CharField(primary_key=True, max_length=64)
    sharpness = models.FloatField(null=True)  # variance of the Laplacian of its grey values
    seconds = models.FloatField(null=True)  # of a film
    people = models.BooleanField(default=False)  # somebody can be told on it, so somebody must have agreed
    agreed = models.BooleanField(default=False)
    agreed_until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256[:16]

    def consent(self, at: datetime) -> Consent:
        """What is wrong with the consent of those shown at a moment; "" when nothing is, or nobody is shown."""
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return "withdrawn"
        if not self.people:
            return ""
        if not self.agreed:
            return "missing"
        past = self.agreed_until is not None and self.agreed_until < timezone.localtime(at).date()
        return "expired" if past else ""


def facts_of(digests: Iterable[str]) -> dict[str, MediaFact]:
    """The facts by digest; asks the database only when there are digests."""
    wanted = set(digests)
    return MediaFact.objects.in_bulk(wanted) if wanted else {}
