"""Background jobs, kept in the database: a job exists if and only if the change that asked for it does.

The one module that knows the library behind it. A job is a function with JSON arguments that may
run twice: after a worker was killed another takes its jobs up again, within about 30 seconds.
"""

import functools
import inspect
import json
import threading
from collections.abc import Callable
from contextlib import nullcontext
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Generic, ParamSpec, TypeVar

from asgiref.sync import async_to_sync
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from procrastinate import exceptions, jobs
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from regulars.kit.errors import DomainError
from regulars.kit.planning import planned_once

P = ParamSpec("P")
R = TypeVar("R")

MOST_LIVES = 10
"""How often one job may be begun again after its worker died, unless it got on (`got_on`) in between. Then it is taken
for what kills them."""

KEPT_DAYS = 30
"""How long failed jobs can be looked at. Those that succeeded are deleted at once."""

stopping = threading.Event()
"""Set as soon as this worker was told to stop; see `checkpoint`."""


class WorkerStops(Exception):
    """Unwinds a long job because its worker was told to stop. The job goes on in the next worker."""


class Job(Generic[P, R]):
    """A function that can be run now, by calling it, or in the background, by `later`."""

    def __init__(self, function: Callable[P, R], *, queue: str, retry: int, priority: int) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.signature = inspect.signature(function)
        self.task = app.task(
            self._run, name=self.name, queue=queue, priority=priority, retry=_Retry(retry), pass_context=True
        )

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)

    def _run(self, context: JobContext | None, **kwargs: Any) -> None:
        if context and context.job.queueing_lock:
            _let_the_next_wait(context.job)
        kwargs.pop("timestamp", None)  # what time-tables add to the arguments
        _taken_up.set(context.job.id if context and context.job.attempts else None)
        self.function(**kwargs)  # type: ignore[call-arg]


def job(queue: str = "default", retry: int = 3, priority: int = 0) -> Callable[[Callable[P, R]], Job[P, R]]:
    """Make a function a job. It takes keyword arguments that JSON knows (ids, not objects).

    retry: how often it is tried again after an error, after 5, 15, 45 … seconds; never after a
    DomainError, which would come back the same. priority: higher runs first. queue: a label for
    people who look at the jobs; every worker takes all queues.
    """
    return lambda function: Job(function, queue=queue, retry=retry, priority=priority)


def every(cron: str, *, queue: str = "system", retry: int = 0) -> Callable[[Callable[[], None]], Job[[], None]]:
    """Make a function without arguments a job that runs by a time-table: cron, in UTC, seconds may come last.

    With several workers it still runs once each time, and never twice at once.
    """

    def decorate(function: Callable[[], None]) -> Job[[], None]:
        made = Job(function, queue=queue, retry=retry, priority=0)
        app.periodic(cron=cron, periodic_id="", lock=made.name, queueing_lock=made.name)(made.task)
        return made

    return decorate


def later(
    job: Job[Any, Any],
    *,
    once: str | None = None,
    lock: str | None = None,
    at: datetime | None = None,
    priority: int | None = None,
    **kwargs: Any,
) -> None:
    """Have a job run in the background, once the surrounding transaction is committed; never if it is not.

    once: while a job of this name waits (be it for its time), another is folded into it: it will
    run after this transaction too. One that already runs does not count. lock: jobs of this name
    never run at the same time, and in order. at: not before that instant. Raises TypeError when
    the arguments do not fit the function.
    """
    job.signature.bind(**kwargs)
    options = {"lock": lock, "schedule_at": at, "priority": priority}
    if once is None:
        job.task.configure(**options).defer(**kwargs)
    else:
        _once(job, once, options, kwargs)


def checkpoint() -> None:
    """For long jobs, between two batches: raises WorkerStops when the worker was told to stop."""
    if stopping.is_set():
        raise WorkerStops


def got_on(beside: BaseDatabaseWrapper | None = None) -> None:
    """For long jobs, where they stand further than in any of their lives: that workers died until here is forgotten.

    beside: a connection that commits at once, for a job that is in the middle of a transaction.
    """
    job_id = _taken_up.get()
    if job_id is None:
        return
    with (beside or connection).cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 0 WHERE id = %s", [job_id])
    _taken_up.set(None)


def waiting_count() -> int:
    """How many jobs wait to be run now, in all queues."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs"
            " WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
        )
        return int(cursor.fetchone()[0])


def run_worker(concurrency: int = 2) -> None:
    """Run the jobs of all installed apps until SIGTERM; see `kit.worker`, of which a web process needs nothing."""
    from regulars.kit import worker

    worker.run(concurrency)


def locks_in_use(names: list[str]) -> set[str]:
    """Which of these locks (see `later`) belong to a job that waits or runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT lock FROM procrastinate_jobs WHERE lock = ANY(%s) AND status IN ('todo', 'doing')", [names]
        )
        return {lock for (lock,) in cursor.fetchall()}


def run_waiting_jobs(most: int = 1000) -> int:
    """Run all jobs that are due, here and now, and say how many. For tests and one-shot commands.

    Uses this thread's database connection, so it sees what a test has not committed. An error of a
    job marks it failed and is raised.
    """
    manager = app.job_manager
    worker_id = async_to_sync(manager.register_worker)()
    try:
        for count in range(most):
            found = async_to_sync(manager.fetch_job)(queues=None, worker_id=worker_id)
            if found is None:
                return count
            _run_here(found)
        return most
    finally:
        async_to_sync(manager.unregister_worker)(worker_id)


# --- how it is done ---------------------------------------------------------------------------------------

_taken_up: ContextVar[int | None] = ContextVar("taken_up", default=None)
"""The job that runs here, while it has not got further than in the lives it had before."""


class _Retry(BaseRetryStrategy):
    """Again after 5, 15, 45 … seconds, at once when only the worker stops, never after a refusal.

    A lost connection, a deadlock or a time-out is no fault of the job: that is tried again a few
    times even if the job allows nothing else.
    """

    def __init__(self, most: int) -> None:
        self.most = most

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> RetryDecision | None:
        if isinstance(exception, WorkerStops):
            return RetryDecision()
        most = max(self.most, 3) if isinstance(exception, (OperationalError, InterfaceError)) else self.most
        if isinstance(exception, DomainError) or job.attempts >= most:
            return None
        return RetryDecision(retry_in={"seconds": min(5 * 3**job.attempts, 3600)})


# Holds on to a waiting job until we commit: a worker passes over a job that is locked, so it
# cannot run before our change can be seen. The second lock is ours while nobody else is about to
# add the same job. Neither ever waits for another transaction, so no two can wait for each other.
_FOLD = """
    WITH waiting AS MATERIALIZED (
        SELECT id FROM procrastinate_jobs WHERE queueing_lock = %(once)s::text AND status = 'todo' FOR KEY SHARE
    )
    SELECT EXISTS (SELECT 1 FROM waiting), pg_try_advisory_xact_lock(hashtextextended(%(once)s::text, 0))
"""


def _once(job: Job[Any, Any], once: str, options: dict[str, Any], kwargs: dict[str, Any]) -> None:
    with transaction.atomic(savepoint=False):
        with planned_once() as cursor:
            cursor.execute(_FOLD, {"once": once})
            is_waiting, is_ours = cursor.fetchone()
        if is_waiting:
            return
        if is_ours and _added(job, options | {"queueing_lock": once}, kwargs):
            return
        # Somebody is adding it in a transaction we cannot see: one run too many is better than
        # one that comes before our change.
        job.task.configure(**options).defer(**kwargs)


def _added(job: Job[Any, Any], options: dict[str, Any], kwargs: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            job.task.configure(**options).defer(**kwargs)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def _let_the_next_wait(begun: jobs.Job) -> None:
    """Take "once" off a job that begins: if it must be tried again, another may already wait in its place."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %s", [begun.id])


def _run_here(found: jobs.Job) -> None:
    task = app.tasks[found.task_name]
    given: Any = found.task_kwargs
    arguments = json.loads(given) if isinstance(given, str) else given  # Django's connections leave JSON as text
    status = jobs.Status.FAILED
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            task.func(None, **arguments)
        status = jobs.Status.SUCCEEDED
    finally:
        async_to_sync(app.job_manager.finish_job)(job=found, status=status, delete_job=False)


@every("23 3 * * *")
def forget_old_jobs() -> None:
    """Delete what failed or was called off a month ago."""
    async_to_sync(app.job_manager.delete_old_jobs)(
        nb_hours=24 * KEPT_DAYS, include_failed=True, include_cancelled=True, include_aborted=True
    )
