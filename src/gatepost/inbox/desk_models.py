"""What the people of the desk keep beside messages: labels, saved filters, notes, drafts of answers, who is here, who
is on duty, what can be undone, and which accounts are one person."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from gatepost.people.models import User


class Known(models.Model):
    """A person outside who uses several accounts, because somebody here said so. Never guessed."""

    because = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"known person {self.pk}"


class Label(models.Model):
    """A word of the desk's own for messages, beside what the policy reads in them; `marks` of a message name it."""

    name = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], condition=Q(ended_at=None), name="label_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        return f"label:{self.pk}"


class SavedView(models.Model):
    """A filter of the list under a name: its owner's alone, or everybody's."""

    title = models.CharField(max_length=60)
    fields = models.JSONField()  # as in the list's address
    shared = models.BooleanField(default=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "title"], condition=Q(ended_at=None), name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.title


class Note(models.Model):
    """What colleagues tell each other of a conversation. Nobody outside sees it. `source` names who said it when it is
    not somebody of the desk, for example a department. `spans` are the personal details in it, masked when shown."""

    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    spans = models.JSONField(default=list)  # [start, end, label, kind]
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["message", "at"], name="note_message")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class ReplyDraft(models.Model):
    """An answer somebody has begun, kept on the server until it is sent or thrown away."""

    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="reply_drafts")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    wording = models.CharField(max_length=80, blank=True)
    answers = models.JSONField(default=dict)
    privately = models.BooleanField(default=False)  # for the writer of a public comment alone
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="reply_draft_once")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Presence(models.Model):
    """Who has a conversation open, and whether they are writing. A row older than a minute says nothing."""

    message = models.ForeignKey("inbox.Message", on_delete=models.PROTECT, related_name="presences")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replying = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="presence_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_seen")]

    def __str__(self) -> str:
        return f"presence {self.pk}"


class DutyQuerySet(models.QuerySet["Duty"]):
    def in_force(self, at: datetime) -> DutyQuerySet:
        return self.filter(starts__lte=at, until__gt=at, ended_at=None, person__is_active=True)


class Duty(models.Model):
    """Somebody takes new messages from one moment until another, all or those of some labels, topics or channels."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duties")
    starts = models.DateTimeField()
    until = models.DateTimeField()
    labels = models.JSONField(default=list)  # of the policy, "complaint"; empty: whatever comes
    topics = models.JSONField(default=list)  # of the policy's words, "repairs"; beside labels, either is enough
    channels = models.JSONField(default=list)  # their numbers; empty: all
    given_at = models.DateTimeField(null=True)  # when it was last somebody's turn
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=models.F("starts")), name="duty_dates")]
        indexes = [models.Index(fields=["until"], name="duty_until", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.person} until {self.until:%-d %B}"


class Change(models.Model):
    """What was done to one message or many at once, so that it can be undone where nothing has changed since."""

    verb = models.CharField(max_length=30)
    items = models.JSONField()  # [message, what it was, what it became]
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"change {self.pk}"
