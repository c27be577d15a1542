"""Reminders come once: in the app, and by mail to those who want it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.models import Notification
from regulars.shops.operations.notifications import worded
from regulars.tasks import jobs
from regulars.tasks.due import Due, today_of
from regulars.tasks.models import Task
from regulars.tasks.operations import complete_task, move_task
from regulars.tasks.telling import note_address, set_habit
from tests.factories import actor, create_customer, create_shop, create_staff
from tests.tasks.working import create_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def linh(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    staff = create_staff(name="Linh")
    note_address(staff, "https://crm.example")
    return staff


def due_soon(staff, **more):
    task = create_task(staff, day=today_of(staff), hour="00:01", remind_before=0, **more)
    Task.objects.filter(pk=task.pk).update(remind_at=now() - timedelta(minutes=1))
    return task


def minute_passes():
    jobs.remind()
    run_waiting_jobs()


class TestAReminder:
    def test_comes_in_the_app_and_by_mail(self, linh):
        ann = create_customer(linh.shop, name="Ann Nguyễn", phone="0912345678")
        task = due_soon(linh, customer=ann)

        minute_passes()

        told = worded(linh, list(Notification.objects.all()))
        assert [(one["text"], one["url"]) for one in told] == [("Due soon: Call Ann", f"tasks/{task.pk}/")]
        assert [letter.to for letter in mail.outbox] == [[linh.user.email]]
        assert f"https://crm.example/s/{linh.shop.slug}/tasks/{task.pk}/" in mail.outbox[0].body
        assert "Ann Nguyễn" in mail.outbox[0].body
        assert "345" not in mail.outbox[0].body

    def test_comes_once(self, linh):
        due_soon(linh)

        minute_passes()
        minute_passes()
        jobs.mail_reminder(shop_id=linh.shop_id, task_id=Task.objects.get().pk)

        assert (Notification.objects.count(), len(mail.outbox)) == (1, 1)

    def test_comes_again_when_the_task_moved(self, linh):
        task = due_soon(linh)
        minute_passes()
        move_task(task, Due(today_of(linh) - timedelta(days=1)), by=actor(linh))

        minute_passes()

        assert (Notification.objects.count(), len(mail.outbox)) == (2, 2)

    def test_does_not_come_for_what_is_done(self, linh):
        complete_task(due_soon(linh), by=actor(linh))

        minute_passes()

        assert not Notification.objects.exists()

    def test_is_looked_for_once_in_all_shops(self, linh):
        jobs.remind()
        with CaptureQueriesContext(connection) as one:
            jobs.remind()
        others = [due_soon(create_staff(create_shop(f"Shop {n}"))) for n in range(3)]
        Task.objects.update(remind_at=now() + timedelta(minutes=1))
        with CaptureQueriesContext(connection) as four:
            jobs.remind()
        Task.objects.update(remind_at=now() - timedelta(minutes=1))

        jobs.remind()

        assert len(one) == len(four) == 1
        assert Notification.objects.count() == len(others)

    def test_is_mailed_only_to_those_who_want_it(self, linh):
        set_habit(linh, wants_mail=False)
        due_soon(linh)

        minute_passes()

        assert (Notification.objects.count(), len(mail.outbox)) == (1, 0)

    def test_is_tried_again_when_the_mail_server_refuses(self, linh, monkeypatch):
        due_soon(linh)
        jobs.remind()

        def refuse(task):
            raise OSError

        with monkeypatch.context() as patch:
            patch.setattr(jobs, "send_reminder", refuse)
            with pytest.raises(OSError):
                jobs.mail_reminder(shop_id=linh.shop_id, task_id=Task.objects.get().pk)

        jobs.mail_reminder(shop_id=linh.shop_id, task_id=Task.objects.get().pk)
        assert len(mail.outbox) == 1
