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
# However many have the name, an index has the latest of them side by side.
_LATEST = """SELECT contact_id FROM inbox_nameword
    WHERE word = (tsvector_to_array(to_tsvector('simple'::regconfig, %s::text)))[1]
    ORDER BY contact_id DESC LIMIT {most}"""
_BOTH = "SELECT ARRAY({people}), ARRAY({long})"
_OF_ONE_WORD = text_of(_BOTH, people=SQL(text_of(_LATEST, most=Literal(PEOPLE))), long=SQL(_FAR_DOWN))
_CALLED_SO = text_of(
    _BOTH,
    people=SQL(
        "SELECT id FROM inbox_contact WHERE words @@ websearch_to_tsquery('simple', %s) ORDER BY id DESC LIMIT {most}"
    ).format(most=Literal(PEOPLE)),
    long=SQL(_FAR_DOWN),
)
# One by one, as the limits inside ask for: put together as a whole, all the people of either word would be read.
_OF_TWO_WORDS = text_of(
    """SELECT ARRAY(SELECT one.contact_id FROM ({latest}) AS one CROSS JOIN LATERAL (
    SELECT FROM inbox_nameword AS theirs WHERE theirs.contact_id = one.contact_id
    AND theirs.word = (tsvector_to_array(to_tsvector('simple'::regconfig, %s::text)))[1] LIMIT 1) AS other
    ORDER BY one.contact_id DESC LIMIT {most}), (SELECT count(*) FROM ({latest}) AS walked)""",
    latest=SQL(text_of(_LATEST, most=Literal(WALKED))),
    most=Literal(PEOPLE),
)


def ways(words: str) -> list[Condition]:
    """A message is about these words when one of these conditions holds: it says them, its writer is called so, they
    stand far down in it. People and long messages are looked for at once, before the others."""
    people, long = _who_and_where(words)
    found: list[Condition] = [(_SAID, [words])]
    if people:
        found.append((_BY_THESE, [people]))
    if long:
        found.append((_THESE, [long]))
    return found


def _who_and_where(words: str) -> tuple[list[int], list[int]]:
    """The latest people of this name, and the latest messages in which the words stand far down."""
    names = words.split(" ")
    plain = all(map(_plain, names))
    # Of other letters the database may know fewer than we do, and pass over a word for which no name is looked up then.
    if plain and words.isascii() and len(names) == 2 and (people := _of_both(names)) is not None:
        return people, [number for (number,) in ask(_FAR_DOWN, [words], keep=True)]
    alone = plain and len(names) == 1
    ((people, long),) = ask(_OF_ONE_WORD if alone else _CALLED_SO, [words, words], keep=alone)
    return people, long


def _of_both(names: Sequence[str]) -> list[int] | None:
    """The latest people with two words in their name. Those of one word are walked through, then those of the other:
    when enough of them have both, or there are no more, these are the latest. None when that tells nothing."""
    for one, other in (names, names[::-1]):
        ((both, walked),) = ask(_OF_TWO_WORDS, [one, other, one], keep=True)
        if len(both) == PEOPLE or walked < WALKED:
            return list(both)
    return None


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
