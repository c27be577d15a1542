"""Trying an import: what would happen, row by row, without writing anything.

A file of a few seconds is tried while somebody waits, a longer one in the background: batch by batch, with progress.
What was found is kept with the run until it begins, so that its pages need not try again.
"""

import hashlib
import json
import threading
from collections.abc import Generator
from contextlib import closing
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.shops.models import JobRun, Staff
from regulars.shops.work import cancel_job, start_job
from regulars.transfer.differences import Differences
from regulars.transfer.errors import FileRefused
from regulars.transfer.figures import Figures
from regulars.transfer.files import private_path
from regulars.transfer.imports import maker_of, place_of, position_of
from regulars.transfer.kinds import KINDS
from regulars.transfer.models import ImportRun, ImportTrial
from regulars.transfer.options import Options
from regulars.transfer.reading import Position, RowReader
from regulars.transfer.rows import Batch, batches
from regulars.transfer.writing_customers import CustomerTrial

WAITED_FOR = {"orders": 3_000, "products": 3_000}
"""Rows that are tried while somebody waits: about three seconds' worth …"""
USUALLY_WAITED_FOR = 20_000

TRUE_FOR = timedelta(minutes=15)
"""How long a trial is believed: meanwhile others may change the same customers."""

TRIAL = "import.trial"


def dry_run(run: ImportRun, *, most: int | None = None, into: Figures | None = None) -> Figures:
    """What the import would do, with the first rows it would reject; nothing is written.

    most: how many records are tried at least (whole batches); `is_whole` says whether those were all. into: figures
    to add to, such as `Differences`. Raises FileRefused, BadMapping, FileNotFoundError.
    """
    options, figures = Options.of(run.options).checked(), into or Figures()
    size = min(KINDS[run.kind].batch, most or KINDS[run.kind].batch)
    trial = KINDS[run.kind].trial(run.shop, options)
    with closing(_batches(run, options, size)) as coming, translation.override(run.shop.language):
        for batch in coming:
            figures.read(batch)
            trial.write(batch.ready, figures)
            if most is not None and figures.rows >= most:
                figures.is_whole = batch.is_last
                break
    return figures


def waits_for(run: ImportRun) -> bool:
    """Whether a file is so short that somebody may wait for its trial."""
    return (run.rows_total or 0) <= WAITED_FOR.get(run.kind, USUALLY_WAITED_FOR)


def trial_of(run: ImportRun) -> ImportTrial | None:
    """The trial of a run as it is told now, also one under way; None when there is none, or it is too old."""
    trial = ImportTrial.objects.of(run.shop_id).filter(run=run).select_related("job_run").first()
    if trial is None or trial.told != _told(run) or (trial.is_over and trial.created_at < now() - TRUE_FOR):
        return None
    return trial


def try_now(run: ImportRun) -> ImportTrial:
    """Try the whole file here and now, and keep what was found. Raises what `dry_run` raises."""
    differences = Differences()
    dry_run(run, into=differences)
    return _kept(run, differences, is_over=True)


@transaction.atomic
def start_trial(run: ImportRun, *, staff: Staff | None = None) -> ImportTrial:
    """Try the whole file in the background. Raises BadMapping."""
    options = Options.of(run.options).checked()
    forget_trial(run)
    trial = _kept(run, Differences(), is_over=False)
    title = _("Check of {file}").format(file=run.file_name)
    trial.job_run = start_job(run.shop, TRIAL, title, data={"import": run.pk, "trial": trial.pk}, staff=staff,
                              total=run.rows_total, prepare=lambda job: _begin_at(job, options))  # fmt: skip
    trial.save(update_fields=["job_run"])
    return trial


def forget_trial(run: ImportRun) -> None:
    """Forget what was tried; a trial under way stops."""
    trial = ImportTrial.objects.of(run.shop_id).filter(run=run).select_related("job_run").first()
    if trial is not None:
        if trial.job_run and not trial.job_run.is_over:
            cancel_job(trial.job_run)
        trial.delete()


def differences_of(trial: ImportTrial) -> Differences:
    """The figures and rows that were kept."""
    differences = Differences.of_stored(trial.figures, trial.rows)
    differences.is_whole = trial.is_whole
    return differences


def try_next_batch(job: JobRun) -> bool:
    """One step of a trial in the background. Whether there is more; none of one that was forgotten."""
    trial = ImportTrial.objects.of(job.shop_id).filter(pk=job.data["trial"]).select_related("run__shop").first()
    if trial is None or trial.run.state != ImportRun.State.UPLOADED or trial.told != _told(trial.run):
        return False
    differences = differences_of(trial)
    with translation.override(trial.run.shop.language):
        batch, writer = _under_way.batch(job, trial.run)
        differences.read(batch)
        writer.write(batch.ready, differences)
    job.checkpoint, job.done = place_of(batch.end), differences.rows
    trial.figures, trial.rows = differences.stored(), differences.shown()
    trial.is_over = trial.is_whole = batch.is_last
    trial.save(update_fields=["figures", "rows", "is_over", "is_whole"])
    return not batch.is_last


def trial_ended(job: JobRun) -> None:
    """Close the file, however it ended."""
    _under_way.close(job.pk)
    ImportTrial.objects.of(job.shop_id).filter(pk=job.data["trial"]).update(is_over=True)


# --- how it is done ---------------------------------------------------------------------------------------------


class _UnderWay:
    """The trials that this process is in the middle of, by job.

    Who stood in the file before is known to the process that tried them. Another one that goes on reads those rows
    again first, without asking the shop about them.
    """

    def __init__(self) -> None:
        self._open: dict[int, tuple[Generator[Batch, None, None], Any]] = {}
        self._at: dict[int, Position] = {}
        self._lock = threading.Lock()

    def batch(self, job: JobRun, run: ImportRun) -> tuple[Batch, Any]:
        """The next batch of a job, and what tries it."""
        wanted, options = position_of(job.checkpoint), Options.of(run.options)
        with self._lock:
            if job.pk not in self._open or self._at[job.pk] > wanted:
                writer = KINDS[run.kind].trial(run.shop, options)
                self._open[job.pk] = _batches(run, options, KINDS[run.kind].batch), writer
                self._at[job.pk] = options.rows_at
            coming, writer = self._open[job.pk]
        for batch in coming:
            self._at[job.pk] = batch.end
            if batch.start == wanted:
                return batch, writer
            if isinstance(writer, CustomerTrial):
                writer.remember(batch.ready)
        raise FileRefused

    def close(self, job_id: int) -> None:
        with self._lock:
            self._at.pop(job_id, None)
            under_way = self._open.pop(job_id, None)
        if under_way is not None:
            under_way[0].close()


_under_way = _UnderWay()


def _batches(run: ImportRun, options: Options, size: int) -> Generator[Batch, None, None]:
    with private_path(options.text or run.stored_as).open("rb") as file:
        reader = RowReader(file, options.delimiter, columns=len(options.header), at=options.rows_at)
        yield from batches(reader, maker_of(run, options), options, size)


def _begin_at(job: JobRun, options: Options) -> None:
    job.checkpoint = place_of(options.rows_at)
    job.save(update_fields=["checkpoint"])


def _kept(run: ImportRun, differences: Differences, *, is_over: bool) -> ImportTrial:
    found = {
        "told": _told(run), "figures": differences.stored(), "rows": differences.shown(), "is_over": is_over,
        "is_whole": is_over, "job_run": None, "created_at": now(),
    }  # fmt: skip
    return ImportTrial.objects.update_or_create(shop=run.shop, run=run, defaults=found)[0]


def _told(run: ImportRun) -> str:
    return hashlib.sha256(json.dumps(run.options, sort_keys=True).encode()).hexdigest()
