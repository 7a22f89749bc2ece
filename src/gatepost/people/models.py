"""Staff, the roles the policy names and who holds them, and the ways in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who works at the desk. `is_admin` runs the machine; what the policy lets them do comes from roles."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    scheme = models.CharField(
        max_length=5, blank=True, choices=[("", "As this device"), ("light", "Light"), ("dark", "Dark")]
    )
    keys_off = models.BooleanField(default=False)  # single-letter keys turned off (WCAG 2.1.4)
    created_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> str:
        return f"person:{self.pk}"

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper() or "?"


class Role(models.Model):
    """A role of the policy in force. Kept in step with the pack by rulebook when a pack is adopted."""

    id = models.SlugField(primary_key=True, max_length=60)
    title = models.CharField(max_length=160)
    policy_holder = models.CharField(max_length=120, blank=True)  # the name the document gives
    email = models.EmailField(blank=True)
    clause = models.CharField(max_length=60, blank=True)
    signs_off = models.BooleanField(default=False)
    approves_staff = models.BooleanField(default=False)
    in_policy = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class HoldingQuerySet(models.QuerySet["Holding"]):
    def in_force(self, at: datetime) -> HoldingQuerySet:
        return self.filter(
            Q(until=None) | Q(until__gt=at), starts__lte=at, person__is_active=True, role__in_policy=True
        )


class Holding(models.Model):
    """A person holds a role, or deputises, from one moment until another."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    deputy = models.BooleanField(default=False)
    starts = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=models.F("starts")), name="holding_dates")
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.role}"


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def in_force(self, at: datetime) -> DeputyQuerySet:
        return self.filter(starts__lte=at, until__gt=at, ended_at=None, deputy__is_active=True, person__is_active=True)


class Deputy(models.Model):
    """Somebody may sign off in another person's stead, from one moment until another, within a scope."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputises")
    starts = models.DateTimeField()
    until = models.DateTimeField()
    channels = models.JSONField(default=list)  # their numbers; empty: all
    kinds = models.JSONField(default=list)  # "publish", "reply", "post:news" …; empty: all
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DeputyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("starts")), name="deputy_dates"),
            models.CheckConstraint(condition=~Q(person=models.F("deputy")), name="deputy_another"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"

    def covers(self, channel: int, kinds: Iterable[str]) -> bool:
        return (not self.channels or channel in self.channels) and (
            not self.kinds or bool(set(kinds) & set(self.kinds))
        )


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def in_force(self, at: datetime) -> AbsenceQuerySet:
        return self.filter(starts__lte=at, until__gt=at, ended_at=None)


class Absence(models.Model):
    """A person is away: they are not reminded, and their deputies are."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    starts = models.DateTimeField()
    until = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=models.F("starts")), name="absence_dates")]

    def __str__(self) -> str:
        return f"{self.person} until {self.until:%-d %B}"


class Passkey(models.Model):
    """A key of a person's own device, for signing off. Only its public half is here."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="passkeys")
    title = models.CharField(max_length=120)
    host = models.CharField(max_length=253)  # the name it was made for: the "relying party id"
    credential_id = models.BinaryField(max_length=1023)
    public_key = models.BinaryField(max_length=2048)  # COSE, as CBOR
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credential_id"], name="passkey_once")]

    def __str__(self) -> str:
        return self.title


class SignInLink(models.Model):
    """A one-time way in. Only the hash of its secret is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: the desk itself
    by_mail = models.BooleanField(default=False)  # sent to the person's address; else its maker had it in their hands
    ended_at = models.DateTimeField(null=True)  # since then it no longer counts that they had it

    def __str__(self) -> str:
        return f"link for {self.person}"


class ApiToken(models.Model):
    """A key for a program that acts in a person's name. Only its hash is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    title = models.CharField(max_length=120)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title
