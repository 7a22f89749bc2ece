"""What is signed together: the channels of one post; everything else alone. And what to know before signing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gatepost.gate import actions as gate
from gatepost.gate.content import words_of
from gatepost.gate.models import Act, SignOff
from gatepost.gate.seal import four_words, grouped, stamp, together
from gatepost.gate.seen import Before
from gatepost.lifecycle import Conflict
from gatepost.people.models import User
from gatepost.publishing.models import Post, Variant

WAITING = "to_sign_off"


@dataclass(frozen=True, slots=True)
class Seal:
    """A digest as people see it."""

    digest: str
    words: tuple[str, ...]
    stamp: str
    grouped: str


def seal_of(acts: Sequence[Act]) -> Seal:
    digest = together(act.digest for act in acts)
    return Seal(digest, four_words(digest), stamp(digest), grouped(digest))


def post_of(act: Act) -> Post | None:
    """The post an act belongs to, if it is one of a post's variants."""
    kind, _, number = act.subject.partition(":")
    if kind != "variant" or not number.isdecimal():
        return None
    found = Variant.objects.select_related("post__author").filter(pk=int(number)).first()
    return found.post if found else None


def group_of(act: Act, post: Post | None) -> list[Act]:
    """The act and, of the same post, the others that wait with it; the act itself alone when it does not wait."""
    if post is None or act.state != WAITING:
        return [act]
    subjects = [f"variant:{pk}" for pk in post.variants.values_list("pk", flat=True)]
    rows = Act.objects.filter(subject__in=subjects, state=WAITING).select_related("channel", "author")
    return list(rows.order_by("channel__name", "pk"))


@transaction.atomic
def sign_together(
    acts: Sequence[Act], digests: dict[str, str], *, by: User, at: datetime, proof: dict[str, Any] | None = None
) -> None:
    """Signs every act with the digest its reader was shown: all or none. Raises what gate.sign_off raises."""
    if {str(act.pk) for act in acts} != set(digests):
        raise Conflict("This has changed since you opened it. Look at it again before you sign. Nothing was sent.")
    words = list(seal_of(acts).words)
    for act in acts:
        seen = {"content": act.content, "words": words, "together": len(acts)}
        gate.sign_off(act, digest=digests[str(act.pk)], by=by, at=at, seen=seen, proof=proof)


@transaction.atomic
def decline_together(acts: Sequence[Act], *, reason: str, by: User, at: datetime) -> None:
    for act in acts:
        gate.decline(act, reason=reason, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Word:
    """A run of words that stayed ("same"), was taken out ("del") or put in ("ins")."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Change:
    act: Act
    because: str
    words: tuple[Word, ...]
    others: tuple[str, ...]
    channels: tuple[str, ...] = ()
    since: str = "it was last signed"


NAMES = {
    "title": "the title",
    "link": "the link",
    "parts": "the further parts",
    "media": "the pictures or what is said of them",
    "not_before": "the time",
    "not_after": "the end of its window",
    "expires_at": "when it is taken down",
    "leads_to": "where the link leads",
    "late_after": "how late it may leave",
    "in_reply_to": "what it answers",
    "privately": "who sees it",
    "target": "what it is about",
}


def change_of(act: Act, seen: Before | None = None) -> Change | None:
    """What is different from the content of the last sign-off that has become void, else from what this person last saw
    of it; None when there is nothing to set it against, or no difference."""
    last = SignOff.objects.filter(act=act).exclude(voided_at=None).order_by("-voided_at", "-pk").first()
    before: Any = (last.seen or {}).get("content") if last else None
    if last is None and seen is not None:
        at = timezone.localtime(seen.at)
        change = _against(act, seen.content, f"You looked at it at {at:%H:%M on %-d %B}")
        return replace(change, since="you last looked") if change else None
    if last is None or not isinstance(before, dict):
        return None
    return _against(act, before, last.voided_because)


def _against(act: Act, before: dict[str, Any], because: str) -> Change | None:
    if before == act.content:
        return None
    others = tuple(said for name, said in NAMES.items() if before.get(name) != act.content.get(name))
    words = diff(words_of(before), words_of(act.content))
    return Change(act, because, words, others)


def changes_of(acts: Sequence[Act], seen: Mapping[UUID, Before | None]) -> list[Change]:
    """The changes of acts signed together; what changed alike on several channels is told once."""
    found: dict[tuple[object, ...], Change] = {}
    for act in acts:
        change = change_of(act, seen.get(act.pk))
        if change is not None:
            key = (change.because, change.words, change.others)
            before = found[key].channels if key in found else ()
            found[key] = replace(change, channels=(*before, act.channel.name))
    return list(found.values())


def diff(before: str, after: str) -> tuple[Word, ...]:
    """The change from one text to another, word by word. Changed words with only a space between are one change."""
    old, new = re.findall(r"\s+|[^\s]+", before), re.findall(r"\s+|[^\s]+", after)
    out: list[Word] = []
    gone, come = "", ""

    def settle() -> None:
        nonlocal gone, come
        if gone:
            out.append(Word(gone, "del"))
        if come:
            out.append(Word(come, "ins"))
        gone, come = "", ""

    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (kind, i, j, k, m) in enumerate(codes):
        same = "".join(old[i:j])
        if kind != "equal":
            gone, come = gone + same, come + "".join(new[k:m])
        elif not same.strip() and gone and come and place + 1 < len(codes):
            gone, come = gone + same, come + same
        else:
            settle()
            out.append(Word(same, "same"))
    settle()
    return tuple(out)
