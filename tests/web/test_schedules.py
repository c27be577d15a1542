"""Scheduled exports and the entries of the export log, in the browser."""

import json
from html import unescape

import pytest
from django.core import mail
from django.db import connection

from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.permissions import Role
from regulars.shops.queries import acting
from regulars.transfer.exports import Asked, start_export
from regulars.transfer.models import ExportEntry, ExportLog, ExportSchedule
from regulars.transfer.schedules import Delivery, Rhythm, save_schedule
from tests.factories import create_customer, create_shop, create_staff
from tests.web.files.sending import home, signed_in

pytestmark = pytest.mark.django_db

FORM = {"name": "Weekly", "every": "week", "weekday": "2", "hour": "6", "folder": "office"}


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.OUTGOING_ROOT = tmp_path / "outgoing"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def ann(client, shop):
    """A manager, signed in."""
    return signed_in(client, create_staff(shop, role=Role.MANAGER, name="Ann"))


def body(response):
    return unescape(response.content.decode())


def a_schedule(staff, name="Weekly", **to):
    return save_schedule(staff, name, Asked(), Rhythm(), Delivery(**(to or {"folder": "office"})))


def asked_in(response):
    text = body(response)
    start = text.index('name="asked" value="') + len('name="asked" value="')
    return text[start : text.index("}", start) + 1]


class TestMakingOne:
    def test_is_offered_where_there_is_a_question_to_repeat(self, client, shop, ann):
        linh = create_customer(shop, name="Linh")

        assert "Do this every week" in body(client.get(home(shop) + "customers/export/"))
        ticked = client.post(home(shop) + "customers/export/", {"ids": [linh.pk]})
        assert "Do this every week" not in body(ticked)

    def test_begins_in_the_dialog_of_an_export(self, client, shop, ann):
        answer = client.post(
            home(shop) + "customers/export/?where=orders >= 1",
            {"do": "schedule", "which": "chosen", "field": ["name", "email"], "format": "xlsx"},
        )

        assert answer.status_code == 200
        asked = json.loads(asked_in(answer))
        assert (asked["kind"], asked["format"], asked["fields"]) == ("customers", "xlsx", ["name", "email"])
        assert not ExportLog.objects.exists()

    def test_ends_with_a_schedule(self, client, shop, ann):
        page = client.post(home(shop) + "customers/export/", {"do": "schedule", "which": "all", "where": "orders >= 1"})

        answer = client.post(
            home(shop) + "files/schedules/new/", {**FORM, "asked": asked_in(page), "mail_to": [ann.pk]}
        )

        assert answer.status_code == 302
        made = ExportSchedule.objects.of(shop).get()
        assert (made.staff_id, made.weekday, made.hour, made.folder) == (ann.pk, 2, 6, "office")
        assert made.mail_to == [ann.pk]
        assert made.address == "http://testserver"
        assert made.where == "orders >= 1"
        assert "Every Wednesday at 06:00" in body(client.get(home(shop) + "files/schedules/"))

    @pytest.mark.parametrize("wrong", [{"folder": "../x"}, {"hour": "24"}, {"name": ""}, {"folder": ""}])
    def test_says_what_is_wrong(self, client, shop, ann, wrong):
        answer = client.post(home(shop) + "files/schedules/new/", FORM | wrong)

        assert answer.status_code == 422
        assert not ExportSchedule.objects.exists()

    @pytest.mark.parametrize("asked", ["", "[]", "{}", '{"kind": "shoes"}', "null"])
    def test_takes_no_question_but_its_own(self, client, shop, ann, asked):
        assert client.post(home(shop) + "files/schedules/new/", {**FORM, "asked": asked}).status_code == 404

    def test_offers_only_people_who_may_have_it(self, client, shop, ann):
        create_staff(shop, role=Role.AGENT, name="Agatha")
        create_staff(shop, role=Role.MANAGER, name="Manuel")

        said = body(client.get(home(shop) + "files/schedules/new/"))

        assert "Manuel" in said
        assert "Agatha" not in said


class TestOneThatIsThere:
    def test_is_changed(self, client, shop, ann):
        one = a_schedule(ann)

        client.post(f"{home(shop)}files/schedules/{one.pk}/", {**FORM, "every": "day", "name": "Daily"})

        one.refresh_from_db()
        assert (one.name, one.every) == ("Daily", "day")

    def test_belongs_to_who_saved_it_last(self, client, shop, ann):
        one = a_schedule(create_staff(shop, role=Role.OWNER, name="Olga"))

        client.post(f"{home(shop)}files/schedules/{one.pk}/", FORM)

        one.refresh_from_db()
        assert one.staff_id == ann.pk

    def test_rests_and_goes_on(self, client, shop, ann):
        one = a_schedule(ann)
        address = f"{home(shop)}files/schedules/{one.pk}/rest"

        client.post(address)
        one.refresh_from_db()
        assert not one.is_on
        client.post(address, {"on": "1"})

        one.refresh_from_db()
        assert one.is_on

    def test_runs_now_and_mails_a_link_that_opens(self, client, shop, ann):
        create_customer(shop, name="Linh")
        one = a_schedule(ann, mail_to=(ann.pk,))

        client.post(f"{home(shop)}files/schedules/{one.pk}/run")
        run_waiting_jobs()

        log = ExportLog.objects.of(shop).get()
        assert f"/files/exports/{log.pk}/" in mail.outbox[0].body
        assert "Your file is ready" in body(client.get(f"{home(shop)}files/exports/{log.pk}/"))
        assert client.get(f"{home(shop)}files/exports/{log.pk}/download").status_code == 200

    def test_says_why_it_rests(self, client, shop, ann):
        one = a_schedule(ann)
        ExportSchedule.objects.filter(pk=one.pk).update(is_on=False, last_problem="Olga may not export this any more.")

        said = body(client.get(home(shop) + "files/schedules/"))

        assert "Paused" in said
        assert "Olga may not export this any more." in said

    def test_goes(self, client, shop, ann):
        one = a_schedule(ann)

        client.post(f"{home(shop)}files/schedules/{one.pk}/remove")

        assert not ExportSchedule.objects.exists()


class TestTheEntries:
    def entries(self, staff):
        log = start_export(staff.shop, Asked(where="orders >= 1"), staff=staff, by=acting(staff), ip="203.0.113.7")
        run_waiting_jobs()
        return log

    def test_stand_on_the_page_of_their_export(self, client, shop, ann):
        log = self.entries(ann)
        client.get(f"{home(shop)}files/exports/{log.pk}/download", REMOTE_ADDR="203.0.113.9")

        said = body(client.get(f"{home(shop)}files/exports/{log.pk}/"))

        for words in ("Started", "Written", "Downloaded", "203.0.113.7", "203.0.113.9"):
            assert words in said

    def test_are_verified(self, client, shop, ann):
        self.entries(ann)

        said = body(client.post(home(shop) + "files/exports/entries/"))

        assert "The log is whole" in said
        assert ExportEntry.objects.of(shop).last().hash in said

    def test_that_were_changed_are_named(self, client, shop, ann):
        self.entries(ann)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE transfer_exportentry DISABLE TRIGGER USER")
            cursor.execute("UPDATE transfer_exportentry SET actor_name = 'Eve' WHERE number = 2")
            cursor.execute("ALTER TABLE transfer_exportentry ENABLE TRIGGER USER")

        said = body(client.post(home(shop) + "files/exports/entries/"))

        assert "Entry 2 is not as it was written" in said
        assert "the log was changed" in body(client.get(home(shop) + "files/exports/"))

    def test_are_exported_and_that_is_told(self, client, shop, ann):
        self.entries(ann)

        client.post(home(shop) + "files/export/log/", {"which": "all", "format": "jsonl"})

        log = ExportLog.objects.of(shop).get(kind="export_log")
        assert log.rows == 3
        assert ExportEntry.objects.of(shop).filter(export=log).count() == 2

    def test_are_of_one_shop(self, client, shop, ann):
        self.entries(create_staff(create_shop("Other"), role=Role.MANAGER, name="Stranger"))

        assert "Stranger" not in body(client.get(home(shop) + "files/exports/entries/"))
