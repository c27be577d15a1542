"""Exact counts, asked for by the list after it stands: how many match, of how many."""

from collections.abc import Callable

from bench.measure import Scenario, Target
from bench.rawsql import statement
from bench.scenarios.asking import asking, query
from bench.world import World

EXACT = Target(median=100)
FIGURES = "p#list-figures"


def _count(name: str, where: str | Callable[[World], str], sql: str, *values: Callable[[World], object]) -> Scenario:
    path = (lambda world: where) if isinstance(where, str) else where
    return Scenario(
        "Exact count", name,
        asking(lambda world: [query("customers/count", where=path(world))], FIGURES),
        statement(
            "SELECT count(*) FROM customers_customer WHERE shop_id = {shop} AND deleted_at IS NULL" + sql, *values
        ),
        EXACT,
    )  # fmt: skip


SCENARIOS = (
    _count("everybody", "", ""),
    _count("`country = 'VN'`", "country = 'VN'", " AND country = 'VN'"),
    _count("country, gender and consent", "country = 'PH' AND gender = 'female' AND consent_email = 'subscribed'",
           " AND country = 'PH' AND gender = 1 AND consent_email = 1"),
    _count("`gender = 'female'`", "gender = 'female'", " AND gender = 1"),
    _count("a common tag", lambda world: f"tags CONTAINS '{world.common_tag}'",
           " AND tag_ids @> ARRAY[%s]::bigint[]", lambda world: world.common_tag_id),
    _count("a rare tag", lambda world: f"tags CONTAINS '{world.rare_tag}'",
           " AND tag_ids @> ARRAY[%s]::bigint[]", lambda world: world.rare_tag_id),
    _count("`orders >= 5`", "orders >= 5", " AND orders_count >= 5"),
    _count("a tenth by total spent", lambda world: f"total_spent >= {world.spent}",
           " AND total_spent >= %s", lambda world: world.spent),
    _count("`spent_3m > 0`", "spent_3m > 0", " AND spent_3m > 0"),
    _count("`last_order_date < -365d`", "last_order_date < -365d", " AND last_order_at < now() - interval '365 days'"),
    _count("`country = 'VN' AND orders >= 5 AND spent_3m > 0`", "country = 'VN' AND orders >= 5 AND spent_3m > 0",
           " AND country = 'VN' AND orders_count >= 5 AND spent_3m > 0"),
    _count("a city, which has no index", lambda world: f"city = '{world.city}'",
           " AND upper(city) = upper(%s)", lambda world: world.city),
)  # fmt: skip
