"""Finding messages by their words, through indexes of the database (migrations 0003 and 0025).

The query is written as people write it for a search engine: words, "quoted words", or, -not. Words are compared by
their stems in English; names and handles of the people who wrote, as they stand. Of a message longer than its own index
the rest is looked through in passages of 20,000 characters: all the words asked for must stand in one of them.
"""

from __future__ import annotations

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from psycopg.sql import Literal

from gatepost.inbox.statements import text_of

PEOPLE = 200  # people of a name whose messages are found
LONG = 500  # long messages found by what stands far down in them
_CALLED = "inbox_contact.words @@ plainto_tsquery('simple', %s)"
# Takes the words three times. People and long messages are looked for once, before the others.
ABOUT = text_of(
    """(inbox_message.words @@ websearch_to_tsquery('english', %s) OR inbox_message.contact_id = ANY(ARRAY(
    SELECT id FROM inbox_contact WHERE words @@ websearch_to_tsquery('simple', %s)
    ORDER BY id DESC LIMIT {people})) OR inbox_message.id = ANY(ARRAY(
    SELECT DISTINCT message_id FROM inbox_passage WHERE words @@ websearch_to_tsquery('english', %s)
    ORDER BY message_id DESC LIMIT {long})))""",
    people=Literal(PEOPLE),
    long=Literal(LONG),
)

# Whether a message may hold these letters in this order, whatever their case, or these figures, whatever stands between
# them: of all that does, none is missing, and whoever asks looks at each. An index has the threes of letters, and of
# figures, of every message; fewer than LEAST are in none.
LEAST = 3
MAY_HOLD = "inbox_threes(inbox_message.text || E'\n' || inbox_message.done_because) @> inbox_threes(%s)"


def called(words: str) -> RawSQL:
    """A condition on contacts: all these words stand in the name or the handle, each as it is written."""
    return RawSQL(_CALLED, [words], output_field=BooleanField())  # noqa: S611  # the words are those above
