"""E-mails about the gate itself: a hold whose end has come, a worker that has fallen silent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from gatepost.gate.letters import deliver
from gatepost.gate.models import Hold, Published
from gatepost.gate.world import ONLINE
from gatepost.people.models import Holding, User


def hold_end(held: Hold, *, at: datetime) -> None:
    """Tells those who sign off that a hold has ended by itself, or was to end and has not been."""
    signers = Holding.objects.in_force(at).filter(role__signs_off=True).values("person")
    people = User.objects.filter(pk__in=signers, is_active=True)
    when = f"{timezone.localtime(held.ends_at or at):%H:%M on %-d %B}"
    if held.ended_at is not None:
        title = "A hold has ended: look at what it kept back"
        says = f"The hold made by {held.by.name} ended at {when}, as it was set to. Nothing that it kept back has left."
        do = "Look at each item: keep, move, rewrite or withdraw it."
    else:
        title = "A hold was to end and goes on"
        says = f"The hold made by {held.by.name} was to end at {when}. It goes on: a hold does not end in silence."
        do = "End it, or give it another end."
    _send(title, f"{says}\n\n{do}\n\n{settings.PUBLIC_URL}/hold/\n", [person.email for person in people])


def overdue(item: Published, *, at: datetime) -> None:
    """Tells its author and those who sign off that something is still online after its end; nothing when it is not."""
    if item.overdue_at is None or not (item.online or item.parts.filter(status__in=ONLINE).exists()):
        return
    signers = Holding.objects.in_force(at).filter(role__signs_off=True).values("person")
    people = User.objects.filter(Q(pk__in=signers) | Q(pk=item.act.author_id), is_active=True)
    title = f"Still online after its end: {item.channel.name}"
    _send(title, f"{item.says}\n\n{settings.PUBLIC_URL}/archive/online/\n", [person.email for person in people])


def worker_silent(worker: str, since: datetime, *, at: datetime) -> None:
    """Tells those who look after the desk that a worker stopped without having been told to."""
    people = User.objects.filter(is_admin=True, is_active=True)
    minutes = max(1, round((at - since).total_seconds() / 60))
    says = (
        f"The worker {worker} gave its last sign of life at {timezone.localtime(since):%H:%M on %-d %B}, "
        f"{minutes} {'minute' if minutes == 1 else 'minutes'} ago, and did not say goodbye. What it was sending is "
        "being looked for; nothing is sent twice. Posts whose time passed meanwhile wait for a person."
    )
    title = "A part of Gatepost that sends fell silent"
    _send(title, f"{says}\n\n{settings.PUBLIC_URL}/\n", [person.email for person in people])


def _send(title: str, text: str, to: list[str]) -> None:
    if to:
        deliver(to, title, [text])
