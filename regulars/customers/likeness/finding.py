"""Looking at everybody: background work that is watched, and gone on with where it was.

First what identifies people, kind by kind; then names, by their length, as a name and its slips are nearly as long.
"""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from regulars.customers.likeness.blocks import Blocks
from regulars.customers.likeness.contacts import next_by
from regulars.customers.likeness.names import LONGEST
from regulars.customers.likeness.pairs import write_pairs
from regulars.customers.likeness.scoring import IDENTIFIERS
from regulars.customers.likeness.spelling import by_name, named
from regulars.customers.models import Customer, Decision, PossibleDuplicate
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.work import start_job, work

FIND = "customers.find_duplicates"
_OPEN = (JobRun.State.WAITING, JobRun.State.RUNNING, JobRun.State.PAUSED)
_LONGEST_COMPARED = 2 * LONGEST


@transaction.atomic
def start_finding(shop: Shop, *, staff: Staff | None = None, at_once: bool = False) -> JobRun:
    """Have everybody compared; one search that waits or runs already is answered instead of another."""
    _wait_for_turn(shop.pk)
    if run := running_search(shop):
        return run
    total = Customer.objects.of(shop).alive().count()
    return start_job(
        shop, FIND, _("Look for duplicates among all customers"), data={}, staff=staff, total=total, at_once=at_once
    )


def running_search(shop: Shop) -> JobRun | None:
    """The search that is under way, for its progress."""
    return JobRun.objects.of(shop).filter(kind=FIND, state__in=_OPEN).order_by("pk").first()


def last_search(shop: Shop) -> JobRun | None:
    """The last search that came to its end."""
    return JobRun.objects.of(shop).filter(kind=FIND, state=JobRun.State.DONE).order_by("-pk").first()


def _over(run: JobRun) -> None:
    """Of searches nobody needs more than the last."""
    JobRun.objects.of(run.shop_id).filter(kind=FIND, state=JobRun.State.DONE, pk__lt=run.pk).delete()


@work(FIND, ended=_over)
def find_next_part(run: JobRun) -> bool:
    """One kind's next values, or the names of one length; at the end, forget what was not found again."""
    place = run.checkpoint or {"began": _now(), "kind": 0, "after": "", "length": 0}
    run.checkpoint = place
    if place["kind"] < len(IDENTIFIERS):
        _by_contact(run.shop_id, place)
        return True
    length = _next_length(run.shop_id, place["length"])
    if length is None:
        _finish(run)
        return False
    run.done += _by_names(run.shop_id, length)
    place["length"] = length
    return True


def _by_contact(shop_id: int, place: dict) -> None:
    blocks = Blocks()
    last = next_by(IDENTIFIERS[place["kind"]], shop_id, place["after"], blocks)
    write_pairs(shop_id, blocks.pairs)
    if last is None:
        place["kind"] += 1
    place["after"] = last or ""


def _by_names(shop_id: int, length: int) -> int:
    """Compare the names of a length with each other and with those a letter longer; how many there were."""
    blocks = Blocks()
    rows = named(
        shop_id,
        "c.name <> '' AND length(c.name_key) BETWEEN %(length)s AND %(length)s + 1",
        {"length": length},
    )
    by_name(rows, blocks, length=length)
    write_pairs(shop_id, blocks.pairs)
    return sum(len(row.name) == length for row in rows)


def _next_length(shop_id: int, after: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(length(name_key)) FROM customers_customer WHERE shop_id = %s AND deleted_at IS NULL"
            " AND length(name_key) > %s AND length(name_key) <= %s",
            [shop_id, after, _LONGEST_COMPARED],
        )
        length: int | None = cursor.fetchone()[0]
        return length


def _finish(run: JobRun) -> None:
    waiting = PossibleDuplicate.objects.of(run.shop_id).filter(decision=Decision.OPEN)
    waiting.filter(found_at__lt=run.checkpoint["began"]).delete()
    run.done = run.total or run.done
    run.result = {"found": waiting.count()}


def _now() -> str:
    """The database's clock, which dates the pairs as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: str = cursor.fetchone()[0].isoformat()
        return moment


def _wait_for_turn(shop_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"customers.likeness:{shop_id}"])
