"""Films a network can take, and pictures and films whose people have agreed."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, clause
from gatepost.policy.model import Finding, Severity


def film(draft: Draft) -> Iterator[Finding]:
    """Too heavy, too long, or beside something the network does not take with a film."""
    limits = draft.limits
    if limits is None:
        return
    where = draft.where or "This network"
    for place, one in enumerate(draft.out.images):
        if not one.moving:
            continue
        about, field = clause(draft, "film"), f"images.{place}"
        if not limits.films:
            says = f"The desk cannot send films to {where} yet."
            mend = "Take this channel out and post the film there by hand, or link to it."
            yield Finding("film", "stop", about, says, mend, field=field)
            return
        if limits.video_bytes and one.bytes > limits.video_bytes:
            says = f"The film weighs {one.bytes / 1e6:.0f} MB; {where} takes {limits.video_bytes / 1e6:.0f} MB."
            yield Finding("film", "stop", about, says, "Cut it shorter.", field=field)
        if limits.video_seconds and one.seconds is not None and one.seconds > limits.video_seconds + 0.5:
            says = f"The film lasts {_lasts(one.seconds)}; {where} takes {_lasts(limits.video_seconds)}."
            yield Finding("film", "stop", about, says, "Cut it shorter, or link to it elsewhere.", field=field)
        if limits.film_alone and len(draft.out.images) > 1:
            says = f"{where} takes one film and nothing beside it."
            mend = "Take the others out, or make two posts."
            yield Finding("film", "stop", about, says, mend, field=field)
            return


def _lasts(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


_WRONG: dict[str, tuple[Severity, str, str]] = {
    "missing": (
        "ask",
        "People can be told on this picture, and nobody has noted that they agreed.",
        "Note their consent with the picture, or say here why none is needed.",
    ),
    "expired": (
        "stop",
        "The consent of somebody shown here has run out.",
        "Ask them again and note it with the picture, or use another picture.",
    ),
    "own": (
        "stop",
        "Only those who wrote this have noted that the people shown agreed.",
        "Let somebody else look at the signed form and note the consent with the picture.",
    ),
    "withdrawn": (
        "stop",
        "Somebody shown here no longer agrees.",
        "Use another picture.",
    ),
}


def consent(draft: Draft) -> Iterator[Finding]:
    """Nobody is shown who has not agreed, or no longer agrees. It is looked at again at the moment of sending."""
    for place, image in enumerate(draft.out.images):
        if image.consent:
            severity, says, mend = _WRONG[image.consent]
            yield Finding("consent", severity, clause(draft, "consent"), says, mend, field=f"images.{place}")
