"""The ledger of the whole shop: filters, search, totals, and who sees what of it."""

from datetime import timedelta

import pytest

from regulars.loyalty.liability import expiring_points, outstanding
from regulars.loyalty.lots import Expiring
from regulars.loyalty.models import PointsEntry
from tests.factories import actor, create_customer, create_shop, create_staff
from tests.loyalty.giving import adjust, today
from tests.web.loyalty.counter import text
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(shop):
    bob = create_customer(shop, name="Bob Tân", phone="0912345678")
    adjust(bob, 300, note="Fair")
    return bob


def ledger(desk, query=""):
    return text(desk.get(f"/s/hoa-sen/loyalty/?{query}")).partition("Balance after")[2]


def totals(desk, shop="hoa-sen"):
    return text(desk.get(f"/s/{shop}/loyalty/totals"))


class TestTheList:
    def test_shows_the_newest_first(self, desk, ann, bob):
        said = ledger(desk)

        assert said.index("Fair") < said.index("Welcome")
        assert "+300 300" in said

    @pytest.mark.parametrize(
        ("where", "found"),
        [
            ("reason = 'adjusted'", {"Welcome", "Fair", "Coffee mug"}),
            ("reason = 'expired'", set()),
            ("points < 0", {"Coffee mug"}),
            ("points >= 300", {"Fair"}),
            ("staff = me", {"Coffee mug"}),
            ("staff IS NULL", {"Welcome", "Fair"}),
            ("date = today", {"Welcome", "Fair", "Coffee mug"}),
            ("date < today", set()),
            ("date BETWEEN -30d AND today AND note CONTAINS mug", {"Coffee mug"}),
            ("pending = true", set()),
            ("balance = 100", {"Coffee mug"}),
        ],
    )
    def test_answers_filters(self, desk, manager, ann, bob, where, found):
        adjust(ann, -20, note="Coffee mug", by=actor(manager))

        said = ledger(desk, f"where={where}")

        assert {note for note in ("Welcome", "Fair", "Coffee mug") if note in said} == found

    @pytest.mark.parametrize("sort", ["number", "-number", "-points", "reason", "-date", "balance", "expires_on"])
    def test_sorts(self, desk, ann, bob, sort):
        assert "Welcome" in ledger(desk, f"sort={sort}")

    def test_finds_a_customer_in_any_spelling(self, desk, ann, bob):
        for typed in ("bob tan", "+84 912 345 678"):
            said = ledger(desk, f"search={typed}")
            assert "Fair" in said and "Welcome" not in said

    def test_leads_to_the_customers_ledger(self, desk, ann):
        entry = PointsEntry.objects.get(customer=ann)

        answer = desk.get(f"/s/hoa-sen/loyalty/{entry.pk}/")

        assert answer["Location"] == f"/s/hoa-sen/customers/{ann.pk}/?tab=points"

    def test_teaches_where_points_come_from(self, desk, shop):
        assert "Every point that moves will stand here" in text(desk.get("/s/hoa-sen/loyalty/"))

    def test_stands_in_the_navigation(self, desk):
        assert 'href="/s/hoa-sen/loyalty/"' in desk.get("/s/hoa-sen/customers/").content.decode()


class TestWhoSeesWhat:
    def test_who_is_limited_to_their_own_sees_only_theirs(self, shop, ann, bob):
        ben = create_staff(shop, role="agent", only_own=True)
        his = create_customer(shop, name="Bình", staff=ben.user.email)
        adjust(his, 7, note="His")
        desk = signed_in(ben)

        page = text(desk.get("/s/hoa-sen/loyalty/"))

        assert "His" in page and "Welcome" not in page and "Fair" not in page
        assert "Points outstanding 7 of 1 customer" in totals(desk)
        assert desk.get(f"/s/hoa-sen/loyalty/{PointsEntry.objects.get(customer=ann).pk}/").status_code == 404

    def test_another_shops_movements_are_nowhere(self, ann):
        other = create_staff(create_shop("Other", slug="other"), role="owner")

        desk = signed_in(other)

        assert "Welcome" not in text(desk.get("/s/other/loyalty/"))
        assert "Points outstanding 0" in totals(desk, "other")


class TestTheTotals:
    def test_are_those_of_all_customers(self, desk, shop, manager, ann, bob):
        day = today(ann)
        adjust(ann, 40, counts_on=day + timedelta(days=3))
        short = create_customer(shop, name="Short")
        adjust(short, -5, may_overdraw=True)

        found = outstanding(shop, manager)
        page = totals(desk)

        assert (found.points, found.holders, found.pending, found.overdrawn) == (420, 2, 40, 5)
        assert "Points outstanding 420 of 2 customers · 5 overdrawn" in page
        assert "Pending 40" in page

    def test_know_what_expires_within_thirty_days(self, desk, shop, manager, ann, bob):
        day = today(ann)
        adjust(ann, 30, expires_on=day + timedelta(days=5))
        adjust(ann, 99, expires_on=day + timedelta(days=50))
        adjust(bob, 10, expires_on=day + timedelta(days=5))
        adjust(bob, 20, expires_on=day + timedelta(days=30))
        adjust(ann, -10)  # what expires first is used first

        found = expiring_points(shop, manager, 30)
        said = totals(desk)

        assert found == [Expiring(day + timedelta(days=5), 30), Expiring(day + timedelta(days=30), 20)]
        assert "Expire within 30 days 50" in said
