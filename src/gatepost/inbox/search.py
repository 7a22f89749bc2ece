"""Finding messages by their words, through indexes of the database (migration 0003).

The query is written as people write it for a search engine: words, "quoted words", or, -not. Words are compared by
their stems in English; names and handles of the people who wrote, as they stand. Of a message longer than its own index
the rest is looked through in passages of 20,000 characters: all the words asked for must stand in one of them.
"""

from __future__ import annotations

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from gatepost.inbox.models import Contact, Passage

PEOPLE = 200  # people of a name whose messages are found
LONG = 500  # long messages found by what stands far down in them


def about(words: str) -> Q:
    """A condition on messages: they hold the words, or somebody of that name wrote them."""
    said = RawSQL("inbox_message.words @@ websearch_to_tsquery('english', %s)", [words], output_field=BooleanField())
    named = Contact.objects.filter(
        RawSQL(
            "to_tsvector('simple'::regconfig, inbox_contact.name || ' ' || inbox_contact.handle)"
            " @@ websearch_to_tsquery('simple', %s)",
            [words],
            output_field=BooleanField(),
        )
    )
    people = list(named.order_by("-pk").values_list("pk", flat=True)[:PEOPLE])
    far_down = Passage.objects.filter(
        RawSQL("inbox_passage.words @@ websearch_to_tsquery('english', %s)", [words], output_field=BooleanField())
    )
    long = list(far_down.order_by("-message").values_list("message", flat=True).distinct()[:LONG])
    found = Q(said)
    if people:
        found |= Q(contact__in=people)
    if long:
        found |= Q(pk__in=long)
    return found
