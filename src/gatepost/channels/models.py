"""Accounts of the organisation's on networks, and who is approved to write for them."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from gatepost.channels.states import CHANNEL
from gatepost.lifecycle import Machine
from gatepost.networks.protocol import Account
from gatepost.people.models import User
from gatepost.sandbox.address import seen_at
from gatepost.vault import unlock


class Channel(models.Model):
    MACHINE: ClassVar[Machine] = CHANNEL

    network = models.CharField(max_length=30)
    name = models.CharField(max_length=160)
    handle = models.CharField(max_length=160, blank=True)
    external_id = models.CharField(max_length=200)
    base_url = models.URLField(max_length=300, blank=True)
    practice = models.BooleanField(default=False)  # an account in the practice town
    allow_private = models.BooleanField(default=False)  # its server may have a private address
    credentials = models.BinaryField(default=bytes)  # locked by gatepost.vault
    credentials_end = models.DateField(null=True)  # the day on which they run out, where somebody said
    state = models.CharField(max_length=20, choices=CHANNEL.choices, default="proposed")
    created_at = models.DateTimeField()
    signed_off_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    signed_off_at = models.DateTimeField(null=True)
    cursor = models.TextField(blank=True)
    last_read_at = models.DateTimeField(null=True)  # the network answered
    last_heard_at = models.DateTimeField(null=True)  # somebody said something
    ill_since = models.DateTimeField(null=True)
    ill_says = models.CharField(max_length=400, blank=True)
    read_after = models.DateTimeField(null=True)  # the network asked us to wait
    audiences = models.JSONField(default=list)  # ids of the policy's audiences it is for; empty: nobody has said

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "external_id", "base_url"],
                condition=~Q(state="closed"),
                name="channel_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "closed"]) | Q(signed_off_at__isnull=False),
                name="channel_live_is_signed_off",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def for_whom(self) -> tuple[str, ...]:
        """The audiences it is for, as the policy's conditions ask for them."""
        return tuple(self.audiences)

    def account(self) -> Account:
        """What a connector needs, with the credentials opened. Raises VaultError."""
        return Account(
            network=self.network,
            base_url=self.base_url,
            external_id=self.external_id,
            handle=self.handle,
            credentials=unlock(self.credentials, settings.DATA),
            allow_private=self.allow_private,
        )

    def seen_at(self, ref: str, permalink: str) -> str:
        """Where people see this on the network: the practice town has addresses of its own."""
        return seen_at(self.base_url, ref) if self.practice and ref else permalink


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def in_force(self, at: datetime) -> ApprovalQuerySet:
        return self.filter(Q(until=None) | Q(until__gt=at), starts__lte=at, ended_at=None, person__is_active=True)


class Approval(models.Model):
    """The officer's leave for one person to write for one channel."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="approvals")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="approvals")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ApprovalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person} for {self.channel}"


class OutsideReader(models.Model):
    """A language model elsewhere that is asked about messages, from one moment to another. One at most is in use."""

    base_url = models.CharField(max_length=300)  # it ends before /chat/completions
    model = models.CharField(max_length=120)
    allow_private = models.BooleanField(default=False)  # the address may be this machine or this network
    secret = models.BinaryField(default=bytes)  # its key, locked by gatepost.vault
    on_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on_at = models.DateTimeField()
    off_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    off_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)  # it last answered
    says = models.CharField(max_length=400, blank=True)  # why it last did not

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(off_at=None), name="outside_reader_one_in_use")
        ]

    def __str__(self) -> str:
        return f"{self.model} at {self.base_url}"

    def key(self) -> str:
        """Its key, opened; empty where it needs none. Raises VaultError."""
        return unlock(self.secret, settings.DATA).get("key", "")
