"""Orders for programs."""

import pytest

from regulars.orders.models import Order
from tests.api.asking import create_order, problem, program
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Here", country="PH")


@pytest.fixture
def sold(shop):
    return create_order(create_customer(shop, name="Ann"), 150, number="#1001")


class TestOrders:
    def test_are_listed_with_money_as_text(self, shop, sold):
        [row] = program(shop, "orders.read").ask("/orders")["orders"]

        assert (row["id"], row["customer_id"], row["number"]) == (sold.pk, sold.customer_id, "#1001")
        assert (row["total"], row["financial_state"], row["channel"]) == ("150.00", "pending", "Website")
        assert row["placed_at"] == "2026-11-01T17:30:00+08:00"
        assert row["cancelled_at"] is None

    def test_answer_to_a_question(self, shop, sold):
        till = program(shop)

        assert till.ask("/orders", where="total >= 150")["count"] == 1
        assert till.ask("/orders", where="total > 150 OR cancelled = true")["count"] == 0

    def test_come_page_after_page(self, shop, sold):
        ann = create_customer(shop, name="Ann")
        for n in range(6):
            create_order(ann, n)

        rows = program(shop).all_of("/orders", "orders", sort="-total", limit=2, fields="total")

        assert [row["total"] for row in rows][:3] == ["150.00", "5.00", "4.00"]
        assert len({row["id"] for row in rows}) == 7

    def test_can_be_had_one_by_one(self, shop, sold):
        row = program(shop).ask(f"/orders/{sold.pk}", fields="number,total")

        assert row == {"id": sold.pk, "customer_id": sold.customer_id, "number": "#1001", "total": "150.00"}

    def test_that_were_deleted_do_not_exist(self, shop, sold):
        Order.objects.of(shop).update(deleted_at=sold.placed_at)

        problem(program(shop).get(f"/orders/{sold.pk}"), 404, "api.not_there")
        assert program(shop).ask("/orders")["count"] == 0
