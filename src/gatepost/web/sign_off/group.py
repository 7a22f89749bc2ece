"""What is signed together: the channels of one post; everything else alone. And what to know before signing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from gatepost.gate import actions as gate
from gatepost.gate.models import Act, SignOff
from gatepost.gate.seal import four_words, grouped, stamp, together
from gatepost.lifecycle import Conflict
from gatepost.people.models import Holding, User
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
def sign_together(acts: Sequence[Act], digests: dict[str, str], *, by: User, at: datetime) -> None:
    """Signs every act with the digest its reader was shown: all or none. Raises what gate.sign_off raises."""
    if {str(act.pk) for act in acts} != set(digests):
        raise Conflict("This has changed since you opened it. Look at it again before you sign. Nothing was sent.")
    words = list(seal_of(acts).words)
    for act in acts:
        seen = {"content": act.content, "words": words, "together": len(acts)}
        gate.sign_off(act, digest=digests[str(act.pk)], by=by, at=at, seen=seen)


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


NAMES = {
    "title": "the title",
    "link": "the link",
    "media": "the pictures or what is said of them",
    "not_before": "the time",
    "late_after": "how late it may leave",
    "in_reply_to": "what it answers",
    "target": "what it is about",
}


def change_of(act: Act) -> Change | None:
    """What is different from the content of the last sign-off that has become void; None when there was none."""
    last = SignOff.objects.filter(act=act).exclude(voided_at=None).order_by("-voided_at", "-pk").first()
    before: Any = (last.seen or {}).get("content") if last else None
    if last is None or not isinstance(before, dict) or before == act.content:
        return None
    others = tuple(said for name, said in NAMES.items() if before.get(name) != act.content.get(name))
    words = diff(str(before.get("text", "")), str(act.content.get("text", "")))
    return Change(act, last.voided_because, words, others)


def changes_of(acts: Sequence[Act]) -> list[Change]:
    """The changes of acts signed together; what changed alike on several channels is told once."""
    found: dict[tuple[object, ...], Change] = {}
    for act in acts:
        change = change_of(act)
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


@dataclass(frozen=True, slots=True)
class Signer:
    person: User
    may: bool
    why: str


def signers_of(acts: Sequence[Act], at: datetime) -> list[Signer]:
    """Who may sign these acts now, and who of those concerned may not and why."""
    wrote = {act.author_id for act in acts}
    edited = {number for act in acts for number in act.context.get("editors", [])}
    rows = Holding.objects.in_force(at).filter(role__signs_off=True).select_related("person", "role")
    out: dict[int, Signer] = {}
    for row in rows.order_by("deputy", "starts"):
        why = row.role.title + (", deputy" if row.deputy else "")
        may = row.person_id not in wrote | edited
        if not may:
            why = "wrote it" if row.person_id in wrote else "changed it"
        out.setdefault(row.person_id, Signer(row.person, may, why))
    for act in acts:
        out.setdefault(act.author_id, Signer(act.author, False, "wrote it"))
    return sorted(out.values(), key=lambda signer: not signer.may)
