"""Taking an import of orders, products or activity back: all of it, and nothing that happened since."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.catalog.models import Activity, Product
from regulars.catalog.operations import ProductFacts
from regulars.catalog.products import ProductDraft, save_products
from regulars.customers import actions, jobs, undo_trials
from regulars.customers.actions import TooLateToUndo, undo_run
from regulars.customers.anonymise import anonymise
from regulars.customers.bulk import undoing as machinery
from regulars.customers.checks import all_checks, faults_of
from regulars.customers.merging import merge
from regulars.customers.models import Customer
from regulars.customers.operations.labels import add_group
from regulars.events.models import Event, Footprint
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders.by_hand import Goods, Money, give_refund, take_payment, take_return
from regulars.orders.facts import OrderFacts, PaymentFacts
from regulars.orders.models import Line, Order, Payment, Return
from regulars.orders.operations import (
    cancel_order,
    reassign_orders,
    record_order,
    record_payment,
    write_off,
)
from regulars.segments.operations import set_members
from regulars.segments.rules import set_rule
from regulars.shops.models import JobRun
from regulars.shops.queries import acting
from regulars.shops.work import cancel_job, carry_on, is_quiet
from regulars.transfer.commands import import_file, undo_import
from regulars.transfer.models import ImportRun
from tests.examples import examples
from tests.factories import SYSTEM, create_customer, create_staff
from tests.segments.asked import names_in, segment
from tests.transfer.conftest import make_shop, place_order

pytestmark = pytest.mark.django_db
COLUMNS = (
    "Order number", "Placed at", "Total", "Payment status", "Paid", "Refunded", "Payment reference", "E-mail", "Name",
    "Product", "SKU", "Quantity", "Unit price", "Cancelled at", "Test order",
)  # fmt: skip
NAMES = {"E-mail": "email", "Product": "title"}
DAY = "2026-03-01 12:00"
WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def row(number: str, **said: Any) -> list[str]:
    """A row of a file of orders: 100.00 for Ann, unless something else is said."""
    told = {"order_number": number, "placed_at": DAY, "total": "100.00", "email": "ann@example.com"} | said
    return [str(told.get(NAMES.get(name, name.lower().replace(" ", "_")), "")) for name in COLUMNS]


@pytest.fixture
def bring(shop, tmp_path):
    """Import rows of orders; the id of the run."""

    def bring(*rows: list[str], header: tuple[str, ...] = COLUMNS, kind: str = "orders", **told: Any) -> int:
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        path = tmp_path / "file.csv"
        path.write_text(text.getvalue(), "utf-8")
        told.setdefault("template", None)
        done = import_file(kind, path, shop, **told)
        assert not done["rejected"], done["errors"]
        return done["id"]

    return bring


def money(name: str, order: str, amount: int) -> PaymentFacts:
    """A payment that a bank reports of an order of files."""
    return PaymentFacts(
        external_id=name, order_external_id=order, channel="import", amount=Decimal(amount), at=WHEN
    )  # fmt: skip


def undo(shop, run_id: int) -> dict[str, Any]:
    undo_import(shop, run_id, by=SYSTEM)
    return ImportRun.objects.get(pk=run_id).job_run.undone_by.result


def work_off(job: JobRun) -> None:
    while not job.is_over:
        carry_on(shop_id=job.shop_id, run_id=job.pk)
        job.refresh_from_db()


@pytest.fixture
def half_undone(monkeypatch):
    """Undo a long import, and have that end after two parts of two orders; the import's work and the undoing."""

    def half_undone(run_id: int, how: str) -> tuple[JobRun, JobRun]:
        job = ImportRun.objects.get(pk=run_id).job_run
        part, parts = jobs.undo_part, []

        def undo_part(*args: Any, **how_else: Any) -> Any:
            parts.append(args)
            if len(parts) == 3 and how == "failed":
                raise ZeroDivisionError
            if len(parts) == 2 and how == "stopped":
                cancel_job(undoing)
            return part(*args, **how_else)

        with monkeypatch.context() as patch:
            patch.setattr(actions, "AT_ONCE", 0)
            patch.setattr(machinery, "PART", 2)
            patch.setattr(jobs, "undo_part", undo_part)
            undoing = undo_run(job, staff=None, by=SYSTEM)
            work_off(undoing)
        job.refresh_from_db()
        return job, undoing

    return half_undone


def why(result: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(one["about"], one["why"]) for one in result.get("stayed", ())]


def dump(shop) -> dict[str, list[Any]]:
    """Everything of orders, row by row, and the figures of everybody who is not in the bin."""
    tables = {}
    for model in (Order, Line, Payment, Return, Product, Activity):
        tables[model.__name__] = list(model.objects.of(shop).order_by("pk").values())
    people = Customer.objects.of(shop).alive().order_by("pk").values()
    unseen = {"version", "updated_at"}
    tables["people"] = [{name: value for name, value in one.items() if name not in unseen} for one in people]
    return tables


def faults(shop) -> list[str]:
    """What `regulars doctor` would find."""
    return [fault for check in all_checks() for fault in faults_of(check, shop)]


class TestOrders:
    def test_new_ones_go_with_all_that_came_with_them(self, shop, bring):
        before = dump(shop)
        run = bring(
            row("1", paid="100.00", payment_reference="VCB1", title="Mug", sku="M1", quantity=1,
                unit_price="100.00"),
            row("2", refunded="20.00", payment_status="paid", email="bo@example.com", name="Bo"),
        )  # fmt: skip
        assert (Order.objects.of(shop).count(), Payment.objects.of(shop).count()) == (2, 3)

        result = undo(shop, run)

        assert dump(shop) == before
        assert result["rows"] == {"order": [0, 2, 0], "product": [0, 1, 0]}
        assert (result["removed"], result["conflicts"]) == (5, 0)
        assert faults(shop) == []

    def test_known_ones_become_what_they_were(self, shop, bring):
        bring(row("1", title="Mug", sku="M1", quantity=1, unit_price="100.00", payment_status="pending"))
        before = dump(shop)

        run = bring(row("1", total="90.00", paid="90.00", title="Cup", sku="C1", quantity=2,
                        unit_price="45.00"))  # fmt: skip
        assert dump(shop) != before
        result = undo(shop, run)

        assert dump(shop) == before
        assert result["rows"]["order"] == [1, 0, 0]
        assert faults(shop) == []

    def test_a_buyer_who_was_known_keeps_nothing_of_it(self, shop, bring):
        create_customer(shop, name="Ann", email="ann@example.com")
        before = dump(shop)

        undo(shop, bring(row("1", paid="100.00")))

        assert dump(shop) == before

    def test_the_trail_tells_both(self, shop, bring):
        ann = create_customer(shop, name="Ann", email="ann@example.com")
        undo(shop, bring(row("1")))

        kinds = Event.objects.filter(customer_id=ann.pk, about="order").order_by("id").values_list("kind", flat=True)

        assert list(kinds) == ["order.placed", "order.taken_back"]

    def test_the_file_can_be_imported_again(self, shop, bring):
        undo(shop, bring(row("1", paid="100.00")))

        bring(row("1", paid="100.00"))

        assert Customer.objects.of(shop).alive().get().total_spent == 10000

    def test_a_payment_that_had_waited_waits_again(self, shop, bring):
        paid = PaymentFacts(
            external_id="p1",
            order_external_id="1",
            channel="import",
            amount=Decimal(40),
            at=WHEN,
        )
        record_payment(shop, paid, by=SYSTEM)
        before = dump(shop)

        run = bring(row("1"))
        assert Order.objects.of(shop).get().captured == 4000
        undo(shop, run)

        assert dump(shop) == before

    def test_a_payment_of_staff_that_the_file_listed_is_theirs_again(self, shop, bring):
        bring(row("1"))
        order = Order.objects.of(shop).select_related("shop").get()
        take_payment(order, Money(key="k", amount=Decimal(40)), by=SYSTEM)
        before = dump(shop)

        today = timezone.localdate().isoformat()
        run = bring([*row("1", paid="40.00", payment_reference="X"), today], header=(*COLUMNS, "Paid at"))
        assert dump(shop) != before
        undo(shop, run)

        assert dump(shop) == before


STEPS = {
    "paid": lambda order: take_payment(order, Money(key="k", amount=Decimal(10)), by=SYSTEM),
    "refunded": lambda order: give_refund(order, Money(key="k", amount=Decimal(10)), by=SYSTEM),
    "returned": lambda order: take_return(order, Goods(key="k", quantity=1, worth=Decimal(5)), by=SYSTEM),
    "cancelled": lambda order: cancel_order(order, by=SYSTEM),
    "moved": lambda order: reassign_orders([order], create_customer(order.shop, name="Cy"), by=SYSTEM),
    "changed": lambda order: record_order(
        order.shop,
        OrderFacts(channel="import", external_id="1", placed_at=order.placed_at, total=Decimal(70), number="1"),
        by=SYSTEM,
    ),
    "forgotten": lambda order: anonymise(order.customer, by=SYSTEM),
    "merged": lambda order: merge(
        order.shop, create_customer(order.shop, name="Survivor"), [order.customer], by=SYSTEM
    ),
}


class TestWhatHappenedSince:
    @pytest.mark.parametrize("what", STEPS)
    def test_keeps_the_order_and_says_why(self, shop, bring, what):
        run = bring(row("1", paid="50.00", payment_reference="X"), row("2", email="bo@example.com"))
        order = Order.objects.of(shop).select_related("shop", "customer").get(external_id="1")
        STEPS[what](order)
        before = Order.objects.of(shop).filter(pk=order.pk).values().get()

        result = undo(shop, run)

        assert Order.objects.of(shop).values().get() == before
        assert why(result) == [("1", [what])]
        assert result["rows"]["order"] == [0, 1, 1]
        owner = Customer.objects.of(shop).get(pk=before["customer_id"])
        assert bool(owner.deleted_at) == (what == "forgotten")
        assert not Customer.objects.of(shop).alive().filter(email="bo@example.com").exists()
        assert faults(shop) == []

    def test_nothing_of_who_was_forgotten_is_kept(self, shop, bring):
        bring(row("1", payment_status="pending"))
        bring(row("1", email="", total="90.00"))
        assert Footprint.objects.filter(before__order__email="ann@example.com").exists()

        anonymise(Order.objects.of(shop).get().customer, by=SYSTEM)

        assert not Footprint.objects.filter(before__order__email="ann@example.com").exists()

    def test_whose_it_is_was_decided_though_it_is_theirs_again(self, shop, bring):
        run = bring(row("1", payment_status="pending"))
        order = Order.objects.of(shop).select_related("customer").get()
        reassign_orders([order], create_customer(shop, name="Cy"), by=SYSTEM)
        reassign_orders([order], order.customer, by=SYSTEM)

        assert why(undo(shop, run)) == [("1", ["moved"])]

    def test_several_reasons_are_all_said(self, shop, bring):
        run = bring(row("1", paid="50.00", payment_reference="X"))
        order = Order.objects.of(shop).get()
        take_payment(order, Money(key="a", amount=Decimal(10)), by=SYSTEM)
        give_refund(order, Money(key="b", amount=Decimal(10)), by=SYSTEM)
        write_off(order, Decimal(5), reason="Scratched", by=SYSTEM)

        assert why(undo(shop, run)) == [("1", ["paid", "refunded", "written_off"])]

    def test_an_order_of_nobody_that_was_paid_since_stays(self, shop, bring):
        run = bring(row("1", email=""))
        take_payment(Order.objects.of(shop).get(), Money(key="a", amount=Decimal(10)), by=SYSTEM)

        assert why(undo(shop, run)) == [("1", ["paid"])]

    def test_a_later_import_of_it_stays(self, shop, bring):
        first = bring(row("1", payment_status="pending"))
        bring(row("1", total="120.00"))

        result = undo(shop, first)

        assert why(result) == [("1", ["changed"])]
        assert Order.objects.of(shop).get().total == 12000

    def test_a_buyer_with_another_order_stays(self, shop, bring):
        run = bring(row("1"))
        place_order(shop, "77", customer_id=Customer.objects.of(shop).get().pk)

        result = undo(shop, run)

        assert [order.external_id for order in Order.objects.of(shop)] == ["77"]
        assert Customer.objects.of(shop).alive().get().orders_placed == 1
        assert (result["rows"]["order"], len(result["named"])) == ([0, 1, 0], 1)

    def test_a_product_that_was_sold_since_stays(self, shop, bring):
        run = bring(row("1", title="Mug", sku="M1", quantity=1, unit_price="100.00"))
        bring(row("2", email="bo@example.com", title="Mug", sku="M1", quantity=1, unit_price="100.00"))

        assert why(undo(shop, run)) == [("Mug", ["used"])]
        assert Line.objects.of(shop).get().product.sku == "M1"


class TestProducts:
    HEADER = ("SKU", "Name", "Category", "Price")

    def test_new_ones_go_and_changed_ones_go_back(self, shop, bring):
        save_products(shop, [ProductDraft(ProductFacts(sku="A", name="Old", category="Tea"), price=500)])
        before = dump(shop)

        run = bring(["A", "New", "", "9.00"], ["B", "Beans", "", ""], header=self.HEADER, kind="products")
        result = undo(shop, run)

        assert dump(shop) == before
        assert result["rows"] == {"product": [1, 1, 0]}

    def test_what_was_sold_or_edited_since_stays(self, shop, bring):
        save_products(shop, [ProductDraft(ProductFacts(sku="A", name="Old", category="Tea"), price=500)])
        run = bring(["A", "New", "Coffee", ""], ["B", "Beans", "", ""], header=self.HEADER, kind="products")
        bring(row("1", title="Beans", sku="B", quantity=1, unit_price="100.00"))
        save_products(shop, [ProductDraft(ProductFacts(sku="A", name="Newest"))])

        result = undo(shop, run)

        known = Product.objects.of(shop).get(sku="A")
        assert (known.name, known.category) == ("Newest", "Tea")
        assert why(result) == [("Newest", ["changed:name"]), ("Beans", ["used"])]
        assert result["rows"] == {"product": [1, 0, 2]}


class TestActivity:
    HEADER = ("At", "E-mail", "Product", "SKU")

    def test_goes_with_its_products_and_the_figures_follow(self, shop, bring):
        create_customer(shop, name="Ann", email="ann@example.com")
        before = dump(shop)

        run = bring([DAY, "ann@example.com", "Mug", "M1"], header=self.HEADER, kind="activity")
        assert Customer.objects.of(shop).get().visits == 1
        result = undo(shop, run)

        assert dump(shop) == before
        assert result["rows"] == {"activity": [0, 1, 0], "product": [0, 1, 0]}
        assert faults(shop) == []

    def test_of_somebody_who_was_merged_since_stays(self, shop, bring):
        ann = create_customer(shop, name="Ann", email="ann@example.com")
        run = bring([DAY, "ann@example.com", "Mug", "M1"], header=self.HEADER, kind="activity")
        merge(shop, create_customer(shop, name="Bo"), [ann], by=SYSTEM)

        result = undo(shop, run)

        assert sorted(why(result)) == [("Mug", ["used"]), ("Product viewed Mug", ["merged"])]
        assert faults(shop) == []


class TestSegments:
    """They are asked again about whom an undoing touched."""

    def test_of_views_forget_what_came_with_the_file(self, shop, bring):
        create_customer(shop, name="Ann", email="ann@example.com")
        header = TestActivity.HEADER
        bring(["2026-03-01 12:00", "ann@example.com", "Cup", "C1"], header=header, kind="activity")
        fans = segment(shop, "products_viewed(name = 'Mug') = true")
        run = bring(["2026-03-01 11:59", "ann@example.com", "Mug", "M1"], header=header, kind="activity")
        assert names_in(fans) == ["Ann"]

        undo(shop, run)

        assert names_in(fans) == []

    @pytest.mark.parametrize("facts", [{"kind": "static"}, {"where": "orders >= 9"}], ids=["a list", "a live one"])
    def test_keep_those_whom_somebody_put_there(self, shop, bring, facts):
        chosen = segment(shop, **facts)
        run = bring(row("1"), row("2", email="bo@example.com"))
        linh = create_staff(shop, name="Linh")
        bo = Customer.objects.of(shop).get(email="bo@example.com")
        set_members(chosen, [bo.pk], True, staff=linh, by=acting(linh))

        result = undo(shop, run)

        assert list(Customer.objects.of(shop).alive()) == [bo]
        assert result["named"] == [bo.pk]

    def test_and_groups_by_rule_keep_nobody(self, shop, bring):
        set_rule(add_group(shop, "Buyers", by=SYSTEM), "orders >= 1", by=SYSTEM)
        run = bring(row("1"))
        run_waiting_jobs()
        assert Customer.objects.of(shop).get().group.name == "Buyers"

        result = undo(shop, run)

        assert not Customer.objects.of(shop).alive().exists()
        assert result["conflicts"] == 0

    def test_of_channels_are_asked_when_channels_went_back(self, shop, bring, monkeypatch):
        create_customer(shop, name="Ann", email="ann@example.com")
        run = ImportRun.objects.get(pk=bring(row("1")))
        imported = segment(shop, "first_channel = 'import'")
        assert names_in(imported) == ["Ann"]

        place = machinery.START
        while place is not None:  # the segment is asked after each part
            _part, place = machinery.undo_part(shop, run.job_run_id, place, by=SYSTEM, undo_id=run.job_run_id + 1)
            names_in(imported)

        assert names_in(imported) == []


class TestTheJob:
    def test_twice_asked_it_is_done_once(self, shop, bring):
        run = ImportRun.objects.get(pk=bring(row("1"), row("2")))

        first = undo_run(run.job_run, staff=None, by=SYSTEM)
        again = undo_run(run.job_run, staff=None, by=SYSTEM)

        assert first.pk == again.pk
        assert JobRun.objects.of(shop).filter(kind="customers.undo").count() == 1

    def test_sets_nothing_off_where_the_import_did_not(self, shop, bring):
        run = ImportRun.objects.get(pk=bring(row("1")))
        JobRun.objects.filter(pk=run.job_run_id).update(data={"import": run.pk, "quiet": True})

        undoing = undo_run(run.job_run, staff=None, by=SYSTEM)

        assert is_quiet(shop.pk, undoing.pk)

    def test_goes_in_parts_that_can_be_stopped_between(self, shop, bring, monkeypatch):
        before = dump(shop)
        numbers = range(1, 8)
        run = bring(*(row(str(n), email=f"p{n}@example.com", title="Mug", sku=f"M{n}") for n in numbers))
        job = ImportRun.objects.get(pk=run).job_run
        monkeypatch.setattr(machinery, "PART", 2)

        place, undone, parts = machinery.START, machinery.Undone(), 0
        while place is not None:
            part, place = machinery.undo_part(shop, job.pk, place, by=SYSTEM, undo_id=job.pk + 1000)
            undone, parts = machinery.Undone(**undone.plain()), parts + 1
            undone += part

        assert dump(shop) == before
        assert (undone.rows, undone.people) == ({"order": [0, 7, 0], "product": [0, 7, 0]}, [0, 7, 0])
        assert parts > 10

    @pytest.mark.parametrize("how", ["stopped", "failed"])
    def test_that_ended_too_early_goes_on_when_it_is_asked_for_again(self, shop, bring, half_undone, how):
        before = dump(shop)
        run = bring(*(row(str(n), email=f"p{n}@example.com") for n in range(1, 8)))
        job, undoing = half_undone(run, how)
        assert Order.objects.of(shop).count() == 3

        trial = undo_trials.try_undo(job, staff=None, by=SYSTEM)
        again = undo_run(job, staff=None, by=SYSTEM)
        work_off(again)

        assert again.pk == undoing.pk
        assert dump(shop) == before
        assert again.result["rows"] == {"order": [0, 7, 0]}
        assert (again.result["removed"], again.result["conflicts"]) == (14, 0)
        assert (trial.result["rows"], trial.result["conflicts"]) == ({"order": [0, 3, 0]}, 0)

    def test_that_ended_too_early_may_be_too_late_to_go_on(self, shop, bring, half_undone):
        job, undoing = half_undone(bring(*(row(str(n)) for n in range(1, 8))), "stopped")
        JobRun.objects.filter(pk=job.pk).update(finished_at=WHEN)

        with pytest.raises(TooLateToUndo):
            undo_run(job, staff=None, by=SYSTEM)

        undoing.refresh_from_db()
        assert undoing.state == JobRun.State.CANCELLED

    def test_tried_part_by_part_it_tells_what_undoing_does(self, shop, bring, monkeypatch):
        monkeypatch.setattr(machinery, "PART", 2)
        monkeypatch.setattr(undo_trials, "WHOLE", 0)
        rows = (row(str(n), email=f"p{n % 4}@example.com", title="Mug", sku=f"M{n % 3}") for n in range(1, 8))
        run = bring(*rows)
        paid = Order.objects.of(shop).select_related("shop").get(number="3")
        take_payment(paid, Money(key="k", amount=Decimal(1)), by=SYSTEM)
        before = dump(shop)

        trial = undo_trials.try_undo(ImportRun.objects.get(pk=run).job_run, staff=None, by=SYSTEM)

        assert trial.is_over
        assert dump(shop) == before
        assert trial.result == undo(shop, run)
        assert trial.result["rows"] == {"order": [0, 6, 1], "product": [0, 2, 1]}

    @pytest.mark.parametrize(
        ("known", "file"),
        [
            (row("1"), row("1", title="Mug", sku="M1")),
            (row("1", email=""), row("1")),
            (row("1", title="Cup", sku="C1"), row("1", title="Mug", sku="M1")),
        ],
        ids=["a first product", "a first buyer", "another product"],
    )
    def test_tried_part_by_part_it_tells_what_known_orders_no_longer_hold(self, shop, bring, monkeypatch, known, file):
        bring(known)
        run = bring(file)
        monkeypatch.setattr(undo_trials, "WHOLE", 0)

        trial = undo_trials.try_undo(ImportRun.objects.get(pk=run).job_run, staff=None, by=SYSTEM)

        assert trial.result == undo(shop, run)
        assert (trial.result["removed"], trial.result["conflicts"]) == (1, 0)

    def test_leaves_other_shops_alone(self, shop, bring):
        other = make_shop("other")
        place_order(other, "1")
        before = dump(other)

        undo(shop, bring(row("1")))

        assert dump(other) == before


NUMBERS = st.integers(1, 5)
ROWS = st.fixed_dictionaries({
    "number": NUMBERS,
    "email": st.sampled_from(["", "ann@example.com", "bo@example.com", "cy@example.com"]),
    "total": st.sampled_from(["0.00", "60.00", "100.00"]),
    "payment_status": st.sampled_from(["", "paid", "pending", "refunded"]),
    "paid": st.sampled_from(["", "25.00", "100.00"]),
    "refunded": st.sampled_from(["", "10.00"]),
    "payment_reference": st.sampled_from(["", "VCB1", "VCB2"]),
    "title": st.sampled_from(["", "Mug", "Cup"]),
    "sku": st.sampled_from(["", "M1", "C1"]),
    "quantity": st.sampled_from(["1", "3"]),
    "unit_price": st.sampled_from(["10.00", "20.00"]),
    "cancelled_at": st.sampled_from(["", DAY]),
    "test_order": st.sampled_from(["", "yes"]),
    "placed_at": st.sampled_from([DAY, "2026-10-30 08:00"]),
})  # fmt: skip
FILES = st.lists(ROWS, min_size=1, max_size=6)


@settings(deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=FILES, file=FILES, waiting=NUMBERS)
def test_any_file_of_orders_leaves_no_trace(shop, bring, before, file, waiting):
    """Whatever a file brings on top of whatever was there: undone, everything is as before, and adds up."""
    with transaction.atomic():
        create_customer(shop, name="Ann", email="ann@example.com")
        bring(*(row(**(one | {"number": str(one["number"])})) for one in before))
        record_payment(shop, money("p", str(waiting), 15), by=SYSTEM)
        was = dump(shop)

        run = bring(*(row(**(one | {"number": str(one["number"])})) for one in file))
        result = undo(shop, run)

        assert dump(shop) == was
        assert result["conflicts"] == 0
        assert faults(shop) == []
        transaction.set_rollback(True)


@settings(deadline=None, max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=FILES, second=FILES, third=FILES)
def test_files_undone_in_turn_leave_no_trace(shop, bring, first, second, third):
    """The last one first: each undoing finds what the file before it had left."""
    with transaction.atomic():
        was = [dump(shop)]
        runs = []
        for file in (first, second, third):
            runs.append(bring(*(row(**(one | {"number": str(one["number"])})) for one in file)))
            was.append(dump(shop))

        for run, state in zip(reversed(runs), reversed(was[:-1]), strict=True):
            undo(shop, run)
            assert dump(shop) == state
        assert faults(shop) == []
        transaction.set_rollback(True)
