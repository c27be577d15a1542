"""Background work that somebody started: begun once, done in steps, watched, cancelled, gone on with after a crash.

A kind of work is one function, a step, that does the next part of it and says whether there is more. Each step runs
in one transaction together with its checkpoint and its progress: whenever the worker is killed, every step was done
whole or not at all, and the next worker goes on behind the last one.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.kit.errors import DomainError
from regulars.kit.jobs import checkpoint, every, got_on, job, later, locks_in_use
from regulars.shops.job_news import tell_over
from regulars.shops.models import JobRun, Shop, Staff

logger = logging.getLogger(__name__)

Step = Callable[[JobRun], bool]
Ended = Callable[[JobRun], None]

SLICE_SECONDS = 15
"""After so long one run makes room for others that wait, and stands in line again."""

DEADLOCKS = 5
"""How often a step that met a deadlock is done again at once."""

_WRITTEN = ("state", "done", "total", "checkpoint", "result", "error", "started_at", "finished_at")


@dataclass(frozen=True, slots=True)
class _Work:
    step: Step
    ended: Ended | None
    told: bool


_kinds: dict[str, _Work] = {}


def work(kind: str, *, ended: Ended | None = None, told: bool = False) -> Callable[[Step], Step]:
    """Register `step(run) -> bool` as the way a kind of JobRun is done; it answers whether there is more to do.

    A step takes what to do from `run.data`, does its next part (about a second's worth), and writes where it stands
    into `run.checkpoint`, how much is done into `run.done` (and `run.total`, once known) and what came of it into
    `run.result`; it does not save the run. ended: called once when the run is over, however it ended. told: whoever
    started it is told of its end even when it was quick (see `job_news`).
    """

    def register(step: Step) -> Step:
        if kind in _kinds:
            raise ValueError(f"There is already a kind of work {kind!r}.")
        _kinds[kind] = _Work(step, ended, told)
        return step

    return register


@transaction.atomic
def start_job(
    shop: Shop,
    kind: str,
    title: str,
    *,
    data: Mapping[str, Any],
    staff: Staff | None,
    total: int | None = None,
    key: str | None = None,
    can_undo: bool = False,
    prepare: Callable[[JobRun], None] | None = None,
    at_once: bool = False,
) -> JobRun:
    """Begin background work of a kind; the worker takes it up when this transaction is committed.

    data: JSON, whatever the step needs. title: shown to people. key: of one wish, at most 64 characters; the same key
    again answers the run that already exists, and starts nothing. prepare: called with a new run before anything of it
    is done; it may set `total` and `data`. at_once: all of it is done here and now (for a second's worth or less), and
    what goes wrong is raised.
    """
    facts = {"kind": kind, "title": title[:200], "staff": staff, "total": total, "can_undo": can_undo}
    run, is_new = _created(shop, key, facts | {"data": dict(data)})
    if not is_new:
        return run
    if prepare:
        prepare(run)
        run.save(update_fields=["total", "data"])
    if at_once:
        while _next_part(run):
            pass
        run.save(update_fields=_WRITTEN)
    else:
        _enqueue(run)
    return run


def cancel_job(run: JobRun) -> None:
    """Ask a run to stop. It does after its current step; what it did until then stays, and can be undone as usual."""
    states = (JobRun.State.WAITING, JobRun.State.RUNNING, JobRun.State.PAUSED)
    JobRun.objects.of(run.shop_id).filter(pk=run.pk, state__in=states).update(cancel_asked=True)
    resume_job(run)


def pause_job(run: JobRun) -> None:
    """Ask a run to rest. It does after its current step, until `resume_job`; nothing of it is lost."""
    states = (JobRun.State.WAITING, JobRun.State.RUNNING)
    JobRun.objects.of(run.shop_id).filter(pk=run.pk, state__in=states).update(pause_asked=True)


@transaction.atomic
def resume_job(run: JobRun) -> None:
    """Have a run that rests go on behind its last step; one that was only asked to rest does not."""
    row = JobRun.objects.of(run.shop_id).select_for_update().get(pk=run.pk)
    rested = row.state == JobRun.State.PAUSED
    row.pause_asked, row.state = False, JobRun.State.WAITING if rested else row.state
    row.save(update_fields=["pause_asked", "state"])
    if rested:
        _enqueue(row)


@transaction.atomic
def go_on_with(run: JobRun) -> JobRun:
    """Have a run that was called off, or failed, go on behind its last step; any other one stays as it is."""
    row = JobRun.objects.of(run.shop_id).select_for_update(of=["self"]).get(pk=run.pk)
    if row.state in (JobRun.State.CANCELLED, JobRun.State.FAILED):
        row.state, row.error, row.finished_at = JobRun.State.WAITING, "", None
        row.cancel_asked = row.pause_asked = False
        row.save(update_fields=["state", "error", "finished_at", "cancel_asked", "pause_asked"])
        _enqueue(row)
    return row


def is_quiet(shop_id: int, batch_id: int | None) -> bool:
    """Whether whoever started this run wished that nothing be set off by what it does. batch_id: of its events."""
    return batch_id is not None and JobRun.objects.of(shop_id).filter(pk=batch_id, data__quiet=True).exists()


def quiet_runs(shop_id: int) -> list[int]:
    """The runs of the last day that were to set nothing off: what follows from them may be told until then."""
    recent = Q(finished_at__isnull=True) | Q(finished_at__gt=now() - timedelta(days=1))
    runs = JobRun.objects.of(shop_id).filter(recent, created_at__gt=now() - timedelta(days=7), data__quiet=True)
    return list(runs.values_list("pk", flat=True))


@job(queue="work", retry=8)
def carry_on(shop_id: int, run_id: int) -> None:
    """Do one run's steps until it is over or its slice of time is."""
    until = time.monotonic() + SLICE_SECONDS
    while _step(shop_id, run_id):
        got_on()
        checkpoint()
        if time.monotonic() > until:
            _enqueue(JobRun.objects.of(shop_id).get(pk=run_id))
            return


@every("*/5 * * * *")
def end_lost_runs() -> None:
    """Fail the runs whose job was given up: ten workers died of one step, or it met only errors of the database."""
    open_runs = JobRun.objects.filter(state__in=(JobRun.State.WAITING, JobRun.State.RUNNING)).order_by("pk")
    runs = {_lock(pk): (shop_id, pk) for shop_id, pk in open_runs.values_list("shop_id", "pk")}
    for lock in runs.keys() - locks_in_use(list(runs)):
        shop_id, pk = runs[lock]
        logger.error("Run %s in shop %s has no job any more.", pk, shop_id)
        _fail(shop_id, pk, _("It was begun again and again and never ended (run {id}).").format(id=pk))


def _enqueue(run: JobRun) -> None:
    later(carry_on, lock=_lock(run.pk), shop_id=run.shop_id, run_id=run.pk)


def _lock(run_id: int) -> str:
    return f"run:{run_id}"


def _created(shop: Shop, key: str | None, facts: dict[str, Any]) -> tuple[JobRun, bool]:
    if facts["kind"] not in _kinds:
        raise ValueError(f"There is no kind of work {facts['kind']!r}.")
    if key is None:
        return JobRun.objects.create(shop=shop, **facts), True
    return JobRun.objects.get_or_create(shop=shop, idempotency_key=key, defaults=facts)


def _step(shop_id: int, run_id: int) -> bool:
    """One step in one transaction; whether there is more. An error that would come again ends the run."""
    for attempt in range(DEADLOCKS + 1):
        try:
            return _step_in_transaction(shop_id, run_id)
        except OperationalError as error:
            # A deadlock is gone when the others are through. A database that went away is for the job's own retry.
            if not _is_deadlock(error) or attempt == DEADLOCKS:
                raise
        except DomainError as error:
            _fail(shop_id, run_id, str(error))
            return False
        except Exception:
            logger.exception("Step of run %s in shop %s failed.", run_id, shop_id)
            _fail(shop_id, run_id, _("It stopped because of an error in Regulars (run {id}).").format(id=run_id))
            return False
    return False


@transaction.atomic
def _step_in_transaction(shop_id: int, run_id: int) -> bool:
    if not _is_ours(run_id):
        return False
    run = JobRun.objects.of(shop_id).get(pk=run_id)
    if run.is_over:
        return False
    if run.cancel_asked:
        _end(run, JobRun.State.CANCELLED)
    elif run.pause_asked and _rests(run):
        return False
    else:
        _next_part(run)
    # `cancel_asked` and `pause_asked` are not written: they may be set while the step runs.
    run.save(update_fields=_WRITTEN)
    if run.is_over:
        tell_over(run, always=_kinds[run.kind].told)
    return not run.is_over


def _rests(run: JobRun) -> bool:
    """Lay a run to rest, unless it was told to go on meanwhile."""
    wished = JobRun.objects.of(run.shop_id).filter(pk=run.pk, pause_asked=True, cancel_asked=False)
    return bool(wished.update(state=JobRun.State.PAUSED))


def _next_part(run: JobRun) -> bool:
    """Let the kind do its next part; whether there is more."""
    run.started_at, run.state = run.started_at or now(), JobRun.State.RUNNING
    if _kinds[run.kind].step(run):
        return True
    _end(run, JobRun.State.DONE)
    return False


def _end(run: JobRun, state: str) -> None:
    run.state, run.finished_at = state, now()
    if ended := _kinds[run.kind].ended:
        ended(run)


@transaction.atomic
def _fail(shop_id: int, run_id: int, error: str) -> None:
    run = JobRun.objects.of(shop_id).select_for_update().get(pk=run_id)
    if run.is_over:
        return
    run.error = error
    _end(run, JobRun.State.FAILED)
    run.save(update_fields=_WRITTEN)
    tell_over(run)


def _is_ours(run_id: int) -> bool:
    """Whether no other worker is at this run. The lock is not the row's: asking a run to stop must not wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"work.run:{run_id}"])
        return bool(cursor.fetchone()[0])


def _is_deadlock(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in ("40P01", "40001")
