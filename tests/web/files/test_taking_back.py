"""Taking an import back on its pages: what would go, what stays and why, before and after."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from regulars.customers.models import Customer
from regulars.customers.operations import update_customer
from regulars.customers.undo_trials import TRIAL
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders.by_hand import Money, take_payment
from regulars.orders.models import Order
from regulars.shops.models import JobRun
from regulars.shops.permissions import Role
from regulars.shops.work import cancel_job
from regulars.transfer.models import ImportRun
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.web.files.sending import PEOPLE, imported, signed_in, text_of, undone, uploaded

pytestmark = pytest.mark.django_db

ORDERS = (
    b"Order number,Date,Total,E-mail,Product,SKU\n"
    b"1001,2026-03-01,500,ann@example.com,Mug,M1\n1002,2026-03-02,300,bo@example.com,Cup,C1\n"
)


@pytest.fixture
def start(client, shop, ann):
    """The report of an import of two orders."""
    start = uploaded(client, shop, ORDERS, "orders.csv", kind="orders")
    imported(client, start)
    return start


def told(page):
    return re.sub(r"\s+", " ", text_of(page))


def pay(shop, number):
    order = Order.objects.of(shop).select_related("shop").get(number=number)
    return take_payment(order, Money(key=number, amount=Decimal(10)), by=SYSTEM)


class TestBefore:
    def test_says_what_goes_and_writes_nothing(self, client, shop, start):
        page = told(client.post(start + "undo/", follow=True))

        assert "Everything goes back; nobody worked with it since." in page
        assert "Orders 2 0 0 Products 2 0 0 Customers 2 0 0" in page
        assert (Order.objects.of(shop).count(), Customer.objects.of(shop).alive().count()) == (2, 2)

    def test_says_what_stays_and_why(self, client, shop, start):
        paid = pay(shop, "1001").order

        answer = client.post(start + "undo/", follow=True)
        page = told(answer)

        assert "Orders 1 0 1 Products 1 0 1 Customers 1 0 1" in page
        assert "Order 1001 a payment came since" in page
        assert "Product Mug in orders or visits that stay" in page
        assert f'href="/s/{shop.slug}/orders/{paid.pk}/"' in answer.content.decode()

    def test_says_both_values_of_a_customer_who_was_changed_since(self, client, shop, ann):
        known = create_customer(shop, name="Ann Old", email="ann@example.com")
        start = uploaded(client, shop, PEOPLE)
        imported(client, start)
        update_customer(known.__class__.objects.get(pk=known.pk), {"name": "Ann Newest"}, by=SYSTEM)

        page = told(client.post(start + "undo/", follow=True))

        assert "Ann Newest Name Ann Old Ann Ann Newest" in page

    def test_a_long_one_is_tried_in_the_background(self, client, shop, start, monkeypatch):
        monkeypatch.setattr("regulars.customers.undo_trials.AT_ONCE", 0)
        waiting = client.post(start + "undo/", follow=True).content.decode()
        client.post(start + "undo/")
        run_waiting_jobs()

        assert 'hx-trigger="every 1s"' in waiting
        assert "Everything goes back" in told(client.get(start + "undo/"))
        assert JobRun.objects.of(shop).filter(kind=TRIAL).count() == 1
        assert Order.objects.of(shop).count() == 2

    def test_nobody_else_may_look(self, client, shop, start):
        elsewhere = create_shop("Other")
        signed_in(client, create_staff(shop, role=Role.VIEWER, name="Vi"))
        assert client.get(start + "undo/").status_code == 403
        signed_in(client, create_staff(elsewhere, role=Role.MANAGER, name="Other"))
        assert client.post(start.replace(shop.slug, elsewhere.slug) + "undo/").status_code == 404


class TestAfter:
    def test_the_report_says_what_went_and_what_stayed(self, client, shop, start):
        pay(shop, "1001")

        page = told(undone(client, start))

        assert "This import was undone" in page
        assert "Orders 1 0 1 Products 1 0 1 Customers 1 0 1" in page
        assert "Order 1001 a payment came since" in page
        assert [order.number for order in Order.objects.of(shop)] == ["1001"]

    def test_two_clicks_count_once(self, client, shop, start):
        job = ImportRun.objects.of(shop).get().job_run_id
        for _click in range(2):
            client.post(f"/s/{shop.slug}/jobs/{job}/undo", {"back": start})
        run_waiting_jobs()

        assert JobRun.objects.of(shop).filter(kind="customers.undo").count() == 1
        assert Order.objects.of(shop).count() == 0

    def test_what_was_undone_cannot_be_undone(self, client, shop, start):
        report = undone(client, start)

        assert "Undo this import" not in told(report)
        assert client.get(start + "undo/").url == start

    def test_what_was_stopped_half_way_says_so_and_goes_on(self, client, shop, start, monkeypatch):
        job = ImportRun.objects.of(shop).get().job_run_id
        monkeypatch.setattr("regulars.customers.actions.AT_ONCE", 0)
        client.post(f"/s/{shop.slug}/jobs/{job}/undo", {"back": start})
        cancel_job(JobRun.objects.of(shop).get(kind="customers.undo"))
        run_waiting_jobs()

        page = told(client.get(start))
        assert "Undoing ended too early Somebody stopped it. Undo the import again to go on." in page
        assert "This import was undone" not in page
        assert "Undone in part" in told(client.get(f"/s/{shop.slug}/files/"))
        undone(client, start)
        run_waiting_jobs()

        assert Order.objects.of(shop).count() == 0
        assert "This import was undone" in told(client.get(start))


class TestAfterALongTime:
    def ended(self, shop, days):
        JobRun.objects.of(shop).filter(can_undo=True).update(finished_at=timezone.now() - timedelta(days=days))

    def test_the_report_says_until_when(self, client, shop, start):
        page = client.get(start).content.decode()

        assert f"{start}undo/" in page
        assert "Can be undone until" in page

    def test_the_button_is_gone_and_the_report_says_why(self, client, shop, start):
        self.ended(shop, 91)

        page = client.get(start).content.decode()

        assert f"{start}undo/" not in page
        assert "It can no longer be undone: that was possible for 90 days" in page
        assert client.post(start + "undo/").url == start
