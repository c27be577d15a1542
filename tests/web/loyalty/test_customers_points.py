"""Points on a customer's page: the figure, its reasons, the tab, the timeline [S2.12, S2.13, S2.45, S4.6]."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.actions import undo_run
from regulars.kit.dates import show_day, zone
from regulars.loyalty.days import begin_day
from tests.factories import actor, create_customer
from tests.loyalty.giving import adjust, ask, figures, today
from tests.loyalty.giving import at as let_it_be
from tests.web.customers.desk import at, part
from tests.web.loyalty.counter import text

pytestmark = pytest.mark.django_db


def tab(desk, customer, query=""):
    return text(desk.get(at(customer, f"?tab=points{query}"), headers=part("customer-tab")))


class TestTheFigure:
    def test_tells_what_waits_and_what_ends_next(self, desk, ann):
        day = today(ann)
        adjust(ann, 30, expires_on=day + timedelta(days=5))
        adjust(ann, 7, counts_on=day + timedelta(days=2))

        page = text(desk.get(at(ann)))

        assert re.search(rf"Points 150 7 pending 30 until {re.escape(show_day(day + timedelta(days=5)))}", page)

    def test_leads_to_the_movements_that_add_up_to_it(self, desk, ann):
        adjust(ann, -20, note="Coffee mug")
        adjust(ann, 7, note="Later", counts_on=today(ann) + timedelta(days=2))

        balance, earned, pending = (
            text(desk.get(at(ann, f"points/why/{name}/"))) for name in ("points", "points_earned", "points_pending")
        )

        assert "Welcome" in balance and "−20" in balance and "Later" not in balance
        assert "Points 100" in balance
        assert "Points ever earned 120" in earned and "Coffee mug" not in earned
        assert "Pending points 7" in pending
        for said in (balance, earned, pending):
            assert "Equal to the figure" in said

    def test_says_when_the_stored_figure_differs(self, desk, ann):
        ann.points = 999
        ann.save(update_fields=["points"])

        assert "Stored is 999, which differs." in text(desk.get(at(ann, "points/why/points/")))

    def test_of_another_name_has_no_reasons(self, desk, ann):
        assert desk.get(at(ann, "points/why/debt/")).status_code == 404


class TestTheTab:
    def test_lists_the_ledger_newest_first_with_balances(self, desk, manager, ann):
        adjust(ann, -20, note="Coffee mug", by=actor(manager))

        said = tab(desk, ann)

        assert said.index("Coffee mug") < said.index("Welcome")
        assert re.search(r"Coffee mug Adjusted by hand −20 100 Mai Trần", said)
        assert re.search(r"Welcome Adjusted by hand \+120 120", said)
        assert "Balance 100 Earned in all 120" in said

    def test_tells_what_is_coming_up_day_by_day(self, desk, ann):
        day = today(ann)
        adjust(ann, 7, counts_on=day + timedelta(days=2), note="Anniversary")
        adjust(ann, 30, expires_on=day + timedelta(days=5))

        said = tab(desk, ann)

        assert f"{show_day(day + timedelta(days=2))} +7 begin to count" in said
        assert f"{show_day(day + timedelta(days=5))} −30 expire" in said
        assert f"Pending until {show_day(day + timedelta(days=2))}" in said

    def test_marks_what_expired(self, desk, ann, monkeypatch):
        last = today(ann) + timedelta(days=2)
        adjust(ann, 30, expires_on=last, note="Gift of a day")
        noon = datetime(last.year, last.month, last.day, 12, tzinfo=zone(ann.shop.timezone)) + timedelta(days=1)
        with monkeypatch.context() as patched:
            let_it_be(patched, noon)
            begin_day(ann.shop)

        said = tab(desk, ann)

        assert "−30 120 by itself" in said
        assert figures(ann)[0] == 120

    def test_marks_what_was_taken_back(self, desk, manager, ann):
        run = ask(manager, [ann], points=50)
        undo_run(run, staff=manager, by=actor(manager))

        said = tab(desk, ann)

        assert re.search(r"Gift Adjusted by hand Taken back \+50", said)
        assert re.search(r"Taken back −50 120", said)

    def test_goes_on_with_older_ones(self, desk, ann):
        for number in range(30):
            adjust(ann, 1, note=f"Point {number:02}")
        page = desk.get(at(ann, "?tab=points"), headers=part("customer-tab")).content.decode()
        older = re.search(r'href="([^"]*before=[^"]*)"', page)[1].replace("&amp;", "&")

        rest = desk.get(older, headers=part("points-rest"))

        assert "Point 29" in page and "Point 04" not in page
        assert "Point 04" in text(rest) and "Welcome" in text(rest) and "Point 05" not in text(rest)

    def test_says_what_will_stand_there(self, desk, shop):
        said = text(desk.get(at(create_customer(shop, name="Bea"), "?tab=points")))

        assert "No points yet." in said
        assert "Adjust points" in said

    def test_takes_as_many_queries_for_thirty_movements_as_for_two(self, desk, ann, django_assert_num_queries):
        adjust(ann, 1)
        tab(desk, ann)
        with CaptureQueriesContext(connection) as few:
            tab(desk, ann)
        for _number in range(28):
            adjust(ann, 1)

        with django_assert_num_queries(len(few)):
            tab(desk, ann)


def test_the_timeline_leads_to_the_ledger(desk, ann):
    page = desk.get(at(ann)).content.decode()

    assert re.search(r'href="/s/hoa-sen/customers/\d+/\?tab=points">120 points given · Welcome</a>', page)
