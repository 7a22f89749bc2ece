"""What finds the words of a long message."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Passage(models.Model):
    """Words of a message from code point `start` (counted from 1) on. The database keeps these rows by itself, for
    messages longer than the index of their own (migration 0017): nobody writes them."""

    message = models.ForeignKey("inbox.Message", on_delete=models.CASCADE, related_name="passages")
    start = models.IntegerField()
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="passage_words")]

    def __str__(self) -> str:
        return f"passage of message {self.message_id} from {self.start}"
