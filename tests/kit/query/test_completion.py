"""What could stand at a place of a query text."""

import pytest
from django.utils import timezone

from regulars.kit.query.completion import suggestions
from regulars.kit.query.context import Context
from regulars.kit.query.fields import FieldSet
from regulars.kit.query.kinds import Choice, Count, Flag, Money, Option, Tags, Text
from regulars.kit.query.kinds_time import Moment
from regulars.kit.query.predicates import Predicate

CTX = Context(shop_id=1, currency="VND", tz="Asia/Ho_Chi_Minh", now=timezone.now(), may=lambda name: name != "secret")


def _order_fields() -> FieldSet:
    fields = FieldSet("order")
    fields.add(Moment("date", "Date"), Money("amount", "Amount"), Choice("channel", "Channel", of=_channels))
    return fields


def _channels(ctx):
    return [Option("website", "Website", (1,)), Option("app", "Mobile app", (2,))]


@pytest.fixture(scope="module")
def fields() -> FieldSet:
    found = FieldSet("person")
    found.add(
        Text("name", "Name", nullable=True),
        Count("orders", "Orders"),
        Money("total_spent", "Total spent", aliases=["amount_spent"]),
        Moment("joined", "Customer since"),
        Tags("tags", "Tags", of=lambda ctx: [(1, "VIP"), (2, "O'Brien"), (3, "Lụa")]),
        Choice("gender", "Gender", of=lambda ctx: [Option("female", "Nữ", (1,)), Option("male", "Nam", (2,))]),
        Flag("has_phone", "Has a phone"),
        Text("salary", "Salary", needs="secret"),
    )
    found.add_predicates(Predicate("orders_placed", "Placed an order", rows=lambda ctx: None, fields=_order_fields()))
    return found


@pytest.fixture
def offered(fields):
    """What is offered where | stands."""

    def ask(marked: str) -> list[str]:
        at = marked.index("|")
        return [one.insert.strip() for one in suggestions(marked.replace("|", ""), at, fields, CTX)]

    return ask


@pytest.fixture
def after(fields):
    """The text after the first suggestion was taken where | stands."""

    def ask(marked: str) -> str:
        text, at = marked.replace("|", ""), marked.index("|")
        best = suggestions(text, at, fields, CTX)[0]
        return text[: best.start] + best.insert + text[best.end :]

    return ask


class TestAtTheBeginning:
    def test_fields_and_events_are_offered(self, offered):
        found = offered("|")

        assert found[:3] == ["name", "orders", "total_spent"]
        assert "orders_placed MATCHES (" in found

    def test_a_begun_word_narrows_them(self, offered):
        assert offered("ord|") == ["orders", "orders_placed MATCHES ("]

    def test_a_label_is_found_too(self, offered):
        assert offered("since|") == ["joined"]

    def test_what_may_not_be_asked_is_not_offered(self, offered):
        assert offered("sal|") == []

    def test_the_word_under_the_caret_is_replaced_whole(self, after):
        assert after("to|tal_sp >= 3") == "total_spent  >= 3"

    @pytest.mark.parametrize("before", ["orders > 1 AND ", "NOT ", "(", "orders > 1 OR ("])
    def test_so_they_are_after_and_or_not_and_parentheses(self, offered, before):
        assert "total_spent" in offered(f"{before}tot|")


class TestAfterAField:
    def test_its_own_operators_are_offered(self, offered):
        assert offered("orders |")[:3] == [">=", "<=", "="]
        assert "CONTAINS" not in offered("orders |")
        assert offered("tags |")[:2] == ["CONTAINS", "NOT CONTAINS"]

    def test_a_begun_operator_is_finished(self, after):
        assert after("name ST|") == "name STARTS WITH "
        assert after("tags I|") == "tags IN ("

    def test_an_event_can_have_happened_or_not(self, offered):
        assert offered("orders_placed |") == ["MATCHES (", "NOT MATCHES ("]

    def test_what_begins_with_not_goes_on_as_the_grammar_says(self, offered):
        assert offered("tags NOT |") == ["IN", "MATCHES", "CONTAINS"]


class TestForAValue:
    def test_labels_are_offered_in_quotes(self, offered):
        assert offered("tags CONTAINS |")[:3] == ["'VIP'", "'O\\'Brien'", "'Lụa'"]

    def test_a_begun_quote_is_part_of_the_word(self, after):
        assert after("tags CONTAINS 'O|") == "tags CONTAINS 'O\\'Brien'"
        assert after("tags IN ('VIP', 'lu|a') AND orders > 1") == "tags IN ('VIP', 'Lụa') AND orders > 1"

    def test_a_choice_is_found_by_its_label_in_any_spelling(self, after):
        assert after("gender = nu|") == "gender = 'female'"

    def test_days_have_names(self, offered):
        assert offered("joined >= this_m|") == ["this_month"]
        assert offered("joined BETWEEN -90d AND tod|") == ["today"]
        assert "-90d" in offered("joined >= -|")

    def test_a_flag_is_true_or_false(self, offered):
        assert offered("has_phone = |") == ["true", "false"]

    def test_a_number_is_not_guessed(self, offered):
        assert offered("orders >= |") == []


class TestInsideAnEvent:
    def test_its_parameters_are_offered_once_each(self, offered):
        assert offered("orders_placed MATCHES (|")[:3] == ["date", "amount", "channel"]
        assert offered("orders_placed MATCHES (date >= -90d, |") == ["amount", "channel"]

    def test_their_operators_and_values_too(self, offered):
        assert offered("orders_placed MATCHES (amount B|") == ["BETWEEN"]
        assert offered("orders_placed MATCHES (channel = |") == ["'website'", "'app'"]

    def test_the_older_form_is_understood(self, offered):
        assert offered("orders_placed(am|") == ["amount"]

    def test_behind_it_fields_are_offered_again(self, offered):
        assert "total_spent" in offered("orders_placed MATCHES (date > -3d) AND tot|")


class TestElsewhere:
    def test_a_condition_is_followed_by_and_or_or(self, offered):
        assert offered("orders > 1 |") == ["AND", "OR"]

    def test_a_group_can_be_closed(self, offered):
        assert offered("(orders > 1 |") == ["AND", "OR", ")"]

    def test_nothing_is_offered_where_the_text_is_wrong_already(self, offered):
        assert offered("orders orders |") == []
        assert offered("orders > > |") == []

    @pytest.mark.parametrize("text", ["", "'", "orders = '", "((((", "\x00", "🙂 = ", "NOT NOT ", "a" * 20_001])
    def test_no_text_breaks_it(self, fields, text):
        for at in (0, 1, len(text), len(text) + 5, -1):
            suggestions(text, at, fields, CTX)
