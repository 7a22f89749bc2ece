"""Names of background jobs, enqueued in the caller's transaction: a rollback leaves no job behind.

What a job does is in worker/tasks.py; a test checks that every name here has its task.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

Value = str | int | bool | None


class Job(StrEnum):
    READ_CHANNEL = "read_channel"  # channel: int
    READ_AGAIN = "read_again"  # channel: int, since: str (ISO)
    FETCH_ATTACHMENT = "fetch_attachment"  # attachment: int
    SEND_REFERRAL = "send_referral"  # referral: int
    SEND_REFERRAL_LETTER = "send_referral_letter"  # letter: int
    HAND_OVER = "hand_over"  # handover: int
    INVITE_OUTSIDE = "invite_outside"  # invitation: int
    CODE_OUTSIDE = "code_outside"  # invitation: int, number: int
    REMIND_SIGNER = "remind_signer"  # reminder: int
    ACT_SETTLED = "act_settled"  # act: str
    TRY_DRAFT = "try_draft"  # trial: int
    TELL_MENTIONED = "tell_mentioned"  # mention: int
    FOLLOW_LINK = "follow_link"  # link: str
    MAKE_MEDIA = "make_media"  # upload: str
    MAKE_RENDITION = "make_rendition"  # rendition: int
    READ_POLICY = "read_policy"  # policy_import: int
    TELL_ALARM = "tell_alarm"  # alarm: int, everybody: bool
    RING = "ring"  # call: int
    TRAIN_READERS = "train_readers"  # training: int
    ASK_OUTSIDE = "ask_outside"  # message: int
    OVERDUE = "overdue"  # act: str
    HOLD_END = "hold_end"  # hold: int
    WORKER_SILENT = "worker_silent"  # worker: str, since: str (ISO)


def enqueue(job: Job, *, lock: str = "", once: str = "", **args: Value) -> bool:
    """Defers a job. Jobs with the same `lock` run one after another; one with the same `once` waits only once.

    Returns False when a job with the same `once` is waiting already.
    """
    task = app.configure_task(job.value, lock=lock or None, queueing_lock=once or None)
    try:
        with transaction.atomic():  # a savepoint: AlreadyEnqueued would abort the caller's transaction
            task.defer(**args)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def enqueue_many(job: Job, each: Sequence[Mapping[str, Any]]) -> None:
    """Defers a job once for each set of arguments, in one statement."""
    if each:
        app.configure_task(job.value).batch_defer(*[dict(one) for one in each])
