"""Every declared field works: each operator, sorting, showing, exporting."""

import pytest
from django.utils.timezone import now

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import Condition, Op, compile_where, parse, sentence, write
from regulars.kit.query.conditions import Literal
from regulars.kit.query.evaluate import fetch_for, matches
from regulars.kit.query.paging import Order as Sort
from regulars.kit.query.paging import ids_of_page
from regulars.orders.fields import order_fields
from regulars.orders.models import Order
from regulars.segments.models import Segment
from regulars.web.customers.kind import CUSTOMERS
from regulars.web.lists import cells
from regulars.web.orders.kind import ORDERS
from tests.factories import create_customer, create_shop
from tests.house.objects import values_for
from tests.house.routes import Route

pytestmark = pytest.mark.django_db

SETS = {"customers": (customer_fields, Customer), "orders": (order_fields, Order)}
LISTS = {"customers": CUSTOMERS, "orders": ORDERS}
FIELDS = [(name, field.name) for name, (fields, _model) in SETS.items() for field in fields]
SAMPLES = {
    "text": Literal("text", "an"), "count": Literal("number", "1"), "money": Literal("number", "10"),
    "moment": Literal("date", "-30d"), "day": Literal("date", "-30d"), "anniversary": Literal("word", "this_month"),
    "flag": Literal("word", "true"),
}  # fmt: skip


@pytest.fixture
def shop():
    shop = create_shop("Here")
    create_customer(
        shop,
        name="Ann",
        email="ann@example.com",
        phone="0912345678",
        birthday="1990-05-15",
        tags="VIP",
        address1="1 Pho Hue",
        city="Hà Nội",
        region="Hà Nội",
        address_country="VN",
    )
    Segment.objects.create(shop=shop, key="regulars", name="Regulars")
    values_for(Route("order", "orders/<int:pk>/", lambda: None, ("pk",)), shop)
    return shop


def sample(field, ctx):
    """A value the field understands."""
    if field.kind == "person":
        return Literal("word", "me")
    if field.kind in SAMPLES:
        return SAMPLES[field.kind]
    options = field.options(ctx)
    return Literal("text", options[0][0] if options else "Ha Noi")


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=["-".join(one) for one in FIELDS])
class TestEveryField:
    def test_answers_each_operator_alike_in_sql_and_for_one_row(self, shop, kind, name):
        fields, model = SETS[kind]
        field, ctx = fields[name], context_for(shop, now=now())
        if not field.filterable:
            return
        for op in field.operators():
            count = {Op.IS_NULL: 0, Op.NOT_NULL: 0, Op.BETWEEN: 2}.get(op, 1)
            tree = Condition(name, op, (sample(field, ctx),) * count)
            by_sql = set(model.objects.of(shop).filter(compile_where(tree, fields, ctx)).values_list("pk", flat=True))
            rows = fetch_for(tree, model.objects.of(shop), fields, ctx)
            by_row = {row["id"] for row in rows if matches(tree, row, fields, ctx)}

            assert by_row == by_sql, op
            assert parse(write(tree)) == tree
            assert sentence(tree, fields, ctx)

    def test_sorts_both_ways_and_loses_nobody(self, shop, kind, name):
        fields, model = SETS[kind]
        field, ctx = fields[name], context_for(shop)
        if not field.sortable:
            return
        rows = model.objects.of(shop)
        for text in (name, f"-{name}"):
            page = ids_of_page(rows, Sort.read(text, fields, ctx), size=50)

            assert sorted(page.ids) == sorted(rows.values_list("pk", flat=True))

    def test_can_be_shown_and_exported(self, shop, kind, name):
        fields, model = SETS[kind]
        field, ctx = fields[name], context_for(shop)
        for row in fields.fetch(model.objects.of(shop), [field.name], ctx, also=["id"]):
            assert cells.formatter(field, ctx)(row) is not None
            assert isinstance(field.plain(row, ctx), str)

    def test_has_a_section_and_a_label(self, shop, kind, name):
        field = SETS[kind][0][name]

        assert field.section in LISTS[kind].sections
        assert str(field.label)
