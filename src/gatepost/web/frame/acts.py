"""Acts in lists: what each is called and where it is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gatepost.gate.models import Act
from gatepost.web.frame.places import address
from gatepost.web.frame.waiting import posts_of

VERBS = {
    "reply": "Reply",
    "hide": "Hide somebody's comment",
    "unhide": "Show a hidden comment again",
    "remove": "Remove somebody's comment",
    "approve": "Let a comment be shown",
    "block": "Block an account",
    "unblock": "Unblock an account",
    "mute": "Mute an account",
    "unmute": "Unmute an account",
    "close": "Close the comments under a post",
    "reopen": "Open the comments under a post again",
    "delete": "Take down something of ours",
    "edit": "Change what is out",
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
    what = "Private message" if act.content.get("privately") else VERBS.get(act.kind, act.kind)
    return f"{what}: {short}" if short else what


def listed(acts: Iterable[Act]) -> list[Listed]:
    """Acts with title and address, asking once for all of them."""
    rows = list(acts)
    posts = posts_of(act.subject for act in rows)
    return [Listed(act, title_of(act), _url(act, posts)) for act in rows]


def _url(act: Act, posts: dict[str, int]) -> str:
    kind, _, number = act.subject.partition(":")
    if act.state == "to_sign_off":
        return address("sign_off_act", act.pk)
    if act.subject in posts:
        return address("post", posts[act.subject])
    if kind == "message":
        return address("message", int(number))
    return address("sign_off_act", act.pk)
