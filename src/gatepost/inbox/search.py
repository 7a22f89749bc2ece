"""Finding messages by their words, through indexes of the database (migrations 0003, 0026, 0028 and 0031).

The query is written as people write it for a search engine: words, "quoted words", or, -not. Words are compared by
their stems in English; names and handles of the people who wrote, as they stand. Of a message longer than its own index
the rest is looked through in passages of 20,000 characters: all the words asked for must stand in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import BooleanField, Func, Value
from psycopg.sql import SQL, Identifier, Literal

from gatepost.inbox.statements import ask, text_of

Condition = tuple[str, Sequence[object]]

PEOPLE = 200  # people of a name whose messages are found
LONG = 500  # long messages found by what stands far down in them
WALKED = 500  # people with one word in their name who are asked for another
_SAID = "inbox_message.words @@ websearch_to_tsquery('english', %s)"
_BY_THESE = "inbox_message.contact_id = ANY(%s::bigint[])"
_THESE = "inbox_message.id = ANY(%s::bigint[])"
_FAR_DOWN = text_of(
    """SELECT DISTINCT message_id FROM inbox_passage WHERE words @@ websearch_to_tsquery('english', %s)
    ORDER BY message_id DESC LIMIT {long}""",
    long=Literal(LONG),
)
_CALLED_SO = text_of(
    "SELECT id FROM inbox_contact WHERE words @@ websearch_to_tsquery('simple', %s) ORDER BY id DESC LIMIT {people}",
    people=Literal(PEOPLE),
)
# However many have the name, an index has the latest of them side by side.
_LATEST = """SELECT contact_id FROM inbox_nameword
    WHERE word = (tsvector_to_array(to_tsvector('simple'::regconfig, %s::text)))[1]
    ORDER BY contact_id DESC LIMIT {most}"""
_BY_ONE_WORD = text_of(_LATEST, most=Literal(PEOPLE))
# One by one, as the limit inside asks for: put together as a whole, all the people of either word would be read.
_BY_TWO_WORDS = text_of(
    """SELECT one.contact_id, other.holds FROM ({latest}) AS one LEFT JOIN LATERAL (
    SELECT true AS holds FROM inbox_nameword AS theirs WHERE theirs.contact_id = one.contact_id
    AND theirs.word = (tsvector_to_array(to_tsvector('simple'::regconfig, %s::text)))[1] LIMIT 1) AS other ON true
    ORDER BY one.contact_id DESC""",
    latest=SQL(text_of(_LATEST, most=Literal(WALKED))),
)


def ways(words: str) -> list[Condition]:
    """A message is about these words when one of these conditions holds: it says them, its writer is called so, they
    stand far down in it. People and long messages are looked for at once, before the others."""
    found: list[Condition] = [(_SAID, [words])]
    if people := _people(words):
        found.append((_BY_THESE, [people]))
    if long := ask(_FAR_DOWN, [words], keep=True):
        found.append((_THESE, [[number for (number,) in long]]))
    return found


def _people(words: str) -> list[int]:
    """The latest people of this name. Of two words the latest of either are walked through: when enough of them have
    the other, or there are no more, these are the latest of both."""
    names = words.split(" ")
    if all(map(_plain, names)):
        if len(names) == 1:
            return [number for (number,) in ask(_BY_ONE_WORD, names, keep=True)]
        if len(names) == 2:
            for given in (names, names[::-1]):
                walked = ask(_BY_TWO_WORDS, given, keep=True)
                both = [number for number, holds in walked if holds]
                if len(both) >= PEOPLE or len(walked) < WALKED:
                    return both[:PEOPLE]
    return [number for (number,) in ask(_CALLED_SO, [words], keep=False)]


def _plain(word: str) -> bool:
    """Whether a query of this word alone means the word itself."""
    alone = all(one.isalpha() or (one.isascii() and one.isdigit()) for one in word)
    return bool(word) and alone and word.lower() != "or"


# Whether a row may hold these letters in this order, whatever their case, or these figures, whatever stands between
# them: of all that does, none is missing, and whoever asks looks at each. Indexes have the threes of letters, and of
# figures, of the words of a row (migrations 0026 and 0031); fewer than LEAST are in none.
LEAST = 3
_MAY_HOLD = "inbox_threes({words}) @> inbox_threes(%(expressions)s)"


def may_hold(letters: str, table: str, columns: Sequence[str]) -> Func:
    """A condition on the rows of a table that an index has the threes of: they may hold these letters, as above."""
    words = SQL(" || E'\\n' || ").join(Identifier(table, column) for column in columns)
    return Func(Value(letters), template=text_of(_MAY_HOLD, words=words), output_field=BooleanField())


_CALLED = "inbox_contact.words @@ plainto_tsquery('simple', %(expressions)s)"


def called(words: str) -> Func:
    """A condition on contacts: all these words stand in the name or the handle, each as it is written."""
    return Func(Value(words), template=_CALLED, output_field=BooleanField())
