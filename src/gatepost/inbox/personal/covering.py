"""Details of people in what staff and departments write, left out where it is shown, mailed or told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from django.utils import timezone

from gatepost.inbox.masking import masked
from gatepost.policy.model import Span
from gatepost.policy.pack import Pack
from gatepost.policy.reading import evidence_of_many
from gatepost.rulebook.actions import NoPolicy, in_force

PLAIN_KINDS = ("name", "third_person")  # names stay: without them a note says nothing

_MOST = 4096  # texts of which it is remembered where their details stand
_known: dict[tuple[str, bytes], list[Span]] = {}  # by the policy and a digest of the text: no words are kept


def _pack() -> Pack | None:
    """The policy in force; None while there is none."""
    try:
        return in_force(timezone.now())
    except NoPolicy:
        return None


def _details(texts: Sequence[str]) -> list[list[Span]]:
    """Of each text, in order. What is new is read together, which is quicker than one by one; what a list shows was
    mostly read for the page before."""
    pack = _pack() if texts else None
    if pack is None:
        return [[] for _ in texts]
    keys = [(pack.digest, blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()) for text in texts]
    found = {key: spans for key in keys if (spans := _known.get(key)) is not None}
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
    for key, read in zip(new, evidence_of_many(list(new.values()), pack.words), strict=True):
        found[key] = [
            Span(sign.start, sign.end, "personal_details", sign.kind)
            for sign in read["personal_details"][1]
            if sign.end > sign.start and sign.kind not in PLAIN_KINDS
        ]
    if len(_known) + len(new) > _MOST:
        forget()
    if len(new) <= _MOST:
        _known.update({key: found[key] for key in new})
    return [found[key] for key in keys]


def forget() -> None:
    """Reads every text anew from now on."""
    _known.clear()


def details_in(text: str) -> list[Span]:
    """Where numbers, addresses and other details of people stand in a text, names apart."""
    return _details([text])[0] if text.strip() else []


def covered(text: str) -> str:
    """What somebody at the desk or of a department wrote, with the details of people left out by name."""
    return masked(text, details_in(text))


def covered_all(texts: Iterable[str]) -> dict[str, str]:
    """Many texts at once, each by itself: the policy is asked for once."""
    wanted = list(dict.fromkeys(text for text in texts if text.strip()))
    return {text: masked(text, spans) for text, spans in zip(wanted, _details(wanted), strict=True)}
