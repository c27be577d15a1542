"""Tasks for programs: read, added, changed and finished, with a scope of their own."""

from datetime import date

import pytest

from regulars.customers.merging import merge
from regulars.shops.operations import deactivate_staff
from regulars.shops.permissions import Scope
from regulars.tasks.models import Task
from regulars.tasks.operations import delete_task
from regulars.tasks.repeating import Rule
from tests.api.asking import problem, program
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.tasks.working import MONDAY, create_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Here", country="VN")


@pytest.fixture
def linh(shop):
    return create_staff(shop, name="Linh")


@pytest.fixture
def till(shop):
    return program(shop, Scope.TASKS)


class TestATask:
    def test_is_told_by_the_assignees_clocks(self, shop, linh, till):
        ann = create_customer(shop, name="Ann")
        task = create_task(linh, hour="09:30", minutes=20, customer=ann, note="About silk.", remind_before=15)

        told = till.ask(f"/tasks/{task.pk}")

        assert told | {"created_at": "", "updated_at": ""} == {
            "id": task.pk, "title": "Call Ann", "kind": "todo", "priority": "normal", "state": "open",
            "is_late": told["is_late"], "note": "About silk.", "customer_id": ann.pk, "due_on": "2026-03-02",
            "assignee": {"id": linh.pk, "name": "Linh", "email": linh.user.email}, "hour": "09:30",
            "starts_at": "2026-03-02T02:30:00Z", "minutes": 20, "remind_before": 15, "repeat": "", "closed_at": None,
            "version": 1, "created_at": "", "updated_at": "",
        }  # fmt: skip

    def test_that_was_deleted_or_is_elsewhere_does_not_exist(self, linh, till):
        gone = create_task(linh)
        delete_task(gone, by=SYSTEM)
        stranger = create_task(create_staff(create_shop("There")))

        for pk in (gone.pk, stranger.pk, 10**15):
            problem(till.get(f"/tasks/{pk}"), 404, "api.not_there")
            problem(till.patch(f"/tasks/{pk}", {"title": "X"}), 404, "api.not_there")
            problem(till.post(f"/tasks/{pk}/finish", {}), 404, "api.not_there")
        stranger.refresh_from_db()
        assert (stranger.title, stranger.state) == ("Call Ann", "open")


class TestTheList:
    def test_is_narrowed_and_paged(self, shop, linh, till):
        minh, ann = create_staff(shop, name="Minh"), create_customer(shop, name="Ann")
        first, second = create_task(linh), create_task(minh, day=date(2026, 3, 9), customer=ann)
        till.post(f"/tasks/{first.pk}/finish", {})
        create_task(create_staff(create_shop("There")))

        def found(**asked):
            return [row["id"] for row in till.all_of("/tasks", "tasks", limit=1, **asked)]

        assert found() == [first.pk, second.pk]
        assert (found(state="open"), found(state="done")) == ([second.pk], [first.pk])
        assert found(assignee=minh.pk) == found(customer=ann.pk) == found(due_from="2026-03-03") == [second.pk]
        assert found(due_to="2026-03-02") == [first.pk]

    @pytest.mark.parametrize("asked", [{"state": "late"}, {"due_from": "soon"}, {"customer": 0}, {"whose": 1}])
    def test_refuses_what_it_does_not_understand(self, till, asked):
        assert till.get("/tasks", **asked).status_code == 422


class TestAdding:
    def test_makes_a_task_of_the_person(self, shop, linh, till):
        ann = create_customer(shop, name="Ann")

        made = till.post("/tasks", {
            "title": "Call back", "kind": "call", "priority": "high", "assignee_id": linh.pk, "customer_id": ann.pk,
            "due_on": "2026-03-02", "hour": "13:30", "minutes": 15, "note": "Silk", "remind_before": 0,
        })  # fmt: skip

        assert made.status_code == 201, made.content
        task = Task.objects.of(shop).get()
        assert (task.title, task.kind, task.priority, task.customer_id) == ("Call back", "call", 2, ann.pk)
        assert (made.json()["id"], made.json()["hour"], task.due_on) == (task.pk, "13:30", MONDAY)

    @pytest.mark.parametrize("missing", ["title", "assignee_id", "due_on"])
    def test_needs_to_know_what_who_and_when(self, shop, linh, till, missing):
        sent = {"title": "Call", "assignee_id": linh.pk, "due_on": "2026-03-02"}
        del sent[missing]

        assert problem(till.post("/tasks", sent), 422, "bad_value")["field"] == missing
        assert not Task.objects.of(shop).exists()

    def test_is_for_people_and_customers_of_this_shop(self, shop, linh, till):
        there = create_shop("There")
        left = create_staff(shop, name="Left")
        deactivate_staff(left, by=SYSTEM)
        sent = {"title": "Call", "assignee_id": linh.pk, "due_on": "2026-03-02"}

        for other in ({"assignee_id": create_staff(there).pk}, {"assignee_id": left.pk},
                      {"customer_id": create_customer(there).pk}):  # fmt: skip
            assert problem(till.post("/tasks", sent | other), 422, "bad_value")["field"] == next(iter(other))
        assert not Task.objects.of(shop).exists()

    def test_about_who_was_merged_is_about_the_survivor(self, shop, linh, till):
        ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
        merge(shop, ann, [bea], by=SYSTEM)

        sent = {"title": "Call", "assignee_id": linh.pk, "due_on": "2026-03-02", "customer_id": bea.pk}

        assert till.post("/tasks", sent).json()["customer_id"] == ann.pk


class TestChanging:
    def test_leaves_what_it_does_not_name(self, linh, till):
        task = create_task(linh, hour="09:30", minutes=20, note="Silk", rule=Rule("weekly"))

        told = till.patch(f"/tasks/{task.pk}", {"title": "Call Bo"}).json()

        assert (told["title"], told["hour"], told["minutes"], told["note"]) == ("Call Bo", "09:30", 20, "Silk")
        assert (told["repeat"], told["version"]) == ("weekly", 2)

    def test_moves_gives_and_empties(self, shop, linh, till):
        minh = create_staff(shop, name="Minh")
        task = create_task(linh, hour="09:30", customer=create_customer(shop))

        sent = {"due_on": "2026-03-09", "hour": None, "assignee_id": minh.pk, "customer_id": None}
        told = till.patch(f"/tasks/{task.pk}", sent).json()

        assert (told["due_on"], told["hour"], told["assignee"]["id"]) == ("2026-03-09", None, minh.pk)
        assert told["customer_id"] is None

    def test_after_somebody_else_is_refused_when_the_version_is_named(self, linh, till):
        task = create_task(linh)
        till.patch(f"/tasks/{task.pk}", {"title": "Call Bo"})

        problem(till.patch(f"/tasks/{task.pk}", {"title": "Call Cy", "version": 1}), 422, "tasks.changed")
        assert till.ask(f"/tasks/{task.pk}")["title"] == "Call Bo"

    @pytest.mark.parametrize("sent", [{"title": None}, {"kind": "party"}, {"priority": "urgent"}, {"repeat": "daily"}])
    def test_refuses_what_it_does_not_understand(self, linh, till, sent):
        assert till.patch(f"/tasks/{create_task(linh).pk}", sent).status_code == 422

    @pytest.mark.parametrize("name", ["assignee_id", "due_on"])
    def test_cannot_take_away_who_does_it_and_when(self, linh, till, name):
        problem(till.patch(f"/tasks/{create_task(linh).pk}", {name: None}), 422, "bad_value")


class TestFinishing:
    def test_is_done_once(self, linh, till):
        task = create_task(linh)

        for _again in range(2):
            told = till.post(f"/tasks/{task.pk}/finish", {}).json()
            assert (told["task"]["state"], told["next_task"]) == ("done", None)
        assert told["task"]["version"] == 2
        problem(till.patch(f"/tasks/{task.pk}", {"title": "X"}), 422, "tasks.closed")

    def test_answers_the_next_of_a_task_that_repeats(self, linh, till):
        task = create_task(linh, rule=Rule("weekly"))

        following = till.post(f"/tasks/{task.pk}/finish", {}).json()["next_task"]

        assert following["state"] == "open" and following["due_on"] > "2026-03-02"


def test_other_scopes_reach_no_tasks(shop, linh):
    others = program(shop, Scope.CUSTOMERS, Scope.EDIT_CUSTOMERS, Scope.MERGE, Scope.ORDERS, Scope.SEGMENTS)
    pk = create_task(linh).pk

    for answer in (others.get("/tasks"), others.get(f"/tasks/{pk}"), others.post("/tasks", {"title": "X"}),
                   others.patch(f"/tasks/{pk}", {"title": "X"}), others.post(f"/tasks/{pk}/finish", {})):  # fmt: skip
        problem(answer, 403, "api.scope_missing")
