"""Tasks in a browser: a reminder, a row of them, the calendar by mouse, a feed, a phone."""

from datetime import time, timedelta

import pytest
from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from regulars.shops.models import Notification, Staff
from regulars.tasks import jobs
from regulars.tasks.due import Due, today_of
from regulars.tasks.models import State, Task
from regulars.tasks.operations import Facts, add_task
from tests.browser.conftest import PHONE
from tests.browser.scene import customer, field, fill, guests, open_shop, panel, toast
from tests.browser.visiting import scrolls_sideways, violations
from tests.factories import actor


@pytest.fixture
def lan(database: None) -> Staff:
    staff = open_shop()
    fill(staff.shop, guests(3))
    return staff


def give(lan, title, away=0, hour=None, **more):
    day = today_of(lan) + timedelta(days=away)
    due = Due(day, time.fromisoformat(hour) if hour else None, 60 if hour else None)
    return add_task(lan.shop, Facts(title, due, lan, **more), by=actor(lan))


def line(page: Page, title: str) -> Locator:
    return page.locator(".task").filter(has_text=title)


def entry(page: Page, title: str) -> Locator:
    return page.locator("#calendar .entry").filter(has_text=title).first


class TestTasks:
    def test_are_added_in_one_line_and_checked_off_with_one_click(self, visit, lan):
        page = visit(lan, "tasks/")
        page.get_by_label("What is to be done?").fill("Count the scarves")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(line(page, "Count the scarves")).to_be_visible()
        expect(page.get_by_label("What is to be done?")).to_have_value("")

        page.get_by_role("button", name="Done: Count the scarves").click()
        expect(line(page, "Count the scarves")).to_have_count(0)
        toast(page).get_by_role("button", name="Undo").last.click()

        expect(line(page, "Count the scarves")).to_be_visible()
        assert violations(page) == []

    def test_are_added_on_a_customer_with_a_reminder_that_comes(self, visit, lan):
        guest = customer(lan, "Guest 01")
        page = visit(lan, f"customers/{guest.pk}/?tab=tasks")
        page.locator(".who-actions").get_by_role("link", name="New task").click()
        field(panel(page), "What").fill("Call about silk")
        panel(page).get_by_label("Time", exact=True).fill("00:00")
        panel(page).get_by_label("Reminder").select_option("0")
        panel(page).get_by_role("button", name="Add task").click()
        expect(line(page, "Call about silk")).to_be_visible()
        expect(page.locator(".tab[aria-current]")).to_contain_text("1")

        jobs.remind()

        assert Notification.objects.of(lan.shop).get(staff=lan).kind == "task.reminder"
        assert Task.objects.of(lan.shop).get().customer_id == guest.pk

    def test_that_repeat_come_again_when_they_are_done(self, visit, lan):
        page = visit(lan, "tasks/")
        page.get_by_role("link", name="New task").click()
        field(panel(page), "What").fill("Plan the week")
        panel(page).locator("summary").click()
        panel(page).get_by_label("Repeats").select_option("weekly")
        panel(page).get_by_role("button", name="Add task").click()
        expect(line(page, "Plan the week")).to_contain_text("Every week")

        page.get_by_role("button", name="Done: Plan the week").click()

        expect(page.get_by_role("heading", name="Next 7 days")).to_be_visible()
        expect(line(page, "Plan the week")).to_be_visible()
        states = Task.objects.of(lan.shop).order_by("pk").values_list("state", flat=True)
        assert list(states) == [State.DONE, State.OPEN]


class TestTheCalendar:
    def test_moves_a_task_by_dragging_and_opens_it_by_a_click(self, visit, lan):
        task = give(lan, "Fitting", hour="10:00")
        page = visit(lan, "tasks/calendar/")
        expect(entry(page, "Fitting")).to_be_visible()
        there = page.locator(f'[data-date="{_other_day(task).isoformat()}"]').first
        with page.expect_response("**/move") as answered:
            entry(page, "Fitting").drag_to(there)
        assert answered.value.status == 200
        task.refresh_from_db()
        assert (task.due_on, task.minutes, task.version) == (_other_day(give_day(lan)), 60, 2)

        entry(page, "Fitting").click()
        field(panel(page), "What").fill("Fitting of the dress")
        panel(page).get_by_role("button", name="Save").click()

        expect(entry(page, "Fitting of the dress")).to_be_visible()
        assert violations(page) == []

    def test_puts_back_what_somebody_else_changed(self, visit, lan):
        task = give(lan, "Fitting", hour="10:00")
        page = visit(lan, "tasks/calendar/")
        expect(entry(page, "Fitting")).to_be_visible()
        Task.objects.filter(pk=task.pk).update(version=7)

        entry(page, "Fitting").drag_to(page.locator(f'[data-date="{_other_day(task).isoformat()}"]').first)

        expect(toast(page)).to_contain_text("Somebody else changed this task meanwhile.")
        task.refresh_from_db()
        assert task.version == 7

    def test_shows_layers_that_are_switched_on(self, visit, lan):
        give(lan, "Ask how it was", kind="follow_up")
        page = visit(lan, "tasks/calendar/")
        expect(entry(page, "Ask how it was")).to_be_visible()

        page.get_by_label("Follow-ups").uncheck()

        expect(page.locator("#calendar .entry")).to_have_count(0)
        assert "layers=mine" in page.url

    def test_is_a_list_on_a_phone(self, visit, lan):
        give(lan, "Fitting", hour="10:00")
        page = visit(lan, "tasks/calendar/", **PHONE)

        expect(entry(page, "Fitting")).to_be_visible()
        assert not scrolls_sideways(page)
        assert violations(page) == []
        entry(page, "Fitting").click()
        expect(panel(page)).to_be_visible()


class TestAFeed:
    def test_is_shown_once_and_read_by_calendars(self, visit, lan):
        give(lan, "Fitting", hour="10:00", remind_before=30)
        page = visit(lan, "tasks/feeds/")
        field(page, "Name").fill("My phone")
        page.get_by_role("button", name="Make the feed").click()
        address = page.get_by_label("Address").input_value()

        [event] = Calendar.from_ical(page.request.get(address).body()).events
        assert (str(event["summary"]), event.duration) == ("Fitting", timedelta(hours=1))

        page.get_by_role("link", name="Done").click()
        expect(page.get_by_text("My phone")).to_be_visible()
        assert violations(page) == []


def _other_day(task):
    """A day that stands on the same page of the month, whichever day it is."""
    day = task.due_on
    return day + timedelta(days=1) if day.day < 15 else day - timedelta(days=1)


def give_day(lan):
    return Task(due_on=today_of(lan))
