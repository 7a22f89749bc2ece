"""What the worker's own loops enqueue belongs to their transactions, while the queue runs on connections of its own."""

from __future__ import annotations

import asyncio
import gc
import threading
from typing import Any
from unittest.mock import AsyncMock, patch

import pytest
from django.db import Error, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost import jobs
from gatepost.worker.run import _rescue, queue_app
from tests import factories


def test_the_queue_has_the_same_tasks_and_leaves_the_applications_connector_alone() -> None:
    own = queue_app()
    assert own.tasks is app.tasks
    assert own.connector is not app.connector
    assert isinstance(app.connector, DjangoConnector)


@pytest.mark.django_db
def test_what_is_enqueued_beside_it_is_rolled_back_with_its_transaction() -> None:
    queue_app()
    jobs.enqueue_many(jobs.Job.ACT_SETTLED, [{"act": "1"}, {"act": "2"}])
    jobs.enqueue_many(jobs.Job.ACT_SETTLED, [])
    with transaction.atomic():
        jobs.enqueue(jobs.Job.ACT_SETTLED, act="3")
        transaction.set_rollback(True)
    assert sorted(job.args["act"] for job in ProcrastinateJob.objects.all()) == ["1", "2"]


@pytest.mark.django_db
def test_one_that_waits_already_is_not_asked_for_again_and_the_database_has_nothing_to_complain_of() -> None:
    refused = []

    def listen(run: Any, sql: str, given: Any, many: bool, context: Any) -> Any:
        try:
            return run(sql, given, many, context)
        except Error as error:
            refused.append(error)
            raise

    with connection.execute_wrapper(listen):
        asked = [
            jobs.enqueue(jobs.Job.READ_CHANNEL, channel=channel, once=f"read:{channel}", lock=f"read:{channel}")
            for channel in (7, 7, 8, 7)
        ]
    assert asked == [True, False, True, False]
    assert refused == []
    waiting = ProcrastinateJob.objects.filter(queueing_lock__in=["read:7", "read:8"]).order_by("pk")
    assert [(one.args, one.lock, one.status, one.queue_name, one.task_name) for one in waiting] == [
        ({"channel": channel}, f"read:{channel}", "todo", "default", "read_channel") for channel in (7, 8)
    ]


@pytest.mark.django_db(transaction=True)
def test_the_log_stays_clean_when_two_ask_at_once() -> None:
    """The other has asked and not committed yet: whoever comes second waits for it, and is told that it waits."""
    answers: list[bool | Exception] = []

    def ask() -> None:
        try:
            answers.append(jobs.enqueue(jobs.Job.READ_CHANNEL, channel=7, once="read:7", lock="read:7"))
        except Exception as error:
            answers.append(error)
        connection.close()

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    other = threading.Thread(target=ask)
    with transaction.atomic():
        assert jobs.enqueue(jobs.Job.READ_CHANNEL, channel=7, once="read:7", lock="read:7")
        other.start()
    other.join(60)
    assert answers == [False]
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_while_its_like_waits_gives_its_turn_to_that_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stays "doing", which would keep its lock from everybody until the worker is started anew."""
    tries: list[str] = []

    def fails(channel: object, *, at: object) -> int:
        tries.append("tried")
        if len(tries) == 1:
            jobs.enqueue(jobs.Job.READ_CHANNEL, channel=channel_.pk, once="read:x", lock="read:x")
            raise ValueError("not this time")
        return 0

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    channel_ = factories.channel()
    monkeypatch.setattr("gatepost.inbox.intake.read_channel", fails)
    jobs.enqueue(jobs.Job.READ_CHANNEL, channel=channel_.pk, once="read:x", lock="read:x")

    async def work() -> None:
        own = queue_app()
        async with own.open_async():
            await own.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="successful")

    asyncio.run(work())
    gc.collect()
    assert tries == ["tried", "tried"]
    assert not ProcrastinateJob.objects.exists()


# Jobs that other tests committed stay, for Django empties the tables of its own models alone.
STALLED = """
TRUNCATE procrastinate_jobs CASCADE;
INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes');
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock, worker_id)
VALUES ('default', 'read_channel', '{"channel": 1}', 'doing', NULL, (SELECT max(id) FROM procrastinate_workers));
UPDATE procrastinate_jobs SET queueing_lock = 'read:1' WHERE status = 'doing';
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, queueing_lock)
VALUES ('default', 'read_channel', '{"channel": 1}', 'todo', 'read:1');
"""


@pytest.mark.django_db(transaction=True)
def test_a_dead_workers_job_that_waits_anew_already_stops_no_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute(STALLED)

    async def rescue() -> None:
        own = queue_app()
        async with own.open_async():
            await _rescue(own)

    asyncio.run(rescue())
    assert list(ProcrastinateJob.objects.values_list("status", flat=True)) == ["todo"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_see_the_same_stalled_job_do_not_fall_over_each_other() -> None:
    with connection.cursor() as cursor:
        cursor.execute(STALLED)
    ProcrastinateJob.objects.filter(status="todo").delete()

    async def rescue() -> None:
        own = queue_app()
        async with own.open_async():
            seen = list(await own.job_manager.get_stalled_jobs(seconds_since_heartbeat=30))
            await _rescue(own)  # the other was quicker
            with patch.object(own.job_manager, "get_stalled_jobs", AsyncMock(return_value=seen)):
                await _rescue(own)

    asyncio.run(rescue())
    assert list(ProcrastinateJob.objects.values_list("status", flat=True)) == ["todo"]
