"""The process that runs background jobs: wakes at once, survives its database, gives way when told to."""

import asyncio
import logging
import os
import signal
import threading

from asgiref.sync import sync_to_async
from django.db import connections
from django.utils.module_loading import autodiscover_modules
from procrastinate import App, exceptions, jobs
from procrastinate.contrib.django import app, connector_params
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector

from regulars.kit.jobs import MOST_LIVES, stopping

logger = logging.getLogger(__name__)

# In seconds. A job of a worker that died is taken up again within DEAD_AFTER + LOOK_EVERY. Shorter
# would take a worker for dead that a long call into C keeps from beating.
BEAT_EVERY = 5.0
DEAD_AFTER = 25.0
LOOK_EVERY = 5.0
POLL_EVERY = 2.0
GRACE = 20.0
RESTART_AFTER = 2.0


def run(concurrency: int = 2) -> None:
    """Run jobs of all queues until SIGTERM or SIGINT, `concurrency` at a time.

    Then no job is begun any more, long ones leave at their next checkpoint and go on in the next
    worker; whatever still runs after 20 seconds is left behind and taken up again from there. When the
    database goes away it waits and begins anew.
    """
    autodiscover_modules("jobs")
    stopping.clear()
    asyncio.run(_work_until_told(concurrency))


async def _work_until_told(concurrency: int) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _tell, told)
    while not told.is_set():
        try:
            await _work(concurrency, told)
        except Exception:
            logger.exception("The worker stopped; it starts again in %s seconds.", RESTART_AFTER)
        if not told.is_set():
            await sync_to_async(connections.close_all)()
            await asyncio.wait({asyncio.create_task(told.wait())}, timeout=RESTART_AFTER)


def _tell(told: asyncio.Event) -> None:
    """Ask everything to stop; a thread that does not is left to the next worker."""
    stopping.set()
    told.set()
    last_resort = threading.Timer(GRACE, os._exit, args=[0])
    last_resort.daemon = True
    last_resort.start()


async def _work(concurrency: int, told: asyncio.Event) -> None:
    """One life of the worker, with connections of its own; raises whatever ended it but being told."""
    async with _worker_app().open_async() as ours:
        work = asyncio.create_task(_serve(ours, concurrency))
        rescue = asyncio.create_task(_rescue(ours.job_manager))
        waiting = asyncio.create_task(told.wait())
        await asyncio.wait({work, rescue, waiting}, return_when=asyncio.FIRST_COMPLETED)
        ended = {task for task in (work, rescue) if task.done()}
        for task in (work, rescue, waiting):
            task.cancel()
        await asyncio.gather(work, rescue, waiting, return_exceptions=True)
        for task in ended:
            task.result()


async def _serve(ours: App, concurrency: int) -> None:
    await ours.run_worker_async(
        concurrency=concurrency,
        fetch_job_polling_interval=POLL_EVERY,
        update_heartbeat_interval=BEAT_EVERY,
        stalled_worker_timeout=DEAD_AFTER,
        shutdown_graceful_timeout=GRACE,
        delete_jobs="successful",
        install_signal_handlers=False,
    )


def _worker_app() -> App:
    """The same jobs over connections of the worker's own.

    The jobs themselves stay bound to Django's connection, so that a job which enqueues another
    does so in its own transaction.
    """
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    ours = App(connector=connector, worker_defaults=app.worker_defaults)
    ours.tasks = app.tasks
    ours.periodic_registry = app.periodic_registry
    return ours


async def _rescue(manager: JobManager) -> None:
    """Every few seconds, put the jobs of dead workers back in line. Not a job: that would wait in line."""
    while True:
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
            await _take_up(manager, job)
        await asyncio.sleep(LOOK_EVERY)


async def _take_up(manager: JobManager, job: jobs.Job) -> None:
    try:
        if job.attempts < MOST_LIVES:
            await manager.retry_job(job)
            logger.warning("Job %s of a dead worker is taken up again.", job.id)
        else:
            await manager.finish_job(job, jobs.Status.FAILED, delete_job=False)
            logger.error("Job %s was begun %s times and never ended: given up.", job.id, job.attempts)
    except exceptions.UniqueViolation:
        await manager.finish_job(job, jobs.Status.ABORTED, delete_job=False)
        logger.warning("Job %s of a dead worker is dropped: the same one already waits.", job.id)
    except exceptions.ConnectorException:
        # Two workers may find the same job; the second finds it no longer running, which is as good.
        logger.info("Job %s could not be taken up.", job.id, exc_info=True)
