"""The record: one line a decision or act, hashed, append-only; seals chain them in batches.

The database refuses UPDATE, DELETE and TRUNCATE of both tables (migration 0001). A line holds ids, digests and
clauses, never the words or names of people: what is erased elsewhere on request must not live on here.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func


class TransactionId(Func):
    """The number of the transaction that inserts the row; sealing waits until all older ones have ended."""

    template = "((pg_current_xact_id()::text)::bigint)"
    output_field = models.BigIntegerField()


class Line(models.Model):
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    clauses = ArrayField(models.CharField(max_length=60), default=list)
    detail = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)
    tx = models.BigIntegerField(db_default=TransactionId())

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="line_subject"),
            models.Index(fields=["verb", "id"], name="line_verb"),
            models.Index(fields=["tx", "id"], name="line_sealing"),
            GinIndex(fields=["clauses"], name="line_clauses"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.subject}"


class Seal(models.Model):
    last_tx = models.BigIntegerField()  # sealing goes by (tx, id): all transactions below have ended
    last_id = models.BigIntegerField()
    max_id = models.BigIntegerField()  # the highest line number sealed so far
    lines = ArrayField(models.BigIntegerField())  # ids in order, so that a missing line can be named
    leaves = models.BinaryField()  # their digests, 32 bytes each, so that a changed line can be named
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal {self.pk}: {len(self.lines)} lines"
