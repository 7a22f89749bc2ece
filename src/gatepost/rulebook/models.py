"""Policy packs that are or were in force, and every decision they led to."""

from __future__ import annotations

from django.db import models


class PackVersion(models.Model):
    """A pack exactly as adopted, by the digest of its files. Never changed."""

    digest = models.CharField(primary_key=True, max_length=64)
    pack_id = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=40, blank=True)
    files = models.JSONField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.title} {self.digest[:12]}"


class Adoption(models.Model):
    """A pack comes into force at a moment; the latest one before now is the policy in force."""

    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="adoptions")
    in_force_from = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pack} from {self.in_force_from:%d %B %Y}"


class KeptDecision(models.Model):
    """What the policy said of one message, with the pack it rested on."""

    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    labels = models.JSONField()  # name -> probability
    decided = models.JSONField()  # names
    spans = models.JSONField()  # [start, end, label, kind]
    sentiment = models.CharField(max_length=10)
    language = models.CharField(max_length=12)
    offers = models.JSONField()
    refer = models.JSONField()
    moderate = models.CharField(max_length=10)
    mask = models.BooleanField()
    answer = models.BooleanField()
    urgent = models.BooleanField()
    clocks = models.JSONField()  # [id, due, clause, source]
    clauses = models.JSONField()
    evidence = models.JSONField()  # [rule, clause, because...]
    advice = models.JSONField()

    def __str__(self) -> str:
        return f"decision {self.pk}"
