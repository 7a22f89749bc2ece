"""Finding messages by their words, through indexes of the database (migrations 0003, 0026 and 0028).

The query is written as people write it for a search engine: words, "quoted words", or, -not. Words are compared by
their stems in English; names and handles of the people who wrote, as they stand. Of a message longer than its own index
the rest is looked through in passages of 20,000 characters: all the words asked for must stand in one of them.
"""

from __future__ import annotations

from django.db.models import BooleanField, Func, Value
from psycopg.sql import SQL, Literal

from gatepost.inbox.statements import text_of

PEOPLE = 200  # people of a name whose messages are found
LONG = 500  # long messages found by what stands far down in them
_CALLED = "inbox_contact.words @@ plainto_tsquery('simple', %(expressions)s)"
_ABOUT = """(inbox_message.words @@ websearch_to_tsquery('english', %s) OR inbox_message.contact_id = ANY(ARRAY(
    SELECT {people} LIMIT {most})) OR inbox_message.id = ANY(ARRAY(
    SELECT DISTINCT message_id FROM inbox_passage WHERE words @@ websearch_to_tsquery('english', %s)
    ORDER BY message_id DESC LIMIT {long})))"""
_NAMED_SO = "id FROM inbox_contact WHERE words @@ websearch_to_tsquery('simple', %s) ORDER BY id DESC"
# However many have the name, an index has the latest of them side by side.
_OF_ONE_WORD = """contact_id FROM inbox_nameword
    WHERE word = (tsvector_to_array(to_tsvector('simple'::regconfig, %s::text)))[1] ORDER BY contact_id DESC"""


def _about(people: str) -> str:
    return text_of(_ABOUT, people=SQL(people), most=Literal(PEOPLE), long=Literal(LONG))


_ANYTHING, _ONE_WORD = _about(_NAMED_SO), _about(_OF_ONE_WORD)


def about(words: str) -> str:
    """The condition that a message is about these words or its writer is called so. It takes them three times. People
    and long messages are looked for once, before the others."""
    alone = all(one.isalpha() or (one.isascii() and one.isdigit()) for one in words)
    return _ONE_WORD if words and alone and words.lower() != "or" else _ANYTHING


# Whether a message may hold these letters in this order, whatever their case, or these figures, whatever stands between
# them: of all that does, none is missing, and whoever asks looks at each. An index has the threes of letters, and of
# figures, of every message; fewer than LEAST are in none.
LEAST = 3
_MAY_HOLD = """inbox_threes(inbox_message.text || E'\n' || inbox_message.done_because)
    @> inbox_threes(%(expressions)s)"""


def may_hold(letters: str) -> Func:
    """A condition on messages: they may hold these letters, as above."""
    return Func(Value(letters), template=_MAY_HOLD, output_field=BooleanField())


def called(words: str) -> Func:
    """A condition on contacts: all these words stand in the name or the handle, each as it is written."""
    return Func(Value(words), template=_CALLED, output_field=BooleanField())
