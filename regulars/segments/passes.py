"""Asking everybody: when a segment is new or was changed, after large imports, and at the shop's midnight.

A pass goes through the customers by their ids and asks all segments of some thousands at once. It is background work
(`shops.work`): watched, and gone on with where it was when its worker died.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.kit.durability import commit_before_the_disk
from regulars.segments.asking import today_of, try_again
from regulars.segments.evaluation import evaluate
from regulars.segments.models import Evaluation, GroupRule, Segment
from regulars.segments.moving import lock_members
from regulars.segments.rules import apply_rules
from regulars.shops.models import JobRun, Shop
from regulars.shops.work import start_job, work

KIND = "segments.pass"

PART = 5000
"""Customers a step: a third of a second or so for a hundred segments."""


@transaction.atomic
def start_pass(shop: Shop, *, everything: bool = False) -> JobRun:
    """Have everybody asked: of all segments and rules, or of the segments without an answer yet.

    One that waits already is answered instead of another. What a pass is about is settled when it begins.
    """
    lock_members(shop.pk)
    waiting = JobRun.objects.of(shop).filter(kind=KIND, state=JobRun.State.WAITING, data__everything=everything)
    if run := waiting.order_by("pk").first():
        return run
    title = _("Ask all customers about all segments") if everything else _("Find the members of new segments")
    total = Customer.objects.of(shop).count()
    return start_job(shop, KIND, title, data={"everything": everything}, staff=None, total=total)


def running_pass(shop: Shop) -> JobRun | None:
    """The pass that is under way or waits, for its progress."""
    states = (JobRun.State.WAITING, JobRun.State.RUNNING)
    return JobRun.objects.of(shop).filter(kind=KIND, state__in=states).order_by("pk").first()


def is_due(shop: Shop) -> bool:
    """Whether a midnight of the shop has passed since everybody was asked, and there is anything to ask."""
    today = today_of(shop)
    run = running_pass(shop)
    if run and run.checkpoint.get("day") == today.isoformat() and run.data["everything"]:
        return False
    if Evaluation.objects.of(shop).filter(day=today).exists():
        return False
    return Segment.objects.of(shop).exists() or GroupRule.objects.of(shop).exists()


def _over(run: JobRun) -> None:
    """A segment that could not be built shows it; of a pass nobody started nothing needs to be kept."""
    old = JobRun.objects.of(run.shop_id).filter(kind=KIND, state=JobRun.State.DONE, pk__lt=run.pk)
    old.delete()


@work(KIND, ended=_over)
def pass_step(run: JobRun) -> bool:
    """Ask the next customers; at the end, say since when the answers are complete."""
    shop = run.shop
    everything = run.data["everything"]
    commit_before_the_disk()
    if not run.checkpoint:
        _begin(run, shop)
    ids = _next_ids(shop.pk, run.checkpoint["after"])
    if not ids:
        _finish(run, shop)
        return False
    if everything:
        apply_rules(shop, ids)
    done = evaluate(shop, ids, only=None if everything else {int(pk) for pk in run.checkpoint["defined"]})
    run.result["entered"] = run.result.get("entered", 0) + done.entered
    run.result["left"] = run.result.get("left", 0) + done.left
    run.checkpoint["after"] = ids[-1]
    run.done += len(ids)
    return True


def _begin(run: JobRun, shop: Shop) -> None:
    lock_members(shop.pk)
    if run.data["everything"]:
        try_again(shop)
    segments = dict(_unanswered(shop))
    run.checkpoint = {"after": 0, "defined": segments, "day": today_of(shop).isoformat()}


def _unanswered(shop: Shop) -> list[tuple[str, str]]:
    """Live segments without an answer, and since when they ask what they ask."""
    rows = Segment.objects.of(shop).dynamic().filter(evaluated_at=None).values_list("pk", "defined_at")
    return [(str(pk), defined_at.isoformat()) for pk, defined_at in rows]


def _finish(run: JobRun, shop: Shop) -> None:
    lock_members(shop.pk)
    moment = now()
    live = Segment.objects.of(shop).dynamic()
    for pk, defined_at in run.checkpoint["defined"].items():  # unless the question was changed meanwhile
        live.filter(pk=pk, defined_at=defined_at).update(evaluated_at=moment)
    if run.data["everything"]:
        live.exclude(evaluated_at=None).update(evaluated_at=moment)
        Evaluation.objects.update_or_create(shop=shop, defaults={"day": run.checkpoint["day"]})
        recount(shop)
    if live.filter(evaluated_at=None, fault="").exists():
        start_pass(shop)


def recount(shop: Shop) -> None:
    """Set the sizes to what the memberships say; those who are purged take their memberships along unseen."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, {"shop": shop.pk})


def _next_ids(shop_id: int, after: int) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM customers_customer WHERE shop_id = %s AND id > %s ORDER BY id LIMIT %s",
            [shop_id, after, PART],
        )
        return [pk for (pk,) in cursor.fetchall()]


_RECOUNT = """
    WITH counted AS (
        SELECT held.id, count(*) AS size
        FROM segments_membership m CROSS JOIN LATERAL unnest(m.segment_ids) AS held (id)
        WHERE m.shop_id = %(shop)s GROUP BY held.id
    )
    UPDATE segments_segment s SET size = coalesce(counted.size, 0)
    FROM segments_segment known LEFT JOIN counted ON counted.id = known.id
    WHERE s.shop_id = %(shop)s AND known.shop_id = %(shop)s AND known.id = s.id
      AND s.size <> coalesce(counted.size, 0)
"""
