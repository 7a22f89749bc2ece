"""What finds the words of a long message, and people by one word of their name."""

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


class NameWord(models.Model):
    """A word of how somebody is called. The database keeps these rows by itself (migration 0028): nobody writes
    them."""

    word = models.TextField()
    contact = models.ForeignKey("inbox.Contact", on_delete=models.CASCADE, related_name="name_words")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "contact"], name="name_word_once")]

    def __str__(self) -> str:
        return f"name of contact {self.contact_id}"
