"""One person, whole: cases that several floors and faces must agree about, where no other test proves them already."""

import csv
import io
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from regulars.connectors.receiving import receive
from regulars.customers.bulk import create_many
from regulars.customers.fields import where_q
from regulars.customers.likeness import start_finding
from regulars.customers.likeness.decisions import tell_apart
from regulars.customers.likeness.pairs import open_pairs
from regulars.customers.merging import merge, newest_merge, unmerge
from regulars.customers.models import Customer, PossibleDuplicate, Source
from regulars.customers.operations import anonymise, set_staff
from regulars.customers.profile import read_profile
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.money import show_money
from regulars.orders import stats
from regulars.orders.ageing import owed_to
from regulars.orders.models import Order
from regulars.orders.operations import (
    attach_orders,
    cancel_order,
    delete_order,
    detach_orders,
    reassign_orders,
    record_order,
    uncancel_order,
)
from regulars.segments.models import SegmentSize
from regulars.shops.operations import deactivate_staff
from regulars.tasks.models import Task
from regulars.transfer.exports import Asked, export_to
from tests.api.asking import program
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff
from tests.house.asking import signed_in
from tests.orders.trade import BY, DAY, fresh, later, order, payment
from tests.segments.asked import segment
from tests.tasks.working import create_task

pytestmark = pytest.mark.django_db

NOTHING_SOLD = {
    "orders_count": 0, "orders_placed": 0, "total_spent": 0, "gross_spent": 0, "spent_3m": 0, "debt": 0,
    "average_order": None, "first_order_at": None, "last_order_at": None, "last_order_number": "",
}  # fmt: skip
FIGURES = ("orders", "orders_placed", "total_spent", "gross_spent", "spent_3m", "average_order", "debt", "last_order")


@pytest.fixture
def shop():
    return create_shop("Here", country="VN")


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com")


def sold(customer, total=1000, **facts):
    made = record_order(customer.shop, order(total=total, customer_id=customer.pk, **facts), by=BY)
    return Order.objects.of(customer.shop_id).get(pk=made.order_id)


def figures(customer):
    now = fresh(customer)
    return {name: getattr(now, name) for name in NOTHING_SOLD}


def exported(folder, shop, *fields):
    """The rows of a file of all customers, without its header."""
    path = folder / "out.csv"
    export_to(path, shop, Asked(kind="customers", where="", fields=fields), by=SYSTEM)
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))[1:]


def named(shop, where):
    return set(Customer.objects.of(shop).filter(where_q(shop, where)).values_list("name", flat=True))


class TestWhatDoesNotCount:
    def test_is_an_order_that_was_cancelled_before_it_was_paid(self, shop, ann):
        """T22: not in what was spent, the orders, their average or the last order, however it came to be cancelled."""
        before = sold(ann, cancelled_at=later(1))
        after = sold(ann, placed_at=later(5), number="#late")
        cancel_order(after, by=BY)

        assert figures(ann) == NOTHING_SOLD
        assert named(shop, "orders > 0 OR total_spent > 0 OR debt > 0 OR last_order_date IS NOT NULL") == set()

        counted = sold(ann, 300, placed_at=DAY - timedelta(days=2), number="#1", payments=[payment(300)])
        now = figures(ann)
        assert (now["orders_count"], now["total_spent"], now["average_order"]) == (1, 300, 300)
        assert (now["last_order_number"], now["last_order_at"]) == ("#1", counted.placed_at)
        assert uncancel_order(after, by=BY) and figures(ann)["last_order_number"] == "#late"
        assert before.number not in str(figures(ann))

    @pytest.mark.parametrize("how", ["test", "deleted"])
    def test_is_a_test_order_and_a_deleted_one_anywhere(self, shop, ann, tmp_path, how):
        """T26: figures, questions, segments, files, the API and what is owed know nothing of them."""
        bought = sold(ann, 1000, number="#X", paid=400, is_test=how == "test")
        if how == "deleted":
            delete_order(bought, by=BY)
        buyers = segment(shop, "orders > 0 OR total_spent > 0 OR debt > 0", "Buyers")
        run_waiting_jobs()
        buyers.refresh_from_db()

        assert figures(ann) == NOTHING_SOLD
        assert (buyers.size, owed_to(shop).total) == (0, 0)
        assert named(shop, "orders_placed MATCHES (amount > 0)") == set()
        assert exported(tmp_path, shop, *FIGURES) == [["0", "0", "0", "0", "0", "", "0", ""]]
        [told] = program(shop).ask("/customers", fields=",".join(FIGURES))["customers"]
        assert [told[name] for name in FIGURES] == [0, 0, "0", "0", "0", None, "0", None]
        assert stats.check(shop) == []


class TestTheAverageOfNoOrders:
    def test_is_a_dash_sorts_last_and_is_empty_in_files(self, shop, tmp_path):
        """T27."""
        for name, total in (("Some", 500), ("More", 900)):
            sold(create_customer(shop, name=name), total, paid=total)
        create_customer(shop, name="None")
        desk, till = signed_in(create_staff(shop, role="manager")), program(shop)

        for sort, expected in (
            ("average_order", ["Some", "More", "None"]),
            ("-average_order", ["More", "Some", "None"]),
        ):
            address = f"/s/{shop.slug}/customers/?columns=name,average_order&sort={sort}"
            shown = desk.get(address).content.decode()
            assert sorted(expected, key=lambda name: shown.index(f">{name}<")) == expected
            rows = till.ask("/customers", sort=sort, fields="name,average_order")["customers"]
            assert [row["name"] for row in rows] == expected
        row = shown[shown.index(">None<") :]
        assert "—" in row[: row.index("</tr>")]
        assert dict(exported(tmp_path, shop, "name", "average_order"))["None"] == ""
        assert named(shop, "aov > 0") == {"Some", "More"}
        assert named(shop, "aov >= 0 OR aov < 0 OR aov = 0") == {"Some", "More"}


class TestMoneyOfEveryCurrency:
    @pytest.mark.parametrize(
        ("country", "currency", "amount", "stored", "locale", "shown", "plain"),
        [
            ("VN", "VND", "150000", 150_000, "vi", "150.000 ₫", "150000"),
            ("JP", "JPY", "150000", 150_000, "en", "¥150,000", "150000"),
            ("KR", "KRW", "150000", 150_000, "en", "₩150,000", "150000"),
            ("ID", "IDR", "150000", 15_000_000, "id", "Rp150.000", "150000.00"),
            ("KW", "KWD", "150.125", 150_125, "en", "KWD 150.125", "150.125"),
        ],
    )
    def test_has_the_decimals_it_has(self, tmp_path, country, currency, amount, stored, locale, shown, plain):
        """T28: stored, shown on pages, written to files and told to programs with as many decimals as there are."""
        shop = create_shop("Here", country=country, currency=currency)
        ann = create_customer(shop, name="Ann")
        sold(ann, Decimal(amount), paid=Decimal(amount))

        assert fresh(ann).total_spent == stored
        assert show_money(stored, currency, locale).replace("\xa0", " ") == shown
        assert exported(tmp_path, shop, "total_spent") == [[plain]]
        assert program(shop).ask(f"/customers/{ann.pk}")["total_spent"] == plain


class TestStoredFigures:
    def test_follow_whatever_happens_to_people(self, shop, ann):
        """T32: merging, taking it back, orders that change hands and erasing all count anew, and nothing is lost."""
        bea, cam = create_customer(shop, name="Bea"), create_customer(shop, name="Cam")
        hers, theirs = sold(ann, 1000, paid=600), sold(bea, 500, paid=500, placed_at=later(3))

        def right(**expected):
            assert stats.check(shop) == []
            spent = {one.name: one.total_spent for one in Customer.objects.of(shop) if one.total_spent}
            assert spent == expected
            of_orders = Order.objects.of(shop).filter(customer__isnull=False).aggregate(Sum("captured"))
            assert sum(expected.values()) == (of_orders["captured__sum"] or 0)

        right(Ann=600, Bea=500)
        made = merge(shop, fresh(ann), [fresh(bea)], by=SYSTEM)
        right(Ann=1100)
        assert (fresh(ann).debt, fresh(ann).last_order_at) == (400, later(3))
        unmerge(made, by=SYSTEM)
        right(Ann=600, Bea=500)
        reassign_orders([hers], fresh(cam), by=SYSTEM)
        right(Cam=600, Bea=500)
        attach_orders(fresh(cam), [theirs], by=SYSTEM)
        right(Cam=1100)
        detach_orders(fresh(cam), [hers], by=SYSTEM)
        right(Cam=500)
        anonymise(fresh(cam), by=SYSTEM)
        assert stats.check(shop) == []
        assert (fresh(cam).total_spent, fresh(cam).name) == (500, "")

    def test_of_the_past_do_not_change_silently_with_a_merge(self, shop, ann):
        """T33: the first order is the older one; how many were in a segment on a past day stays, and the trail says why
        the present differs."""
        bea = create_customer(shop, name="Bea")
        sold(ann, placed_at=timezone.now())
        sold(bea, placed_at=DAY.replace(year=2020))
        new = segment(shop, "first_order_date >= -30d", "New")
        run_waiting_jobs()
        past = timezone.localdate() - timedelta(days=20)
        SegmentSize.objects.create(shop=shop, segment=new, day=past, size=1)

        merge(shop, ann, [bea], by=SYSTEM)
        run_waiting_jobs()

        new.refresh_from_db()
        assert fresh(ann).first_order_at == DAY.replace(year=2020)
        assert (new.size, SegmentSize.objects.get(segment=new, day=past).size) == (0, 1)
        page = signed_in(create_staff(shop, role="manager")).get(f"/s/{shop.slug}/customers/{ann.pk}/")
        assert "Merged with" in page.content.decode()


class TestAChainOfMerges:
    def test_leads_every_old_name_to_who_is_left(self, shop):
        """T91: numbers, addresses of pages, the API, and what another system reports of the old ids."""
        a, b, c = (create_customer(shop, name=name) for name in "ABC")
        for number, one in enumerate((a, b), start=1):
            one.identities.create(shop=shop, channel="shopify", external_id=str(number))
        merge(shop, fresh(b), [fresh(a)], by=SYSTEM)
        merge(shop, fresh(c), [fresh(b)], by=SYSTEM)
        desk = signed_in(create_staff(shop, role="manager"))

        for number, old in enumerate((a, b), start=1):
            page = desk.get(f"/s/{shop.slug}/customers/{old.pk}/")
            assert page.status_code in (301, 302) and page.url == f"/s/{shop.slug}/customers/{c.pk}/"
            assert program(shop).ask(f"/customers/{old.pk}")["id"] == c.pk
            news = {"id": number, "first_name": "X", "admin_graphql_api_id": f"gid://shopify/Customer/{number}"}
            receive(shop, "shopify", "customers/update", news)
            record_order(shop, order(f"o{number}", total=10, customer_id=old.pk), by=BY)

        assert fresh(c).orders_recorded == 2
        assert [one.pk for one in Customer.objects.of(shop).alive()] == [c.pk]

    def test_across_shops_is_impossible(self, shop, ann):
        """T93: not in a page, not through the API, not by the operation (`test_merging`)."""
        stranger = create_customer(create_shop("There"), name="Stranger")
        desk = signed_in(create_staff(shop, role="owner"))

        desk.post(f"/s/{shop.slug}/customers/merge/", {"ids": f"{ann.pk},{stranger.pk}"})
        program(shop).post(f"/customers/{ann.pk}/merge", {"ids": [stranger.pk]})

        assert not newest_merge(shop, ann.pk)
        assert (fresh(stranger).merged_into_id, fresh(stranger).name) == (None, "Stranger")


class TestASharedPhone:
    def test_is_a_suggestion_that_is_decided_once(self, shop):
        """T96: mother and daughter stay two whatever is ordered by their phone; "not the same person" is remembered."""
        mother = create_customer(shop, name="Trần Thị Hoa", phone="0912345678")
        daughter = create_customer(shop, name="Lê Ngọc Anh", phone="0912345678")
        linh = create_staff(shop, role="owner")
        for name in ("o1", "o2"):
            record_order(shop, order(name, total=10, phone="0912345678"), by=BY)
        assert not Customer.objects.of(shop).filter(merged_into__isnull=False).exists()

        start_finding(shop, at_once=True)
        pair = open_pairs(shop, linh).get(first_id=mother.pk, second_id=daughter.pk)
        tell_apart(pair, by=actor(linh))
        for _again in range(2):
            start_finding(shop, at_once=True)
            run_waiting_jobs()

        assert not open_pairs(shop, linh).filter(pk=pair.pk).exists()
        assert fresh(mother).name != fresh(daughter).name

    def test_among_ten_thousand_is_found_in_a_tenth_of_a_minute(self, shop):
        """T97: a tenth of 100,000 in a tenth of the minute; afterwards only who changed is looked at."""
        drafts = [
            read_profile({"name": f"Ann {n} Cruz{n % 977}", "phone": f"09{n // 2:08d}"}, country="VN")
            for n in range(10_000)
        ]
        create_many(shop, drafts, by=SYSTEM, source=Source.IMPORT)

        whole = seconds(lambda: start_finding(shop, at_once=True))
        run_waiting_jobs()
        known = PossibleDuplicate.objects.of(shop).count()
        anne = create_customer(shop, name="Ann 0 Cruz0", phone="0900000000")
        again = seconds(run_waiting_jobs)

        found = PossibleDuplicate.objects.of(shop)
        assert known >= 1000 and found.filter(second_id=anne.pk).exists()
        assert found.exclude(second_id=anne.pk).count() == known
        assert whole < 6 and again < 1


def seconds(work):
    """How long it takes, by the clock."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


class TestWhoeverLeaves:
    def test_hands_over_tasks_and_customers(self, shop, ann):
        """T139: nothing stays with somebody who has gone, and what is overdue is so by the successor's clocks."""
        linh, quan = create_staff(shop, name="Linh"), create_staff(shop, name="Quân")
        set_staff(ann, [linh.pk], by=SYSTEM)
        task = create_task(linh, customer=ann)

        deactivate_staff(linh, successor=quan, by=SYSTEM)
        run_waiting_jobs()

        task.refresh_from_db()
        assert (task.assignee_id, fresh(ann).responsible_ids) == (quan.pk, [quan.pk])
        assert list(Task.objects.of(shop).overdue()) == [task]
