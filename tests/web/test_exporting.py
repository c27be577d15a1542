"""The dialog of an export: periods, sets of fields, formats, ticked customers, every kind."""

import io
import json
import re
from html import unescape

import pytest
from python_calamine import CalamineWorkbook

from regulars.customers.models import Customer
from regulars.shops.permissions import Role
from regulars.transfer.models import ExportLog, ExportSet
from regulars.transfer.outgoing.sets import save_set
from tests.factories import create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PART = {"HX-Request": "true", "HX-Target": "div#dialog-body"}


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


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def at(shop, path):
    return f"/s/{shop.slug}/{path}"


def fetched(client, shop, path, **given):
    """What the export that the form makes holds."""
    answer = client.post(at(shop, path), {"which": "all", "do": "export", **given})
    assert answer.status_code == 302, text_of(answer)
    log = ExportLog.objects.of(shop).latest("id")
    return log, client.get(f"{answer.url}download")


def body(answer):
    return b"".join(answer.streaming_content)


class TestFormats:
    """T78: each file is what its name and type say."""

    @pytest.mark.parametrize(
        ("format", "extension", "content_type"),
        [
            ("csv", ".csv", "text/csv; charset=utf-8"),
            ("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("jsonl", ".jsonl", "application/jsonl"),
        ],
    )
    def test_have_their_name_and_type(self, client, shop, ann, format, extension, content_type):
        create_customer(shop, name="Đào")

        log, answer = fetched(client, shop, "customers/export/", format=format)

        assert answer["Content-Type"] == content_type
        assert f"hoa-sen-customers-{log.started_at:%Y}" in answer["Content-Disposition"]
        assert f'{extension}"' in answer["Content-Disposition"]
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert log.stored_as.endswith(extension)

    def test_are_remembered_for_the_person(self, client, shop, ann):
        create_customer(shop)
        fetched(client, shop, "customers/export/", format="xlsx", delimiter=";", encoding="utf-8")

        page = client.get(at(shop, "orders/export/")).content.decode()

        assert re.search(r'value="xlsx" checked', page)
        assert re.search(r'<option value=";" selected', page)
        signed_in(client, create_staff(shop, name="Ben"))
        assert re.search(r'value="csv" checked', client.get(at(shop, "orders/export/")).content.decode())

    def test_that_do_not_exist_are_refused(self, client, shop, ann):
        create_customer(shop)

        answer = client.post(at(shop, "customers/export/"), {"which": "all", "do": "export", "format": "pdf"})

        assert answer.status_code == 422
        assert "“pdf” is not a format of exports." in text_of(answer)


class TestAPeriod:
    def test_is_counted_and_written(self, client, shop, ann):
        for day in ("2026-01-31", "2026-02-01", "2026-02-28"):
            create_customer(shop, name=day, created_at=f"{day} 12:00:00")
        period = {"date": "created_at", "first": "2026-02-01", "last": "2026-02-28"}

        looked = client.post(at(shop, "customers/export/"), {"which": "all", "do": "look", **period})
        log, _file = fetched(client, shop, "customers/export/", **period)

        assert "In this period: 2 customers." in text_of(looked)
        assert "Export 3 customers" in text_of(looked)
        assert log.rows == 2
        assert "created_at BETWEEN 2026-02-01 AND 2026-02-28" in log.where

    def test_that_is_none_is_told_beside_it(self, client, shop, ann):
        given = {"which": "all", "do": "look", "date": "created_at", "first": "soon"}
        part = {"HX-Request": "true", "HX-Target": "p#export-count"}

        answer = client.post(at(shop, "customers/export/"), given, headers=part)

        assert answer.status_code == 422
        assert "is not a date" in text_of(answer)
        assert "<form" not in answer.content.decode()


class TestTickedCustomers:
    def test_are_those_that_are_written(self, client, shop, ann):
        first, second, _third = (create_customer(shop, name=name) for name in ("Ann", "Bo", "Cy"))

        dialog = client.post(at(shop, "customers/export/"), {"ids": [first.pk, second.pk]}, headers=PART)
        selection = unescape(re.search(r'name="selection" value="([^"]*)"', dialog.content.decode())[1])
        log, answer = fetched(client, shop, "customers/export/", selection=selection, format="jsonl")

        assert "Export 2 customers" in text_of(dialog)
        assert [json.loads(line)["name"] for line in body(answer).splitlines()] == ["Bo", "Ann"]
        assert log.rows == 2

    def test_may_be_all_that_match_but_some(self, client, shop, ann):
        people = [create_customer(shop, name=f"Vip {n}", tags="VIP") for n in range(3)]
        create_customer(shop, name="Other")
        given = {"everyone": "1", "where": "tags CONTAINS 'VIP'", "without": [people[0].pk]}

        dialog = client.post(at(shop, "customers/export/"), given, headers=PART)
        selection = unescape(re.search(r'name="selection" value="([^"]*)"', dialog.content.decode())[1])
        log, _answer = fetched(client, shop, "customers/export/", selection=selection)

        assert "Export 2 customers" in text_of(dialog)
        assert log.rows == 2

    def test_of_others_are_not_written(self, client, shop):
        ben = signed_in(client, create_staff(shop, name="Ben", only_own=True))
        mine, other = create_customer(shop, name="Mine"), create_customer(shop, name="Other")
        Customer.objects.filter(pk=mine.pk).update(staff_id=ben.pk)
        stranger = create_customer(create_shop("There"), name="Stranger")
        selection = json.dumps({"ids": [mine.pk, other.pk, stranger.pk]})

        log, answer = fetched(client, shop, "customers/export/", selection=selection)

        assert log.rows == 1
        assert b"Other" not in body(answer)

    def test_damaged_in_the_form_are_refused(self, client, shop, ann):
        answer = client.post(at(shop, "customers/export/"), {"which": "all", "do": "export", "selection": "everybody"})

        assert answer.status_code in (400, 422)
        assert not ExportLog.objects.of(shop).exists()


class TestSetsOfFields:
    """T77: what was chosen once can be chosen again."""

    def send(self, client, shop, **given):
        return client.post(at(shop, "customers/export/"), {"which": "chosen", **given})

    def test_are_kept_and_chosen_again_in_their_order(self, client, shop, ann):
        create_customer(shop, name="Ann", email="ann@example.com")

        page = self.send(client, shop, do="save", set_name="Letters", field=["email", "name"])
        kept = ExportSet.objects.of(shop).get()
        _log, answer = fetched(client, shop, "customers/export/", which=f"set-{kept.pk}", encoding="utf-8")

        assert re.search(rf'value="set-{kept.pk}" checked', page.content.decode())
        assert body(answer).decode() == "E-mail,Name\nann@example.com,Ann\n"

    def test_of_a_taken_name_are_replaced_when_told_so(self, client, shop, ann):
        save_set(ann, "customers", "Letters", ["email"])

        refused = self.send(client, shop, do="save", set_name="Letters", field=["name"])
        self.send(client, shop, do="replace", set_name="Letters", field=["name"])

        assert refused.status_code == 422
        assert "Replace it" in text_of(refused)
        assert ExportSet.objects.of(shop).get().fields == ["name"]

    def test_are_forgotten(self, client, shop, ann):
        kept = save_set(ann, "customers", "Letters", ["email"])

        self.send(client, shop, do=f"forget-{kept.pk}")

        assert not ExportSet.objects.of(shop).exists()

    def test_of_others_are_not_there(self, client, shop, ann):
        private = save_set(create_staff(shop, name="Ben"), "customers", "Mine", ["email"])
        elsewhere = save_set(create_staff(create_shop("There")), "customers", "Theirs", ["email"], is_team=True)

        assert "Mine" not in text_of(client.get(at(shop, "customers/export/")))
        for kept in (private, elsewhere):
            assert self.send(client, shop, do=f"forget-{kept.pk}").status_code == 403
            assert client.post(at(shop, "customers/export/"), {"which": f"set-{kept.pk}"}).status_code == 403
        assert ExportSet.objects.count() == 2

    def test_no_field_is_refused(self, client, shop, ann):
        create_customer(shop)

        answer = self.send(client, shop, do="export")

        assert answer.status_code == 422
        assert "Choose at least one field." in text_of(answer)


class TestEveryKind:
    @pytest.mark.parametrize(
        ("path", "sheet"),
        [
            ("customers/export/", "Customers"),
            ("orders/export/", "Orders"),
            ("files/export/transactions/", "Transactions"),
        ],
    )
    def test_can_be_written_as_a_workbook(self, client, shop, ann, path, sheet):
        _log, answer = fetched(client, shop, path, format="xlsx")

        assert CalamineWorkbook.from_filelike(io.BytesIO(body(answer))).sheet_names == [sheet]

    @pytest.mark.parametrize("path", ["customers/export/", "orders/export/", "files/export/transactions/"])
    @pytest.mark.parametrize("role", [Role.AGENT, Role.VIEWER])
    def test_needs_the_permission(self, client, shop, path, role):
        signed_in(client, create_staff(shop, role=role))

        assert client.get(at(shop, path)).status_code == 403
        assert client.post(at(shop, path), {"which": "all"}).status_code == 403

    def test_orders_take_the_columns_of_their_list(self, client, shop, ann):
        log, _answer = fetched(client, shop, "orders/export/", which="view", columns="customer,financial,total")

        assert log.fields == ["number", "name", "financial_state", "total"]
