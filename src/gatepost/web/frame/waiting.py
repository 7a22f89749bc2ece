"""What waits, counted as people meet it: of the sign-offs the channels of one post together, all else alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from gatepost.people.models import User
from gatepost.publishing.models import Variant

COUNTED_TO = 999  # a count stops here: "999+" says enough and stays quick


def posts_of(subjects: Iterable[str]) -> dict[str, int]:
    """The post of each subject that is a variant of one, asking once for all of them."""
    variants = {int(subject[8:]): subject for subject in subjects if subject.startswith("variant:")}
    if not variants:
        return {}
    found = Variant.objects.filter(pk__in=variants).values_list("pk", "post_id")
    return {variants[number]: post for number, post in found}


@dataclass(frozen=True, slots=True)
class Counts:
    """`inbox`: messages that wait for us. `to_sign`: entries of the sign-off queue this person may sign, none that
    they wrote or changed a part of; 0 for somebody who does not sign off."""

    inbox: int
    to_sign: int
    holds: bool
    to_review: int
    alarms: int
    sealed_to: int
    sealed_at: datetime | None


# Every page asks this: one round trip, and no SQL to put together anew each time.
_SQL = f"""
SELECT (SELECT count(*) FROM (SELECT FROM inbox_message WHERE state = 'new' LIMIT {COUNTED_TO + 1}) AS new),
       CASE WHEN %(signs)s THEN (
           SELECT count(*) FROM (
               SELECT FROM (
                   SELECT id, subject, author_id = %(person)s
                          OR coalesce(context -> 'editors' @> to_jsonb(%(person)s::bigint), false) AS mine
                   FROM gate_act WHERE state = 'to_sign_off' ORDER BY created_at LIMIT {COUNTED_TO + 1}
               ) AS act LEFT JOIN publishing_variant AS variant
                   ON variant.id = CASE WHEN subject LIKE 'variant:%%' THEN substr(subject, 9)::bigint END
               GROUP BY coalesce('post:' || variant.post_id, act.id::text)
               HAVING NOT bool_or(mine)
           ) AS entries) ELSE 0 END,
       EXISTS (SELECT FROM gate_hold WHERE ended_at IS NULL),
       (SELECT count(*) FROM (
           SELECT FROM gate_act WHERE review_id IS NOT NULL AND state = 'signed_off' LIMIT {COUNTED_TO + 1}) AS kept),
       (SELECT count(*) FROM (SELECT FROM inbox_alarm WHERE taken_at IS NULL LIMIT {COUNTED_TO + 1}) AS alarm),
       seal.max_id, seal.at
FROM (SELECT) AS one LEFT JOIN LATERAL (SELECT max_id, at FROM ledger_seal ORDER BY id DESC LIMIT 1) AS seal ON true
"""  # noqa: S608  (the cap is a number of ours; what comes from outside is a parameter)


def counts(person: User, *, signs: bool) -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"person": person.pk, "signs": signs})
        inbox, to_sign, holds, to_review, alarms, sealed_to, sealed_at = cursor.fetchone()
    return Counts(inbox, to_sign, holds, to_review, alarms, sealed_to or 0, sealed_at)
