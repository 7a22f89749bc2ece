"""Every setting of the desk, read from the environment once. docs/howto/settings.md lists them.

Nothing secret is written here: the two keys live in the data folder, outside the database.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from gatepost.embedded import url_of
from gatepost.vault import secret_key

BASE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("GATEPOST_DATA", "data")).resolve()


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isdecimal():
        raise ValueError(f"{name} is {value!r}. It must be a whole number, for example {default}.")
    return int(value)


def _names(name: str, default: str) -> list[str]:
    """Names with commas between; blanks around them and empty ones count for nothing."""
    return [one for each in os.environ.get(name, default).split(",") if (one := each.strip())]


def _database(url: str) -> dict[str, Any]:
    """A DATABASES entry from postgresql://user:password@host:port/name?option=value (host may be a socket folder)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            "DATABASE_URL must begin with postgresql://. Gatepost keeps its rows in PostgreSQL 15 or newer."
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", unquote(parts.hostname or ""))
    port = options.pop("port", str(parts.port or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        # Statements may be kept prepared, where inbox/statements.py asks for it; Django's own never are.
        "OPTIONS": {**options, "prepare_threshold": 5},
    }


def database_url() -> str:
    """DATABASE_URL, else the address of the embedded server of this data folder, else ""."""
    return os.environ.get("DATABASE_URL", "").strip() or url_of(DATA) or ""


DATABASES = {"default": _database(database_url() or "postgresql:///gatepost")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = _names("GATEPOST_HOSTS", "127.0.0.1,localhost,[::1]")
PUBLIC_URL = os.environ.get("GATEPOST_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "procrastinate.contrib.django",
    "gatepost.ledger",
    "gatepost.people",
    "gatepost.channels",
    "gatepost.rulebook",
    "gatepost.gate",
    "gatepost.publishing",
    "gatepost.inbox",
    "gatepost.web",
]
MIDDLEWARE = [
    "gatepost.web.outage.OutageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "gatepost.web.security.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gatepost.web.signed_in.SignedInMiddleware",
    "gatepost.web.unkeepable.UnkeepableMiddleware",
]
ROOT_URLCONF = "gatepost.web.urls"
WSGI_APPLICATION = "gatepost.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "web"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gatepost.web.frame.frame",
            ],
            "builtins": ["gatepost.web.templatetags.look", "gatepost.web.templatetags.personal"],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "web" / "look"]
STATIC_ROOT = DATA / "static"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "gatepost.people.adapter.AccountAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _flag("GATEPOST_BEHIND_PROXY", False) else 0  # whose tries are counted
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = os.environ.get("GATEPOST_TIME_ZONE", "Europe/London")
USE_TZ = True
USE_I18N = True

SESSION_COOKIE_NAME = "gatepost_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "gatepost.web.frame.errors.stale_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("GATEPOST_BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_BACKEND = "gatepost.mailing.posting.Posting"
EMAIL_HOST = os.environ.get("GATEPOST_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = _number("GATEPOST_SMTP_PORT", 25)
EMAIL_HOST_USER = os.environ.get("GATEPOST_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GATEPOST_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("GATEPOST_SMTP_STARTTLS", False)
EMAIL_TIMEOUT = 20
# Where the mail server takes tokens instead of a password: what gatepost.networks.mail_sign_in needs to ask for one.
EMAIL_SIGN_IN = {
    "sign_in": os.environ.get("GATEPOST_SMTP_SIGN_IN", ""),
    "tenant": os.environ.get("GATEPOST_SMTP_TENANT", ""),
    "client_id": os.environ.get("GATEPOST_SMTP_CLIENT_ID", ""),
    "client_secret": os.environ.get("GATEPOST_SMTP_CLIENT_SECRET", ""),
    "secret_ends": os.environ.get("GATEPOST_SMTP_SECRET_ENDS", ""),
    "key_path": os.environ.get("GATEPOST_SMTP_KEY_FILE", ""),
    "token_url": os.environ.get("GATEPOST_SMTP_TOKEN_URL", ""),
    "scope": os.environ.get("GATEPOST_SMTP_SCOPE", ""),
}
# Sign-in links go by e-mail once a mail server is named; the practice town's post office is none.
MAIL_SET_UP = bool(os.environ.get("GATEPOST_SMTP_HOST")) and not os.environ.get("GATEPOST_TOWN_URL")
# Where departments' replies by e-mail are read: an address of a mailbox that is connected as a channel.
REPLY_ADDRESS = os.environ.get("GATEPOST_REPLY_ADDRESS", "")
DEFAULT_FROM_EMAIL = os.environ.get("GATEPOST_FROM", "gatepost@example.org")

PROCRASTINATE_IMPORT_PATHS = ["gatepost.worker.tasks"]

TOWN_URL = os.environ.get("GATEPOST_TOWN_URL", "")
POLL_SECONDS = _number("GATEPOST_POLL_SECONDS", 60)
REREAD_HOURS = _number("GATEPOST_REREAD_HOURS", 6)
REREAD_CLOSED_DAYS = _number("GATEPOST_REREAD_CLOSED_DAYS", 14)
REREAD_PAID = _flag("GATEPOST_REREAD_PAID", False)
LEASE_SECONDS = _number("GATEPOST_LEASE_SECONDS", 120)
RELEASE_SPACING_MINUTES = _number("GATEPOST_RELEASE_SPACING_MINUTES", 5)
UPLOAD_AHEAD_MINUTES = _number("GATEPOST_UPLOAD_AHEAD_MINUTES", 60)
LATE_AFTER_MINUTES = _number("GATEPOST_LATE_AFTER_MINUTES", 30)
MEDIA_STORE = DATA / "media"
MEDIA_LIMIT_BYTES = 25 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"secrets": {"()": "gatepost.log_secrets.WithoutSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["secrets"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("GATEPOST_LOG", "WARNING")},
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
