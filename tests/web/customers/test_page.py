"""A customer's page: its tabs, the way through the list, figures with their reasons."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.drafts import AddressDraft
from regulars.customers.operations import add_address, add_note
from tests.factories import SYSTEM, create_customer, create_staff
from tests.web.customers.desk import at, order, part, text
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db

TABS = ["timeline", "orders", "transactions", "products", "notes", "addresses", "account", "nonsense"]


class TestThePage:
    def test_shows_who_it_is_and_what_they_are_worth(self, desk, shop, ann):
        order(shop, ann, 1001, total=150_000, paid=100_000)

        shown = text(desk.get(at(ann)))

        for word in ("Ann Lê", "ann@example.com", "+84 912 345 678", "Guest", "#1001", "₫100,000", "₫50,000"):
            assert word in shown
        assert "Counted: Placed: recorded and not cancelled" in shown

    @pytest.mark.parametrize("tab", TABS)
    def test_every_tab_opens_whole_and_as_a_part(self, desk, shop, ann, tab):
        order(shop, ann, 1001)
        add_note(ann, "likes tea", by=SYSTEM)

        whole = desk.get(at(ann), {"tab": tab})
        asked = desk.get(at(ann), {"tab": tab}, headers=part("customer-tab"))

        assert whole.status_code == asked.status_code == 200
        assert "<html" not in text(asked)
        assert 'hx-target="#customer-tabs"' in text(asked)

    def test_the_timeline_speaks_of_orders_and_goes_on_where_it_stopped(self, desk, shop, ann):
        order(shop, ann, 1001)
        for count in range(40):
            add_note(ann, f"note {count}", by=SYSTEM)

        first = text(desk.get(at(ann), headers=part("customer-tab")))
        more = first.split('id="timeline-rest"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        rest = text(desk.get(more, headers=part("timeline-rest")))

        assert first.count('class="moment"') == 30
        assert "note 39" in first and "note 9<" not in first
        assert "note 9<" in rest
        assert "Order <a href=" in rest and "Paid ₫100,000 for" in rest

    @pytest.mark.parametrize("before", ["x", "2024-01-01~1", "~", "2024-01-01T00:00:00+00:00~x", "9" * 40 + "~1"])
    def test_a_damaged_place_in_the_timeline_is_its_beginning(self, desk, ann, before):
        for tab in ("timeline", "orders", "transactions"):
            assert desk.get(at(ann), {"tab": tab, "before": before}).status_code == 200

    def test_asks_as_often_for_much_history_as_for_little(self, desk, shop):
        small, large = create_customer(shop, name="Small"), create_customer(shop, name="Large")
        for customer, count in ((small, 2), (large, 40)):
            for number in range(count):
                order(shop, customer, customer.pk * 1000 + number)
                add_note(customer, f"note {number}", by=SYSTEM)
                add_address(customer, AddressDraft(line1=f"{number} Lê Lợi"), by=SYSTEM)
        desk.get(at(small))

        for tab in ("timeline", "orders", "transactions", "notes", "addresses", "account"):
            counts = []
            for customer in (small, large):
                with CaptureQueriesContext(connection) as asked:
                    desk.get(at(customer), {"tab": tab})
                counts.append(len(asked))
            assert counts[0] == counts[1], tab

    def test_customers_of_others_and_of_other_shops_are_not_there(self, shop, ann):
        agent = signed_in(create_staff(shop, role="agent", only_own=True))
        stranger = create_customer(name="Stranger")

        for pk in (ann.pk, stranger.pk, 0, 10**30):
            assert agent.get(f"/s/hoa-sen/customers/{pk}/").status_code == 404

    def test_hides_contact_data_from_those_who_may_not_see_it(self, shop):
        ann = create_customer(
            shop, name="Ann", email="ann@example.com", phone="0912345678", zalo_id="zalo-77",
            referrer="ben@example.com", address1="1 Lê Lợi", address_phone="0987654321",
        )  # fmt: skip
        viewer = signed_in(create_staff(shop, role="viewer"))

        for tab in ("timeline", "addresses", "account"):
            shown = text(viewer.get(at(ann), {"tab": tab}))
            for secret in ("ann@example.com", "912345678", "912 345 678", "zalo-77", "0987654321"):
                assert secret not in shown
            assert "ben@example.com" not in shown
        assert "•••" in shown


class TestTheWayThroughTheList:
    def test_leads_to_the_neighbours_and_back_to_the_same_place(self, desk, shop):
        one, two, three = (create_customer(shop, name=name, company="Tea") for name in ("A", "B", "C"))
        create_customer(shop, name="Bb")
        came_from = "where=company+%3D+%27Tea%27&sort=name"

        shown = text(desk.get(at(two), {"list": came_from}))

        kept = quote(came_from, safe="").replace("%2F", "/")
        assert f'href="/s/hoa-sen/customers/{one.pk}/?list={kept}"' in shown
        assert f'href="/s/hoa-sen/customers/{three.pk}/?list={kept}"' in shown
        assert 'href="/s/hoa-sen/customers/?where=company+%3D+%27Tea%27&amp;sort=name"' in shown

    def test_follows_a_search_by_closeness(self, desk, shop):
        best, second = create_customer(shop, name="Đào"), create_customer(shop, name="Đào Thị Lan")

        assert f"/customers/{second.pk}/?list=" in text(desk.get(at(best), {"list": "search=%C4%90%C3%A0o"}))

    def test_a_list_that_means_nothing_any_more_is_the_whole_one(self, desk, ann):
        assert desk.get(at(ann), {"list": "where=nonsense+%3D+1&sort=zz&at=%00"}).status_code == 200


class TestFiguresWithTheirReasons:
    @pytest.mark.parametrize(
        "figure", ["orders_count", "total_spent", "spent_3m", "average_order", "debt", "refunded", "orders_placed"]
    )
    def test_each_opens_the_orders_that_add_up(self, desk, shop, ann, figure):
        order(shop, ann, 1001, total=150_000, paid=100_000)
        order(shop, ann, 1002, total=60_000, back=20_000)

        shown = desk.get(at(ann, f"why/{figure}/"), headers=part("dialog-body"))

        assert shown.status_code == 200
        total = {"orders_count": "2", "total_spent": "₫140,000", "spent_3m": "₫140,000", "average_order": "₫70,000",
                 "debt": "₫50,000", "refunded": "₫20,000", "orders_placed": "2"}[figure]  # fmt: skip
        assert f'<dd class="why-total">{total}</dd>' in text(shown)

    def test_there_is_no_why_for_anything_else(self, desk, ann):
        assert desk.get(at(ann, "why/version/")).status_code == 404
