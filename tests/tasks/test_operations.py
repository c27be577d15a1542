"""Adding, changing, doing, moving and deleting tasks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.errors import InTheBin
from regulars.customers.operations import anonymise, delete_customer
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.shops.operations import deactivate_staff
from regulars.shops.permissions import Permission
from regulars.tasks.due import Due, today_of
from regulars.tasks.errors import TaskChanged, TaskIsClosed
from regulars.tasks.giving import clocks_of_person_changed, reassign_tasks
from regulars.tasks.models import Kind, Priority, State, Task
from regulars.tasks.operations import (
    assign_task,
    cancel_task,
    change_task,
    complete_task,
    delete_task,
    move_task,
    reopen_task,
    restore_task,
)
from regulars.tasks.repeating import Rule
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff, create_user
from tests.tasks.working import MONDAY, create_task, facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def linh():
    """Works in Ho Chi Minh City, seven hours before UTC."""
    return create_staff(name="Linh")


def kinds_of(task):
    return list(Event.objects.filter(about="task", about_id=task.pk).order_by("id").values_list("kind", flat=True))


class TestAddingATask:
    def test_keeps_what_was_said(self, linh):
        ann = create_customer(linh.shop, name="Ann")

        task = create_task(linh, "  Call\nAnn ", hour="09:30", minutes=20, customer=ann, kind=Kind.CALL,
                           priority=Priority.HIGH, note="About silk.")  # fmt: skip

        task.refresh_from_db()
        assert (task.title, task.kind, task.priority, task.note) == ("Call Ann", "call", 2, "About silk.")
        assert task.starts_at == datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
        assert task.late_at == datetime(2026, 3, 2, 2, 50, tzinfo=UTC)
        assert (task.created_by_id, task.state, task.version) == (linh.pk, State.OPEN, 1)
        assert kinds_of(task) == ["task.added"]

    def test_for_a_whole_day_is_late_when_the_assignees_day_is_over(self, linh):
        task = create_task(linh)

        assert task.starts_at == datetime(2026, 3, 1, 17, tzinfo=UTC)
        assert task.late_at == datetime(2026, 3, 2, 17, tzinfo=UTC)

    @pytest.mark.parametrize(("hour", "before", "expected"), [
        ("14:00", 30, datetime(2026, 3, 2, 6, 30, tzinfo=UTC)),
        ("", 0, datetime(2026, 3, 2, 2, tzinfo=UTC)),
        ("", 1440, datetime(2026, 3, 1, 2, tzinfo=UTC)),
    ])  # fmt: skip
    def test_reminds_before_the_hour_or_at_nine(self, linh, hour, before, expected):
        assert create_task(linh, hour=hour, remind_before=before).remind_at == expected

    @pytest.mark.parametrize("wrong", [
        {"title": "  "}, {"minutes": 0, "hour": "10:00"}, {"remind_before": 100_000}, {"day": date(1900, 1, 1)},
        {"rule": Rule("weekly", every=0)}, {"rule": Rule("daily", until=date(2026, 3, 1))},
        {"rule": Rule("hourly")}, {"rule": Rule("daily", count=9999)},
    ])  # fmt: skip
    def test_refuses_what_makes_no_sense(self, linh, wrong):
        with pytest.raises(BadValue):
            create_task(linh, **wrong)

        assert not Task.objects.exists()

    def test_refuses_a_customer_in_the_bin(self, linh):
        ann = create_customer(linh.shop)
        delete_customer(ann, by=SYSTEM)
        ann.refresh_from_db()

        with pytest.raises(InTheBin):
            create_task(linh, customer=ann)


class TestTheAssigneesDay:
    """T139: due today means today where the assignee is."""

    NIGHT = datetime(2026, 3, 2, 20, tzinfo=UTC)  # the third in Ho Chi Minh City, still the second in Bucharest

    def test_is_by_their_own_clocks_before_the_shops(self):
        shop = create_shop()
        linh = create_staff(shop)
        ana = create_staff(shop, user=create_user(timezone="Europe/Bucharest"))

        assert today_of(linh, self.NIGHT) == date(2026, 3, 3)
        assert today_of(ana, self.NIGHT) == date(2026, 3, 2)

    def test_decides_what_is_overdue(self):
        shop = create_shop()
        linh = create_staff(shop)
        ana = create_staff(shop, user=create_user(timezone="Europe/Bucharest"))
        hers = create_task(linh, assignee=linh)
        create_task(linh, assignee=ana)

        assert list(Task.objects.of(shop).overdue(self.NIGHT)) == [hers]

    def test_moves_with_the_person(self, linh):
        day, hour = create_task(linh), create_task(linh, hour="10:00")
        linh.user.timezone = "Europe/Bucharest"
        linh.user.save()

        clocks_of_person_changed(linh.user)

        day.refresh_from_db()
        hour.refresh_from_db()
        assert (day.due_on, day.late_at) == (MONDAY, datetime(2026, 3, 2, 22, tzinfo=UTC))
        assert hour.starts_at == datetime(2026, 3, 2, 3, tzinfo=UTC)

    def test_moves_with_the_task(self, linh):
        ana = create_staff(linh.shop, user=create_user(timezone="Europe/Bucharest"))
        task = create_task(linh)

        assert assign_task(task, ana, by=actor(linh)).late_at == datetime(2026, 3, 2, 22, tzinfo=UTC)


class TestChangingATask:
    def test_tells_old_and_new(self, linh):
        task = create_task(linh)

        changed = change_task(task, facts(linh, "Visit Ann", hour="10:00"), version=1, by=actor(linh))

        fields = Event.objects.get(kind="task.changed").data["fields"]
        assert changed.version == 2
        assert fields["title"] == ["Call Ann", "Visit Ann"]
        assert fields["is_all_day"] == [True, False]

    def test_by_a_form_that_is_old_changes_nothing(self, linh):
        task = create_task(linh)
        change_task(task, facts(linh, "Visit Ann"), version=1, by=actor(linh))

        with pytest.raises(TaskChanged):
            change_task(task, facts(linh, "Write to Ann"), version=1, by=actor(linh))

        task.refresh_from_db()
        assert task.title == "Visit Ann"

    def test_without_a_difference_leaves_no_trace(self, linh):
        task = create_task(linh)

        assert change_task(task, facts(linh), version=1, by=actor(linh)).version == 1
        assert kinds_of(task) == ["task.added"]

    def test_that_is_done_needs_opening_first(self, linh):
        task = create_task(linh)
        complete_task(task, by=actor(linh))

        with pytest.raises(TaskIsClosed):
            move_task(task, Due(MONDAY), by=actor(linh))

    def test_to_another_day_reminds_again(self, linh):
        task = create_task(linh, remind_before=0)
        Task.objects.filter(pk=task.pk).update(reminded_at=datetime(2026, 3, 2, tzinfo=UTC))

        moved = move_task(task, Due(MONDAY + timedelta(days=1), time(8), 45), version=1, by=actor(linh))

        assert moved.reminded_at is None
        assert (moved.due_on, moved.minutes, moved.is_all_day) == (date(2026, 3, 3), 45, False)


class TestClosingATask:
    def test_says_who_and_when(self, linh):
        task = create_task(linh)

        complete_task(task, by=actor(linh))
        complete_task(task, by=SYSTEM)

        task.refresh_from_db()
        assert (task.state, task.closed_by_id, task.closed_at is not None) == (State.DONE, linh.pk, True)
        assert kinds_of(task) == ["task.added", "task.done"]

    def test_can_be_taken_back(self, linh):
        task = create_task(linh)
        cancel_task(task, by=actor(linh))

        reopened = reopen_task(task, by=actor(linh))

        assert (reopened.state, reopened.closed_at) == (State.OPEN, None)

    def test_by_deleting_can_be_taken_back(self, linh):
        task = create_task(linh)

        delete_task(task, by=actor(linh))
        assert not Task.objects.of(linh.shop).existing().exists()

        restore_task(task, by=actor(linh))
        assert Task.objects.of(linh.shop).existing().open().exists()


class TestWhoSeesTasks:
    def test_limited_to_own_customers_means_own_tasks_and_those_about_own_customers(self, linh):
        agent = create_staff(linh.shop, role="agent", only_own=True, name="Quân")
        his = create_customer(linh.shop, name="Ann", staff=agent.user.email)
        theirs = create_customer(linh.shop, name="Bob")
        type(his).objects.filter(pk=his.pk).update(staff_id=agent.pk)
        about_his = create_task(linh, "About his", customer=his)
        given = create_task(linh, "Given to him", customer=theirs, assignee=agent)
        create_task(linh, "About theirs", customer=theirs)

        assert set(Task.objects.of(linh.shop).visible_to(agent)) == {about_his, given}

    def test_of_a_customer_in_the_bin_are_not_there(self, linh):
        ann = create_customer(linh.shop)
        create_task(linh, customer=ann)

        delete_customer(ann, by=SYSTEM)

        assert not Task.objects.of(linh.shop).existing().exists()

    def test_about_somebody_forgotten_are_forgotten(self, linh):
        ann = create_customer(linh.shop)
        create_task(linh, "Call Ann about her knee", customer=ann)

        anonymise(ann, by=SYSTEM)

        assert not Task.objects.exists()
        assert not Event.objects.filter(data__icontains="knee").exists()

    def test_viewers_do_not(self):
        assert not create_staff(role="viewer").may(Permission.TASKS)


class TestLeaving:
    """T139: whoever leaves hands over."""

    def test_gives_the_open_tasks_to_the_successor(self, linh):
        quan = create_staff(linh.shop, name="Quân")
        left, done = create_task(linh, "Open"), create_task(linh, "Done")
        complete_task(done, by=actor(linh))

        deactivate_staff(linh, successor=quan, by=SYSTEM)

        left.refresh_from_db()
        done.refresh_from_db()
        assert (left.assignee_id, done.assignee_id) == (quan.pk, linh.pk)
        assert kinds_of(left) == ["task.added", "task.changed"]

    def test_asks_as_often_for_many_as_for_few(self, linh):
        counts = []
        for number in (2, 20):
            leaver, quan = create_staff(linh.shop), create_staff(linh.shop)
            for hour in range(number):
                create_task(leaver, hour=f"{hour:02}:00", remind_before=60)
            with CaptureQueriesContext(connection) as asked:
                assert reassign_tasks(linh.shop, leaver, quan, by=SYSTEM) == number
            counts.append(len(asked))
            assert Task.objects.of(linh.shop).filter(assignee=quan, version=2).count() == number

        assert counts[0] == counts[1]

    def test_gives_those_that_follow_too(self, linh):
        quan = create_staff(linh.shop, name="Quân")
        task = create_task(linh, rule=Rule("weekly"))
        once = facts(linh, assignee=quan, rule=Rule("weekly"))
        change_task(task, once, version=1, only_this=True, by=actor(linh))

        assert reassign_tasks(linh.shop, linh, quan, by=SYSTEM) == 0
        assert complete_task(task, by=actor(quan)).assignee_id == quan.pk

    def test_takes_along_what_was_deleted_and_may_come_back(self, linh):
        quan = create_staff(linh.shop, name="Quân")
        task = create_task(linh, "Call", day=MONDAY, hour="09:00")
        delete_task(task, by=actor(linh))

        assert reassign_tasks(linh.shop, linh, quan, by=SYSTEM) == 0

        back = restore_task(task, by=actor(quan))
        assert (back.assignee_id, back.starts_at) == (quan.pk, task.starts_at)
