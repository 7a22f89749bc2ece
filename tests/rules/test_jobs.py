"""Every name of a job has its task and every task its name, with the same arguments."""

from __future__ import annotations

import ast
import inspect

from procrastinate.contrib.django import app

from gatepost.jobs import Job
from gatepost.worker import tasks
from tests.rules.house import calls, trees


def enqueued() -> list[tuple[str, set[str]]]:
    """(name, arguments) of every enqueue(Job.NAME, …) in the code."""
    found = []
    for tree in trees().values():
        for name, call in calls(tree):
            if name == "enqueue" and call.args and isinstance(call.args[0], ast.Attribute):
                given = {word.arg for word in call.keywords if word.arg}
                found.append((Job[call.args[0].attr].value, given - {"lock", "once"}))
    return found


def test_every_job_has_a_task_and_every_task_a_job() -> None:
    ours = {name for name, task in app.tasks.items() if task.func.__module__ == tasks.__name__}
    assert ours == {job.value for job in Job}


def test_jobs_are_enqueued_with_what_their_tasks_take() -> None:
    asked = enqueued()
    assert {name for name, _ in asked} == {job.value for job in Job}, "a job that nothing asks for"
    for name, given in asked:
        assert given == set(inspect.signature(app.tasks[name].func).parameters), name
