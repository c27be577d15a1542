"""One question has one answer: by SQL, for one row, and in a plain model that knows neither.

NOT is exactly everyone else. The model is written from the documents (`plain_model`); the customers are sixty of whom
little is known (`sixty`).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import BadCondition, FieldSet, compile_where, parse, write
from regulars.kit.query.conditions import Condition, Happened, Literal, Node, Not, Op
from regulars.kit.query.context import Context
from regulars.kit.query.evaluate import explain, matches
from regulars.orders.fields import order_fields
from regulars.orders.models import Order
from tests.house.plain_model import World, holds, span
from tests.house.sixty import COMPANIES, CUSTOMERS, EMAILS, METHODS, NAMES, NOW, ORDERS, TAGS, Sixty, made
from tests.kit.query.trees import trees

pytestmark = pytest.mark.django_db
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

COMPARED = (Op.EQ, Op.NE, Op.LT, Op.LTE, Op.GT, Op.GTE, Op.BETWEEN)
SPELT = (Op.CONTAINS, Op.NOT_CONTAINS, Op.EQ, Op.NE, Op.STARTS_WITH, Op.IN, Op.NOT_IN)
CHOSEN = (Op.EQ, Op.NE, Op.IN, Op.NOT_IN)
TAGGED = (Op.CONTAINS, Op.NOT_CONTAINS, Op.IN, Op.NOT_IN, Op.CONTAINS_ALL)
EMPTY = (Op.IS_NULL, Op.NOT_NULL)
DATES = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "this_month", "last_month", "this_year", "last_year",
    "-1d", "-7d", "-2w", "-30d", "-1m", "-12m", "-1y", "+1d", "+30d", "30_days_ago", "1_month_ago", "2026-02-28",
    "2026-03-08", "2026-03-15T23:30", "2026-03-14T01:30:59", "2025-12-31",
)  # fmt: skip
WORDS = {"first_channel": ("website", "counter"), "channel": ("website", "counter"), "group": ("standard", "business")}


def written(kind: str, texts: Any) -> st.SearchStrategy[Literal]:
    return st.sampled_from([text for text in texts if text is not None]).map(lambda text: Literal(kind, text))


TEXT = written(
    "text",
    [*NAMES, *COMPANIES[2:], *EMAILS[2:], *METHODS[1:], "DAO", "brien", "%", "_", "\\", "acm", "@", "main", "🧧"],
)
TEXT = TEXT.filter(lambda literal: literal.text != "")
DATE = written("date", DATES)
DAY = DATE.filter(lambda literal: "T" not in literal.text)
MONEY = written(
    "number",
    ["0", "0.01", "50", "99.99", "100", "100.005", "100.01", "1234.56", "-1", "-0.005", "99999999999999999999"],
)
NUMBER = written("number", ["0", "1", "2", "5", "10", "-1", "3000000000", "99999999999999999999"])


def in_order(ends: list[Literal]) -> list[Literal]:
    """Both ends of a span as they may be written: a day and `-90d` in any order, others never backwards."""
    if ends[0].kind == "number":
        return sorted(ends, key=lambda end: Decimal(end.text))
    is_absolute = [end.text.startswith("202") for end in ends]
    return sorted(ends, key=lambda end: span(end.text, CUSTOMERS.today)) if len({*is_absolute}) == 1 else ends


def asked(name: str, ops: tuple[Op, ...], value: st.SearchStrategy[Literal]) -> st.SearchStrategy[Condition]:
    def some(op: Op) -> st.SearchStrategy[Condition]:
        least, most = {
            Op.IS_NULL: (0, 0), Op.NOT_NULL: (0, 0), Op.BETWEEN: (2, 2), Op.IN: (1, 3), Op.NOT_IN: (1, 3),
            Op.CONTAINS_ALL: (1, 3),
        }.get(op, (1, 1))  # fmt: skip
        lists = st.lists(value, min_size=least, max_size=most)
        return lists.map(lambda values: Condition(name, op, tuple(in_order(values) if op is Op.BETWEEN else values)))

    return st.sampled_from(ops).flatmap(some)


def happened(name: str, /, **parameters: st.SearchStrategy[Condition]) -> st.SearchStrategy[Happened]:
    return st.lists(st.one_of(*parameters.values()), max_size=3, unique_by=lambda one: one.field).map(
        lambda some: Happened(name, tuple(some))
    )


CUSTOMER_LEAVES = st.one_of(
    asked("name", SPELT + EMPTY, TEXT),
    asked("email", SPELT + EMPTY, TEXT),
    asked("company", SPELT + EMPTY, TEXT),
    asked("gender", CHOSEN + EMPTY, written("word", ["female", "male", "other"])),
    asked("consent_email", CHOSEN + EMPTY, written("word", ["subscribed", "pending", "unsubscribed"])),
    asked("account", CHOSEN, written("word", ["guest", "invited", "verified"])),
    asked("group", CHOSEN, written("word", ["standard", "business"])),
    asked("first_channel", CHOSEN + EMPTY, written("word", ["website", "counter"])),
    asked("tags", TAGGED + EMPTY, written("text", [*TAGS, "vip", "Giay dep"])),
    asked("birthday", (Op.EQ, Op.NE, Op.BETWEEN, *EMPTY), DATE),
    asked("orders_placed", COMPARED, NUMBER),
    asked("total_spent", COMPARED, MONEY),
    asked("average_order", COMPARED + EMPTY, MONEY),
    *(asked(name, COMPARED + EMPTY, DATE) for name in ("registered_at", "first_order_date", "last_order_date")),
    asked("created_at", COMPARED, DATE),
    asked("has_email", (Op.EQ, Op.NE), written("word", ["true", "false"])),
    asked("nick", SPELT + EMPTY, TEXT),
    asked("shoe_size", COMPARED + EMPTY, MONEY),
    asked("deposit", COMPARED + EMPTY, MONEY),
    asked("next_visit", COMPARED + EMPTY, DAY),
    asked("skin", CHOSEN + EMPTY, written("word", ["dry", "oily", "normal"])),
    asked("vip", (Op.EQ, Op.NE, *EMPTY), written("word", ["true", "false"])),
)
EVENTS = st.one_of(
    happened(
        "orders_placed",
        date=asked("date", COMPARED, DATE), amount=asked("amount", COMPARED, MONEY),
        channel=asked("channel", CHOSEN, written("word", WORDS["channel"])),
        payment_method=asked("payment_method", SPELT, TEXT), location=asked("location", SPELT, TEXT),
        count=asked("count", COMPARED, NUMBER), sum_amount=asked("sum_amount", COMPARED, MONEY),
    ),
    happened(
        "products_purchased",
        date=asked("date", COMPARED, DATE), sku=asked("sku", SPELT, written("text", ["cd-1", "CD-2", "c", "x"])),
        name=asked("name", SPELT, written("text", ["disc", "MUG", "🧧"])), quantity=asked("quantity", COMPARED, NUMBER),
        category=asked("category", SPELT, written("text", ["music", "Kitchen", "i"])),
        count=asked("count", COMPARED, NUMBER), sum_quantity=asked("sum_quantity", COMPARED, NUMBER),
    ),
)  # fmt: skip
ORDER_LEAVES = st.one_of(
    asked("number", SPELT, written("text", ["#1", "#12", "1"])),
    asked("placed_at", COMPARED, DATE),
    asked("total", COMPARED, MONEY),
    asked("channel", CHOSEN, written("word", WORDS["channel"])),
    asked("payment_method", SPELT, TEXT),
    asked("location", SPELT, TEXT),
    asked("items", COMPARED, NUMBER),
    asked("cancelled_at", COMPARED + EMPTY, DATE),
    asked("fulfilment_state", CHOSEN, written("word", ["unfulfilled", "delivered", "returned"])),
    *(
        asked(name, (Op.EQ, Op.NE), written("word", ["true", "false"]))
        for name in ("test", "cancelled", "has_customer")
    ),
)


class Asking:
    """One kind of rows of the shop, asked in every way."""

    def __init__(self, model: Any, fields: FieldSet, world: World, facts: dict[int, Any], ctx: Context) -> None:
        self.rows, self.fields, self.world, self.facts, self.ctx = (
            model.objects.of(ctx.shop_id),
            fields,
            world,
            facts,
            ctx,
        )
        self.fetched = list(fields.fetch(self.rows, list(world.fields), ctx, also=["id"]))
        self.everyone = set(facts)

    def by_sql(self, node: Node, only: list[int] | None = None) -> set[int]:
        ctx = Context(**{**vars(self.ctx), "only": only, "cache": {}})
        return set(self.rows.filter(compile_where(node, self.fields, ctx)).values_list("pk", flat=True))

    def by_row(self, node: Node) -> set[int]:
        return {row["id"] for row in self.fetched if matches(node, row, self.fields, self.ctx)}

    def by_model(self, node: Node) -> set[int]:
        return {key for key, facts in self.facts.items() if holds(node, facts, self.world)}

    def check(self, node: Node) -> None:
        """Every way gives the same answer, and the opposite question gives all the others."""
        answer, text = self.by_model(node), write(node)

        assert self.by_sql(node) == answer, text
        assert self.by_row(node) == answer, text
        assert self.by_sql(Not(node)) == self.everyone - answer, text
        assert self.by_sql(parse(text)) == answer, text


@pytest.fixture(scope="module")
def sixty(django_db_setup: None, django_db_blocker: Any) -> Iterator[Sixty]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield made()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def customers(sixty: Sixty) -> Asking:
    return Asking(Customer, customer_fields, CUSTOMERS, sixty.customers, context_for(sixty.shop, now=NOW))


@pytest.fixture(scope="module")
def orders(sixty: Sixty) -> Asking:
    return Asking(Order, order_fields, ORDERS, sixty.orders, context_for(sixty.shop, now=NOW))


class TestRandomQuestions:
    @MANY
    @given(node=CUSTOMER_LEAVES)
    def test_of_one_condition(self, customers, node):
        customers.check(node)

    @MANY
    @given(node=EVENTS)
    def test_of_one_event(self, customers, node):
        customers.check(node)

    @MANY
    @given(node=trees(st.one_of(CUSTOMER_LEAVES, EVENTS), 8))
    def test_of_customers(self, customers, node):
        customers.check(node)

    @MANY
    @given(node=trees(ORDER_LEAVES, 8))
    def test_of_orders(self, orders, node):
        orders.check(node)

    @MANY
    @given(node=trees(st.one_of(CUSTOMER_LEAVES, EVENTS), 4), data=st.data())
    def test_asked_of_a_few_have_the_answer_for_these(self, customers, node, data):
        few = data.draw(st.lists(st.sampled_from(sorted(customers.everyone)), unique=True))

        assert customers.by_sql(node, only=few) & set(few) == customers.by_model(node) & set(few)

    @MANY
    @given(node=trees(st.one_of(CUSTOMER_LEAVES, EVENTS), 6), number=st.integers(0, 59))
    def test_are_explained_as_they_are_answered(self, customers, node, number):
        row = customers.fetched[number]
        facts = customers.facts[row["id"]]

        def check(part):
            assert part.holds == holds(part.node, facts, customers.world)
            for inner in part.parts:
                check(inner)

        check(explain(node, row, customers.fields, customers.ctx))


@pytest.mark.parametrize(
    "backwards", ["created_at BETWEEN today AND 2020-01-01", "birthday BETWEEN +1d AND 2020-01-01"]
)
def test_a_span_that_ends_before_it_begins_today_holds_nobody(customers, backwards):
    assert customers.by_sql(parse(backwards)) == set()
    customers.check(parse(backwards))


BACKWARDS = st.one_of(
    *(
        st.lists(value, min_size=2, max_size=2, unique=True).map(
            lambda ends, name=name: Condition(name, Op.BETWEEN, tuple(reversed(in_order(ends))))
        )
        for name, value in (
            ("orders_placed", written("number", ["0", "1", "5", "3000000000"])),
            ("total_spent", written("number", ["0", "0.01", "99.99", "100.005", "1234.56"])),
            ("created_at", written("date", ["2026-02-28", "2026-03-08", "2026-03-15T23:30", "2025-12-31"])),
            ("last_order_date", written("date", ["-1d", "-7d", "-2w", "+30d", "today", "tomorrow"])),
            ("birthday", written("date", ["-1m", "-12m", "-2y", "today"])),
            ("next_visit", written("date", ["last_month", "this_month"])),
        )
    )
)


@MANY
@given(condition=BACKWARDS)
def test_a_span_that_ends_before_it_begins_on_any_day_is_refused(customers, condition):
    with pytest.raises(BadCondition, match="The first value is larger than the second"):
        customers.by_sql(condition)


class TestNothingKnown:
    """T42: nothing known is not "no"."""

    @pytest.mark.parametrize(
        ("negative", "silent"),
        [
            ("tags NOT CONTAINS 'VIP'", "tags IS NULL"),
            ("tags NOT IN ('VIP', 'wholesale')", "tags IS NULL"),
            ("gender != female", "gender IS NULL"),
            ("gender NOT IN (female, male, other)", "gender IS NULL"),
            ("name NOT CONTAINS 'ann'", "name IS NULL"),
            ("first_channel != 'website'", "first_channel IS NULL"),
            ("last_order_date != last_month", "last_order_date IS NULL"),
            ("NOT last_order_date < -90d", "last_order_date IS NULL"),
            ("NOT average_order BETWEEN 0 AND 100000", "average_order IS NULL"),
            ("NOT birthday BETWEEN today AND +30d", "birthday IS NULL"),
        ],
    )
    def test_not_finds_those_of_whom_nothing_is_known_and_a_comparison_never(self, customers, negative, silent):
        without = customers.by_sql(parse(silent))

        assert without
        assert without <= customers.by_sql(parse(negative))
        assert not without & customers.by_sql(Not(parse(negative)))
        customers.check(parse(negative))

    @pytest.mark.parametrize(
        "comparison", ["last_order_date < -90d", "last_order_date >= -10y", "average_order <= 100", "average_order > 0"]
    )
    def test_a_comparison_never_finds_somebody_without_a_value(self, customers, comparison):
        tree = parse(comparison)

        assert not customers.by_sql(tree) & customers.by_sql(parse(f"{tree.field} IS NULL"))
        customers.check(tree)


class TestEvents:
    """T45: inside one event all parameters hold for the same happening; apart, each for any."""

    @MANY
    @given(
        first=asked("date", COMPARED, DATE),
        second=st.one_of(asked("amount", COMPARED, MONEY), asked("channel", CHOSEN, written("word", WORDS["channel"]))),
    )
    def test_together_is_never_more_than_apart(self, customers, first, second):
        together = customers.by_sql(Happened("orders_placed", (first, second)))
        apart = customers.by_sql(Happened("orders_placed", (first,))) & customers.by_sql(
            Happened("orders_placed", (second,))
        )

        assert together <= apart

    def test_two_orders_that_answer_one_half_each_are_not_one_order(self, customers):
        together = parse("orders_placed MATCHES (date >= -30d, amount > 100)")
        apart = parse("orders_placed MATCHES (date >= -30d) AND orders_placed MATCHES (amount > 100)")

        assert customers.by_sql(together) < customers.by_sql(apart)
        customers.check(together)
        customers.check(apart)

    @pytest.mark.parametrize("total", ["count = 0", "count < 1", "sum_amount <= 0", "sum_amount >= 0", "count != 3"])
    def test_who_has_none_has_totals_of_nothing(self, customers, total):
        tree = parse(f"orders_placed MATCHES (date < -100y, {total})")

        assert customers.by_sql(tree) == customers.everyone
        customers.check(tree)
