"""How the person on duty is reached away from the desk: lines that ring or text, calls, links that take alarms."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gatepost.people.models import User
from gatepost.vault import unlock


class CallLine(models.Model):
    """A service that rings or texts the on-call phone, then the deputy's. What it needs to know is locked away."""

    title = models.CharField(max_length=120)
    host = models.CharField(max_length=400)  # scheme and host alone: many services take their key in the address
    form = models.CharField(max_length=4, choices=[("json", "JSON"), ("form", "A form")], default="json")
    secret = models.BinaryField(default=bytes)  # locked: key, authorisation, url, template, first, deputy
    allow_private = models.BooleanField(default=False)  # its address may be this machine or this network
    at_night_only = models.BooleanField(default=False)  # not in the policy's working hours
    has_deputy = models.BooleanField(default=True)  # a deputy's number is kept
    every = models.PositiveSmallIntegerField(default=5)  # minutes between calls
    deputy_after = models.PositiveSmallIntegerField(default=15)  # minutes until the deputy is called as well
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title

    def known(self) -> dict[str, str]:
        """What is locked. Raises VaultError."""
        return unlock(self.secret, settings.DATA)


class AlarmCall(models.Model):
    """One call about one alarm to one phone. `alarm` is empty for a call that only tries the line."""

    alarm = models.ForeignKey("inbox.Alarm", null=True, on_delete=models.PROTECT, related_name="calls")
    line = models.ForeignKey(CallLine, on_delete=models.PROTECT, related_name="calls")
    who = models.CharField(max_length=10, choices=[("first", "The on-call phone"), ("deputy", "The deputy’s phone")])
    at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)  # the service took it
    ended_at = models.DateTimeField(null=True)  # not tried again: refused, or somebody has the alarm
    says = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["alarm", "line", "-at"], name="alarm_call_latest"),
            models.Index(fields=["line", "who", "-at"], name="alarm_call_phone"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"


class AlarmLink(models.Model):
    """A link that takes one alarm, in an e-mail to a person or in a call to a phone. Only its secret's hash is kept."""

    alarm = models.ForeignKey("inbox.Alarm", on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    call = models.ForeignKey(AlarmCall, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, call__isnull=False) | Q(person__isnull=False, call=None),
                name="alarm_link_whose",
            )
        ]

    def __str__(self) -> str:
        return f"alarm link {self.pk}"
