"""Acts in lists: what each is called and where it is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gatepost.gate.models import Act
from gatepost.publishing.models import Variant
from gatepost.web.frame.places import address

VERBS = {
    "reply": "Reply",
    "hide": "Hide somebody's comment",
    "unhide": "Show a hidden comment again",
    "remove": "Remove somebody's comment",
    "approve": "Let a comment be shown",
    "delete": "Take down something of ours",
}


@dataclass(frozen=True, slots=True)
class Listed:
    act: Act
    title: str
    url: str


def title_of(act: Act) -> str:
    """A post by its title or first words, a reply by what it is and its first words, the rest by what they do."""
    words = " ".join(str(act.content.get("title") or act.content.get("text") or "").split())
    short = words if len(words) <= 70 else words[:69].rsplit(" ", 1)[0] + "…"
    if act.kind == "publish":
        return short or "Post without words"
    what = VERBS.get(act.kind, act.kind)
    return f"{what}: {short}" if short else what


def listed(acts: Iterable[Act]) -> list[Listed]:
    """Acts with title and address, asking once for all of them."""
    rows = list(acts)
    variants = [int(act.subject.partition(":")[2]) for act in rows if act.subject.startswith("variant:")]
    posts = dict(Variant.objects.filter(pk__in=variants).values_list("pk", "post_id")) if variants else {}
    return [Listed(act, title_of(act), _url(act, posts)) for act in rows]


def _url(act: Act, posts: dict[int, int]) -> str:
    kind, _, number = act.subject.partition(":")
    if act.state == "to_sign_off" and (url := address("sign_off_act", act.pk)):
        return url
    if kind == "variant" and int(number) in posts:
        return address("post", posts[int(number)])
    if kind == "message":
        return address("message", int(number))
    return address("sign_off_act", act.pk)
