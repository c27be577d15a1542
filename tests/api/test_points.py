"""Points for programs: read with the customers, given and taken with a scope of their own, once by each key."""

from datetime import timedelta

import pytest

from regulars.customers.merging import merge
from regulars.customers.operations import delete_customer
from regulars.events.models import Event
from regulars.loyalty.models import PointsEntry
from regulars.loyalty.openings import Opening, state_openings
from regulars.shops.permissions import Scope
from regulars.transfer.models import ApiRead
from tests.api.asking import problem, program
from tests.factories import SYSTEM, create_customer, create_shop
from tests.loyalty.giving import adjust, ledger, today
from tests.loyalty.giving import figures as balance

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Here", country="PH")


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com")


@pytest.fixture
def till(shop):
    return program(shop, Scope.CUSTOMERS, Scope.POINTS)


def address(customer):
    return f"/customers/{customer.pk}/points"


class TestReading:
    def test_tells_what_there_is_and_when_it_ends(self, shop, ann, till):
        soon, later = (today(ann) + timedelta(days=n) for n in (5, 30))
        adjust(ann, 100, expires_on=soon)
        adjust(ann, 40, expires_on=later)
        adjust(ann, -30)
        state_openings(shop, [Opening(ann.pk, 7, "Smile", counts_on=soon)], by=SYSTEM)

        told = till.ask(address(ann))

        assert {name: told[name] for name in told if name != "entries"} == {
            "customer_id": ann.pk, "balance": 110, "earned": 140, "pending": 7, "next": None,
            "expiring": [
                {"expires_on": soon.isoformat(), "points": 70}, {"expires_on": later.isoformat(), "points": 40},
            ],
        }  # fmt: skip
        opening, *_others, first = told["entries"]
        assert [entry["points"] for entry in told["entries"]] == [7, -30, 40, 100]
        assert (opening["is_pending"], opening["balance_after"], opening["programme"]) == (True, None, "Smile")
        assert first | {"created_at": ""} == {
            "id": PointsEntry.objects.earliest("pk").pk, "customer_id": ann.pk, "points": 100, "reason": "adjusted",
            "created_at": "", "counts_on": today(ann).isoformat(), "is_pending": False,
            "expires_on": soon.isoformat(), "balance_after": 100, "reverses_id": None, "programme": "", "key": "",
        }  # fmt: skip

    def test_goes_page_by_page_and_is_written_down(self, ann, till):
        for points in (1, 2, 3):
            adjust(ann, points)

        entries = till.all_of(address(ann), "entries", limit=2)

        assert [entry["points"] for entry in entries] == [3, 2, 1]
        assert list(ApiRead.objects.values_list("what", "answers", "rows")) == [("points", 2, 3)]

    def test_a_page_of_one_is_no_page_of_another(self, shop, ann, till):
        bob = create_customer(shop, name="Bob")
        for points in (1, 2, 3):
            adjust(ann, points)
        cursor = till.ask(address(ann), limit=2)["next"]

        problem(till.get(address(bob), cursor=cursor), 400, "query.damaged_cursor")

    def test_of_whom_a_customer_became(self, shop, ann, till):
        bob = create_customer(shop, name="Bob")
        adjust(bob, 5)
        merge(shop, ann, [bob], by=SYSTEM)

        assert till.ask(address(bob)) == till.ask(address(ann))
        assert till.ask(address(bob))["balance"] == 5

    def test_never_tells_what_the_team_notes(self, ann, till):
        adjust(ann, 5, note="Complained again")

        assert "Complained" not in till.get(address(ann)).content.decode()

    def test_needs_only_the_scope_of_customers(self, shop, ann):
        assert program(shop, Scope.CUSTOMERS).ask(address(ann))["entries"] == []
        problem(program(shop, Scope.POINTS).get(address(ann)), 403, "api.scope_missing")

    def test_of_nobody_in_the_shop_is_nothing(self, shop, ann, till):
        stranger = create_customer(create_shop("There"))
        adjust(stranger, 5)
        delete_customer(ann, by=SYSTEM)

        for one in (stranger, ann):
            problem(till.get(address(one)), 404, "api.not_there")
            problem(till.post(address(one), {"points": 5, "note": "Gift"}), 404, "api.not_there")
        assert ledger(stranger) == [5]


class TestMoving:
    def test_gives_and_takes(self, shop, ann, till):
        last = (today(ann) + timedelta(days=30)).isoformat()

        given = till.post(address(ann), {"points": 120, "note": " Order 1001 ", "expires_on": last})
        taken = till.post(address(ann), {"points": -20, "note": "Coffee"})

        assert (given.status_code, taken.status_code) == (201, 201), given.content
        assert [given.json()[name] for name in ("points", "expires_on", "balance_after")] == [120, last, 120]
        assert list(PointsEntry.objects.order_by("pk").values_list("note", flat=True)) == ["Order 1001", "Coffee"]
        assert (taken.json()["balance_after"], balance(ann)) == (100, (100, 120, 0))
        assert set(Event.objects.filter(kind="points.added").values_list("actor_kind", flat=True)) == {"api"}

    def test_waits_for_a_later_day(self, ann, till):
        day = (today(ann) + timedelta(days=3)).isoformat()

        told = till.post(address(ann), {"points": 50, "note": "Gift", "counts_on": day}).json()

        assert (told["is_pending"], told["balance_after"], balance(ann)) == (True, None, (0, 0, 50))

    def test_happens_once_by_a_key_and_answers_the_same(self, shop, ann, till):
        sent = {"points": 50, "note": "Order 7", "key": "order-7"}
        other = program(shop, Scope.CUSTOMERS, Scope.POINTS)

        first, again = till.post(address(ann), sent), other.post(address(ann), sent)

        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert (first.json()["key"], ledger(ann)) == ("order-7", [50])

    @pytest.mark.parametrize(
        "changed", [{"points": 51}, {"note": "Order 8"}, {"expires_on": "2099-12-31"}, {"counts_on": "2026-01-01"}]
    )
    def test_is_refused_by_a_key_of_another_movement(self, ann, till, changed):
        sent = {"points": 50, "note": "Order 7", "key": "order-7"}
        till.post(address(ann), sent)

        told = problem(till.post(address(ann), sent | changed), 422, "loyalty.key_used")

        assert "“order-7”" in told["detail"]
        assert ledger(ann) == [50]

    def test_is_refused_by_a_key_of_somebody_else(self, shop, ann, till):
        bob = create_customer(shop, name="Bob")
        sent = {"points": 50, "note": "Order 7", "key": "order-7"}
        till.post(address(ann), sent)

        problem(till.post(address(bob), sent), 422, "loyalty.key_used")
        assert ledger(bob) == []

    def test_takes_no_more_than_there_is(self, ann, till):
        adjust(ann, 10)

        problem(till.post(address(ann), {"points": -11, "note": "Coffee"}), 422, "loyalty.not_enough_points")
        assert ledger(ann) == [10]

    @pytest.mark.parametrize(
        ("sent", "code"),
        [
            ({"points": 0, "note": "x"}, "loyalty.bad_points"),
            ({"points": 5, "note": " "}, "loyalty.bad_points"),
            ({"points": 5, "note": "x", "expires_on": "2001-01-01"}, "loyalty.bad_points"),
            ({"points": -5, "note": "x", "counts_on": "2099-01-01"}, "loyalty.bad_points"),
            ({"points": 1.5, "note": "x"}, "api.not_valid"),
            ({"points": True, "note": "x"}, "api.not_valid"),
            ({"points": 10**10, "note": "x"}, "api.not_valid"),
            ({"points": 5}, "api.not_valid"),
            ({"points": 5, "note": "x", "key": "a\0b"}, "api.not_valid"),
            ({"points": 5, "note": "x", "may_overdraw": True}, "api.not_valid"),
        ],
    )
    def test_of_what_makes_no_movement_is_refused(self, ann, till, sent, code):
        problem(till.post(address(ann), sent), 422, code)
        assert ledger(ann) == []

    def test_needs_its_scope(self, shop, ann):
        others = program(shop, *(scope for scope in Scope.values if scope != Scope.POINTS))

        problem(others.post(address(ann), {"points": 5, "note": "Gift"}), 403, "api.scope_missing")
        assert ledger(ann) == []
