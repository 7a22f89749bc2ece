"""Policy packs that are or were in force, and every decision they led to."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from gatepost.rulebook.approved import ApprovedLine, LineVersion
from gatepost.rulebook.drafting import DraftVersion, PackDraft, PolicyImport, Trial
from gatepost.rulebook.learning import ReaderModel, ReaderTraining, ReaderUse

__all__ = [
    "Adoption",
    "ApprovedLine",
    "DraftVersion",
    "KeptDecision",
    "LineVersion",
    "PackDraft",
    "PackVersion",
    "PolicyImport",
    "ReaderModel",
    "ReaderTraining",
    "ReaderUse",
    "Shadow",
    "ShadowDecision",
    "Trial",
]


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


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def begun(self, at: datetime) -> AdoptionQuerySet:
        """Those that have come into force by `at`, the latest first: the first of them is in force."""
        return self.filter(withdrawn_at=None, in_force_from__lte=at).order_by("-in_force_from", "-pk")

    def planned(self, at: datetime) -> AdoptionQuerySet:
        """Those still to come, the soonest first."""
        return self.filter(withdrawn_at=None, in_force_from__gt=at).order_by("in_force_from", "pk")


class Adoption(models.Model):
    """A pack comes into force at a moment; the latest one before now is the policy in force."""

    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="adoptions")
    in_force_from = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    roles_at = models.DateTimeField(null=True)  # when the desk's roles followed it; null while it is still to come
    withdrawn_at = models.DateTimeField(null=True)  # a planned one that was called off
    withdrawn_by = models.CharField(max_length=80, blank=True)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        constraints = [
            # What has been in force cannot be undone: old decisions rest on it.
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__lt=F("in_force_from")),
                name="adoption_withdrawn_before",
            ),
        ]
        indexes = [
            models.Index(
                fields=["in_force_from"], name="adoption_to_follow", condition=Q(roles_at=None, withdrawn_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.pack} from {self.in_force_from:%-d %B %Y}"


class KeptDecision(models.Model):
    """What the policy said of one message, with the pack it rested on."""

    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    labels = models.JSONField()  # name -> probability
    decided = models.JSONField()  # names
    topics = models.JSONField(default=list)  # what it is about, in the topics of the pack's words
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
    second_look = models.BooleanField(default=False)
    hand_over = models.BooleanField(default=False)
    steps = models.JSONField(default=list)  # "hide", "remove", in order
    addressed = models.JSONField(default=list)  # [department, name, whether a deputy] of each referral
    readers = models.CharField(max_length=64, blank=True)  # digest of what the readers had learnt; empty: as shipped

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Shadow(models.Model):
    """A draft pack kept beside the one in force: it decides each new message too, and nothing comes of it."""

    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="shadows")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    after = models.BigIntegerField()  # the last decision kept before it began
    until = models.BigIntegerField(null=True)  # the last decision kept while it ran
    active = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    failed = models.IntegerField(default=0)  # messages the draft could not decide

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="shadow_one"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} beside the policy in force"


class ShadowDecision(models.Model):
    """Where the draft would have decided otherwise: what differs, never the words of the message."""

    shadow = models.ForeignKey(Shadow, on_delete=models.PROTECT, related_name="decisions")
    decision = models.ForeignKey(KeptDecision, on_delete=models.PROTECT, related_name="shadowed")
    fields = models.JSONField()  # field -> what changes, as policy.differences says it
    clauses = models.JSONField()  # the clauses behind it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shadow", "decision"], name="shadow_decision_once")]

    def __str__(self) -> str:
        return f"decision {self.decision_id} otherwise"
