"""Points for a selection of customers."""

import json
import re

import pytest

from regulars.customers.actions import AT_ONCE
from regulars.customers.models import Customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.models import JobRun
from tests.factories import create_customer, create_staff
from tests.loyalty.giving import adjust, figures, ledger
from tests.web.loyalty.counter import PART, send_many, text, toasts
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(shop):
    return create_customer(shop, name="Bob Tân")


def line(desk, people, points, **given):
    sent = {"way": "give", "points": str(points), "selection": json.dumps({"ids": [one.pk for one in people]}), **given}
    headers = {"HX-Request": "true", "HX-Target": "p#points-line"}
    return text(desk.post("/s/hoa-sen/customers/bulk/points/line", sent, headers=headers)).strip()


class TestTheDialog:
    def test_says_to_how_many(self, desk, ann, bob):
        page = text(desk.post("/s/hoa-sen/customers/bulk/points/", {"ids": [ann.pk, bob.pk]}, headers=PART))

        assert "Points · 2 customers" in page
        assert "Apply to 2 customers" in page

    def test_tells_what_would_happen(self, desk, ann, bob):
        assert line(desk, [ann, bob], 50) == "50 points for each of 2 customers, 100 together."
        assert line(desk, [ann, bob], 50, way="take") == "50 points less for 1 customer. 1 has too few and is left out."
        assert line(desk, [bob], 50, way="take") == "1 has too few and is left out."
        assert line(desk, [ann, bob], "") == ""
        assert (ledger(ann), ledger(bob)) == ([120], [])

    def test_stands_in_the_bar_for_who_may(self, desk, shop, ann):
        agent = signed_in(create_staff(shop, role="agent"))

        assert "bulk/points/" in desk.get("/s/hoa-sen/customers/").content.decode()
        assert "bulk/points/" not in agent.get("/s/hoa-sen/customers/").content.decode()
        assert send_many(agent, [ann], 50).status_code == 403

    def test_keeps_what_was_written_beside_a_refusal(self, desk, ann):
        answer = send_many(desk, [ann], "much", note="Tet")

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "“much” is not a whole number." in text(answer)
        assert 'value="much"' in page and 'value="Tet"' in page
        assert page.count("is not a whole number") == 1
        assert ledger(ann) == [120]

    def test_asks_for_a_reason(self, desk, ann):
        answer = send_many(desk, [ann], 50, note="")

        assert answer.status_code == 422
        assert "Say why." in text(answer)


class TestRunning:
    def test_gives_and_can_be_taken_back(self, desk, ann, bob):
        send_many(desk, [ann, bob], 50)
        assert (figures(ann)[0], figures(bob)[0]) == (170, 50)
        page = desk.get("/s/hoa-sen/customers/").content.decode()
        assert "50 points given to 2 customers." in page

        desk.post(re.search(r"/s/hoa-sen/jobs/\d+/undo", page)[0])

        assert (figures(ann), figures(bob)) == ((120, 120, 0), (0, 0, 0))

    def test_leaves_out_who_has_too_few_and_names_them(self, desk, ann, bob):
        send_many(desk, [ann, bob], 50, way="take")

        assert (ledger(ann), ledger(bob)) == ([120, -50], [])
        assert "50 points taken of 1 customer. Too few points: Bob Tân." in toasts(desk)

    def test_names_three_and_how_many_more(self, desk, shop):
        people = [create_customer(shop, name=f"Guest {number}") for number in range(5)]

        send_many(desk, people, 50, way="take")

        assert "Too few points: Guest 0, Guest 1, Guest 2 and 2 more." in toasts(desk)

    def test_pressed_twice_is_done_once(self, desk, ann):
        send_many(desk, [ann], 50, key="one-dialog")
        send_many(desk, [ann], 50, key="one-dialog")

        assert ledger(ann) == [120, 50]

    def test_of_very_many_goes_on_in_the_background_and_names_them_there(self, desk, shop, ann):
        people = [ann, *(create_customer(shop, name=f"Guest {number:03}") for number in range(AT_ONCE))]
        send_many(desk, people, 50, way="take")
        run_waiting_jobs()
        run = JobRun.objects.get(kind="customers.action")

        ring, page = (text(desk.get(f"/s/hoa-sen/{path}")) for path in ("jobs/", f"loyalty/runs/{run.pk}/"))

        assert run.title in ring
        assert f"loyalty/runs/{run.pk}/" in desk.get("/s/hoa-sen/jobs/").content.decode()
        assert "50 points taken of 1 customer." in page
        assert "Left out: too few points" in page and "Guest 000" in page and "Ann Lê" not in page

    def test_tells_nobody_of_customers_they_may_not_see(self, shop, manager, ann, bob):
        ben = create_staff(shop, role="manager", only_own=True)
        Customer.objects.filter(pk=bob.pk).update(staff=ben)
        send_many(signed_in(manager), [ann, bob, create_customer(shop, name="Chi")], 500, way="take")
        run = JobRun.objects.get(kind="customers.action")

        page = text(signed_in(ben).get(f"/s/hoa-sen/loyalty/runs/{run.pk}/"))

        assert "Bob Tân" in page and "Chi" not in page and "Ann Lê" not in page


class TestTheList:
    def test_shows_sorts_and_filters_by_points(self, desk, ann, bob):
        adjust(bob, 12_345)

        page = text(desk.get("/s/hoa-sen/customers/?columns=points,points_earned,points_pending&sort=-points"))
        rich = text(desk.get("/s/hoa-sen/customers/?where=points > 1000"))

        assert page.index("Bob Tân") < page.index("Ann Lê")
        assert "12,345" in page
        assert "Bob Tân" in rich and "Ann Lê" not in rich
