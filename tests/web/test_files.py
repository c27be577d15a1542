"""Imports and exports in the browser: the whole way of a file in, and of a file out."""

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from regulars.catalog.models import Activity
from regulars.customers.models import Customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.orders.models import Order
from regulars.shops.models import JobRun
from regulars.shops.permissions import Role
from regulars.transfer.files import private_path
from regulars.transfer.models import ExportLog, ImportRun, RejectedRow
from regulars.web.files import check as check_page
from regulars.web.files import exporting as export_page
from regulars.web.files.downloads import disposition
from regulars.web.files.paging import slice_of
from tests.factories import create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SAMPLES = Path(__file__).parent.parent / "samples"
BAGISTO = (SAMPLES / "csv" / "shops" / "bagisto_customers.csv").read_bytes()
NAUGHTY = "<script>alert('x')</script>"
PEOPLE = b"Name,Email,Phone\nAnn,ann@example.com,0912345678\nBob,bob@example.com,\n"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def ann(client, shop):
    """A manager, signed in."""
    return signed_in(client, create_staff(shop, role=Role.MANAGER, name="Ann"))


def signed_in(client, staff):
    client.force_login(staff.user, backend=BACKEND)
    return staff


def home(shop):
    return f"/s/{shop.slug}/"


def upload(client, shop, content, name="people.csv", *, kind="customers"):
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(f"{home(shop)}files/import/{kind}/", {"file": file})


def uploaded(client, shop, content, name="people.csv", *, kind="customers"):
    """The pages of a file that was taken."""
    return upload(client, shop, content, name, kind=kind).url.removesuffix("columns/")


def form_of(page):
    """What the columns form would send as it stands: its fields and its chosen options."""
    html = page.content.decode()
    values = {}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', options) or re.search(r'value="([^"]*)"', options)
        values[name] = unescape(chosen[1])
    return {name: value for name, value in values.items() if name not in {"format", "delimiter"}}


def checked(client, home_of_run, **changes):
    """Send the columns as they were guessed, with changes; the check page that follows."""
    form = form_of(client.get(home_of_run + "columns/")) | {"tags": ""} | changes
    answer = client.post(home_of_run + "columns/", form)
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.url)


def imported(client, home_of_run, **changes):
    """Go the whole way; the report."""
    checked(client, home_of_run, **changes)
    client.post(home_of_run + "start")
    run_waiting_jobs()
    return client.get(home_of_run)


def figures(page):
    """The four figures of a check or a report."""
    found = re.findall(r'figure-label">(\w+).*?figure-value[^>]*>([\d,]+)<', page.content.decode(), re.DOTALL)
    return {name: int(number.replace(",", "")) for name, number in found}


def text_of(page):
    return unescape(re.sub(r"<[^>]+>", " ", page.content.decode()))


def body(response):
    return b"".join(response.streaming_content).decode("utf-8-sig")


def rows_of(response):
    return list(csv.DictReader(io.StringIO(body(response))))


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
        report = imported(client, start).content.decode()

        client.post(re.search(r'action="([^"]*/undo)"', report)[1], {"back": start})
        run_waiting_jobs()

        assert Customer.objects.of(shop).alive().count() == 0
        assert "This import was undone" in text_of(client.get(start))


class TestAFileOfVisits:
    def test_goes_the_same_way_and_leads_to_the_customers(self, client, shop, ann):
        create_customer(shop, name="Bob", email="bob@example.com")
        rows = b"Date,Email,Product name\n2026-03-02 10:00,bob@example.com,Tea\n2026-03-02,nobody@example.com,Tea\n"
        home_of_run = uploaded(client, shop, rows, "views.csv", kind="activity")

        page = checked(client, home_of_run)
        report = imported(client, home_of_run)

        assert figures(page) == figures(report) == {"New": 1, "Changed": 0, "Unchanged": 0, "Rejected": 1}
        assert Activity.objects.of(shop).get().title == "Tea"
        assert "Show customers" in text_of(report) and "Undo this import" not in text_of(report)

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


class TestRejectedRows:
    CONTENT = b"Name,Email\nAnn,ann@example.com\nBob\nCid,cid@example.com\n"

    def test_are_shown_and_import_again_once_mended(self, client, shop, ann):
        start = uploaded(client, shop, self.CONTENT, "tháng 3.csv")
        report = imported(client, start)
        download = client.get(start + "rejected.csv")
        content = body(download)
        mended = content.replace("Bob,", "Bob,bob@example.com")
        again = imported(client, uploaded(client, shop, mended.encode()))

        assert figures(report) == {"New": 2, "Changed": 0, "Unchanged": 0, "Rejected": 1}
        assert re.search(r"3 whole row Bob The row has 1 cells, but", " ".join(text_of(report).split()))
        assert content.splitlines()[0] == "Name,Email,Why it was rejected"
        assert "filename*=UTF-8''th%C3%A1ng%203%20rejected.csv" in download["Content-Disposition"]
        assert figures(again)["New"] == 1
        assert Customer.objects.of(shop).get(email="bob@example.com").name == "Bob"

    def test_come_in_pages(self, client, shop, ann):
        content = b"Name,Email\nAnn,ann@example.com\n" + b"Bob\n" * 60
        report = imported(client, uploaded(client, shop, content))
        home_of_run = f"{home(shop)}files/imports/{ImportRun.objects.of(shop).get().pk}/"
        next_page = unescape(re.search(r'rel="next" href="([^"]+)"', report.content.decode())[1])

        second = client.get(home_of_run + next_page)

        assert "52" in re.findall(r'data-label="Line">(\d+)', report.content.decode())
        assert re.findall(r'data-label="Line">(\d+)', second.content.decode()) == [str(n) for n in range(53, 63)]


class TestWhatPeopleWrite:
    def test_is_shown_verbatim_and_never_run(self, client, shop, ann):
        content = f'"{NAUGHTY}",Email\n"{NAUGHTY}",ann@example.com\n"{NAUGHTY}"\n'.encode()
        start = uploaded(client, shop, content, f"{NAUGHTY.replace('/', '')}.csv")
        pages = [client.get(start + "columns/"), checked(client, start, **{"column-0": "name", "tags": NAUGHTY})]
        pages += [imported(client, start, **{"column-0": "name"}), client.get(f"{home(shop)}files/")]

        for page in pages:
            assert page.status_code == 200
            assert "<script>alert" not in page.content.decode()
        assert NAUGHTY in text_of(pages[0]) or "&lt;script&gt;" in pages[0].content.decode()
        assert Customer.objects.of(shop).get().name == NAUGHTY

    def test_may_be_any_of_the_naughty_strings(self, client, shop, ann):
        strings = json.loads((SAMPLES / "strings" / "blns.json").read_text())
        out = io.StringIO()
        rows = [[text, text, f"n{place}@example.com"] for place, text in enumerate(strings)]
        csv.writer(out).writerows([["Name", "Note", "Email"], *rows])

        report = imported(client, uploaded(client, shop, out.getvalue().encode()))

        assert report.status_code == 200
        assert sum(figures(report).values()) == len(strings)


class TestTheListOfImports:
    def test_teaches_while_there_is_none(self, client, shop, ann):
        assert "Files you bring in will stand here" in text_of(client.get(f"{home(shop)}files/"))

    def test_shows_file_person_and_figures_newest_first(self, client, shop, ann):
        imported(client, uploaded(client, shop, PEOPLE, "first.csv"))
        upload(client, shop, PEOPLE, "second.csv")

        page = text_of(client.get(f"{home(shop)}files/"))

        assert page.index("second.csv") < page.index("first.csv")
        assert "Go on" in page
        assert "Done" in page

    def test_walks_back_and_forth_by_key(self, shop, rf):
        runs = [ImportRun.objects.create(shop=shop, kind="customers", format="x", file_name=str(n)) for n in range(5)]
        ask = lambda query: slice_of(ImportRun.objects.of(shop), ("-id",), rf.get("/" + query).GET, size=2)  # noqa: E731

        first = ask("")
        second = ask(first.next)
        last = ask(second.next)

        assert [run.pk for run in first.rows] == [runs[4].pk, runs[3].pk]
        assert [run.pk for run in last.rows] == [runs[0].pk]
        assert (first.previous, last.next) == (None, None)
        assert ask(second.previous).rows == first.rows
        assert ask("?after=nonsense").rows == first.rows


class TestExporting:
    WHERE = "tags CONTAINS 'VIP'"

    def ask(self, client, shop, method="get", **given):
        return getattr(client, method)(f"{home(shop)}customers/export/", given)

    def made(self, client, shop, **given):
        """The export that was just made."""
        answer = self.ask(client, shop, "post", **{"which": "all", **given})
        assert answer.status_code == 302, answer.content.decode()
        return ExportLog.objects.of(shop).latest("id")

    def download(self, client, shop, log):
        return client.get(f"{home(shop)}files/exports/{log.pk}/download")

    def test_says_the_count_first_and_writes_as_many_rows(self, client, shop, ann):
        for number in range(3):
            create_customer(shop, name=f"Vip {number}", tags="VIP")
        create_customer(shop, name="Other")

        dialog = self.ask(client, shop, where=self.WHERE)
        listed = client.get(f"{home(shop)}customers/", {"where": self.WHERE})
        log = self.made(client, shop, where=self.WHERE)
        rows = rows_of(self.download(client, shop, log))

        assert "Export 3 customers" in text_of(dialog)
        assert "3 match" in text_of(listed)
        assert [row["Name"] for row in rows] == ["Vip 2", "Vip 1", "Vip 0"]
        assert log.rows == 3

    def test_writes_the_chosen_fields_in_their_order(self, client, shop, ann):
        create_customer(shop, name="Ann", email="ann@example.com")

        log = self.made(client, shop, which="chosen", field=["email", "name"])
        content = body(self.download(client, shop, log))

        assert content.splitlines() == ["E-mail,Name", "ann@example.com,Ann"]

    def test_writes_the_columns_of_the_list(self, client, shop, ann):
        create_customer(shop, name="Ann", city="Huế")

        log = self.made(client, shop, which="view", columns="location,orders")

        assert log.fields == ["name", "country", "city", "region", "orders"]

    def test_leaves_out_the_mark_when_told_so(self, client, shop, ann):
        create_customer(shop, name="Ann")

        marked, plain = (self.made(client, shop, encoding=one) for one in ("utf-8-sig", "utf-8"))

        first = [b"".join(self.download(client, shop, log).streaming_content)[:3] for log in (marked, plain)]
        assert first[0] == b"\xef\xbb\xbf" != first[1]

    def test_is_written_down_before_the_file_is_there(self, client, shop, ann, monkeypatch):
        monkeypatch.setattr(export_page, "AT_ONCE", -1)
        create_customer(shop, name="Ann")

        log = self.made(client, shop, where="name CONTAINS 'Ann'")
        early = (log.state, log.ip, log.where, self.download(client, shop, log).status_code)
        run_waiting_jobs()
        log.refresh_from_db()

        assert early == ("started", "127.0.0.1", "name CONTAINS 'Ann'", 404)
        assert (log.state, log.rows, len(log.sha256)) == ("done", 1, 64)
        assert self.download(client, shop, log).status_code == 200

    def test_answers_in_the_dialog_when_htmx_asks(self, client, shop, ann):
        create_customer(shop, name="Ann")
        part = {"HX-Request": "true", "HX-Target": "div#dialog-body"}

        answer = client.post(f"{home(shop)}customers/export/", {"which": "all"}, headers=part)

        assert "Your file is ready" in text_of(answer)
        assert "<html" not in answer.content.decode()

    def test_is_never_opened_in_the_browser(self, client, shop, ann):
        create_customer(shop, name="<h1>Ann</h1>")

        answer = self.download(client, shop, self.made(client, shop))

        assert answer["Content-Disposition"].startswith("attachment; ")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Content-Type"] == "text/csv; charset=utf-8"

    def test_counts_downloads_and_shows_them_in_the_log(self, client, shop, ann):
        create_customer(shop, name="Ann", tags="VIP")
        log = self.made(client, shop, where=self.WHERE)

        self.download(client, shop, log)
        log.refresh_from_db()
        page = text_of(client.get(f"{home(shop)}files/exports/"))

        assert log.downloads == 1
        assert "Tags: VIP" in page
        assert log.sha256[:10] in page

    def test_belongs_to_the_person_who_asked(self, client, shop, ann):
        create_customer(shop, name="Ann")
        log = self.made(client, shop)
        signed_in(client, create_staff(shop, role=Role.OWNER, name="Olga"))

        page = client.get(f"{home(shop)}files/exports/{log.pk}/")

        assert self.download(client, shop, log).status_code == 404
        assert "Only the person who made this export may download it." in text_of(page)
        assert "/download" not in page.content.decode()

    def test_expires(self, client, shop, ann):
        create_customer(shop, name="Ann")
        log = self.made(client, shop)
        ExportLog.objects.of(shop).filter(pk=log.pk).update(expires_at=now() - timedelta(seconds=1))

        answer = self.download(client, shop, log)

        assert answer.status_code == 404
        assert "This download has expired." in text_of(answer)

    def test_holds_only_the_customers_one_may_see(self, client, shop):
        ben = signed_in(client, create_staff(shop, role=Role.MANAGER, name="Ben", only_own=True))
        mine = create_customer(shop, name="Mine")
        Customer.objects.of(shop).filter(pk=mine.pk).update(staff_id=ben.pk)
        create_customer(shop, name="Other")

        dialog = self.ask(client, shop)
        rows = rows_of(self.download(client, shop, self.made(client, shop)))

        assert "Export 1 customer" in text_of(dialog)
        assert [row["Name"] for row in rows] == ["Mine"]

    @pytest.mark.parametrize("role", [Role.AGENT, Role.VIEWER])
    def test_needs_the_permission(self, client, shop, role):
        signed_in(client, create_staff(shop, role=role))

        assert self.ask(client, shop).status_code == 403
        assert self.ask(client, shop, "post").status_code == 403
        assert not ExportLog.objects.of(shop).exists()

    def test_refuses_a_field_that_does_not_exist_and_writes_nothing(self, client, shop, ann):
        answer = self.ask(client, shop, "post", which="chosen", field=["nonsense"])

        assert answer.status_code == 422
        assert "There is no field “nonsense” to export." in text_of(answer)
        assert not ExportLog.objects.of(shop).exists()


class TestAnotherShop:
    def test_has_no_imports_or_exports_of_ours(self, client, shop, ann):
        start = uploaded(client, shop, PEOPLE)
        signed_in(client, create_staff(create_shop("There"), role=Role.OWNER))

        assert client.get(start + "columns/").status_code == 404
        assert client.post(start + "start").status_code == 404
        assert ImportRun.objects.of(shop).get().state == ImportRun.State.UPLOADED


class TestDownloads:
    def test_templates_import_without_an_error(self, client, shop, ann):
        for kind in ("customers", "orders"):
            content = client.get(f"{home(shop)}files/templates/{kind}.csv").content

            report = imported(client, uploaded(client, shop, content, kind=kind))

            assert figures(report)["Rejected"] == 0
        assert not RejectedRow.objects.of(shop).exists()

    @pytest.mark.parametrize(
        ("name", "plain"),
        [
            ("khách hàng.csv", "khach hang.csv"),
            ('a"b\r\nX: y.csv', "a_b_X_ y.csv"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("顾客.csv", "GuKe.csv"),
        ],
    )
    def test_names_are_safe_in_every_browser(self, name, plain):
        assert disposition(name).split(";")[1] == f' filename="{plain}"'
        assert "\n" not in disposition(name)
