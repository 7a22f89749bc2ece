"""What is known of a stored picture or film beside its bytes: facts the policy's checks read at every step, also at the
moment of sending. Written by those who keep the pictures; not part of what is signed, for they change by themselves."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal

from django.db import models
from django.utils import timezone

from gatepost.networks.shown import URL

Consent = Literal["", "missing", "expired", "withdrawn", "own"]


class MediaFact(models.Model):
    sha256 = models.CharField(primary_key=True, max_length=64)
    sharpness = models.FloatField(null=True)  # variance of the Laplacian of its grey values
    seconds = models.FloatField(null=True)  # of a film
    people = models.BooleanField(default=False)  # somebody can be told on it, so somebody must have agreed
    agreed = models.BooleanField(default=False)
    agreed_by = models.JSONField(default=list)  # the people who noted the consents that stand; none: not known
    agreed_until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    text_share = models.FloatField(null=True)  # how much of a picture is covered by words, 0 to 1
    words = models.TextField(blank=True)  # that were read in it, by a program
    words_at = models.DateTimeField(null=True)  # when they were looked for
    unread = models.CharField(max_length=200, blank=True)  # why they could not be read

    def __str__(self) -> str:
        return self.sha256[:16]

    def consent(self, at: datetime, writers: Collection[int] = ()) -> Consent:
        """What is wrong with the consent of those shown at a moment; "" when nothing is, or nobody is shown. "own": it
        was noted by `writers` alone, who wrote what it is used in."""
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return "withdrawn"
        if not self.people:
            return ""
        if not self.agreed:
            return "missing"
        if self.agreed_by and set(self.agreed_by) <= set(writers):
            return "own"
        past = self.agreed_until is not None and self.agreed_until < timezone.localtime(at).date()
        return "expired" if past else ""


def facts_of(digests: Iterable[str]) -> dict[str, MediaFact]:
    """The facts by digest; asks the database only when there are digests."""
    wanted = set(digests)
    return MediaFact.objects.in_bulk(wanted) if wanted else {}


class LinkFact(models.Model):
    """What was seen when a link was last followed. Kept by the digest of the address; one nobody wants is forgotten."""

    digest = models.CharField(primary_key=True, max_length=64)
    url = models.CharField(max_length=2000)
    asked_at = models.DateTimeField()  # when it was last wanted
    seen_at = models.DateTimeField(null=True)  # when it was last followed
    status = models.PositiveSmallIntegerField(default=0)
    address = models.CharField(max_length=2000, blank=True)  # where it led
    title = models.CharField(max_length=300, blank=True)
    words = models.CharField(max_length=300, blank=True)
    broken = models.CharField(max_length=200, blank=True)  # why nobody can follow it
    sure = models.BooleanField(default=False)  # it is gone, rather than slow

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="link_asked")]

    def __str__(self) -> str:
        return self.url[:80]


_ADDRESS = re.compile(URL, re.IGNORECASE)
MOST_LINKS = 6


def links_in(text: str, link: str = "") -> list[str]:
    """The web addresses of a post, its own link first, each once; at most six."""
    found = [link] if link else []
    found += [one[0] for one in _ADDRESS.finditer(text[:20_000])]
    return [one for one in dict.fromkeys(found) if len(one) <= 2000][:MOST_LINKS]


def link_digest(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def seen_of(urls: Iterable[str]) -> dict[str, LinkFact]:
    """What is known of links, by address. Asks the database only when there are links, and never the network."""
    wanted = {link_digest(url): url for url in urls}
    if not wanted:
        return {}
    return {wanted[digest]: fact for digest, fact in LinkFact.objects.in_bulk(list(wanted)).items() if fact.seen_at}
