"""How products and activity that came with a file are taken back."""

from collections.abc import Collection, Sequence

from django.db import connection

from regulars.catalog.activity_stats import refresh_activity
from regulars.catalog.footprints import ACTIVITY, COLUMNS, PRODUCT
from regulars.catalog.models import Activity, Product
from regulars.customers.bulk.undoing import Outcome, Stayed, Undoing, held, holds, takes_back
from regulars.events.handlers import announce
from regulars.events.models import Footprint

USED, CHANGED, MERGED, FORGOTTEN = "used", "changed", "merged", "forgotten"


@takes_back(ACTIVITY, turn=2)
def take_back_activity(undoing: Undoing, prints: Sequence[Footprint], outcome: Outcome) -> None:
    """What was recorded goes; what visitors had done before belongs to nobody again."""
    rows = Activity.objects.of(undoing.shop).filter(pk__in=[one.row_id for one in prints])
    here = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    ours = [one for one in prints if one.row_id in here]
    stays = [one for one in ours if here[one.row_id].customer_id != one.after["customer"]]
    outcome.stay([_stays(here[one.row_id]) for one in stays])
    going = [one for one in ours if here[one.row_id].customer_id == one.after["customer"]]
    made, claimed = [one.row_id for one in going if one.is_new], [one.row_id for one in going if not one.is_new]
    rows.filter(pk__in=claimed).update(customer_id=None, begins_visit=False)
    rows.filter(pk__in=made).delete()
    whose = {customer_id for one in going if (customer_id := one.after["customer"])}
    refresh_activity(undoing.shop, whose)
    if whose:
        announce(undoing.shop.pk, "customer.active", whose, batch_id=undoing.undo_id)
    outcome.count(ACTIVITY, restored=len(claimed), removed=len(made))


def _stays(row: Activity) -> Stayed:
    why = FORGOTTEN if row.customer_id is None else MERGED
    return Stayed(ACTIVITY, row.pk, (why,), str(row), row.customer_id)


@takes_back(PRODUCT, turn=3)
def take_back_products(undoing: Undoing, prints: Sequence[Footprint], outcome: Outcome) -> None:
    """What was added goes unless it is used or was edited; of the others each field that nobody changed since."""
    rows = Product.objects.of(undoing.shop).filter(pk__in=[one.row_id for one in prints])
    here = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    ours = [one for one in prints if one.row_id in here]
    added = [one.row_id for one in ours if one.is_new]
    used = held(undoing, PRODUCT, added)
    edited = {one.row_id for one in ours if one.is_new and _differing(here[one.row_id], one)}
    going = [pk for pk in added if pk not in used | edited]
    for pk in sorted(used | edited):
        why = [reason for reason, ids in ((USED, used), (CHANGED, edited)) if pk in ids]
        outcome.stay([Stayed(PRODUCT, pk, tuple(why), here[pk].name)])
    _delete(undoing, going)
    outcome.count(PRODUCT, removed=len(going))
    _change_back([(here[one.row_id], one) for one in ours if not one.is_new], outcome)


def _delete(undoing: Undoing, ids: Sequence[int]) -> None:
    """By hand: while a long undoing is only tried, lines that would be gone still name them until it is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_product WHERE shop_id = %s AND id = ANY(%s)", [undoing.shop.pk, list(ids)])


def _change_back(pairs: Sequence[tuple[Product, Footprint]], outcome: Outcome) -> None:
    back, written = [], set()
    for product, one in pairs:
        others = _differing(product, one)
        if moved_on := [name for name in others if getattr(product, name) != one.before[name]]:
            outcome.stay([Stayed(PRODUCT, product.pk, tuple(f"{CHANGED}:{name}" for name in moved_on), product.name)])
        due = [name for name in one.after if name not in others and getattr(product, name) != one.before[name]]
        for name in due:
            setattr(product, name, one.before[name])
        if due:
            back.append(product)
            written.update(due)
    if back:
        Product.objects.bulk_update(back, sorted(written), batch_size=1000)
    outcome.count(PRODUCT, restored=len(back))


def _differing(product: Product, one: Footprint) -> list[str]:
    """The columns that are no longer as the batch left them."""
    return [name for name in COLUMNS if name in one.after and getattr(product, name) != one.after[name]]


@holds(PRODUCT)
def looked_at(undoing: Undoing, ids: Collection[int]) -> set[int]:
    """Products that customers looked at, but for what the batch itself says they did."""
    return _outside(undoing, "product_id", ids)


@holds("customer")
def was_here(undoing: Undoing, ids: Collection[int]) -> set[int]:
    """Customers who came to the site since."""
    return _outside(undoing, "customer_id", ids)


def _outside(undoing: Undoing, column: str, ids: Collection[int]) -> set[int]:
    """Whom activity holds that is not the batch's own, or not as it left it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT a.{column} FROM catalog_activity a WHERE a.shop_id = %s AND a.{column} = ANY(%s) "  # noqa: S608
            "AND NOT EXISTS (SELECT FROM events_footprint f WHERE f.shop_id = a.shop_id AND f.batch_id = %s "
            "AND f.what = %s AND f.row_id = a.id AND f.is_new "
            "AND f.after = jsonb_build_object('customer', a.customer_id))",
            [undoing.shop.pk, list(ids), undoing.batch_id, ACTIVITY],
        )
        return {pk for (pk,) in cursor.fetchall()}
