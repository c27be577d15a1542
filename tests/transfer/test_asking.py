"""Questions on the command line: why somebody answers, a past day, a segment, and the place of a mistake."""

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from regulars.customers.errors import NoSuchCustomer
from regulars.customers.models import Customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.query import BadCondition
from regulars.kit.query.conditions import Place
from regulars.orders.operations import record_order
from regulars.runtime.cli import cli
from regulars.runtime.pointing import marked, told_place
from regulars.segments.models import Membership, Segment
from regulars.segments.operations import create_segment, set_members
from regulars.transfer.commands import explain_customer, list_customers
from tests.factories import SYSTEM, create_customer
from tests.orders.trade import order

pytestmark = pytest.mark.django_db
SPRING, SUMMER = datetime(2026, 3, 10, 12, tzinfo=UTC), datetime(2026, 6, 10, 12, tzinfo=UTC)


def came(shop, name, at, *orders):
    """A customer added at a time, with orders placed at others."""
    customer = create_customer(shop, name=name)
    Customer.objects.of(shop).filter(pk=customer.pk).update(created_at=at)
    for placed_at in orders:
        record_order(shop, order(total=100, customer_id=customer.pk, placed_at=placed_at, currency="PHP"), by=SYSTEM)
    return customer


def found(shop, where, **asked):
    return {row["name"] for row in list_customers(shop, where=where, **asked)["customers"]}


class TestExplaining:
    def test_tells_every_part_with_its_value(self, shop):
        ann = came(shop, "Ann", SPRING, SPRING, SUMMER)

        why = explain_customer(
            shop, ann.pk, "orders >= 5 AND (city = 'Cebu' OR NOT orders_placed MATCHES (date >= 2026-06-01))"
        )

        assert (why["name"], why["holds"]) == ("Ann", False)
        orders, group = why["parts"]
        assert (orders["where"], orders["holds"], orders["value"]) == ("orders >= 5", False, 2)
        assert group["kind"] == "any"
        assert group["parts"][1]["kind"] == "not"
        event = group["parts"][1]["parts"][0]
        assert event["holds"]
        assert event["value"]["count"] == 1

    def test_of_one_condition_has_one_part(self, shop):
        ann = came(shop, "Ann", SPRING)

        why = explain_customer(shop, ann.pk, "last_order_date IS NULL")

        assert [(part["holds"], part["value"]) for part in why["parts"]] == [(True, None)]

    def test_of_nobody_is_refused(self, shop):
        with pytest.raises(NoSuchCustomer):
            explain_customer(shop, 4711, "orders = 0")

    def test_on_the_command_line_is_a_line_a_condition(self, shop):
        ann = came(shop, "Ann", SPRING, SUMMER)

        done = CliRunner().invoke(
            cli, ["customers", "--where", "orders = 1 AND gender = female", "--explain", str(ann.pk)]
        )

        assert done.exit_code == 0, done.output
        lines = done.stdout.splitlines()
        assert "does not answer" in lines[0]
        assert lines[1].strip() == "yes  Orders: 1 (here: 1)"
        assert lines[2].strip().startswith("no")
        assert lines[2].endswith("(here: nothing is known)")

    def test_needs_a_question(self, shop):
        assert CliRunner().invoke(cli, ["customers", "--explain", "1"]).exit_code == 2


class TestAPastDay:
    @pytest.fixture
    def people(self, shop):
        came(shop, "Ann", SPRING, SPRING, SUMMER)
        came(shop, "Bob", SPRING, SUMMER)
        came(shop, "Cid", SUMMER, SUMMER)
        return shop

    @pytest.mark.parametrize(
        ("where", "names"),
        [
            ("", {"Ann", "Bob"}),
            ("orders_placed MATCHES ()", {"Ann"}),
            ("orders_placed MATCHES (count = 1)", {"Ann"}),
            ("orders_placed MATCHES (date >= -30d)", {"Ann"}),
            ("orders_placed NOT MATCHES (amount > 50)", {"Bob"}),
            ("first_order_date IS NULL", {"Bob"}),
            ("first_order_date IS NOT NULL", {"Ann"}),
            ("first_order_date != 2026-06-10", {"Ann", "Bob"}),
            ("first_order_date > 2026-01-01", {"Ann"}),
            ("created_at = this_month", {"Ann", "Bob"}),
            ("NOT registered_at >= 2026-01-01", {"Ann", "Bob"}),
        ],
    )
    def test_knows_nothing_of_what_came_later(self, people, where, names):
        assert found(people, where, as_of=date(2026, 3, 31)) == names

    def test_begins_and_ends_in_the_shops_zone(self, shop):
        came(shop, "Ann", datetime(2026, 3, 10, 16, 30, tzinfo=UTC))  # 00:30 on the 11th in Manila

        assert found(shop, "", as_of=date(2026, 3, 10)) == set()
        assert found(shop, "", as_of=date(2026, 3, 11)) == {"Ann"}

    @pytest.mark.parametrize(
        ("where", "word"),
        [
            ("created_at < today AND total_spent > 5", "total_spent"),
            ("tags CONTAINS 'VIP'", "tags"),
            ("orders_placed MATCHES (payment = paid)", "payment"),
            ("last_order_date < -90d", "last_order_date"),
        ],
    )
    def test_is_refused_by_name_for_what_is_known_as_it_is_now(self, people, where, word):
        create_customer(people, name="Tagged", tags="VIP")
        with pytest.raises(BadCondition, match="not as it was") as caught:
            list_customers(people, where=where, as_of=date(2026, 3, 31))

        assert caught.value.details["word"] == word
        assert caught.value.details["place"].column == where.index(word) + 1

    def test_asks_a_segment_who_was_in_it_then(self, people):
        made = create_segment(people, name="Buyers", where="orders >= 1", by=SYSTEM)
        run_waiting_jobs()
        Segment.objects.of(people).update(defined_at=SPRING, evaluated_at=SPRING)
        ann = Customer.objects.of(people).get(name="Ann")
        set_members(made, [ann.pk], False, staff=None, by=SYSTEM)  # she left just now: then she was still in

        assert found(people, "segment = 'buyers'", as_of=date(2026, 3, 31)) == {"Ann", "Bob"}
        assert found(people, "NOT segment = 'buyers'", as_of=date(2026, 3, 31)) == set()
        assert found(people, "", segment="buyers", as_of=date(2026, 3, 31)) == {"Ann", "Bob"}
        assert explain_customer(people, ann.pk, "segment = 'buyers'", as_of=date(2026, 3, 31))["holds"]
        assert not explain_customer(people, ann.pk, "segment = 'buyers'")["holds"]

    def test_is_refused_for_a_segment_that_is_younger(self, people):
        create_segment(people, name="Buyers", where="orders >= 1", by=SYSTEM)
        run_waiting_jobs()

        with pytest.raises(BadCondition, match="is not known: its conditions, or its first answer, are younger"):
            list_customers(people, where="segment = 'buyers'", as_of=date(2026, 3, 31))

    def test_that_is_not_over_is_refused(self, people):
        with pytest.raises(BadCondition, match="not over"):
            list_customers(people, as_of=date(2999, 1, 1))


class TestSegments:
    def test_made_on_the_command_line_are_listed_and_asked(self, shop):
        came(shop, "Ann", SPRING, SUMMER)
        came(shop, "Bob", SPRING)

        made = CliRunner().invoke(cli, ["segments", "create", "Buyers", "--where", "orders>0", "--static", "--json"])
        listed = CliRunner().invoke(cli, ["segments", "--json"])

        assert made.exit_code == 0, made.output
        facts = json.loads(made.stdout)
        assert (facts["key"], facts["kind"], facts["where"], facts["size"]) == ("buyers", "static", "orders > 0", 1)
        assert facts in json.loads(listed.stdout)["segments"]
        assert found(shop, "", segment="buyers") == {"Ann"}
        assert found(shop, "orders = 0", segment="buyers") == set()

    def test_that_do_not_exist_are_refused(self, shop):
        with pytest.raises(BadCondition):
            list_customers(shop, segment="nobody")

    def test_hold_one_row_a_customer(self, shop):
        came(shop, "Ann", SPRING, SUMMER)
        CliRunner().invoke(cli, ["segments", "create", "Buyers", "--where", "orders > 0", "--static"])

        assert Membership.objects.of(shop).get().segment_ids == [Segment.objects.of(shop).get(key="buyers").pk]


class TestMistakes:
    def test_are_marked_under_the_word(self, shop):
        done = CliRunner().invoke(cli, ["customers", "--where", "orders >= 5 AND\n  ordrs = 1"])

        assert isinstance(done.exception, BadCondition)
        assert done.stderr.splitlines()[-2:] == ["    ordrs = 1", "    ^^^^^"]

    @pytest.mark.parametrize(
        ("question", "place", "lines"),
        [
            ("city = 'Đà Nẵng' ANND", (1, 18, 4), ["  city = 'Đà Nẵng' ANND", "                   ^^^^"]),
            ("name = '日本' x", (1, 13, 1), ["  name = '日本' x", "                ^"]),
            ("orders >", (1, 9, 1), ["  orders >", "          ^"]),
            ("\ta = = 1", (1, 6, 1), ["   a = = 1", "       ^"]),
        ],
    )
    def test_line_up_in_a_terminal(self, question, place, lines):
        assert marked(question, Place(*place)).split("\n") == lines

    def test_of_long_questions_show_what_is_around_them(self):
        shown = marked("a = 1 AND " * 50 + "wrong = = 2" + " AND b = 1" * 50, Place(1, 509, 1)).split("\n")

        assert all(len(line) <= 125 for line in shown)
        assert shown[0][shown[1].index("^")] == "="

    def test_are_told_to_programs(self):
        fault = SimpleNamespace(details={"place": Place(2, 3, 5), "suggestion": "orders"})

        assert told_place(fault) == {"line": 2, "column": 3, "length": 5, "suggestion": "orders"}
        assert told_place(ValueError()) == {}
