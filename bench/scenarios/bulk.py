"""Something done to very many customers, its undo, and all figures derived anew."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench.measure import Scenario, Target, Work

if TYPE_CHECKING:
    from bench.house import Bench
    from regulars.shops.models import JobRun

TAG = "measured"


def tag(bench: "Bench") -> Iterator[Work]:
    """Add a tag to a selection, as the worker does it; then take it back."""
    ids = _chosen(bench)
    runs: list[JobRun] = []
    try:
        yield lambda: runs.append(_tagged(bench, ids))
    finally:
        for run in runs:
            _undone(bench, run)


def undo(bench: "Bench") -> Iterator[Work]:
    """Take a tag back."""
    run = _tagged(bench, _chosen(bench))
    yield lambda: _undone(bench, run)


def plain_tag(bench: "Bench") -> Iterator[Work]:
    """One UPDATE of the rows, not kept."""
    ids = _chosen(bench)

    def update() -> None:
        with bench.raw.connection.transaction(force_rollback=True):
            bench.raw.rows(
                "UPDATE customers_customer SET tag_ids = tag_ids || 0::bigint, updated_at = now(),"
                " version = version + 1 WHERE shop_id = %s AND id = ANY(%s)",
                [bench.shop.pk, ids],
            )

    yield update


def refresh(bench: "Bench") -> Iterator[Work]:
    """Derive the figures of everybody from the orders; nothing differs."""
    from regulars.orders.stats import refresh_all

    bench.quiet()
    yield lambda: f"{refresh_all(bench.shop)[0]:,} differed"


def plain_sums(bench: "Bench") -> Iterator[Work]:
    """The main figures of everybody in one statement."""
    yield lambda: bench.raw.rows(
        "SELECT count(*) FROM (SELECT customer_id, count(*), sum(captured - refunded), min(placed_at), max(placed_at)"
        " FROM orders_order WHERE shop_id = %s AND cancelled_at IS NULL AND NOT is_test AND deleted_at IS NULL"
        " GROUP BY customer_id) AS sums",
        [bench.shop.pk],
    )


SCENARIOS = (
    Scenario(
        "Bulk work", "add a tag to a selection", tag, plain_tag, Target(rate=10_000),
        things=lambda bench: bench.size.tagged, warm_up=0, repeats=1,
    ),
    Scenario(
        "Bulk work", "undo it", undo, plain_tag, Target(rate=10_000),
        things=lambda bench: bench.size.tagged, warm_up=0, repeats=1,
    ),
    Scenario(
        "Bulk work", "derive the figures of everybody", refresh, plain_sums,
        things=lambda bench: bench.size.customers, warm_up=0, repeats=1,
    ),
)  # fmt: skip


def _chosen(bench: "Bench") -> list[int]:
    bench.quiet()
    rows = bench.raw.rows(
        "SELECT id FROM customers_customer WHERE shop_id = %s AND deleted_at IS NULL ORDER BY id LIMIT %s",
        [bench.shop.pk, bench.size.tagged],
    )
    return [row[0] for row in rows]


def _tagged(bench: "Bench", ids: list[int]) -> "JobRun":
    from regulars.customers.actions import run_action
    from regulars.customers.selection import Selection

    run = run_action(Selection.of_ids(bench.shop, ids), "tag", {"add": [TAG]}, staff=bench.owner)
    return _worked(run)


def _undone(bench: "Bench", run: "JobRun") -> None:
    from regulars.customers.actions import undo_run
    from regulars.shops.queries import acting

    _worked(undo_run(run, staff=bench.owner, by=acting(bench.owner)))


def _worked(run: "JobRun") -> "JobRun":
    """Do a run to its end in this process, as a worker would."""
    from regulars.shops.models import JobRun
    from regulars.shops.work import carry_on

    while not run.is_over:
        carry_on(shop_id=run.shop_id, run_id=run.pk)
        run = JobRun.objects.of(run.shop_id).get(pk=run.pk)
    if run.state != JobRun.State.DONE:
        raise RuntimeError(f"{run.title}: {run.error}")
    return run
