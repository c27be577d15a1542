"""Exports that come by themselves: at their hour, once, with their owner's eyes, to those who may have them."""

import stat
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from regulars.customers.operations import ensure_tags
from regulars.kit.errors import BadValue
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.query import BadCondition
from regulars.segments.operations import create_segment
from regulars.segments.renaming import change_tag
from regulars.segments.uses import used_by
from regulars.shops.models import JobRun, Staff
from regulars.shops.permissions import Role
from regulars.shops.queries import acting
from regulars.shops.work import carry_on
from regulars.transfer import schedules
from regulars.transfer.errors import NotYours, OwnerGone, ScheduleExists
from regulars.transfer.exports import Asked, download
from regulars.transfer.files import private_path
from regulars.transfer.models import ExportEntry, ExportLog, ExportSchedule
from regulars.transfer.outgoing import delivery as delivering
from regulars.transfer.outgoing.delivery import may_fetch
from regulars.transfer.schedules import (
    Delivery,
    Rhythm,
    pause_schedule,
    question_of,
    remove_schedule,
    resume_schedule,
    run_due_schedules,
    run_if_due,
    run_now,
    save_schedule,
)
from tests.factories import SYSTEM, create_customer, create_staff
from tests.transfer.conftest import make_shop

MONDAY = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)  # 14:30 in Manila
WEEKLY = Rhythm("week", 0, 7)


@pytest.fixture(autouse=True)
def outside(settings, tmp_path):
    settings.OUTGOING_ROOT = tmp_path / "outgoing"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def clock(monkeypatch):
    """Moves the clock of schedules to an instant."""

    def at(instant):
        monkeypatch.setattr(schedules, "now", lambda: instant)

    at(MONDAY)
    return at


@pytest.fixture
def mia(shop):
    return create_staff(shop, role=Role.MANAGER, name="Mia")


def scheduled(staff, name="Weekly", rhythm=WEEKLY, to=None, **asked):
    to = to or Delivery("office", ())
    return save_schedule(staff, name, Asked(**asked), rhythm, to, address="https://crm.example")


def work():
    run_waiting_jobs()


def files(settings):
    return sorted(path for path in settings.OUTGOING_ROOT.rglob("*") if path.is_file())


class TestWhenItComes:
    @pytest.mark.parametrize(
        ("rhythm", "after", "tz", "expected"),
        [
            (WEEKLY, MONDAY, "Asia/Manila", datetime(2026, 3, 8, 23, tzinfo=UTC)),
            (Rhythm("week", 0, 15), MONDAY, "Asia/Manila", datetime(2026, 3, 2, 7, tzinfo=UTC)),
            (Rhythm("day", 0, 7), MONDAY, "Asia/Manila", datetime(2026, 3, 2, 23, tzinfo=UTC)),
            (Rhythm("day", 5, 0), MONDAY, "UTC", datetime(2026, 3, 3, 0, tzinfo=UTC)),
        ],
    )
    def test_is_by_the_clocks_of_the_shop(self, rhythm, after, tz, expected):
        assert rhythm.next_after(after, tz) == expected

    def test_stays_at_its_hour_when_the_clocks_change(self):
        daily = Rhythm("day", 0, 7)

        before = daily.next_after(datetime(2026, 3, 28, tzinfo=UTC), "Europe/Bucharest")
        after = daily.next_after(before, "Europe/Bucharest")

        assert (before.hour, after.hour) == (5, 4)
        assert after - before == timedelta(hours=23)

    def test_comes_once_in_an_hour_that_is_skipped_or_shown_twice(self):
        at_three = Rhythm("day", 0, 3)

        skipped = at_three.next_after(datetime(2026, 3, 28, 12, tzinfo=UTC), "Europe/Bucharest")
        twice = at_three.next_after(datetime(2026, 10, 24, 12, tzinfo=UTC), "Europe/Bucharest")

        assert skipped == datetime(2026, 3, 29, 1, tzinfo=UTC)
        assert at_three.next_after(skipped, "Europe/Bucharest") == datetime(2026, 3, 30, 0, tzinfo=UTC)
        assert twice == datetime(2026, 10, 25, 0, tzinfo=UTC)
        assert at_three.next_after(twice, "Europe/Bucharest") == datetime(2026, 10, 26, 1, tzinfo=UTC)


class TestSaving:
    def test_sets_its_first_time(self, mia, clock):
        saved = scheduled(mia, where="name = 'Ann'")

        assert (saved.is_on, saved.next_at) == (True, datetime(2026, 3, 8, 23, tzinfo=UTC))
        assert question_of(saved) == Asked(where="name = 'Ann'")

    @pytest.mark.parametrize("folder", ["..", "a/b", "/etc", "Office", ".hidden", "a" * 41, "a\n", "ä"])
    def test_refuses_a_folder_that_leads_elsewhere(self, mia, folder):
        with pytest.raises(BadValue):
            scheduled(mia, to=Delivery(folder, ()))

        assert not ExportSchedule.objects.exists()

    def test_refuses_what_goes_nowhere(self, mia):
        with pytest.raises(BadValue):
            save_schedule(mia, "Weekly", Asked(), WEEKLY, Delivery())

    def test_refuses_rows_ticked_by_hand(self, mia):
        with pytest.raises(BadValue):
            scheduled(mia, ids=(1,))

    def test_refuses_a_question_that_cannot_be_asked(self, mia):
        with pytest.raises(BadCondition):
            scheduled(mia, where="shoe = 1")

    def test_refuses_readers_who_may_not_export_or_work_elsewhere(self, shop, mia):
        agent = create_staff(shop, role=Role.AGENT)
        stranger = create_staff(make_shop("ibang"), role=Role.MANAGER)

        for one in (agent, stranger):
            with pytest.raises(BadValue):
                scheduled(mia, to=Delivery("", (mia.pk, one.pk)))

    def test_refuses_who_may_not_export(self, shop):
        with pytest.raises(OwnerGone):
            scheduled(create_staff(shop, role=Role.AGENT))

    def test_refuses_a_name_that_is_there(self, mia):
        scheduled(mia)

        with pytest.raises(ScheduleExists):
            scheduled(mia)

    def test_counts_as_use_of_its_segments(self, shop, mia):
        vip = create_segment(shop, name="VIP", where="orders >= 1", by=SYSTEM)
        saved = scheduled(mia, where="segment = 'vip'")

        assert [(use.label, use.url_path) for use in used_by(vip)] == [("Weekly", f"files/schedules/{saved.pk}/")]

    def test_asks_for_a_tag_that_got_another_name(self, shop, mia):
        tag = ensure_tags(shop, ["Gold"])["gold"]
        saved = scheduled(mia, where="tags CONTAINS 'Gold'")

        change_tag(tag, name="Silver", by=SYSTEM)

        saved.refresh_from_db()
        assert question_of(saved).where == "tags CONTAINS 'Silver'"


class TestATimeThatHasCome:
    def test_lays_the_file_into_the_folder(self, shop, mia, clock, settings):
        create_customer(shop, name="Ann")
        saved = scheduled(mia, fields=("name",))
        clock(saved.next_at)

        run_due_schedules()
        work()

        [path] = files(settings)
        assert path.parent == settings.OUTGOING_ROOT / "kape" / "office"
        assert path.read_text("utf-8-sig").split() == ["Name", "Ann"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        log = ExportLog.objects.of(shop).get()
        assert (log.staff_id, log.rows, log.sha256 != "") == (mia.pk, 1, True)
        told = list(ExportEntry.objects.of(shop).values_list("kind", flat=True))
        assert told == ["started", "finished", "delivered"]
        saved.refresh_from_db()
        assert (saved.last_export_id, saved.last_problem) == (log.pk, "")
        assert saved.next_at == clock_plus(saved, days=7)

    def test_is_one_though_many_were_missed(self, shop, mia, clock):
        saved = scheduled(mia, rhythm=Rhythm("day", 0, 7))
        clock(saved.next_at + timedelta(days=10, hours=3))

        run_due_schedules()
        run_due_schedules()

        assert ExportLog.objects.of(shop).count() == 1
        saved.refresh_from_db()
        assert saved.next_at > MONDAY + timedelta(days=10)

    def test_has_not_come_a_second_before(self, shop, mia, clock):
        saved = scheduled(mia)
        clock(saved.next_at - timedelta(seconds=1))

        run_due_schedules()

        assert not ExportLog.objects.of(shop).exists()

    def test_is_begun_by_who_comes_first(self, shop, mia, clock):
        saved = scheduled(mia)
        clock(saved.next_at)

        assert run_if_due(shop.pk, saved.pk) is not None
        assert run_if_due(shop.pk, saved.pk) is None

    def test_is_one_when_the_worker_was_killed(self, shop, mia, clock, monkeypatch):
        saved = scheduled(mia)
        clock(saved.next_at)
        with monkeypatch.context() as dying:
            dying.setattr(schedules, "start_export", killed)
            with pytest.raises(KeyboardInterrupt):
                run_due_schedules()
        assert not ExportLog.objects.of(shop).exists()

        run_due_schedules()
        [run] = JobRun.objects.of(shop).filter(kind="export")
        carry_on(shop_id=shop.pk, run_id=run.pk)
        carry_on(shop_id=shop.pk, run_id=run.pk)
        run_due_schedules()

        assert list(ExportEntry.objects.of(shop).values_list("kind", flat=True)) == ["started", "finished"]

    def test_sees_what_its_owner_sees_then(self, shop, mia, clock, settings):
        ann = create_customer(shop, name="Ann")
        create_customer(shop, name="Ben")
        saved = scheduled(mia, fields=("name",))
        Staff.objects.filter(pk=mia.pk).update(only_own=True)
        type(ann).objects.filter(pk=ann.pk).update(staff_id=mia.pk)
        clock(saved.next_at)

        run_due_schedules()
        work()

        assert files(settings)[0].read_text("utf-8-sig").split() == ["Name", "Ann"]

    @pytest.mark.parametrize("facts", [{"role": Role.AGENT}, {"is_active": False}])
    def test_rests_when_its_owner_may_not_any_more(self, shop, mia, clock, facts):
        saved = scheduled(mia)
        Staff.objects.filter(pk=mia.pk).update(**facts)
        clock(saved.next_at)

        run_due_schedules()

        saved.refresh_from_db()
        assert (saved.is_on, saved.last_problem) == (False, "Mia may not export this any more.")
        assert not ExportLog.objects.of(shop).exists()
        saved.staff.refresh_from_db()
        with pytest.raises(OwnerGone):
            resume_schedule(ExportSchedule.objects.get(), by=SYSTEM)

    def test_rests_when_its_question_cannot_be_asked(self, shop, mia, clock):
        saved = scheduled(mia, where="name = 'Ann'")
        ExportSchedule.objects.filter(pk=saved.pk).update(where="segment = 'gone'")
        clock(saved.next_at)

        run_due_schedules()

        saved.refresh_from_db()
        assert saved.is_on is False
        assert "gone" in saved.last_problem
        assert not ExportLog.objects.of(shop).exists()

    def test_rests_while_it_is_paused(self, shop, mia, clock):
        saved = scheduled(mia)
        pause_schedule(saved, by=acting(mia))
        clock(saved.next_at + timedelta(days=20))
        run_due_schedules()
        assert not ExportLog.objects.of(shop).exists()

        resume_schedule(saved, by=acting(mia))
        run_due_schedules()

        assert saved.next_at > MONDAY + timedelta(days=20)
        assert not ExportLog.objects.of(shop).exists()

    def test_is_none_after_it_was_removed(self, shop, mia, clock):
        saved = scheduled(mia)
        log = run_now(saved)
        remove_schedule(saved, by=acting(mia))

        work()

        log.refresh_from_db()
        assert log.state == ExportLog.State.DONE
        assert not ExportSchedule.objects.exists()


class TestTheMail:
    def test_holds_a_link_and_never_the_file(self, shop, mia, clock):
        ben = create_staff(shop, role=Role.MANAGER, name="Ben")
        create_customer(shop, name="Secret Ann")
        saved = scheduled(mia, to=Delivery("", (mia.pk, ben.pk)), fields=("name",))

        log = run_now(saved)
        work()

        assert sorted(one.to[0] for one in mail.outbox) == sorted([mia.user.email, ben.user.email])
        for letter in mail.outbox:
            assert f"https://crm.example/s/kape/files/exports/{log.pk}/" in letter.body
            assert "Ann" not in letter.body
            assert not letter.attachments

    def test_opens_for_its_people_alone(self, shop, mia, clock):
        ben, eve = (create_staff(shop, role=Role.MANAGER, name=name) for name in ("Ben", "Eve"))
        log = run_now(scheduled(mia, to=Delivery("", (ben.pk,))))
        work()
        log.refresh_from_db()

        assert download(log, staff=ben, by=acting(ben)) == private_path(log.stored_as)
        with pytest.raises(NotYours):
            download(log, staff=eve, by=acting(eve))
        last = ExportEntry.objects.of(shop).order_by("-number").first()
        assert (last.kind, last.actor_id) == ("downloaded", ben.pk)

    @pytest.mark.parametrize("facts", [{"role": Role.AGENT}, {"only_own": True}, {"is_active": False}])
    def test_shows_nobody_more_than_they_see(self, shop, mia, clock, facts):
        ben = create_staff(shop, role=Role.MANAGER, name="Ben")
        saved = scheduled(mia, to=Delivery("", (ben.pk,)))
        Staff.objects.filter(pk=ben.pk).update(**facts)
        ben.refresh_from_db()

        log = run_now(saved)
        work()
        log.refresh_from_db()

        assert not may_fetch(log, ben)
        assert mail.outbox == []
        saved.refresh_from_db()
        assert "not sent" in saved.last_problem

    def test_is_sent_again_when_the_server_was_away(self, shop, mia, clock, monkeypatch):
        saved = scheduled(mia, to=Delivery("", (mia.pk,)))
        log = run_now(saved)
        [run] = JobRun.objects.of(shop).filter(kind="export")
        carry_on(shop_id=shop.pk, run_id=run.pk)
        ids = {"shop_id": shop.pk, "schedule_id": saved.pk, "export_id": log.pk, "staff_id": mia.pk}
        with monkeypatch.context() as away:
            away.setattr(EmailBackend, "send_messages", refused)
            with pytest.raises(OSError, match="away"):
                delivering.mail_link(**ids)
        saved.refresh_from_db()
        assert "could not be sent" in saved.last_problem

        delivering.mail_link(**ids)

        assert len(mail.outbox) == 1

    def test_is_none_without_a_mail_server(self, shop, mia, clock, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        saved = scheduled(mia, to=Delivery("", (mia.pk,)))

        run_now(saved)
        work()

        saved.refresh_from_db()
        assert "no mail server" in saved.last_problem


class TestTheFolder:
    def test_keeps_thirty_files_and_touches_no_others(self, shop, mia, clock, settings):
        folder = settings.OUTGOING_ROOT / "kape" / "office"
        folder.mkdir(parents=True)
        for day in range(1, 31):
            (folder / f"customers-2025-01-{day:02}-070000.csv").write_text("old")
        (folder / "notes.txt").write_text("mine")

        run_now(scheduled(mia))
        work()

        names = [path.name for path in files(settings)]
        assert len(names) == 31
        assert "notes.txt" in names
        assert "customers-2025-01-01-070000.csv" not in names

    def test_gets_the_files_of_all_who_share_it(self, shop, mia, clock, settings, monkeypatch):
        saved = [scheduled(mia, name) for name in ("All", "Those who buy")]
        logs = [run_now(one) for one in saved]
        ExportLog.objects.of(shop).update(started_at=MONDAY)  # in the same second, as schedules of one hour are

        work()

        assert len(files(settings)) == 2
        told = ExportEntry.objects.of(shop).filter(kind="delivered").values_list("export_id", flat=True)
        assert set(told) == {log.pk for log in logs}

    def test_has_no_file_that_the_log_does_not_tell_of(self, shop, mia, clock, settings, monkeypatch):
        saved = scheduled(mia)
        log = run_now(saved)
        [run] = JobRun.objects.of(shop).filter(kind="export")
        carry_on(shop_id=shop.pk, run_id=run.pk)
        ids = {"shop_id": shop.pk, "schedule_id": saved.pk, "export_id": log.pk}
        with monkeypatch.context() as dying:
            dying.setattr(delivering.export_log, "delivered", lambda *_: None)  # its transaction never ended
            delivering.lay_down(**ids)

        delivering.lay_down(**ids)

        assert len(files(settings)) == 1
        assert ExportEntry.objects.of(shop).filter(kind="delivered").count() == 1

    def test_gets_a_file_once(self, shop, mia, clock, settings):
        saved = scheduled(mia)
        log = run_now(saved)
        work()

        delivering.lay_down(shop_id=shop.pk, schedule_id=saved.pk, export_id=log.pk)

        assert len(files(settings)) == 1
        assert ExportEntry.objects.of(shop).filter(kind="delivered").count() == 1


def clock_plus(saved, **span):
    return schedules.now() + timedelta(**span)


def killed(*args, **kwargs):
    raise KeyboardInterrupt


def refused(self, messages):
    raise OSError("away")
