"""Who asks, as the type the actions want."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from gatepost.people.models import User


def me(request: HttpRequest) -> User:
    """The signed-in person; for views that need sign-in."""
    return cast(User, request.user)
