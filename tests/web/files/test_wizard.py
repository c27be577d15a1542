"""A file goes in: upload, columns, check, report."""

import re
from html import unescape

import pytest

from regulars.catalog.models import Activity
from regulars.customers.models import Customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders.models import Order
from regulars.shops.models import JobRun
from regulars.transfer.files import private_path
from regulars.transfer.models import ImportRun
from regulars.web.files import check as check_page
from tests.factories import create_customer
from tests.web.files.sending import (
    PEOPLE,
    SAMPLES,
    checked,
    figures,
    form_of,
    home,
    imported,
    text_of,
    undone,
    upload,
    uploaded,
)

pytestmark = pytest.mark.django_db

BAGISTO = (SAMPLES / "csv" / "shops" / "bagisto_customers.csv").read_bytes()


class TestTheWizard:
    def test_brings_in_the_customers_of_bagisto_and_again_changes_nothing(self, client, shop, ann):
        start = uploaded(client, shop, BAGISTO, "bagisto_customers.csv")
        columns = client.get(start + "columns/")
        check = checked(client, start)
        untouched = Customer.objects.of(shop).count()
        report = imported(client, start)
        again = imported(client, uploaded(client, shop, BAGISTO))

        assert "Bagisto customers" in text_of(columns)
        assert figures(check) == {"New": 3, "Changed": 0, "Unchanged": 0, "Rejected": 0}
        assert untouched == 0
        assert figures(report) == figures(check)
        assert figures(again) == {"New": 0, "Changed": 0, "Unchanged": 3, "Rejected": 0}
        assert Customer.objects.of(shop).count() == 3

    def test_shows_samples_and_keeps_columns_of_one_name_apart(self, client, shop, ann):
        start = uploaded(client, shop, b"Name,Email,Email,Card\nAnn,ann@example.com,old@example.com,\n")

        page = text_of(client.get(start + "columns/"))

        assert "Email (2)" in page
        assert "old@example.com" in page
        assert "Not imported: Email (2), Card." in page

    def test_takes_the_columns_that_the_person_chose(self, client, shop, ann):
        start = uploaded(client, shop, b"Who,Where,Email\nAnn,Hue,ann@example.com\n")

        imported(client, start, **{"column-0": "name", "column-1": "city", "tags": "spring, fair", "group": "Business"})

        customer = Customer.objects.of(shop).get()
        assert (customer.name, customer.city, customer.group.name) == ("Ann", "Hue", "Business")
        assert len(customer.tag_ids) == 2

    def test_says_when_two_columns_bring_the_same_and_keeps_the_choice(self, client, shop, ann):
        start = uploaded(client, shop, PEOPLE)
        form = form_of(client.get(start + "columns/")) | {"column-1": "email", "column-2": "email"}

        answer = client.post(start + "columns/", form)

        assert answer.status_code == 422
        assert "Two columns bring “E-mail”; choose one." in text_of(answer)
        assert form_of(answer)["column-2"] == "email"
        assert ImportRun.objects.of(shop).get().options["mapping"] == ["name", "email", "phone"]

    def test_can_read_a_file_with_another_delimiter(self, client, shop, ann):
        start = uploaded(client, shop, b"Name|Email;x\nAnn|ann@example.com;y\n")

        client.post(start + "columns/", {"do": "cut", "format": "generic_customers", "delimiter": ";"})

        assert "Name|Email" in text_of(client.get(start + "columns/"))

    def test_only_fills_what_is_empty_when_told_so(self, client, shop, ann):
        create_customer(shop, name="Ann Old", email="ann@example.com")

        report = imported(client, uploaded(client, shop, PEOPLE), policy="fill_empty")

        known = Customer.objects.of(shop).get(email="ann@example.com")
        assert known.name == "Ann Old"
        assert known.phone == "+84912345678"
        assert figures(report)["Changed"] == 1

    def test_says_which_fields_change_and_what_is_replaced(self, client, shop, ann):
        create_customer(shop, name="Ann Old", email="ann@example.com")

        page = text_of(checked(client, uploaded(client, shop, PEOPLE)))

        assert re.search(r"Full name\s+1\s+1 replace another value", page)
        assert re.search(r"Phone\s+1\s", page)

    def test_brings_in_orders_into_the_chosen_channel(self, client, shop, ann):
        content = b"Order number,Date,Email,Total\nA-1,2026-01-31,ann@example.com,150000\n"

        imported(client, uploaded(client, shop, content, kind="orders"), channel="counter", assume_paid="on")

        order = Order.objects.of(shop).select_related("channel").get()
        assert (order.number, order.channel.key) == ("A-1", "counter")

    def test_of_a_long_file_first_shows_the_page_then_the_figures(self, client, shop, ann, monkeypatch):
        monkeypatch.setattr(check_page, "AT_ONCE", 1)
        start = uploaded(client, shop, PEOPLE)
        page = checked(client, start)
        part = {"HX-Request": "true", "HX-Target": "div#check-figures"}

        later = client.get(start + "check/", headers=part)

        assert figures(page) == {}
        assert "?now=1" in page.content.decode()
        assert figures(later)["New"] == 2
        assert figures(client.get(start + "check/?now=1"))["New"] == 2

    def test_forgets_a_discarded_file(self, client, shop, ann):
        start = uploaded(client, shop, PEOPLE)
        stored = private_path(ImportRun.objects.of(shop).get().stored_as)

        client.post(start + "discard")

        assert not ImportRun.objects.of(shop).exists()
        assert stored.parent.exists()

    def test_a_started_import_is_not_started_or_discarded_again(self, client, shop, ann):
        start = uploaded(client, shop, PEOPLE)
        imported(client, start)

        client.post(start + "start")
        client.post(start + "discard")

        assert JobRun.objects.of(shop).count() == 1
        assert ImportRun.objects.of(shop).get().state == ImportRun.State.DONE
        assert client.get(start + "columns/").url == start

    def test_shows_progress_and_stops_when_told(self, client, shop, ann):
        start = uploaded(client, shop, PEOPLE)
        checked(client, start)
        client.post(start + "start")
        running = client.get(start)
        client.post(start + "cancel")
        run_waiting_jobs()

        assert 'hx-trigger="every 1s"' in running.content.decode()
        assert ImportRun.objects.of(shop).get().state == ImportRun.State.CANCELLED
        assert "What is in stays in" in text_of(client.get(start))
        assert Customer.objects.of(shop).count() == 0

    def test_leads_to_those_who_got_the_imports_tag(self, client, shop, ann):
        report = imported(client, uploaded(client, shop, PEOPLE), tags="spring's fair").content.decode()

        link = unescape(re.search(r'href="([^"]*customers/\?where=[^"]*)"', report)[1])
        assert "2 match" in text_of(client.get(link))

    def test_can_be_taken_back(self, client, shop, ann):
        start = uploaded(client, shop, PEOPLE)
        imported(client, start)

        report = undone(client, start)

        assert Customer.objects.of(shop).alive().count() == 0
        assert "This import was undone" in text_of(report)


class TestAFileOfVisits:
    def test_goes_the_same_way_and_leads_to_the_customers(self, client, shop, ann):
        create_customer(shop, name="Bob", email="bob@example.com")
        rows = b"Date,Email,Product name\n2026-03-02 10:00,bob@example.com,Tea\n2026-03-02,nobody@example.com,Tea\n"
        home_of_run = uploaded(client, shop, rows, "views.csv", kind="activity")

        page = checked(client, home_of_run)
        report = imported(client, home_of_run)

        assert figures(page) == figures(report) == {"New": 1, "Changed": 0, "Unchanged": 0, "Rejected": 1}
        assert Activity.objects.of(shop).get().title == "Tea"
        assert "Show customers" in text_of(report) and "Undo this import" in text_of(report)

    def test_has_a_template(self, client, shop, ann):
        assert body_of_template(client.get(f"{home(shop)}files/templates/activity.csv")).startswith("Event ID,Type,At,")


def body_of_template(response):
    return response.content.decode("utf-8-sig")


class TestAFileThatCannotBeTaken:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"PK\x03\x04 half a workbook", "The workbook is damaged or protected with a password."),
            (b"\xd0\xcf\x11\xe0 an old one", "This is an old Excel file (.xls)"),
            (b"%PDF-1.7\n" + bytes(range(256)) * 20, "This file is no table"),
            (b"", "The file is empty."),
            (b"Name,Email\n", "The file has column names but no rows."),
        ],
    )
    def test_is_refused_with_a_sentence(self, client, shop, ann, content, sentence):
        answer = upload(client, shop, content)

        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert not ImportRun.objects.of(shop).exists()

    def test_is_asked_for_when_none_was_chosen(self, client, shop, ann):
        answer = client.post(f"{home(shop)}files/import/customers/")

        assert answer.status_code == 422
        assert "Choose a file first." in text_of(answer)

    def test_is_refused_when_it_is_too_large_for_a_browser(self, client, shop, ann, monkeypatch):
        monkeypatch.setattr("regulars.web.files.upload.MOST_MEGABYTES", 0.00001)

        answer = upload(client, shop, PEOPLE)

        assert answer.status_code == 422
        assert "regulars import customers" in text_of(answer)
