"""Every page's address. Each screen's own are in its package."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

SCREENS = {
    "": "today",
    "sign-in/": "sign_in",
    "inbox/": "inbox",
    "desk/": "desk",
    "write/": "write",
    "posts/": "posts",
    "media/": "media",
    "sign-off/": "sign_off",
    "approve/": "approve",
    "answer/": "answer",
    "referrals/": "referrals",
    "cases/": "cases",
    "calendar/": "calendar",
    "lines/": "lines",
    "campaigns/": "campaigns",
    "archive/": "archive",
    "hold/": "hold",
    "moderation/": "moderation",
    "review/": "review",
    "policy/": "policy",
    "record/": "record",
    "channels/": "channels",
    "people/": "people",
    "personal/": "personal",
    "settings/": "settings",
    "town/": "town",
    "hooks/": "hooks",
    "intake/": "intake",
    "healthz/": "health",
    "api/": "api",
    "on-call/": "on_call",
    "have/": "have",
    "l/": "short",
}


urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"gatepost.web.{name}.urls")) for prefix, name in SCREENS.items()
]
handler400 = "gatepost.web.frame.errors.bad_request"
handler403 = "gatepost.web.frame.errors.forbidden"
handler404 = "gatepost.web.frame.errors.not_found"
handler500 = "gatepost.web.frame.errors.server_error"
