"""What the worker's own loops enqueue belongs to their transactions, while the queue runs on connections of its own."""

from __future__ import annotations

import asyncio
from unittest.mock import AsyncMock, patch

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost import jobs
from gatepost.worker.run import _rescue, queue_app


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
