"""Somebody without an account signs one step of one digest: a one-time link, and a code sent to their address.

The link's secret and the codes are made of the row's number and the desk's own key, so that neither is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from gatepost import jobs
from gatepost.gate.approval import borrowed, steps_of, taken_of, valid_sign_offs, wrote
from gatepost.gate.checking import as_json
from gatepost.gate.ground import GateError, void
from gatepost.gate.models import Act, Invitation, SignOff
from gatepost.gate.signing import after_step, decline_outside, require_still_clear, to_be_signed
from gatepost.ledger.actions import record
from gatepost.ledger.governing import clause_for
from gatepost.lifecycle import Conflict
from gatepost.people.actions import LONGEST_NAME, UNPRINTABLE
from gatepost.people.authority import NotAllowed, require_sign_off, signs_off
from gatepost.people.models import User
from gatepost.policy.approval import ADDED, Step, open_steps

LIVES = timedelta(days=7)
CODE_LIVES = timedelta(minutes=15)
CODE_PAUSE = timedelta(seconds=60)
MOST_CODES, MOST_TRIES = 6, 5
MOST_AN_ACT = 10  # people asked about one act, whatever became of it
MOST_AN_HOUR = 20  # by one person, about all acts
CLAUSE = "desk:sign_off"


class OutsideError(Exception):
    """A link from outside does not do this; the message says why and what to do. Nothing was signed."""


def secret_of(invitation: Invitation) -> str:
    """The last part of the link's address."""
    return f"{invitation.pk}-{salted_hmac('gatepost.outside.link', str(invitation.pk), algorithm='sha256').hexdigest()}"


def code_of(invitation: Invitation) -> str:
    """Six figures: the latest code that was sent."""
    made = salted_hmac("gatepost.outside.code", f"{invitation.pk}.{invitation.codes}", algorithm="sha256")
    return f"{int.from_bytes(made.digest()[:8], 'big') % 1_000_000:06d}"


def found(secret: str) -> Invitation | None:
    """The invitation a link belongs to, whatever has become of it."""
    number, _, _ = secret.partition("-")
    if not number.isdecimal() or len(number) > 15:
        return None
    row = Invitation.objects.select_related("act__channel", "act__author", "asked_by").filter(pk=int(number)).first()
    return row if row is not None and constant_time_compare(secret_of(row), secret) else None


@transaction.atomic
def invite(
    act: Act, *, name: str, email: str, digest: str, by: User, at: datetime, lives: timedelta = LIVES
) -> Invitation:
    """Asks somebody outside to sign exactly this digest. It fills a step that the chain has for somebody outside, or
    adds one to this act. Its author may ask for an added one, whoever signs off for
    any. The link goes by e-mail. Raises GateError, NotAllowed, Conflict."""
    act, _ = to_be_signed(act, digest, at=at)
    if because := borrowed(by, act):
        raise NotAllowed(because, CLAUSE)
    if not wrote(by, act):
        require_sign_off(by, at)
    name, email = _named(name, email)
    _require_room(act, by, at)
    overtaken = Invitation.objects.filter(act=act, ended_at=None).exclude(digest=act.digest, expires_at__gt=at)
    overtaken.update(outcome="overtaken", ended_at=at)
    step = _step_for(act, at)
    if step.n < ADDED and wrote(by, act):
        raise NotAllowed("You wrote this, so somebody else asks for the step that the policy has outside.", CLAUSE)
    expires = min(filter(None, (at + lives, act.sign_by if act.sign_by and act.sign_by > at else None)))
    made = Invitation.objects.create(
        act=act, digest=digest, step=step.n, name=name, email=email, asked_by=by, at=at, expires_at=expires
    )
    detail = {"digest": digest, "invitation": made.pk, "step": step.n, "until": expires.isoformat()}
    record("outside.asked", f"act:{act.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
    jobs.enqueue(jobs.Job.INVITE_OUTSIDE, invitation=made.pk)
    return made


def _require_room(act: Act, by: User, at: datetime) -> None:
    """Each invitation is an e-mail to somebody outside in the organisation's name."""
    if Invitation.objects.filter(act=act).count() >= MOST_AN_ACT:
        raise GateError(
            f"{MOST_AN_ACT} people outside have been asked about this already, and more cannot be. Have it signed on "
            "the desk, or submit it anew."
        )
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once count one after the other
    lately = Invitation.objects.filter(asked_by=by, at__gt=at - timedelta(hours=1)).order_by("at")
    if lately.count() >= MOST_AN_HOUR and (first := lately.first()) is not None:
        again = timezone.localtime(first.at + timedelta(hours=1))
        raise GateError(
            f"You have asked {MOST_AN_HOUR} people outside within an hour, which is the most. Nobody was asked now. "
            f"Ask again at {again:%H:%M}."
        )


def _named(name: str, email: str) -> tuple[str, str]:
    name, email = " ".join(name.split()), email.strip().lower()
    if not name or len(name) > LONGEST_NAME or UNPRINTABLE.search(name):
        raise GateError(f"Give the person's name, at most {LONGEST_NAME} characters.")
    try:
        validate_email(email if len(email) <= 254 else "")
    except ValidationError as error:
        raise GateError("This is not an e-mail address. Write it like sam@example.org.") from error
    if User.objects.filter(email=email, is_active=True).exists():
        raise GateError("This person is on the desk: they sign there, with their own name.")
    return name, email


def _step_for(act: Act, at: datetime) -> Step:
    """A step for somebody outside that nobody is asked for yet; without one, a new step behind the others."""
    steps = steps_of(act)
    asked = set(Invitation.objects.filter(act=act, ended_at=None).values_list("step", flat=True))
    taken = {one.step for one in taken_of(valid_sign_offs(act))}
    for step in steps:
        if step.outside and step.n not in asked | taken:
            return step
    number = max([ADDED - 1, *(step.n for step in steps)]) + 1
    last = max((step.order for step in steps), default=0)
    added = Step(number, last, "Somebody outside", outside=True, clause=clause_for(CLAUSE, at))
    act.steps = [*act.steps, added.as_json()]
    Act.objects.filter(pk=act.pk).update(steps=act.steps)
    return added


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, at: datetime) -> None:
    """The link stops working at once. A step that was added for it goes, which makes what others have signed void; a
    step that the policy asks for stays and waits for somebody else."""
    act = Act.objects.select_for_update(of=("self",)).get(pk=invitation.act_id)
    if by != invitation.asked_by and not signs_off(by, at):
        raise NotAllowed("Whoever asked them may take it back, and whoever signs off.", CLAUSE)
    if not _ended(invitation, "revoked", at=at):
        raise Conflict("They have answered already, or the link was taken back. Nothing was changed.")
    detail = {"invitation": invitation.pk}
    record("outside.revoked", f"act:{act.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
    if invitation.step >= ADDED and act.state == "to_sign_off":
        void(act, because="Somebody outside is no longer asked", by=by, at=at)
        act.steps = [step for step in act.steps if step["n"] != invitation.step]
        Act.objects.filter(pk=act.pk).update(steps=act.steps)


def _ended(invitation: Invitation, outcome: str, *, at: datetime, reason: str = "") -> bool:
    rows = Invitation.objects.filter(pk=invitation.pk, ended_at=None)
    return bool(rows.update(outcome=outcome, ended_at=at, reason=reason.strip()[:400]))


def require_open(invitation: Invitation, *, at: datetime) -> None:
    """Raises OutsideError when this link does nothing any more, with why."""
    if invitation.outcome:
        raise OutsideError(
            {
                "signed": "You have signed this. There is nothing more to do.",
                "declined": "You have declined this. There is nothing more to do.",
                "overtaken": f"There is a newer link than this one. Ask {invitation.asked_by.name} for it.",
                "revoked": f"{invitation.asked_by.name} has taken this request back. There is nothing to do.",
            }[invitation.outcome]
        )
    if at >= invitation.expires_at:
        raise OutsideError(f"This link has expired. Ask {invitation.asked_by.name} for a new one.")
    if invitation.act.state != "to_sign_off" or invitation.act.digest != invitation.digest:
        raise OutsideError(
            f"What you were asked to sign has changed, or is no longer waiting. Ask {invitation.asked_by.name}."
        )


@transaction.atomic
def send_code(invitation: Invitation, *, at: datetime) -> None:
    """Sends a new code to the address the link was made for; an older one stops working. Slowed down, and limited."""
    row = Invitation.objects.select_for_update(of=("self",)).select_related("act", "asked_by").get(pk=invitation.pk)
    require_open(row, at=at)
    if row.code_at and at - row.code_at < CODE_PAUSE:
        raise OutsideError("A code was sent less than a minute ago. Look in your post, also in the spam folder.")
    if row.codes >= MOST_CODES:
        raise OutsideError(f"Too many codes were asked for. Ask {row.asked_by.name} for a new link.")
    opened = row.opened_at or at
    Invitation.objects.filter(pk=row.pk).update(codes=row.codes + 1, code_at=at, tries=0, opened_at=opened)
    record("outside.code_sent", f"act:{row.act_id}", by=row, at=at, detail={"invitation": row.pk})
    jobs.enqueue(jobs.Job.CODE_OUTSIDE, invitation=row.pk, number=row.codes + 1)


def confirm(invitation: Invitation, code: str, *, at: datetime) -> None:
    """The code from the e-mail shows that the address is theirs. Five tries a code. Raises OutsideError."""
    with transaction.atomic():
        row = Invitation.objects.select_for_update(of=("self",)).select_related("act", "asked_by").get(pk=invitation.pk)
        require_open(row, at=at)
        if not row.codes or row.code_at is None or at - row.code_at > CODE_LIVES or row.tries >= MOST_TRIES:
            raise OutsideError("This code no longer works. Ask for a new one.")
        right = constant_time_compare(code_of(row), "".join(code.split()))
        changed = {"tries": MOST_TRIES, "confirmed_at": at} if right else {"tries": row.tries + 1}
        Invitation.objects.filter(pk=row.pk).update(**changed)
        if right:
            record("outside.confirmed", f"act:{row.act_id}", by=row, at=at, detail={"invitation": row.pk})
    if not right:
        raise OutsideError("This is not the code we sent. Look at the latest e-mail and type it again.")


@transaction.atomic
def sign(invitation: Invitation, *, digest: str, at: datetime, seen: Mapping[str, Any] | None = None) -> SignOff:
    """Their step of the sign-off: of the digest of the link and of no other. Raises OutsideError, Conflict, Stopped."""
    row = _answering(invitation, at=at)
    if digest != row.digest:
        raise Conflict("This is not what you were asked to sign. Open your link again. Nothing was signed.")
    act, content = to_be_signed(row.act, digest, at=at)
    if row.step not in [step.n for step in open_steps(steps_of(act), taken_of(valid_sign_offs(act)))]:
        raise OutsideError("Others sign before you. You will be able to sign when they have; nothing was signed yet.")
    what = {**(seen or {}), "digest": digest, "findings": as_json(require_still_clear(act, content, at=at))}
    _ended(row, "signed", at=at)
    made = SignOff.objects.create(act=act, digest=digest, step=row.step, outside=row, seen=what, at=at)
    after_step(act, content, made, by=row, at=at, detail={"step": row.step, "invitation": row.pk})
    return made


@transaction.atomic
def decline(invitation: Invitation, *, reason: str, at: datetime) -> None:
    """They say no, with a reason: the act goes back to its author."""
    row = _answering(invitation, at=at)
    if not reason.strip():
        raise OutsideError("Say why, so that the author knows what to change.")
    _ended(row, "declined", at=at, reason=reason)
    decline_outside(row.act, reason=reason, name=row.name, by=row, at=at)


def _answering(invitation: Invitation, *, at: datetime) -> Invitation:
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("act__channel", "asked_by")
        .get(pk=invitation.pk)
    )
    require_open(row, at=at)
    if row.confirmed_at is None:
        raise OutsideError("Confirm your address with a code first.")
    return row
