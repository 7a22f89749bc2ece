"""What passes between the desk and a department about one referral: links, what was said, letters that chase."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gatepost.people.models import User


class ReferralLink(models.Model):
    """A link to one referral's page for a department without an account. Only its digest is kept."""

    referral = models.ForeignKey("inbox.Referral", on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)  # an answer or a hand-back came by it

    def __str__(self) -> str:
        return f"link {self.pk} of referral {self.referral_id}"

    @property
    def actor(self) -> str:
        return f"department:{self.referral_id}"


class ReferralNote(models.Model):
    """One thing said about a referral: by the department, or by us to it. It goes out to nobody else."""

    KINDS = (
        ("question", "Asked us"),
        ("answer", "Answered"),
        ("handed_back", "Handed it back"),
        ("told", "We told them"),
        ("reopened", "We asked again"),
        ("taken", "Took it on"),
    )

    referral = models.ForeignKey("inbox.Referral", on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20, choices=KINDS)
    text = models.TextField(blank=True)
    author = models.CharField(max_length=160, blank=True)  # as they gave it
    via = models.CharField(
        max_length=10, choices=[("link", "by its page"), ("email", "by e-mail"), ("desk", "on the desk")]
    )
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    letter = models.CharField(max_length=300, blank=True)  # Message-ID of the letter it came by
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "letter"], condition=~Q(letter=""), name="referral_letter_once")
        ]

    def __str__(self) -> str:
        return f"note {self.pk} of referral {self.referral_id}"


class ReferralLetter(models.Model):
    """A further e-mail about a referral: it reminds, says that the answer is late, escalates, or answers a question."""

    KINDS = (
        ("reminder", "Reminded"),
        ("overdue", "Told that it is late"),
        ("escalation", "Escalated"),
        ("unconfirmed", "Nobody had confirmed it"),
        ("told", "Their question answered"),
    )

    referral = models.ForeignKey("inbox.Referral", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=KINDS)
    name = models.CharField(max_length=160)
    email = models.EmailField()
    note = models.ForeignKey(ReferralNote, null=True, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=0)  # how often the referral had been opened again
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "kind", "email", "round"], condition=~Q(kind="told"), name="referral_chased_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for referral {self.referral_id}"
