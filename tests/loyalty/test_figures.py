"""What is said of points elsewhere: fields, proofs, reasons and the timeline."""

from datetime import date, timedelta

import pytest

from regulars.customers.checking import start_check
from regulars.customers.checks import check_named, faults_of
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.customers.timeline import timeline
from regulars.events.models import Event
from regulars.events.record import Happening, record_many
from regulars.kit.errors import BadValue
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.query import compile_where, parse
from regulars.loyalty.days import begin_day
from regulars.loyalty.why import EXPLAINED, explain
from regulars.segments.evaluation import evaluate
from regulars.segments.models import Membership
from regulars.segments.operations import create_segment
from tests.factories import SYSTEM, actor, create_customer, create_staff
from tests.loyalty.giving import adjust, figures, today
from tests.loyalty.test_openings import state

pytestmark = pytest.mark.django_db


@pytest.fixture
def linh():
    return create_staff(name="Linh")


@pytest.fixture
def ann(linh):
    return create_customer(linh.shop, name="Ann")


def names(linh, text):
    question = compile_where(parse(text), customer_fields, context_for(linh.shop, staff=linh))
    return set(Customer.objects.of(linh.shop).filter(question).values_list("name", flat=True))


class TestTheFields:
    def test_find_customers_by_their_points(self, linh, ann):
        bob, cy = (create_customer(linh.shop, name=name) for name in ("Bob", "Cy"))
        adjust(ann, 120)
        adjust(ann, -100)
        adjust(bob, 50, counts_on=today(bob) + timedelta(days=2))
        adjust(cy, -5, may_overdraw=True)

        assert names(linh, "points >= 20") == {"Ann"}
        assert names(linh, "points_left < 0") == {"Cy"}
        assert names(linh, "points_earned = 120") == {"Ann"}
        assert names(linh, "points_pending > 0") == {"Bob"}

    def test_keep_segments_live(self, linh, ann):
        rich = create_segment(linh.shop, name="Rich", where="points >= 100", by=SYSTEM)
        evaluate(linh.shop, [ann.pk])

        adjust(ann, 100)
        run_waiting_jobs()

        assert Membership.objects.of(linh.shop).filter(customer=ann, segment_ids__contains=[rich.pk]).exists()


class TestTheProof:
    def test_finds_a_figure_that_is_not_what_the_ledger_says(self, ann):
        adjust(ann, 120)
        check = check_named("points")
        assert faults_of(check, ann.shop) == []

        Customer.objects.filter(pk=ann.pk).update(points=500, points_pending=3)

        assert faults_of(check, ann.shop) == [
            f"customer {ann.pk}: points is 500, their ledger says 120",
            f"customer {ann.pk}: points_pending is 3, their ledger says 0",
        ]

    def test_repairs_it_and_tells_so(self, linh, ann):
        adjust(ann, 120)
        Customer.objects.filter(pk=ann.pk).update(points=500)

        start_check(ann.shop, staff=linh, repair=True)
        run_waiting_jobs()

        assert figures(ann) == (120, 120, 0)
        assert told(ann, linh)[-1] == "Stored figures put right: points"


class TestWhy:
    def test_is_the_ledger_line_by_line(self, ann):
        adjust(ann, 120)
        adjust(ann, 50, counts_on=today(ann) + timedelta(days=2))
        adjust(ann, -30)

        said = {figure: [part.amount for part in explain(ann, figure).parts] for figure in EXPLAINED}

        assert said == {"points": [-30, 120], "points_earned": [120], "points_pending": [50]}
        assert tuple(explain(ann, figure).total for figure in EXPLAINED) == figures(ann)

    def test_is_for_figures_of_points_alone(self, ann):
        with pytest.raises(BadValue):
            explain(ann, "debt")


def told(customer, staff):
    return ["".join(part["text"] for part in entry["parts"]) for entry in timeline(customer, staff)][::-1][1:]


class TestTheTimeline:
    def test_tells_each_movement(self, linh, ann, monkeypatch):
        state(ann.shop, (ann.pk, 1200, "Smile"))
        state(ann.shop, (ann.pk, 1000, "Smile"))
        adjust(ann, 1, note="Gift", by=actor(linh))
        adjust(ann, -40, note="Mug")
        first = today(ann) + timedelta(days=2)
        adjust(ann, 50, note="Soon", counts_on=first)

        opening, less, given, taken, waits = told(ann, linh)

        assert opening == "Opening balance: 1,200 points"
        assert less == "Opening balance corrected: 200 points less"
        assert (given, taken) == ("1 point given · Gift", "40 points taken · Mug")
        assert waits.startswith("50 points given · from ")
        assert waits.endswith(" on · Soon")

    def test_keeps_the_note_from_who_may_not_read_the_teams_notes(self, linh, ann, monkeypatch):
        adjust(ann, 50, note="Mug")
        monkeypatch.setattr("regulars.shops.models.Staff.may", lambda self, what: what != "customers.notes")

        assert told(ann, linh) == ["50 points given"]

    def test_tells_that_points_moved_when_the_rest_is_forgotten(self, linh, ann):
        adjust(ann, 50, note="Mug")
        Event.objects.update(data={})
        record_many(ann.shop_id, [Happening("points.counted", "points", 1, ann.pk, {})], by=SYSTEM)

        assert told(ann, linh) == ["Points moved", "Pending points count"]

    def test_tells_what_a_night_did(self, linh, ann, monkeypatch):
        adjust(ann, 50, counts_on=today(ann) + timedelta(days=1), expires_on=today(ann) + timedelta(days=2))
        later = date.today() + timedelta(days=9)
        for module in ("entries", "days"):
            monkeypatch.setattr(f"regulars.loyalty.{module}.today_of", lambda shop: later)

        begin_day(ann.shop)

        assert told(ann, linh)[1:] == ["50 pending points count now", "50 points expired"]
