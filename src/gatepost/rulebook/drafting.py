"""Drafts of the policy kept on the desk, what was tried with them, and written policies on their way to one."""

from __future__ import annotations

from django.db import models


class PackDraft(models.Model):
    """A policy in the making. Every save is a version of its own; `version` is the number of the latest."""

    title = models.CharField(max_length=120)
    based_on = models.CharField(max_length=64, blank=True)  # digest of the pack it began from; empty: brought in
    version = models.IntegerField(default=1)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # adopted or put away: not changed any more
    closed_by = models.CharField(max_length=80, blank=True)
    adopted = models.CharField(max_length=64, blank=True)  # digest of the pack it became

    def __str__(self) -> str:
        return self.title


class DraftVersion(models.Model):
    """The files of a draft as they were saved. Never changed."""

    draft = models.ForeignKey(PackDraft, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    files = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    says = models.TextField(blank=True)  # what changed, in words

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_version_once")]

    def __str__(self) -> str:
        return f"{self.draft}, version {self.number}"


class Trial(models.Model):
    """A draft with one change, not yet saved, run over the last month beside the policy in force.

    `result` holds counts, and numbers of messages as examples: nothing anybody wrote.
    """

    draft = models.ForeignKey(PackDraft, on_delete=models.PROTECT, related_name="trials")
    base = models.IntegerField()  # the version of the draft it was made from
    change = models.JSONField(null=True)  # null: the draft as it stands
    files = models.JSONField()
    digest = models.CharField(max_length=64)
    says = models.TextField(blank=True)  # what changes, in words
    against = models.CharField(max_length=64)  # digest of the policy it is compared with
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    result = models.JSONField(null=True)
    failed = models.TextField(blank=True)  # why there is no result
    kept_as = models.IntegerField(null=True)  # the version of the draft it was saved as

    def __str__(self) -> str:
        return f"{self.draft}, tried from version {self.base}"


class PolicyImport(models.Model):
    """A written policy that was handed in. The file is forgotten once it has been read or given up."""

    name = models.CharField(max_length=200)
    file = models.BinaryField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    found = models.JSONField(null=True)  # files, clauses, guesses, sentences, remarks
    failed = models.TextField(blank=True)
    draft = models.ForeignKey(PackDraft, null=True, on_delete=models.PROTECT, related_name="imports")

    def __str__(self) -> str:
        return self.name
