"""The gate's own e-mails: link and code for somebody outside, and reminders. None holds a word of the content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from gatepost.gate.models import Invitation, Reminder
from gatepost.gate.outside import code_of, secret_of
from gatepost.mailing import letter, why
from gatepost.rulebook.actions import in_force


class LetterFailed(Exception):
    """The mail server did not take an e-mail; the job tries again."""


def deliver(to: str | Sequence[str], subject: str, lines: list[str]) -> None:
    """One e-mail, without a word of what it is about: to one person, or to several, none of whom sees the others.
    Raises LetterFailed."""
    try:
        if isinstance(to, str):
            letter(subject, "\n".join(lines), [to]).send()
        else:
            letter(subject, "\n".join(lines), bcc=to).send()
    except OSError as error:
        raise LetterFailed(f"The e-mail could not be sent: {why(error)}.") from None


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M on %A %-d %B %Y")


def send_invitation(invitation: Invitation, *, at: datetime) -> None:
    """The link, as long as it is of use. Raises LetterFailed."""
    if invitation.ended_at is not None or invitation.mailed_at is not None or at >= invitation.expires_at:
        return
    organisation, by = in_force(at).organisation, invitation.asked_by.name
    deliver(
        invitation.email,
        f"{by} asks you to approve something for {organisation}",
        [
            f"Dear {invitation.name}",
            "",
            f"{by} of {organisation} asks you to look at what is to be sent to {invitation.act.channel.name},",
            "and to approve it or to say no. Open this link:",
            "",
            f"{settings.PUBLIC_URL}/approve/{secret_of(invitation)}/",
            "",
            "The page first sends a code to this address. You need no account.",
            f"The link is for you alone. It works until {_moment(invitation.expires_at)}.",
            "",
            "If you did not expect this, do nothing: nothing is sent without you.",
        ],
    )
    Invitation.objects.filter(pk=invitation.pk).update(mailed_at=at)


def send_code(invitation: Invitation, *, number: int, at: datetime) -> None:
    """The latest code; a job that comes too late for it sends nothing. Raises LetterFailed."""
    if invitation.ended_at is not None or invitation.codes != number:
        return
    code = code_of(invitation)
    deliver(
        invitation.email,
        f"Your code: {code[:3]} {code[3:]}",
        [
            f"Type this code into the page you opened: {code[:3]} {code[3:]}",
            "",
            "It works for 15 minutes. If you did not ask for it, somebody has your link: tell",
            f"{invitation.asked_by.name} ({invitation.asked_by.email}).",
        ],
    )


def send_reminder(reminder: Reminder, *, at: datetime) -> None:
    """That something waits, to one person; nothing when it no longer does. Raises LetterFailed."""
    act = reminder.act
    if act.state != "to_sign_off" or act.digest != reminder.digest or reminder.mailed_at is not None:
        return
    if reminder.kind == "unreadable":
        _cannot_be_read(reminder)
        Reminder.objects.filter(pk=reminder.pk).update(mailed_at=at)
        return
    late = reminder.kind == "escalation"
    since = f"It has waited since {_moment(act.waits_since or act.created_at)}."
    by = f"It must be signed by {_moment(act.sign_by)}." if act.sign_by else since
    subject = f"Waiting for a sign-off{', and nobody has signed it' if late else ''}: {act.channel.name}"
    deliver(
        reminder.person.email,
        subject,
        [
            f"Dear {reminder.person.name}",
            "",
            f"Something that {act.author.name} wrote for {act.channel.name} waits for a sign-off.",
            by,
            "You get this because those whose turn it is have not signed." if late else "It is your turn.",
            "",
            f"{settings.PUBLIC_URL}/sign-off/{act.pk}/",
        ],
    )
    Reminder.objects.filter(pk=reminder.pk).update(mailed_at=at)


def _cannot_be_read(reminder: Reminder) -> None:
    act = reminder.act
    deliver(
        reminder.person.email,
        f"Cannot be read, so it is not sent: {act.channel.name}",
        [
            f"Dear {reminder.person.name}",
            "",
            f"Something that {act.author.name} wrote for {act.channel.name} waits for a sign-off, and this",
            "version of the desk cannot read all of it. Nobody can sign it, and it is not sent. It may have been",
            "written by a later version: when the desk is brought up to that version again, it can be signed.",
            "Otherwise change it and submit it again, or withdraw it.",
            "",
            f"{settings.PUBLIC_URL}/sign-off/{act.pk}/",
        ],
    )
