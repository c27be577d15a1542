"""Files that go out: asked for, made, downloaded, each by its own shop alone."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from regulars.customers.models import Customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.permissions import Role
from regulars.transfer.models import ExportLog, ImportRun, RejectedRow
from regulars.web.files import exporting as export_page
from regulars.web.files.downloads import disposition
from tests.factories import create_customer, create_shop, create_staff
from tests.web.files.sending import PEOPLE, body, figures, home, imported, rows_of, signed_in, text_of, uploaded

pytestmark = pytest.mark.django_db


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
        """T76."""
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
        """T77."""
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
