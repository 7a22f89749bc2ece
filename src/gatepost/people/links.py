"""One-time links into the desk, and what follows when somebody handed one over by hand: they could have used it.

Where mail is set up a link goes to the person's own address and nobody else sees it. Where it is not, an administrator
hands it over. Whoever held a link in their hands may have come in as the person, and set a password, a passkey or a key
there; so as long as such a link counts, the person does not sign off what its maker wrote (gate.approval, a trigger).
It counts until the person comes in by a link of another origin: then all that was set up since is thrown away.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from gatepost import jobs
from gatepost.ledger.actions import Actor, System, record
from gatepost.mailing import letter, why
from gatepost.people.actions import PeopleError, add_person, hashed, require_over
from gatepost.people.authority import LINK_LIVES, NotAllowed, handed_links, let_in_by
from gatepost.people.models import ApiToken, Passkey, SignInLink, User

CLAUSE = "desk:approvals"
TOLD_FOR = timedelta(days=7)


class LetterFailed(Exception):
    """The mail server did not take an e-mail; the job tries again."""


@transaction.atomic
def make_link(person: User, *, by: Actor, at: datetime) -> str:
    """A one-time secret for /sign-in/link/, for its maker to hand over: their own, or an administrator's where the desk
    sends no mail. Earlier unused links of the person stop working; by one they make for themselves only those that they
    made so too, or a borrowed session could end the link that is on its way to them. Raises NotAllowed, PeopleError."""
    if isinstance(by, User) and by != person:
        require_over(person, by, at)
        if settings.MAIL_SET_UP:
            raise PeopleError("Links go by e-mail to the person whose they are.")
        if not by.is_admin:
            raise NotAllowed(
                "This desk sends no mail yet, so an administrator makes the link and hands it over.", CLAUSE
            )
    secret = secrets.token_urlsafe(24)
    _made(person, secret, by_mail=False, by=by, at=at)
    return secret


@transaction.atomic
def mail_link(person: User, *, by: User, at: datetime) -> SignInLink:
    """Sends a one-time link to the person's own address; its maker does not see it. Raises NotAllowed, PeopleError."""
    require_over(person, by, at)
    if not settings.MAIL_SET_UP:
        raise PeopleError("This desk sends no mail yet.")
    made = _made(person, secrets.token_urlsafe(24), by_mail=True, by=by, at=at)
    SignInLink.objects.filter(pk=made.pk).update(secret_hash=hashed(_mailed_secret(made)))
    jobs.enqueue(jobs.Job.SIGN_IN_LETTER, link=made.pk)
    return made


def _made(person: User, secret: str, *, by_mail: bool, by: Actor, at: datetime) -> SignInLink:
    if not person.is_active:
        raise PeopleError(f"{person.name} has left the desk.")
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # of two made at once one stays
    unused = SignInLink.objects.filter(person=person, used_at=None)
    (unused.filter(made_by=person) if by == person else unused).delete()
    made = SignInLink.objects.create(
        person=person,
        secret_hash=hashed(secret),
        expires_at=at + LINK_LIVES,
        made_by=by if isinstance(by, User) else None,
        by_mail=by_mail,
    )
    detail = {"by_mail": by_mail}
    record("sign_in.link_made", f"person:{person.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
    return made


def _mailed_secret(link: SignInLink) -> str:
    """Made of the row's number and the desk's own key: it is kept nowhere, not even in the job that sends it."""
    return f"{link.pk}-{salted_hmac('gatepost.sign_in.link', str(link.pk), algorithm='sha256').hexdigest()}"


@transaction.atomic
def use_link(secret: str, *, at: datetime) -> User:
    """The person a link lets in; it works once. Its line in the record names who made it. A link of another origin than
    those that were handed over before ends them. Raises PeopleError when it is used, old or unknown."""
    # The person first, as when a link is made: two at once wait for each other.
    User.objects.select_for_update(of=("self",), no_key=True).filter(links__secret_hash=hashed(secret)).first()
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("person", "made_by")
        .filter(secret_hash=hashed(secret), used_at=None, expires_at__gt=at, person__is_active=True)
        .first()
    )
    if link is None:
        raise PeopleError("This link has been used or is too old. Ask whoever gave it to you for a new one.")
    person = link.person
    if link.made_by_id != person.pk:  # their own proves nothing: it may have been made in a borrowed session
        handed = handed_links(person)
        if link.made_by is not None and not link.by_mail:  # nor does one of whoever may have come in as its maker
            handed = handed.exclude(made_by__in={link.made_by_id} | let_in_by(link.made_by))
        _begin_anew(person, handed, by=link, at=at)
    SignInLink.objects.filter(pk=link.pk).update(used_at=at)
    made_by = link.made_by.actor if link.made_by else "system"
    detail = {"made_by": made_by, "by_mail": link.by_mail}
    record("sign_in.link_used", f"person:{person.pk}", by=person, at=at, clauses=[CLAUSE], detail=detail)
    if settings.MAIL_SET_UP and not link.by_mail and link.made_by_id not in (None, person.pk):
        jobs.enqueue(jobs.Job.SIGN_IN_LETTER, link=link.pk)
    person.refresh_from_db()
    return person


def _begin_anew(person: User, handed: QuerySet[SignInLink], *, by: SignInLink, at: datetime) -> None:
    """Throws away every way in that was set up since the first of these links was used, all sessions, and every link
    that nobody has used but the one they come in `by`: it may have been made in a borrowed session."""
    first = handed.order_by("used_at").first()
    if first is None:
        return
    keys = ApiToken.objects.filter(person=person, revoked_at=None, created_at__gte=first.used_at)
    passkeys = Passkey.objects.filter(person=person, revoked_at=None, created_at__gte=first.used_at)
    gone = {"keys": keys.update(revoked_at=at), "passkeys": passkeys.update(revoked_at=at)}
    person.set_unusable_password()  # also ends every session
    person.save(update_fields=["password"])
    handed.update(ended_at=at)
    SignInLink.objects.filter(person=person, used_at=None).exclude(pk=by.pk).delete()
    record("ways_in.begun_anew", f"person:{person.pk}", by=person, at=at, clauses=[CLAUSE], detail=gone)


@transaction.atomic
def not_me(person: User, *, by: User, at: datetime) -> None:
    """The person says that somebody else came in as them. Every way in ends at once, this session too; what was signed
    and written stays for people to look at. Those links go on counting. A link on its way to their own mailbox stays:
    nobody else has seen it, and whoever says this in a borrowed session must not lock them out. Raises NotAllowed."""
    if by != person:
        raise NotAllowed("Only the person whose name was used can say this.", CLAUSE)
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    Passkey.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    SignInLink.objects.filter(person=person, used_at=None, by_mail=False).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    record("sign_in.disputed", f"person:{person.pk}", by=by, at=at, clauses=[CLAUSE])


def lately_handed(person: User, *, at: datetime) -> list[SignInLink]:
    """The handed links by which somebody came in as this person of late, newest first: they are told on their page."""
    rows = handed_links(person).filter(used_at__gte=at - TOLD_FOR).select_related("made_by")
    return list(rows.order_by("-used_at")[:3])


def ways_in(person: User) -> list[SignInLink]:
    """The last links by which somebody came in as this person, newest first."""
    rows = SignInLink.objects.filter(person=person).exclude(used_at=None).select_related("made_by")
    return list(rows.order_by("-used_at")[:10])


def send_letter(link: SignInLink, *, at: datetime) -> None:
    """The link to its person; or, once it was handed over and used, that it was. Raises LetterFailed."""
    person, maker = link.person, link.made_by.name if link.made_by else "The desk"
    if link.used_at is None and link.by_mail and at < link.expires_at:
        subject = "Your way into the desk"
        lines = [
            f"Dear {person.name}",
            "",
            f"{maker} has asked for a link that lets you into the desk:",
            "",
            f"{settings.PUBLIC_URL}/sign-in/link/{_mailed_secret(link)}/",
            "",
            "It works once, within 24 hours, and is for you alone. Nobody else has seen it.",
            "If you did not expect it, do nothing.",
        ]
    elif link.used_at is not None and not link.by_mail:
        subject = "Somebody came in as you"
        when = timezone.localtime(link.used_at).strftime("%H:%M on %A %d %B %Y")
        lines = [
            f"Dear {person.name}",
            "",
            f"At {when} somebody came into the desk as you, by a link that {maker} handed over.",
            "If it was you, there is nothing to do. If it was not, open Settings on the desk and press",
            f"“That was not me”: {settings.PUBLIC_URL}/settings/",
        ]
    else:
        return
    try:
        letter(subject, "\n".join(lines), [person.email]).send()
    except OSError as error:
        raise LetterFailed(f"The e-mail could not be sent: {why(error)}.") from None


def first_sign_in_link(*, by: System, at: datetime) -> str | None:
    """A one-time secret for the first administrator, made as needed; None once anybody has ever signed in."""
    if User.objects.exclude(last_login=None).exists():
        return None
    person = User.objects.filter(is_admin=True).order_by("pk").first()
    if person is None:
        person = add_person(name="First administrator", email="admin@example.org", by=by, at=at, is_admin=True)
    return make_link(person, by=by, at=at)
