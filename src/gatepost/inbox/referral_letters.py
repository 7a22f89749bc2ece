"""The e-mails of a referral: what was said with personal details left out, by when, and a link to answer by."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from gatepost.inbox.masking import folded, masked, spans_of
from gatepost.inbox.models import Referral, ReferralLetter, ReferralLink
from gatepost.inbox.reply_address import reply_address
from gatepost.mailing import letter as letter_of
from gatepost.mailing import why
from gatepost.people.actions import hashed
from gatepost.policy.pack import Pack
from gatepost.policy.reading import read
from gatepost.rulebook.actions import in_force

MOST_SAID = 20_000  # code points of what was said that a letter or its page holds
LIVES = timedelta(days=60)  # beyond the answer-by time: a late answer is better than none
BY_EMAIL = (
    "You can also reply to this e-mail. Begin your reply with the word QUESTION to ask us something,",
    "or with HAND BACK if this is not yours.",
)


class EmailFailed(Exception):
    """An e-mail to a department did not leave; the job is tried again."""


def made_link(referral: Referral, *, at: datetime) -> str:
    """A new link's address. Its secret is in the letter alone; links of earlier letters go on working."""
    token = secrets.token_urlsafe(32)
    until = max(referral.answer_by, at) + LIVES
    ReferralLink.objects.create(referral=referral, token_hash=hashed(token), at=at, expires_at=until)
    return f"{settings.PUBLIC_URL}/answer/{token}/"


def standing_in(name: str, stands_in_for: str) -> str:
    """The one addressed, and for whom they stand in."""
    return f"{name}, who stands in for {stands_in_for}" if stands_in_for else name


def moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M on %A %-d %B %Y")


def posted(mail: EmailMessage) -> None:
    """Hands a letter to the mail server. Raises EmailFailed."""
    try:
        mail.send()
    except OSError as error:
        raise EmailFailed(f"The e-mail could not be sent: {why(error)}. It is tried again.") from None


def said_of(referral: Referral) -> str:
    """What was said, with personal details left out by name; of a very long message its beginning."""
    message = referral.message
    text, spans = folded(message.text, spans_of(message.decision.spans), MOST_SAID)
    rest = len(message.text) - len(text)
    more = f"\n\n[{rest:,} more characters were written. Ask Communications for the rest.]" if rest else ""
    return masked(text, spans) + more


def summary_of(referral: Referral, pack: Pack) -> list[str]:
    """What it is about in a few lines: the department reads these first."""
    message = referral.message
    words = [label.replace("_", " ") for label in message.decision.decided if label != "personal_details"]
    lines = [f"Read as: {', '.join(words)}."] if words else []
    times = [
        f"{pack.clocks[name].name if name in pack.clocks else name}: by {moment(datetime.fromisoformat(str(when)))}."
        for name, when, *_ in message.decision.clocks
    ]
    return [*lines, *times]


def letter(referral: Referral, link: str) -> EmailMessage:
    """The referral itself: who answers by when, what was said without details, and the ways to answer."""
    message, pack = referral.message, in_force(referral.at)
    source = pack.clocks[referral.clock].source if referral.clock in pack.clocks else ""
    by_when = moment(referral.answer_by)
    urgent = "URGENT, out of hours: " if referral.out_of_hours else ""
    under = f" under clause {referral.clause} of" if referral.clause else " under"
    lines = [
        f"To {standing_in(referral.name, referral.stands_in_for)}",
        "",
        f"Please answer by {by_when}" + (f" ({source})." if source else "."),
        f"Referred{under} the social media policy by {referral.whose}.",
    ]
    if referral.out_of_hours:
        minutes = pack.chasing.confirm_within
        lines += ["", f"Open the link and say within {minutes} minutes that you have it. Do not wait for the morning."]
    lines += [
        "",
        f"What was said on {message.channel.name}, {timezone.localtime(message.posted_at):%-d %B %Y at %H:%M}:",
        "",
        said_of(referral),
        "",
        *summary_of(referral, pack),
        "",
    ]
    if referral.note:
        lines += ["Note:", hidden_in(referral.note, pack), ""]
    lines += _ways(referral, link)
    lines += [
        "",
        "Personal details are left out of this e-mail."
        + (" The page shows them, because they were said to be needed." if referral.details else ""),
        "With an account, read the whole message on the desk:",
        f"{settings.PUBLIC_URL}/inbox/{message.pk}/",
    ]
    subject = f"{urgent}Answer by {by_when}: referral {referral.pk} from {message.channel.name}"
    return _mail(referral, subject, lines, referral.email, message_id=referral.email_id)


def hidden_in(text: str, pack: Pack) -> str:
    """Words of our own with personal details left out, whole."""
    return masked(text, read(text, pack.words).spans)


def _ways(referral: Referral, link: str) -> list[str]:
    lines = ["Answer, ask us back or hand it back here. You need no account:", link, ""]
    lines += ["The link is for your department alone. Do not pass it on outside.", ""]
    return [*lines, *BY_EMAIL] if reply_address(referral) else lines


def _mail(referral: Referral, subject: str, lines: list[str], to: str, *, message_id: str = "") -> EmailMessage:
    headers = {"X-Gatepost-Referral": str(referral.pk)}
    if message_id:
        headers["Message-ID"] = message_id
    elif referral.email_id:
        headers |= {"In-Reply-To": referral.email_id, "References": referral.email_id}
    back = reply_address(referral)
    return letter_of(subject, "\n".join(lines), [to], reply_to=back, headers=headers)


def further(row: ReferralLetter, link: str) -> EmailMessage:
    """A further letter: a reminder, that it is late, an escalation, or our answer to their question."""
    referral, pack = row.referral, in_force(row.at)
    by_when = moment(referral.answer_by)
    begins = {
        "reminder": f"We have not had your answer yet. It is due by {by_when}.",
        "overdue": f"Your answer was due by {by_when} and has not come.",
        "escalation": f"{referral.name} was to answer by {by_when}. No answer has come. You are asked to see to it.",
        "unconfirmed": "An emergency was sent out of hours and nobody has said that they have it. "
        + (f"Ring {phone}." if (phone := out_of_hours_phone(referral, pack)) else "Ring whoever is on duty."),
        "told": "Here is what you asked for." if row.note and row.note.kind == "told" else "We ask you again.",
    }
    titles = {
        "reminder": "Reminder",
        "overdue": "Late",
        "escalation": "No answer from a department",
        "unconfirmed": "URGENT: nobody has confirmed it",
        "told": "About",
    }
    lines = [f"To {row.name}", "", begins[row.kind], ""]
    if row.note:
        lines += [hidden_in(row.note.text, pack), ""]
    lines += ["What was said:", "", said_of(referral), "", *_ways(referral, link)]
    subject = f"{titles[row.kind]}: referral {referral.pk} from {referral.message.channel.name}"
    return _mail(referral, subject, lines, row.email)


def out_of_hours_phone(referral: Referral, pack: Pack) -> str:
    found = pack.departments.get(referral.department)
    return found.out_of_hours_phone if found else ""


def send_letter(row: ReferralLetter, *, at: datetime) -> None:
    """Sends a further letter once, as long as it is of use. Raises EmailFailed."""
    referral = row.referral
    if row.mailed_at is not None or (row.kind != "told" and referral.state in ("answered", "handed_back")):
        return
    posted(further(row, made_link(referral, at=at)))
    ReferralLetter.objects.filter(pk=row.pk).update(mailed_at=at)
