"""Checking all stored figures of a shop in the background, and putting right what differs.

A repair only appends: it stores what the records say and tells of every row in the trail, with old and new.
"""

from itertools import groupby, islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from regulars.customers.checks import Check, Difference, all_checks, check_named
from regulars.events.record import Actor, Happening, record_many
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.work import start_job, work

KIND = "figures.check"
REPAIRED = "figures.repaired"
BATCHES = 5
"""Batches of rows a step: a second or less."""
MOST_SHOWN = 50
"""Differing figures of a kind that a run remembers one by one; the others are counted."""


def start_check(shop: Shop, *, staff: Staff | None, repair: bool = False) -> JobRun:
    """Have all stored figures derived again; with `repair` what differs is stored, and checked once more at the end."""
    title = _("Put stored figures right") if repair else _("Check stored figures")
    checks = all_checks()
    data = {"repair": repair, "checks": [check.name for check in checks]}
    total = sum(check.count(shop) for check in checks)
    return start_job(shop, KIND, title, data=data, staff=staff, total=total)


def runs_of(shop: Shop) -> "QuerySet[JobRun]":
    """All checks and repairs, newest first."""
    runs: QuerySet[JobRun] = JobRun.objects.of(shop).filter(kind=KIND).select_related("staff__user").order_by("-pk")
    return runs


def _ended(run: JobRun) -> None:
    if run.data["repair"] and run.state == JobRun.State.DONE:
        start_check(run.shop, staff=run.staff)


@work(KIND, ended=_ended)
def check_step(run: JobRun) -> bool:
    """The next batches of the kind it is at. `result`: kind → {"looked", "wrong", "rows"}."""
    place, after = run.checkpoint.get("place", 0), run.checkpoint.get("after", 0)
    names = run.data["checks"]
    if place >= len(names):
        return False
    check = check_named(names[place])
    found = run.result.setdefault(names[place], {"looked": 0, "wrong": 0, "rows": []})
    last = _batches(run, check, after, found) if check else 0
    run.checkpoint = {"place": place, "after": last} if last else {"place": place + 1, "after": 0}
    return bool(last) or place + 1 < len(names)


def _batches(run: JobRun, check: Check, after: int, found: dict[str, Any]) -> int:
    """Look at some batches; the id to go on after, 0 at the end."""
    seen = 0
    for ids in islice(check.batches(run.shop_id, after), BATCHES):
        seen = ids[-1]
        differing = check.differing(run.shop, ids)
        if differing and run.data["repair"]:
            _repair(run, check, differing)
        _remember(found, len(ids), differing)
        run.done += len(ids)
    return seen


def _remember(found: dict[str, Any], looked: int, differing: list[Difference]) -> None:
    found["looked"] += looked
    found["wrong"] += len(differing)
    rest = differing[: max(0, MOST_SHOWN - len(found["rows"]))]
    found["rows"] += [[one.about, one.id, one.customer_id, one.name, *one.pair] for one in rest]


def _repair(run: JobRun, check: Check, differing: list[Difference]) -> None:
    check.repair(run.shop, sorted({one.id for one in differing}))
    by = Actor("staff", run.staff.pk, str(run.staff)) if run.staff else Actor.system()
    told = [_happening(list(of_row)) for _row, of_row in groupby(differing, key=lambda one: (one.about, one.id))]
    record_many(run.shop_id, told, by=by, batch_id=run.pk)


def _happening(of_row: list[Difference]) -> Happening:
    """One event a row; those of customers stand in their timeline, those of orders in their buyer's."""
    one = of_row[0]
    figures = {difference.name: difference.pair for difference in of_row}
    return Happening(REPAIRED, one.about, one.id, one.customer_id, {"figures": figures})
