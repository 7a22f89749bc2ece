"""Campaigns: what they are to reach, from where, by when, over which channels and at what cost."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gatepost.channels.models import Channel
from gatepost.people.models import User


class Campaign(models.Model):
    """Posts with one goal between two days. One of which something was published or counted is never deleted: it is
    put away, and can be brought back."""

    name = models.CharField(max_length=120)
    goal = models.TextField()
    measure = models.CharField(max_length=200, blank=True)  # what is counted: "households who sign up"
    baseline = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # of it, before the campaign
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # of it, by the last day
    audiences = models.JSONField(default=list)
    begins = models.DateField()
    ends = models.DateField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)  # in words, when it is closed
    put_away_at = models.DateTimeField(null=True)  # out of every list of work; all of it stays to be read
    put_away_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="campaign_dates"),
            models.UniqueConstraint("name", condition=Q(closed_at=None, put_away_at=None), name="campaign_name_once"),
        ]
        indexes = [models.Index(fields=["begins"], name="campaign_begins")]

    def __str__(self) -> str:
        return self.name


class CampaignPart(models.Model):
    """One way a campaign reaches people: a channel, print, an event, with what it is planned to cost and did cost."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(
        max_length=20,
        choices=[
            ("channel", "Channel"),
            ("print", "Print"),
            ("event", "Event"),
            ("advertising", "Advertising"),
            ("press", "Press"),
            ("other", "Something else"),
        ],
    )
    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    on = models.DateField(null=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # planned, in pounds
    spent = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # as it turned out

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel=None) | Q(kind="channel"), name="campaign_part_channel"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="campaign_part_cost"),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class CalendarFeed(models.Model):
    """An address under which a person's other calendars read this one. Only the hash of its secret is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    title = models.CharField(max_length=120)
    secret_hash = models.CharField(max_length=64, unique=True)
    channel = models.ForeignKey(Channel, null=True, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title
