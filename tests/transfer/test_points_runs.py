"""Runs of points balances: whatever comes in whatever order counts once, and can be taken back (T71)."""

import csv
import io
from dataclasses import replace

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.customers.models import Customer
from regulars.events.record import Actor
from regulars.loyalty.models import PointsEntry
from regulars.transfer.commands import import_file, undo_import
from regulars.transfer.kinds import KINDS
from regulars.transfer.models import ImportRun
from tests.factories import create_customer
from tests.loyalty.giving import adjust, ledger
from tests.loyalty.giving import figures as balance
from tests.transfer.conftest import figures, make_shop

pytestmark = pytest.mark.django_db

HEAD = ["Email", "Points", "Programme"]
PEOPLE = ("ann", "bob", "cara")
FILES = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.sampled_from(PEOPLE), st.integers(0, 500), st.sampled_from(["", "Smile"])),
            min_size=1, max_size=7,
        ),
        st.sampled_from(["last", "first"]),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setitem(KINDS, "points", replace(KINDS["points"], batch=2))


def content(rows):
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *([f"{who}@example.com", points, origin] for who, points, origin in rows)])
    return text.getvalue().encode()


def stated(shop):
    """What the opening entries of each customer and programme add up to, with what was taken back of them."""
    sums = PointsEntry.objects.of(shop).values_list("customer__email", "origin").annotate(points=Sum("points"))
    return {(email.partition("@")[0], origin): int(points) for email, origin, points in sums if points}


@settings(
    max_examples=25, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(files=FILES)
def test_the_last_file_has_the_say_whatever_came_before(tmp_path, small_batches, files):
    """T71."""
    n = Customer.objects.count()
    shop = make_shop(f"shop{n}")
    for who in PEOPLE:
        create_customer(shop, name=who.title(), email=f"{who}@example.com")
    said = {}
    for rows, twice in files:
        path = tmp_path / "points.csv"
        path.write_bytes(content(rows))
        told = {(who, origin): points for who, points, origin in (rows if twice == "last" else reversed(rows))}
        said |= told

        done = import_file("points", path, shop, twice=twice)

        assert (done["rejected"], done["rows"]) == (0, len(rows))
        assert stated(shop) == {account: points for account, points in said.items() if points}
    for customer in Customer.objects.of(shop):
        assert customer.points == sum(ledger(customer))


class TestTakingBack:
    @pytest.fixture
    def ann(self, shop):
        return create_customer(shop, name="Ann", email="ann@example.com")

    @pytest.fixture
    def bring(self, shop, tmp_path):
        def brought(*rows):
            (tmp_path / "points.csv").write_bytes(content(rows))
            return import_file("points", tmp_path / "points.csv", shop)

        return brought

    def undo(self, shop, done):
        answer = undo_import(shop, done["id"], by=Actor.system())
        return answer["restored"], answer["removed"], answer["conflicts"]

    def test_writes_entries_of_its_own(self, shop, ann, bring):
        bring(("ann", 100, ""))
        done = bring(("ann", 150, ""))

        assert self.undo(shop, done) == (1, 0, 0)
        assert (ledger(ann), balance(ann)) == ([100, 50, -50], (100, 100, 0))

    def test_lets_the_same_file_come_again(self, shop, ann, bring):
        self.undo(shop, bring(("ann", 100, "")))

        again = bring(("ann", 100, ""))

        assert (figures(again), ledger(ann)) == ((1, 0, 0, 0), [100, -100, 100])

    def test_leaves_what_was_spent_since_and_says_so(self, shop, ann, bring):
        bob = create_customer(shop, name="Bob", email="bob@example.com")
        done = bring(("ann", 100, ""), ("bob", 30, ""))
        adjust(ann, -40)

        assert self.undo(shop, done) == (1, 0, 1)
        assert (ledger(ann), ledger(bob)) == ([100, -40], [30, -30])
        undoing = ImportRun.objects.of(shop).get().job_run.undone_by
        assert [(one["what"], one["why"], one["customer_id"]) for one in undoing.result["stayed"]] == [
            ("points", ["spent"], ann.pk)
        ]

    def test_gives_back_what_a_correction_took(self, shop, ann, bring):
        bring(("ann", 100, ""))
        done = bring(("ann", 70, ""))

        self.undo(shop, done)

        assert (ledger(ann), balance(ann)) == ([100, -30, 30], (100, 100, 0))
