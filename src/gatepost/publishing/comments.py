"""What colleagues say of a post to each other, with the people they name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from gatepost import jobs
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.publishing.models import Comment, Mention, Post

LONGEST = 4000
MOST_SHOWN = 5  # names
_NAMED = re.compile(r"(?<![\w@.])@([\w.'’-]{2,60})")


class CommentError(Exception):
    """A comment cannot be kept; the message says why and what to do."""


def call_name(person: User) -> str:
    """How a person is named in a comment: all of the name without blanks, "NellOkafor"."""
    return re.sub(r"[^\w'’-]", "", person.name)


def names(*, but: User) -> list[str]:
    """How some colleagues can be named, to show how it is done."""
    rows = User.objects.filter(is_active=True).exclude(pk=but.pk).order_by("name").only("name")
    return [call_name(person) for person in rows[:MOST_SHOWN]]


def named_in(text: str, people: Iterable[User]) -> list[User]:
    """The people a comment names: by all of their name or, where only one has it, by the first. Raises CommentError
    for a name that several have."""
    everybody = list(people)
    found: dict[int, User] = {}
    for token in _NAMED.findall(text):
        wanted = re.sub(r"[^\w'’-]", "", token).rstrip("-'’").casefold()
        whole = [person for person in everybody if call_name(person).casefold() == wanted]
        first = [person for person in everybody if person.name.split()[0].casefold() == wanted]
        hits = whole or first
        if len(hits) > 1:
            names = " or ".join(sorted(f"@{call_name(person)}" for person in hits))
            raise CommentError(f"There is more than one @{token} here. Write {names}.")
        found |= {person.pk: person for person in hits}
    return list(found.values())


@transaction.atomic
def comment(post: Post, text: str, *, by: User, at: datetime) -> Comment:
    """Keeps a comment and tells the people it names. Raises CommentError."""
    words = text.strip()
    if not words:
        raise CommentError("Write what you want to say.")
    if len(words) > LONGEST:
        raise CommentError(f"The comment is longer than {LONGEST:,} characters. Make it shorter, or two.")
    if "\x00" in words:
        raise CommentError("The comment holds a character that cannot be kept. Take it out.")
    named = named_in(words, User.objects.filter(is_active=True).only("pk", "name"))
    kept = Comment.objects.create(post=post, author=by, text=words, version=post.version, at=at)
    rows = [Mention(comment=kept, person=person) for person in named if person.pk != by.pk]
    for mention in Mention.objects.bulk_create(rows):
        jobs.enqueue(jobs.Job.TELL_MENTIONED, mention=mention.pk)
    detail = {"comment": kept.pk, "named": [person.pk for person in named]}
    record("post.commented", f"post:{post.pk}", by=by, at=at, clauses=["desk:sign_off"], detail=detail)
    return kept


@transaction.atomic
def settle_comment(kept: Comment, *, by: User, at: datetime) -> None:
    """Says that a comment has been dealt with. Doing it twice does nothing."""
    if Comment.objects.filter(pk=kept.pk, settled_at=None).update(settled_at=at, settled_by=by):
        record("post.comment_settled", f"post:{kept.post_id}", by=by, at=at, detail={"comment": kept.pk})


def unseen(person: User) -> list[Mention]:
    """Comments that name somebody and that they have not opened, the newest first."""
    rows = Mention.objects.filter(person=person, seen_at=None).select_related("comment__post", "comment__author")
    return list(rows.order_by("-comment__at")[:20])


def see_mentions(post: Post, *, by: User, at: datetime) -> int:
    """The person has opened the post: what named them there is seen."""
    return Mention.objects.filter(person=by, comment__post=post, seen_at=None).update(seen_at=at)
