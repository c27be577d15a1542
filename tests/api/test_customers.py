"""Customers for programs: the rows and the questions of the lists, page after page."""

import pytest

from regulars.customers.models import Customer
from regulars.customers.operations import add_note, delete_customer
from tests.api.asking import create_order, problem, program
from tests.factories import SYSTEM, create_customer, create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Here", country="PH")


@pytest.fixture
def ann(shop):
    return create_customer(
        shop, name="Ann", email="ann@example.com", tags="VIP, Tea", gender="female", birthday="1991-12-24"
    )


class TestACustomer:
    def test_is_told_field_by_field(self, shop, ann):
        asked = "name,email,tags,gender,birthday,orders,total_spent,last_order_date,created_at,has_email"

        [row] = program(shop).ask("/customers", fields=asked)["customers"]

        created = row.pop("created_at")
        assert created.startswith("20") and created.endswith("+08:00")
        assert row == {
            "id": ann.pk, "name": "Ann", "email": "ann@example.com", "tags": ["VIP", "Tea"], "gender": "female",
            "birthday": "1991-12-24", "orders": 0, "total_spent": "0.00", "last_order_date": None, "has_email": True,
        }  # fmt: skip

    def test_tells_the_usual_fields_when_none_are_named(self, shop, ann):
        [row] = program(shop).ask("/customers")["customers"]

        assert list(row) == [
            "id", "name", "email", "phone", "country", "city", "tags", "orders", "total_spent", "last_order",
            "created_at",
        ]  # fmt: skip

    def test_alone_tells_every_field(self, shop, ann):
        row = program(shop).ask(f"/customers/{ann.pk}")

        assert row["id"] == ann.pk
        assert {"name", "account", "consent_email", "debt", "group"} <= set(row)

    def test_alone_tells_the_named_fields(self, shop, ann):
        assert program(shop).ask(f"/customers/{ann.pk}", fields="name") == {"id": ann.pk, "name": "Ann"}

    def test_never_tells_what_the_team_notes(self, shop, ann):
        add_note(ann, "likes tea", by=SYSTEM)
        till = program(shop)

        assert "likes tea" not in str(till.ask(f"/customers/{ann.pk}"))
        for asked in ({"fields": "note"}, {"where": "note CONTAINS 'tea'"}):
            problem(till.get("/customers", **asked), 422, "query.bad_condition")

    def test_in_the_bin_does_not_exist(self, shop, ann):
        delete_customer(ann, by=SYSTEM)

        problem(program(shop).get(f"/customers/{ann.pk}"), 404, "api.not_there")
        assert program(shop).ask("/customers")["customers"] == []

    def test_of_a_number_that_cannot_be_is_refused(self, shop):
        told = problem(program(shop).get(f"/customers/{2**63}"), 422, "api.not_valid")

        assert told["errors"][0]["where"] == "path.id"


class TestAQuestion:
    def test_finds_who_answers_to_it(self, shop, ann):
        create_customer(shop, name="Bob")

        page = program(shop).ask("/customers", where="tags CONTAINS vip")

        assert [row["name"] for row in page["customers"]] == ["Ann"]
        assert (page["count"], page["count_is_exact"], page["currency"]) == (1, True, "PHP")

    def test_is_counted_as_it_is_listed(self, shop, ann):
        create_customer(shop, name="Bob")
        till = program(shop)

        for where in ("", "name = 'ann'", "orders > 5"):
            counted = till.ask("/customers/count", where=where)["count"]
            assert counted == till.ask("/customers", where=where)["count"]

    def test_may_come_with_a_search(self, shop, ann):
        create_customer(shop, name="Bob")

        found = program(shop).ask("/customers", search="ánn", where="country IS NULL")

        assert [row["name"] for row in found["customers"]] == ["Ann"]

    def test_that_is_not_understood_names_the_word_and_its_place(self, shop):
        told = problem(program(shop).get("/customers", where="name = 'a' AND\n orderz > 3"), 422, "query.bad_condition")

        assert (told["word"], told["line"], told["column"], told["length"]) == ("orderz", 2, 2, 6)
        assert told["suggestion"] == "orders"

    @pytest.mark.parametrize("asked", [{"sort": "shoe"}, {"sort": "tags"}, {"fields": "name,shoe"}])
    def test_about_a_field_that_is_not_there_is_refused(self, shop, asked):
        problem(program(shop).get("/customers", **asked), 422, "query.bad_condition")

    @pytest.mark.parametrize("asked", [{"filter": "x"}, {"wher": "name = 'a'"}, {"where": ["name = 'a'", ""]}])
    def test_with_a_slip_of_the_pen_never_means_everyone(self, shop, asked):
        told = problem(program(shop).get("/customers", **asked), 422, "bad_value")

        assert told["field"] == next(iter(asked))

    @pytest.mark.parametrize("limit", [0, 251, -1, "all", 10**30])
    def test_has_a_bounded_page(self, shop, limit):
        problem(program(shop).get("/customers", limit=limit), 422, "api.not_valid")


class TestPages:
    @pytest.mark.parametrize(
        "sort", ["name", "-name", "created_at", "-total_spent", "last_order_date", "email", "-debt"]
    )
    def test_hold_everybody_once(self, shop, sort):
        mails = [f"a{n}@example.com" if n % 2 else "" for n in range(11)]
        people = [create_customer(shop, name=f"Ann {n % 3}", email=mail) for n, mail in enumerate(mails)]
        for ann in people[3:6]:
            create_order(ann, 100)

        rows = program(shop).all_of("/customers", "customers", sort=sort, limit=3, fields="name")

        assert len(rows) == len(people)
        assert {row["id"] for row in rows} == {one.pk for one in people}

    def test_stay_in_place_when_somebody_joins(self, shop):
        for n in range(4):
            create_customer(shop, name=f"Ann {n}")
        till = program(shop)
        first = till.ask("/customers", limit=2)
        create_customer(shop, name="Newcomer")

        second = till.ask("/customers", limit=2, cursor=first["next"])

        assert [row["name"] for row in first["customers"] + second["customers"]] == ["Ann 3", "Ann 2", "Ann 1", "Ann 0"]
        assert second["next"] is None

    def test_say_nothing_of_the_rows_in_their_cursors(self, shop):
        for n in range(3):
            create_customer(shop, email=f"ann{n}@example.com", name="")

        cursor = program(shop).ask("/customers", sort="name", limit=1)["next"]

        assert cursor.startswith("v1:")
        assert Customer.objects.count() == 3

    @pytest.mark.parametrize("cursor", ["x", "v1:a:b:c", "W10", "0", "é"])
    def test_of_a_damaged_cursor_are_refused(self, shop, cursor):
        problem(program(shop).get("/customers", cursor=cursor), 400, "query.damaged_cursor")

    def test_of_another_sort_or_list_are_refused(self, shop, ann):
        create_customer(shop, name="Bob")
        till = program(shop)
        cursor = till.ask("/customers", limit=1)["next"]

        problem(till.get("/customers", sort="name", cursor=cursor), 400, "query.damaged_cursor")
        problem(till.get("/orders", cursor=cursor), 400, "query.damaged_cursor")
