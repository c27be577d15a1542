"""Pages of tasks through HTTP: who sees what, and that nothing asks more for more."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.customers.models import Customer
from regulars.tasks.due import today_of
from regulars.tasks.models import State, Task
from tests.factories import create_customer, create_staff
from tests.tasks.working import create_task

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def linh():
    return create_staff(name="Linh")


def visit(client, staff, path="", **query):
    client.force_login(staff.user, backend=BACKEND)
    return client.get(f"/s/{staff.shop.slug}/tasks/{path}", query)


def text_of(response):
    return response.content.decode()


def form_of(staff, **facts):
    usual = {"title": "Call Ann", "kind": "call", "priority": "1", "day": "2026-03-02", "assignee": staff.pk}
    return {"version": 1} | usual | facts


class TestTheList:
    def test_is_ordered_by_when_things_are_due(self, linh, client):
        today = today_of(linh)
        for away in (-2, 0, 3, 30):
            create_task(linh, f"In {away}", day=today + timedelta(days=away))

        page = text_of(visit(client, linh))

        places = [page.index(word) for word in ("Overdue", "In -2", 'id="tasks-today"', "In 0", "Next 7 days", "In 3",
                                                 ">Later", "In 30")]  # fmt: skip
        assert places == sorted(places)

    def test_of_mine_is_mine_and_the_teams_is_everybodys(self, linh, client):
        create_task(create_staff(linh.shop, name="Quân"), "His")

        assert "His" not in text_of(visit(client, linh))
        assert "His" in text_of(visit(client, linh, view="team"))

    def test_does_not_name_a_customer_one_may_not_see(self, linh, client):
        agent = create_staff(linh.shop, role="agent", only_own=True)
        create_task(linh, "Given", assignee=agent, customer=create_customer(linh.shop, name="Bob Secret"))
        create_task(linh, "Not given", customer=create_customer(linh.shop, name="Cy"))

        page = text_of(visit(client, agent, view="team"))

        assert "Given" in page
        assert not [word for word in ("Secret", "Not given") if word in page]

    def test_asks_as_often_for_forty_as_for_two(self, linh, client):
        assert counted(client, linh, 2) == counted(client, linh, 38)


def counted(client, linh, more, path="", **query):
    """How many queries a page takes, once whatever is remembered between two visits is."""
    for n in range(more):
        create_task(linh, f"Task {n}", day=today_of(linh), customer=create_customer(linh.shop, name=f"Ann {n}"))
    visit(client, linh, path, **query)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/s/{linh.shop.slug}/tasks/{path}", query).status_code == 200
    return len(asked)


class TestTheForm:
    def test_adds_and_changes(self, linh, client):
        visit(client, linh)
        home = f"/s/{linh.shop.slug}/tasks/"
        client.post(f"{home}new/", form_of(linh, hour="09:30", minutes=20, remind_before="30", repeat="weekly"))
        task = Task.objects.get()
        assert (task.title, task.minutes, task.remind_before, task.repeat) == ("Call Ann", 20, 30, "weekly")

        response = client.post(f"{home}{task.pk}/", form_of(linh, title="Visit Ann", repeat="weekly"))

        task.refresh_from_db()
        assert (response.status_code, task.title, task.is_all_day) == (302, "Visit Ann", True)

    def test_that_is_old_is_shown_again_beside_what_is_stored(self, linh, client):
        task = create_task(linh)
        visit(client, linh)
        url = f"/s/{linh.shop.slug}/tasks/{task.pk}/"
        client.post(url, form_of(linh, title="First"))

        response = client.post(url, form_of(linh, title="Second"))

        assert response.status_code == 409
        assert "Second" in text_of(response)
        assert "First" in text_of(response)
        assert 'name="version" value="2"' in text_of(response)

    def test_of_a_task_that_is_done_cannot_be_typed_into(self, linh, client):
        task = create_task(linh)
        assert '<fieldset class="plain-set">' in text_of(visit(client, linh, f"{task.pk}/"))

        client.post(f"/s/{linh.shop.slug}/tasks/{task.pk}/done")

        assert '<fieldset class="plain-set" disabled>' in text_of(visit(client, linh, f"{task.pk}/"))

    def test_refuses_another_shops_people_and_customers(self, linh, client):
        visit(client, linh)
        stranger, theirs = create_staff(), create_customer(name="Zoe")
        agent = create_staff(linh.shop, role="viewer")

        for wrong in ({"assignee": stranger.pk}, {"assignee": agent.pk}, {"customer": theirs.pk}, {"day": "x"}):
            assert client.post(f"/s/{linh.shop.slug}/tasks/new/", form_of(linh, **wrong)).status_code == 422
        assert not Task.objects.exists()


class TestOneClick:
    def test_checks_off_and_takes_back(self, linh, client):
        task = create_task(linh)
        visit(client, linh)
        url = f"/s/{linh.shop.slug}/tasks/{task.pk}/"
        for act, state in (("done", State.DONE), ("reopen", State.OPEN), ("cancel", State.CANCELLED)):
            client.post(url + act)
            task.refresh_from_db()
            assert task.state == state
        client.post(url + "delete")
        assert client.get(url).status_code == 404
        client.post(url + "restore")
        assert client.get(url).status_code == 200


class TestTheCalendar:
    def read(self, client, staff, **query):
        today = today_of(staff)
        usual = {"start": today.isoformat(), "end": (today + timedelta(days=42)).isoformat()}
        return visit(client, staff, "calendar/entries", **{**usual, **query}).json()

    def test_shows_the_layers_that_are_on(self, linh, client):
        today = today_of(linh)
        create_task(linh, "Mine", day=today)
        create_task(create_staff(linh.shop), "Theirs", day=today)
        create_task(linh, "Follow", day=today, kind="follow_up")
        Customer.objects.filter(pk=create_customer(linh.shop, name="Ann").pk).update(
            birth_md=today.month * 100 + today.day
        )

        shown = {name: [one["title"] for one in self.read(client, linh, layers=[name])["events"]] for name in (
            "mine", "team", "follow_ups", "birthdays")}  # fmt: skip

        assert shown == {
            "mine": ["Mine"], "team": ["Theirs"], "follow_ups": ["Follow"], "birthdays": ["Birthday: Ann"],
        }  # fmt: skip

    @pytest.mark.parametrize("layer", ["mine", "follow_ups"])
    def test_says_whom_a_task_is_about(self, linh, client, layer):
        ann, today = create_customer(linh.shop, name="Ann Lê"), today_of(linh)
        kind = {"mine": "call", "follow_ups": "follow_up"}[layer]
        for title in ("Ask how it was", "Call Ann Lê back"):
            create_task(linh, title, day=today, kind=kind, customer=ann)

        shown = [one["title"] for one in self.read(client, linh, layers=[layer])["events"]]

        assert sorted(shown) == ["Ask how it was · Ann Lê", "Call Ann Lê back"]

    def test_says_it_of_nobody_whom_the_reader_may_not_see(self, linh, client):
        agent = create_staff(linh.shop, role="agent", only_own=True)
        task = create_task(agent, "Ask", day=today_of(agent), kind="follow_up")
        Task.objects.filter(pk=task.pk).update(customer=create_customer(linh.shop, name="Ann Lê"))

        assert "Ann" not in str(self.read(client, agent, layers=["follow_ups"]))

    def test_answers_no_more_than_a_hundred_days(self, linh, client):
        create_task(linh, day=today_of(linh) + timedelta(days=150))

        assert self.read(client, linh, end="2100-01-01", layers=["mine"])["events"] == []

    def test_says_how_much_it_leaves_out(self, linh, client, monkeypatch):
        monkeypatch.setattr("regulars.web.tasks.calendar.MOST", 2)
        for n in range(5):
            create_task(linh, f"Task {n}", day=today_of(linh))

        found = self.read(client, linh, layers=["mine"])

        assert (len(found["events"]), found["note"]) == (2, "3 more are not shown.")

    def test_counts_many_birthdays_by_the_day(self, linh, client, monkeypatch):
        monkeypatch.setattr("regulars.web.tasks.calendar.MOST", 2)
        today = today_of(linh)
        for n in range(3):
            create_customer(linh.shop, name=f"Ann {n}")
        Customer.objects.of(linh.shop).update(birth_md=today.month * 100 + today.day)

        [day] = self.read(client, linh, layers=["birthdays"])["events"]

        assert day["title"] == "3 birthdays"
        assert f"birthday%20=%20{today.isoformat()}" in day["url"]

    def test_asks_as_often_for_forty_as_for_two(self, linh, client):
        query = {"start": today_of(linh).isoformat(), "end": "2100-01-01", "layers": ["mine", "team", "follow_ups"]}

        assert counted(client, linh, 2, "calendar/entries", **query) == counted(
            client, linh, 38, "calendar/entries", **query
        )

    def test_moves_what_is_dragged_and_refuses_what_is_old(self, linh, client):
        task = create_task(linh)
        visit(client, linh)
        url = f"/s/{linh.shop.slug}/tasks/{task.pk}/move"
        to = {"day": "2026-03-05", "hour": "10:30", "minutes": 45, "version": 1}

        assert client.post(url, to).json() == {"version": 2}
        assert client.post(url, to).status_code == 409
        assert client.post(url, {**to, "day": "never"}).status_code == 422
        task.refresh_from_db()
        assert (task.due_on.isoformat(), task.minutes) == ("2026-03-05", 45)


class TestTheNavigation:
    def test_counts_what_waits_for_me(self, linh, client):
        today = today_of(linh)
        for away in (-1, 0, 1):
            create_task(linh, day=today + timedelta(days=away))

        assert '<span class="side-count">2</span>' in text_of(visit(client, linh, "feeds/"))
