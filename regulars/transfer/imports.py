"""The life of an import: a file is kept, looked at, tried, run as a job, reported.

Each batch is one transaction: its rows, the figures, the rejected rows and the place in the file. So a killed worker
loses nothing and doubles nothing, and the next one goes on behind the last whole batch.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.catalog.models import Activity, Product
from regulars.customers.models import Address, Customer, CustomerSearch, Identity
from regulars.events.record import Actor
from regulars.kit.durability import commit_before_the_disk
from regulars.kit.sorting_in import let_lists_grow, sort_in_apart
from regulars.kit.statistics import introduce, refresh_outdated
from regulars.loyalty.models import PointsEntry
from regulars.orders.models import Line, Order, Payment
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.work import start_job
from regulars.transfer.ahead import readers
from regulars.transfer.apart import WORTH_IT, Read, read_apart
from regulars.transfer.columns import own_of
from regulars.transfer.errors import FileRefused, NoRows, NotStartable
from regulars.transfer.figures import Figures
from regulars.transfer.files import forget_file, layout, private_path, store, stored_before
from regulars.transfer.formats import format_named
from regulars.transfer.intake.taking import Source, take_in
from regulars.transfer.kinds import KINDS, Writer
from regulars.transfer.looking import has_no_names, told_by_cells
from regulars.transfer.mappings import following, template_for, template_named
from regulars.transfer.models import ImportRun, ImportTrial, RejectedRow
from regulars.transfer.options import Options, usual_day_order
from regulars.transfer.reading import Position, Row, RowReader
from regulars.transfer.rows import Batch, RecordMaker, Rejected, batches


def stage(
    shop: Shop,
    kind: str,
    chunks: Iterable[bytes],
    file_name: str,
    *,
    format: str = "auto",
    template: str | None = "",
    staff: Staff | None = None,
    **cut: Any,
) -> ImportRun:
    """Keep an uploaded file and guess how to read it. kind: one of `transfer.kinds`.

    template: name of a saved mapping to follow; "" follows the one that was saved for the same column names, None none.

    cut: delimiter, encoding, sheet, header_row where they are known. Raises FileRefused (an old spreadsheet, a
    workbook that cannot be read, empty, no rows …); then nothing is kept.
    """
    stored = store(chunks)
    try:
        source = take_in(stored, encoding=cut.pop("encoding", ""), sheet=cut.pop("sheet", ""), country=shop.country)
        options = _followed(shop, kind, _guessed(shop, kind, source, format, **cut), template, format)
        return ImportRun.objects.create(
            shop=shop, kind=kind, format=options.format, file_name=file_name[:255], stored_as=stored.name,
            sha256=stored.sha256, options=options.stored(), rows_total=max(0, source.lines - options.rows_at.line),
            staff=staff,
        )  # fmt: skip
    except BaseException:
        forget_file(stored.name)
        raise


CUT = ("delimiter", "encoding", "sheet", "header_row")
"""How a file is cut into cells; another answer to one of them means guessing its columns anew."""


def _followed(shop: Shop, kind: str, options: Options, template: str | None, format: str) -> Options:
    """As a saved mapping says, where there is one to follow. Raises NoSuchTemplate."""
    if template:
        return following(options, template_named(shop, kind, template))
    found = template_for(shop, kind, options.header) if template == "" and format == "auto" else None
    return following(options, found) if found else options


@transaction.atomic
def follow(run: ImportRun, template: str) -> ImportRun:
    """Take a staged import as a saved mapping says; "" guesses it anew from its columns.

    Raises NoSuchTemplate, NotStartable, FileRefused.
    """
    _hold(run)
    options = Options.of(run.options)
    if template:
        options = following(options, template_named(run.shop, run.kind, template))
    else:
        options = replace(_cut_again(run, options, "auto", {})[0], defaults={}, template="")
    run.options, run.format = options.stored(), options.format
    run.save(update_fields=["options", "format"])
    return run


@transaction.atomic
def configure(run: ImportRun, *, format: str = "", **changes: Any) -> ImportRun:
    """Tell a staged import more: mapping (fields by position), match, policy, twice, day_order, serials, assume_paid,
    defaults (see `Options`).

    Another format, delimiter, encoding, sheet or header_row (None leaves as it is) is guessed anew first.
    Raises FileRefused, BadMapping, UnknownFormat, NotStartable.
    """
    _hold(run)
    options = Options.of(run.options)
    cut = {name: changes.pop(name) for name in CUT if changes.get(name) is not None}
    lines = None
    if format or cut:
        options, lines = _cut_again(run, options, format, cut)
    if changes := {name: value for name, value in changes.items() if name not in CUT}:
        options = replace(options, own=own_of(run.shop)).changed(**changes)
    run.options, run.format = options.stored(), options.format
    if lines is not None:
        run.rows_total = max(0, lines - options.rows_at.line)
    run.save(update_fields=["options", "format", "rows_total"])
    return run


def _cut_again(run: ImportRun, options: Options, format: str, cut: dict[str, Any]) -> tuple[Options, int]:
    """The options of a file cut in another way, and its lines; what was said of people stays."""
    known = {"encoding": options.encoding, "sheet": options.sheet} | cut
    source = take_in(
        stored_before(run.stored_as), encoding=known["encoding"], sheet=known["sheet"], country=run.shop.country
    )
    header_row = cut.get("header_row", None if "sheet" in cut else options.header_row)
    delimiter = cut.get("delimiter", "" if "sheet" in cut else options.delimiter)
    again = _guessed(run.shop, run.kind, source, format or "auto", delimiter=delimiter, header_row=header_row)
    kept = {name: getattr(options, name) for name in ("match", "policy", "twice", "quiet", "defaults")}
    return replace(again, **kept), source.lines


@transaction.atomic
def discard(run: ImportRun) -> None:
    """Forget a file that was kept and not imported, and delete it. Raises NotStartable once it was started."""
    run = ImportRun.objects.of(run.shop_id).select_for_update(of=("self",)).get(pk=run.pk)
    _must_be_waiting(run)
    run.delete()
    transaction.on_commit(lambda: forget_file(run.stored_as))


@transaction.atomic
def start(run: ImportRun, *, staff: Staff | None = None) -> JobRun:
    """Run an import in the background. Raises NotStartable, BadMapping."""
    run = ImportRun.objects.of(run.shop_id).select_for_update(of=("self",)).select_related("shop").get(pk=run.pk)
    _must_be_waiting(run)
    options = replace(Options.of(run.options), own=own_of(run.shop)).checked()
    run.options = options.stored()
    title = _("Import of {file}").format(file=run.file_name)
    data = {"import": run.pk, "quiet": options.quiet}
    ImportTrial.objects.of(run.shop_id).filter(run=run).delete()
    job = start_job(
        run.shop, "import", title, data=data, staff=staff or run.staff, total=run.rows_total,
        key=f"import:{run.pk}", can_undo=KINDS[run.kind].can_undo,
    )  # fmt: skip
    run.state, run.job_run, run.checkpoint = ImportRun.State.RUNNING, job, place_of(options.rows_at)
    run.save(update_fields=["state", "job_run", "checkpoint", "options"])
    return job


def import_next_batch(job: JobRun) -> bool:
    """One step of the work: the next batch of rows, in the transaction of the caller. Whether there is more."""
    run = ImportRun.objects.of(job.shop_id).select_related("shop").get(pk=job.data["import"])
    options, shop = Options.of(run.options), run.shop
    with _without_collecting(), translation.override(shop.language):
        commit_before_the_disk()  # what a power cut takes is written again from its checkpoint
        let_lists_grow("64MB")
        batch = readers.batch(run.pk, position_of(run.checkpoint), _reading(run, options))
        figures = Figures()
        figures.read(batch)
        rejected = batch.rejected + _writer(run, options, job).write(batch.ready, figures)
        if figures.created and not (run.created or batch.is_last):
            introduce(FILLED, "shop_id", shop.pk)
        if run.created // SORTED_IN < (run.created + figures.created) // SORTED_IN:
            sort_in_apart(*SEARCHED)
        _keep(run, rejected, figures, batch)
    job.done = run.rows
    if batch.is_last:
        job.total = run.rows_total = run.rows
        run.save(update_fields=["rows_total"])
    job.result = {name: getattr(run, name) for name in ("rows", "created", "updated", "unchanged", "rejected")}
    if watcher := _watchers.get(run.pk):
        watcher(run.rows, job.total or run.rows)
    return not batch.is_last


@contextmanager
def watched(run_id: int, tell: Callable[[int, int], None]) -> Iterator[None]:
    """Have `tell(done, total)` called after each batch of a run that this process writes."""
    _watchers[run_id] = tell
    try:
        yield
    finally:
        del _watchers[run_id]


_watchers: dict[int, Callable[[int, int], None]] = {}


MUCH = 1000
"""After so many new or changed records the planner looks again at what imports fill."""

SORTED_IN = 16_000
"""New records after which their words are sorted into the search: some 16 MB."""

SEARCHED = ("customer_search_trgm", "customer_tags")

FILLED = (Customer, CustomerSearch, Identity, Address, PointsEntry, Product, Activity, Order, Line, Payment)


def import_ended(job: JobRun) -> None:
    """Say on the import how its work ended."""
    run = ImportRun.objects.of(job.shop_id).get(pk=job.data["import"])
    readers.close(run.pk)
    run.state, run.finished_at, run.error = ImportRun.State(job.state), now(), job.error
    run.save(update_fields=["state", "finished_at", "error"])
    if run.created + run.updated >= MUCH:
        refresh_outdated(FILLED)


# --- how it is done -----------------------------------------------------------------------------------------


def _guessed(
    shop: Shop, kind: str, source: Source, format: str, *, delimiter: str = "", header_row: int | None = None
) -> Options:
    with private_path(source.name).open("rb") as file:
        found = layout(file, delimiter or ("," if source.sheet else ""), header_row)
        chosen = format_named(format, kind, found.header)
        if header_row is None and has_no_names(shop, chosen, found.header):
            found = layout(file, found.delimiter, 0)
        reader = RowReader(file, found.delimiter, columns=len(found.header), at=found.rows_at)
        if reader.peek() is None:
            raise NoRows
        told = told_by_cells(shop, chosen, found.header, reader)
    return Options(
        delimiter=found.delimiter, header=tuple(found.header), rows_at=found.rows_at, format=chosen.name,
        mapping=told.mapping, day_order=told.day_order or usual_day_order(shop), text=source.name,
        header_row=found.header_row, encoding=source.encoding, sheet=source.sheet, serials=told.serials,
        sheets=tuple((one.name, one.visible) for one in source.sheets), guessed=told.guessed,
        own=own_of(shop),
    )  # fmt: skip


def _must_be_waiting(run: ImportRun) -> None:
    if run.state != ImportRun.State.UPLOADED:
        raise NotStartable(state=run.state)


def _hold(run: ImportRun) -> None:
    """Keep it from being started, or told something else, until the transaction ends. Raises NotStartable.

    To cut a large file again takes seconds, and nobody may read it meanwhile.
    """
    fresh = ImportRun.objects.of(run.shop_id).select_for_update(of=("self",)).get(pk=run.pk)
    _must_be_waiting(fresh)
    run.state, run.options = fresh.state, fresh.options


def maker_of(run: ImportRun, options: Options) -> RecordMaker:
    """What makes records of the rows of a run."""
    source = _("File {name}").format(name=run.file_name)[:120]
    return KINDS[run.kind].rows(run.shop, options, source)


def _writer(run: ImportRun, options: Options, job: JobRun) -> Writer:
    by = Actor("import", run.pk, run.file_name)
    return KINDS[run.kind].writer(run.shop, options, by, job.pk)


def _reading(run: ImportRun, options: Options) -> Read:
    """What reads the batches of a run; a long file in a process of its own."""
    path, size = private_path(options.text or run.stored_as), KINDS[run.kind].batch
    read = partial(read_batches, run, options, path, size)
    return partial(read_apart, read) if (run.rows_total or 0) >= WORTH_IT else read


def read_batches(run: ImportRun, options: Options, path: Path, size: int, at: Position) -> Iterator[Batch]:
    """The batches of a text from a place on; runs in the thread or process that reads ahead."""
    if not path.exists():
        raise FileRefused
    with translation.override(run.shop.language), path.open("rb") as file:
        maker = maker_of(run, options)
        if options.twice == "first" and at != options.rows_at:
            _remember(maker, RowReader(file, options.delimiter, columns=len(options.header), at=options.rows_at), at)
        reader = RowReader(file, options.delimiter, columns=len(options.header), at=at)
        for batch in batches(reader, maker, options, size):
            KINDS[run.kind].ahead(batch.ready, options)
            yield batch


def _remember(maker: RecordMaker, reader: RowReader, until: Position) -> None:
    """Have a maker that goes on in the middle of a file see who stood before."""
    while reader.position < until and (row := next(reader, None)) is not None:
        if isinstance(row, Row):
            maker.record([row])


def _keep(run: ImportRun, rejected: list[Rejected], figures: Figures, batch: Batch) -> None:
    """Write down what came of a batch, and where the next one begins."""
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                shop_id=run.shop_id, run=run, line=row.line, column=row.column[:200], value=_storable(row.value),
                reason=str(row.reason), cells=[_storable(cell) for cell in row.cells],
            )
            for row in rejected
        ],
        batch_size=1000,
    )  # fmt: skip
    total = Figures.of(run)
    total.add(figures)
    for name in ("rows", "created", "updated", "unchanged", "rejected"):
        setattr(run, name, getattr(total, name))
    run.report, run.checkpoint = total.report(), place_of(batch.end)
    run.save(update_fields=["rows", "created", "updated", "unchanged", "rejected", "report", "checkpoint"])


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No search for circular garbage while rows are made by the thousand: it took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def place_of(position: Position) -> dict[str, int]:
    """A place in a file as JSON keeps it."""
    return position._asdict()


def position_of(checkpoint: Mapping[str, int]) -> Position:
    """A place in a file as it was kept."""
    return Position(checkpoint["byte"], checkpoint["line"])


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL in text."""
    return text.replace("\0", "\ufffd")
