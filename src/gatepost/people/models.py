"""Staff, the roles the policy names and who holds them, and the ways in."""

from __future__ import annotations

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


class SignInLink(models.Model):
    """A one-time way in. Only the hash of its secret is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

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
