"""Names of background jobs, enqueued in the caller's transaction: a rollback leaves no job behind.

What a job does is in worker/tasks.py; a test checks that every name here has its task.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

Value = str | int | bool | None


class Job(StrEnum):
    READ_CHANNEL = "read_channel"  # channel: int
    READ_AGAIN = "read_again"  # channel: int, since: str (ISO)
    REREAD = "reread"  # channel: int
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
    READ_PICTURE = "read_picture"  # media: str
    READ_POLICY = "read_policy"  # policy_import: int
    TELL_ALARM = "tell_alarm"  # alarm: int, everybody: bool
    TELL_SILENCE = "tell_silence"  # channel: int
    RING = "ring"  # call: int
    TRAIN_READERS = "train_readers"  # training: int
    ASK_OUTSIDE = "ask_outside"  # message: int
    OVERDUE = "overdue"  # act: str
    HOLD_END = "hold_end"  # hold: int
    SIGN_IN_LETTER = "sign_in_letter"  # link: int
    WORKER_SILENT = "worker_silent"  # worker: str, since: str (ISO)


# The queue itself would ask the database for a job that is there already and take its refusal, of which the database's
# log would be full: some jobs are asked for every second.
_ONCE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args)
VALUES (%s, %s, %s, %s, %s, %s::jsonb)
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""


def enqueue(job: Job, *, lock: str = "", once: str = "", **args: Value) -> bool:
    """Defers a job. Jobs with the same `lock` run one after another; one with the same `once` waits only once.

    Returns False when a job with the same `once` is waiting already.
    """
    task = app.configure_task(job.value, lock=lock or None, queueing_lock=once or None)
    if not once:
        task.defer(**args)
        return True
    made = task.make_new_job(**args)
    with connection.cursor() as cursor:
        cursor.execute(
            _ONCE, (made.queue, made.task_name, made.priority, made.lock, once, json.dumps(made.task_kwargs))
        )
        return bool(cursor.rowcount)


def enqueue_many(job: Job, each: Sequence[Mapping[str, Any]]) -> None:
    """Defers a job once for each set of arguments, in one statement."""
    if each:
        app.configure_task(job.value).batch_defer(*[dict(one) for one in each])
