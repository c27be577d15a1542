"""One customer, one order."""

from bench.measure import Scenario, Target
from bench.rawsql import statement
from bench.scenarios.asking import asking

CUSTOMER = Target(median=25)
ONE = "SELECT * FROM customers_customer WHERE shop_id = {shop} AND id = %s"
TIMELINE = (
    "SELECT id, kind, at, data FROM events_event WHERE shop_id = {shop} AND customer_id = %s"
    " ORDER BY at DESC, id DESC LIMIT 30"
)

SCENARIOS = (
    Scenario(
        "One page", "the floor: signed in, nothing found",
        asking(lambda world: ["search?q="], "div#search-results"),
    ),
    Scenario(
        "One page", "a customer",
        asking(lambda world: [f"customers/{person.id}/" for person in world.people]),
        statement(TIMELINE, lambda world: world.people[0].id), CUSTOMER,
    ),
    Scenario(
        "One page", "a customer with very many orders",
        asking(lambda world: [f"customers/{pk}/" for pk in world.regulars]),
        statement(TIMELINE, lambda world: world.regulars[0]), CUSTOMER,
    ),
    Scenario(
        "One page", "a customer's orders",
        asking(lambda world: [f"customers/{pk}/?tab=orders" for pk in world.regulars]),
        statement(
            "SELECT * FROM orders_order WHERE shop_id = {shop} AND customer_id = %s AND deleted_at IS NULL"
            " ORDER BY placed_at DESC, id DESC LIMIT 26",
            lambda world: world.regulars[0],
        ),
        CUSTOMER,
    ),
    Scenario(
        "One page", "the pipeline",
        asking(lambda world: ["customers/pipeline/"]),
        statement(
            "SELECT id, status_id, status_at FROM customers_customer WHERE shop_id = {shop} AND deleted_at IS NULL"
            " AND status_id IS NULL ORDER BY status_id DESC, status_at DESC, id DESC LIMIT 21",
        ),
        Target(median=30),
    ),
    Scenario(
        "One page", "an order",
        asking(lambda world: [f"orders/{paper.id}/" for paper in world.orders]),
        statement(
            "SELECT o.*, l.* FROM orders_order o LEFT JOIN orders_line l ON l.shop_id = o.shop_id AND l.order_id = o.id"
            " WHERE o.shop_id = {shop} AND o.id = %s",
            lambda world: world.orders[0].id,
        ),
        CUSTOMER,
    ),
)  # fmt: skip
