"""Pictures and films: described for people who cannot see or hear them, light enough, large enough, sharp enough."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, clause
from gatepost.policy.model import Finding, Severity

_FILE_NAME = re.compile(
    r"^\s*(?:[\w()-]+\.(?:jpe?g|png|gif|webp|heic|tiff?|bmp)"
    r"|(?:img|dsc|dcim|pxl|screenshot|image|photo)[ _-]?\d[\w-]*)\s*$",
    re.IGNORECASE,
)
# Words that stand where a description should, and what has no word in it at all.
_NOTHING = re.compile(
    r"(?:(?:an?|the|my|our)\s+)?(?:alt(?:ernative)?(?:\s+text)?|image|picture|photo(?:graph)?|pic|graphic|logo|banner|poster|flyer"
    r"|screenshot|untitled|unnamed|none|n/?a|null|todo|tbc|tbd|test|placeholder|description|x+)(?:\s*\d*)?[.!]?$"
    r"|[\W\d_]+$|[0-9a-f-]{16,}$",
    re.IGNORECASE,
)
_IMAGE_OF = re.compile(r"^\s*(?:an?\s+|the\s+)?(?:image|picture|photo|photograph|graphic)\s+(?:of|showing)\b", re.I)


def alternative_text(draft: Draft) -> Iterator[Finding]:
    """Every picture needs words, and they must say what it shows."""
    limit = (draft.limits.alt_text if draft.limits else 0) or draft.pack.checks.alt_text
    for place, image in enumerate(draft.out.images):
        field = f"images.{place}.alt"
        about = clause(draft, "alternative_text")
        name = "alternative_text"
        alt = image.alt.strip()
        if not alt:
            says = "This picture has no alternative text: people who cannot see it get nothing."
            yield Finding(name, "stop", about, says, "Say in a sentence what the picture shows.", field=field)
        elif _FILE_NAME.match(alt) or _NOTHING.match(alt):
            what = "the name of a file" if _FILE_NAME.match(alt) else "a stopgap"
            says = f"The alternative text is {what} and tells nobody what the picture shows."
            yield Finding(
                name, "stop", about, says, "Say in a sentence what it shows.", field=field, end=len(image.alt)
            )
        elif len(alt) > limit:
            says = f"The alternative text has {len(alt):,} characters; {limit:,} can be sent."
            mend = "Shorten it; a long text belongs in the post."
            yield Finding(name, "stop", about, says, mend, field=field, start=limit, end=len(image.alt))
        else:
            found = _IMAGE_OF.match(image.alt)
            if found:
                says = "Screen readers already say that this is a picture."
                mend = f"Leave out {found[0].strip()!r} and begin with what it shows."
                yield Finding(name, "note", about, says, mend, field=field, start=found.start(), end=found.end())


def image_weight(draft: Draft) -> Iterator[Finding]:
    """Heavier than the network, or the pack where the network sets no limit, allows."""
    limit = (draft.limits.image_bytes if draft.limits else 0) or draft.pack.checks.image_bytes
    for place, image in enumerate(draft.out.images):
        if not image.moving and image.bytes > limit:
            yield Finding(
                "image_weight",
                "stop",
                clause(draft, "image_weight"),
                f"The picture weighs {image.bytes / 1e6:.1f} MB; {limit / 1e6:.1f} MB can be sent.",
                "Save it smaller, at 2,000 pixels wide or less.",
                field=f"images.{place}",
            )


def image_size(draft: Draft) -> Iterator[Finding]:
    """So small that it will look blurred."""
    settings = draft.pack.checks
    for place, image in enumerate(draft.out.images):
        if not image.moving and (image.width < settings.image_width or image.height < settings.image_height):
            yield Finding(
                "image_size",
                "ask",
                clause(draft, "image_size"),
                f"The picture is {image.width} by {image.height} pixels and will look blurred.",
                f"Use one of at least {settings.image_width} by {settings.image_height} pixels.",
                field=f"images.{place}",
            )


def image_count(draft: Draft) -> Iterator[Finding]:
    """More pictures than the network takes."""
    limit = draft.limits.images if draft.limits else 0
    if limit and len(draft.out.images) > limit:
        where = draft.where or "This network"
        yield Finding(
            "image_count",
            "stop",
            clause(draft, "image_count"),
            f"{where} takes {limit} pictures in one post; there are {len(draft.out.images)}.",
            "Take some out, or make two posts.",
            field="images",
        )


def image_sharpness(draft: Draft) -> Iterator[Finding]:
    """Out of focus or shaken, where the sharpness was measured."""
    least = draft.pack.checks.image_sharpness
    for place, image in enumerate(draft.out.images):
        if image.sharpness is not None and image.sharpness < least:
            yield Finding(
                "image_sharpness",
                "ask",
                clause(draft, "image_sharpness"),
                f"The picture looks blurred (sharpness {image.sharpness:.0f}, from {least:.0f}).",
                "Use a sharper one, or say why it must be this.",
                field=f"images.{place}",
            )


def image_shape(draft: Draft) -> Iterator[Finding]:
    """So wide or so tall that networks cut it."""
    most = draft.pack.checks.image_longest
    for place, image in enumerate(draft.out.images):
        longer, shorter = max(image.width, image.height), min(image.width, image.height)
        if shorter and longer / shorter > most:
            yield Finding(
                "image_shape",
                "note",
                clause(draft, "image_shape"),
                f"The picture is {longer / shorter:.1f} times as long as it is wide; networks cut off its ends.",
                "Cut it to a shape between a square and 2 to 1, and look at the preview.",
                field=f"images.{place}",
            )


def text_in_picture(draft: Draft) -> Iterator[Finding]:
    """Words in a picture cannot be read out, translated or enlarged: they must stand beside it too."""
    most = draft.pack.checks.text_in_picture
    for place, image in enumerate(draft.out.images):
        if image.text_share is not None and image.text_share > most:
            yield Finding(
                "text_in_picture",
                "ask",
                clause(draft, "text_in_picture"),
                f"About {image.text_share:.0%} of the picture is words. Screen readers cannot read them.",
                "Put all the words into the post or the alternative text, or use a picture without words.",
                field=f"images.{place}",
            )


def captions(draft: Draft) -> Iterator[Finding]:
    """Films need captions; where it is not known, the author is asked."""
    for place, film in enumerate(draft.out.images):
        if not film.moving or film.captions:
            continue
        if film.captions is None:
            says = "It is not known whether this film has captions."
            mend = "Look at it: add a caption file, or say that the captions are in the film."
        else:
            says = "This film has no captions: people who cannot hear it, or have the sound off, get nothing."
            mend = "Add a caption file, and let a person read it through."
        severity: Severity = "ask" if film.captions is None else "stop"
        yield Finding("captions", severity, clause(draft, "captions"), says, mend, field=f"images.{place}")
