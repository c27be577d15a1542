"""Questions nobody saved: windows of orders, products, groups in groups, each counted exactly beside plain SQL."""

from collections.abc import Callable

from bench.measure import Scenario, Target
from bench.rawsql import statement
from bench.scenarios.asking import asking, query
from bench.scenarios.counts import FIGURES
from bench.world import World

WINDOWS = Target(median=1500)
OTHERS = Target(median=200)

_PLACED = (
    "FROM orders_order o WHERE o.shop_id = {shop} AND o.customer_id IS NOT NULL AND o.deleted_at IS NULL"
    " AND o.cancelled_at IS NULL AND NOT o.is_test"
)
_PEOPLE = "SELECT count(*) FROM customers_customer c WHERE c.shop_id = {shop} AND c.deleted_at IS NULL"


def _asked(name: str, where: Callable[[World], str], sql: str, target: Target, *values: object) -> Scenario:
    path = asking(lambda world: [query("customers/count", where=where(world))], FIGURES)
    return Scenario("Questions", name, path, statement(sql, *values), target)


SCENARIOS = (
    _asked(
        "bought for a sum in 90 days",
        lambda world: f"orders_placed MATCHES (date >= -90d, sum_amount > {world.spent})",
        f"{_PEOPLE} AND c.id IN (SELECT o.customer_id {_PLACED} AND o.placed_at >= now() - interval '90 days'"
        " GROUP BY 1 HAVING sum(o.total) > %s)",
        WINDOWS, lambda world: world.spent,
    ),
    _asked(
        "five orders within a year",
        lambda world: "orders_placed MATCHES (date >= -1y, count >= 5)",
        f"{_PEOPLE} AND c.id IN (SELECT o.customer_id {_PLACED} AND o.placed_at >= now() - interval '1 year'"
        " GROUP BY 1 HAVING count(*) >= 5)",
        WINDOWS,
    ),
    _asked(
        "nothing in half a year, with a common tag",
        lambda world: f"orders_placed NOT MATCHES (date >= -6m) AND tags CONTAINS '{world.common_tag}'",
        f"{_PEOPLE} AND c.tag_ids @> ARRAY[%s]::bigint[] AND NOT EXISTS (SELECT {_PLACED}"
        " AND o.customer_id = c.id AND o.placed_at >= now() - interval '6 months')",
        WINDOWS, lambda world: world.common_tag_id,
    ),
    _asked(
        "bought a product in 90 days",
        lambda world: f"products_purchased MATCHES (sku = '{world.sku}', date >= -90d)",
        f"{_PEOPLE} AND c.id IN (SELECT o.customer_id FROM orders_line l"
        " JOIN catalog_product p ON p.shop_id = l.shop_id AND p.id = l.product_id"
        " JOIN orders_order o ON o.shop_id = l.shop_id AND o.id = l.order_id"
        " WHERE l.shop_id = {shop} AND p.sku = %s AND o.placed_at >= now() - interval '90 days'"
        " AND o.deleted_at IS NULL AND o.cancelled_at IS NULL AND NOT o.is_test)",
        OTHERS, lambda world: world.sku,
    ),
    _asked(
        "three groups of figures and profile",
        lambda world: (
            f"(orders >= 5 OR total_spent >= {world.spent}) AND (country = 'VN' OR country = 'PH')"
            " AND NOT (gender = 'female' AND consent_email = 'subscribed')"
        ),
        f"{_PEOPLE} AND (c.orders_count >= 5 OR c.total_spent >= %s) AND c.country IN ('VN', 'PH')"
        " AND NOT (c.gender = 1 AND c.consent_email = 1)",
        OTHERS, lambda world: world.spent,
    ),
    _asked(
        "three windows in groups",
        lambda world: (
            f"(orders_placed MATCHES (date >= -90d, sum_amount > {world.spent}) OR"
            " orders_placed MATCHES (date >= -1y, count >= 5)) AND"
            " NOT (orders_placed MATCHES (date >= -30d) AND country = 'VN')"
        ),
        f"{_PEOPLE} AND (c.id IN (SELECT o.customer_id {_PLACED} AND o.placed_at >= now() - interval '90 days'"
        f" GROUP BY 1 HAVING sum(o.total) > %s) OR c.id IN (SELECT o.customer_id {_PLACED}"
        " AND o.placed_at >= now() - interval '1 year' GROUP BY 1 HAVING count(*) >= 5))"
        f" AND NOT (c.country = 'VN' AND c.id IN (SELECT o.customer_id {_PLACED}"
        " AND o.placed_at >= now() - interval '30 days'))",
        WINDOWS, lambda world: world.spent,
    ),
)  # fmt: skip
