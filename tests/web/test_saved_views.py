"""Saved views above the lists: open, changed, saved, shared."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.segments.models import SavedView
from regulars.segments.saved_views import Look, create_view
from tests.factories import create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

SPENDERS = Look(where="total_spent > 0", sort="-total_spent", columns=("orders", "total_spent"), size=25)
DEBTORS = Look(where="debt > 0")


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def lan(shop):
    return create_staff(shop, role="manager", name="Lan")


@pytest.fixture
def mai(shop):
    return create_staff(shop, role="viewer", name="Mai")


def desk(staff):
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(staff.user, backend=BACKEND)
    return client


def at(staff, path=""):
    return f"/s/{staff.shop.slug}/customers/{path}"


def text(response):
    return response.content.decode()


def tabs(page):
    """(label, whether it is open) of the tabs in a page."""
    nav = page.partition('aria-label="Views"')[2].partition("</nav>")[0]
    links = nav.split("<a ")[1:]
    return [(link.partition(">")[2].partition("<")[0], "aria-current" in link.partition(">")[0]) for link in links]


def query(response):
    return {name: value for name, (value,) in parse_qs(urlsplit(response["Location"]).query).items()}


class TestSavingAView:
    def test_keeps_what_the_list_shows_and_opens_it(self, lan):
        shown = "customer_group = Standard&search=ann&sort=-total_spent&columns=orders,total_spent&size=25"
        form = dict(
            pair.split("=", 1) for pair in shown.replace("customer_group =", "where=customer_group =").split("&")
        )

        response = desk(lan).post(at(lan, "views/new"), {**form, "name": "Ann", "is_pinned": "on"})

        view = SavedView.objects.get()
        kept = Look("group = 'standard'", "ann", "-total_spent", ("orders", "total_spent"), 25)
        assert Look.kept_in(view) == kept
        assert (view.owner, view.is_pinned, view.is_team) == (lan, True, False)
        assert query(response)["view"] == str(view.pk)

    def test_says_what_it_will_keep(self, lan):
        page = text(desk(lan).get(at(lan, "views/new?where=debt > 0&sort=-total_spent&columns=orders")))

        assert "Debt" in page
        assert "Total spent, downwards" in page
        assert "Orders" in page

    def test_asks_before_it_replaces_one_of_the_same_name(self, lan):
        create_view(lan, "customers", "Mine", DEBTORS)
        form = {"name": "Mine", "where": "total_spent > 0", "is_pinned": "on"}

        asked = desk(lan).post(at(lan, "views/new"), form)

        assert asked.status_code == 422
        assert "Replace it" in text(asked)
        assert SavedView.objects.get().where == "debt > 0"
        desk(lan).post(at(lan, "views/new"), {**form, "overwrite": "1"})
        assert SavedView.objects.get().where == "total_spent > 0"

    def test_of_nothing_is_refused(self, lan):
        response = desk(lan).post(at(lan, "views/new"), {"name": "All"})

        assert response.status_code == 422
        assert not SavedView.objects.exists()

    def test_of_a_filter_that_means_nothing_is_refused(self, lan):
        assert desk(lan).post(at(lan, "views/new"), {"name": "x", "where": "shoe_size > 4"}).status_code == 400

    def test_is_not_limited_to_customers(self, lan):
        response = desk(lan).post(f"/s/{lan.shop.slug}/orders/views/new", {"name": "Large", "where": "total > 500"})

        assert response.status_code == 302
        assert SavedView.objects.get().list_name == "orders"


class TestTheTabs:
    def test_begin_with_all_and_show_the_pinned_ones(self, lan):
        create_view(lan, "customers", "Debtors", DEBTORS)
        create_view(lan, "customers", "Aside", DEBTORS, is_pinned=False)

        page = text(desk(lan).get(at(lan)))

        assert tabs(page) == [("All", True), ("Debtors", False)]
        assert "Aside" in page.partition('id="view-menu"')[2]

    def test_mark_the_view_whose_link_was_followed(self, lan):
        create_view(lan, "customers", "Spenders", SPENDERS)
        client = desk(lan)

        opened = client.get(at(lan, f"?view={SavedView.objects.get().pk}"))
        page = text(client.get(opened["Location"]))

        assert query(opened) == {
            "where": "total_spent > 0",
            "sort": "-total_spent",
            "columns": "orders,total_spent",
            "size": "25",
            "view": str(SavedView.objects.get().pk),
        }
        assert tabs(page) == [("All", False), ("Spenders", True)]
        assert "Save changes" not in page

    def test_mark_the_view_that_shows_just_this(self, lan):
        create_view(lan, "customers", "Debtors", DEBTORS)

        assert tabs(text(desk(lan).get(at(lan, "?where=debt > 0"))))[1] == ("Debtors", True)

    def test_offer_to_save_what_the_plain_list_does_not_show(self, lan):
        client = desk(lan)

        assert "Save view" not in text(client.get(at(lan)))
        assert "Save view" in text(client.get(at(lan, "?sort=name")))
        assert "Save view" not in text(client.get(at(lan, "?sort=-created_at")))

    def test_offer_to_keep_or_forget_a_change(self, lan):
        view = create_view(lan, "customers", "Debtors", DEBTORS)
        client = desk(lan)

        page = text(client.get(at(lan, f"?view={view.pk}&where=debt > 500")))
        assert tabs(page)[1] == ("Debtors", True)
        assert all(words in page for words in ("Save changes", "Save as new", "Reset"))

        client.post(at(lan, f"views/{view.pk}/save"), {"where": "debt > 500", "view": view.pk})
        view.refresh_from_db()
        assert view.where == "debt > 500"

    def test_travel_with_the_rows_when_only_these_are_asked_for(self, lan):
        view = create_view(lan, "customers", "Debtors", DEBTORS)
        headers = {"HX-Request": "true", "HX-Target": "div#list-table"}

        part = text(desk(lan).get(at(lan, f"?where=debt > 0&view={view.pk}"), headers=headers))

        assert 'hx-target="#list-views"' in part
        assert tabs(part)[1] == ("Debtors", True)

    def test_cost_one_question_however_many_there_are(self, lan):
        client = desk(lan)
        create_view(lan, "customers", "Debtors", DEBTORS)
        create_customer(lan.shop)
        client.get(at(lan))
        with CaptureQueriesContext(
            connection,
        ) as few:
            client.get(at(lan))
        for n in range(10):
            create_view(lan, "customers", f"View {n}", SPENDERS, is_team=bool(n % 2))

        with CaptureQueriesContext(connection) as many:
            client.get(at(lan))

        assert len(many) == len(few)


class TestTheDefault:
    def test_opens_the_list(self, lan):
        view = create_view(lan, "customers", "Debtors", DEBTORS, is_default=True)
        client = desk(lan)

        assert query(client.get(at(lan))) == {"where": "debt > 0", "view": str(view.pk)}
        assert client.get(at(lan, "?view=all")).status_code == 200
        assert client.get(at(lan, "?search=ann")).status_code == 200

    def test_is_a_person_s_own(self, lan, mai):
        create_view(lan, "customers", "Debtors", DEBTORS, is_default=True, is_team=True)

        assert desk(mai).get(at(mai)).status_code == 200


class TestATeamView:
    def test_about_what_one_may_not_ask_does_not_exist_for_them(self, lan, mai):
        create_view(lan, "customers", "Reachable", Look(where="email IS NOT NULL"), is_team=True)
        client = desk(mai)

        assert tabs(text(client.get(at(mai)))) == [("All", True)]
        assert "Reachable" not in text(client.get(at(mai, "views/")))

    def test_leaves_out_columns_one_may_not_see(self, lan, mai):
        view = create_view(lan, "customers", "Wide", Look(columns=("contact", "orders")), is_team=True)
        client = desk(mai)

        opened = client.get(at(mai, f"?view={view.pk}"))

        assert query(opened)["columns"] == "orders"
        page = text(client.get(opened["Location"]))
        assert tabs(page)[1] == ("Wide", True)
        assert "Save as new" not in page

    def test_of_somebody_else_can_be_copied_but_not_changed(self, lan, mai):
        view = create_view(lan, "customers", "Ours", DEBTORS, is_team=True)
        client = desk(mai)

        refused = [client.post(at(mai, f"views/{view.pk}/{act}"), {"where": "debt > 9"}) for act in ("save", "remove")]
        client.post(at(mai, f"views/{view.pk}/copy"))

        assert [one.status_code for one in refused] == [403, 403]
        assert client.get(at(mai, f"views/{view.pk}/")).status_code == 403
        assert SavedView.objects.get(owner=mai).name == "Ours (copy)"


class TestKeepingViews:
    def test_changes_name_and_marks(self, lan):
        view = create_view(lan, "customers", "Debtors", DEBTORS)

        desk(lan).post(at(lan, f"views/{view.pk}/"), {"name": "Owing", "is_team": "on", "is_default": "on"})

        view.refresh_from_db()
        marks = (view.name, view.is_team, view.is_pinned, view.is_default)
        assert marks == ("Owing", True, False, True)

    def test_puts_them_in_order_by_an_arrow(self, lan):
        made = [create_view(lan, "customers", name, DEBTORS) for name in "AB"]

        desk(lan).post(at(lan, "views/order"), {"ids": [one.pk for one in made], "down": made[0].pk})

        assert list(SavedView.objects.values_list("name", flat=True)) == ["B", "A"]

    def test_removes_one(self, lan):
        view = create_view(lan, "customers", "Debtors", DEBTORS)

        desk(lan).post(at(lan, f"views/{view.pk}/remove"))

        assert not SavedView.objects.exists()

    def test_of_another_person_or_list_is_not_found(self, lan, mai):
        private = create_view(mai, "customers", "Mine", DEBTORS)
        orders = create_view(lan, "orders", "Large", Look(where="total > 500"))

        found = [desk(lan).get(at(lan, f"views/{one.pk}/")).status_code for one in (private, orders)]

        assert found == [404, 404]

    def test_shows_what_cannot_be_shown_any_more_so_that_it_can_be_removed(self, lan):
        create_view(lan, "customers", "Old", Look(where="shoe_size > 40"))
        client = desk(lan)

        assert tabs(text(client.get(at(lan)))) == [("All", True)]
        assert "Cannot be shown any more" in text(client.get(at(lan, "views/")))
