"""Kinds that are worked out: what they fetch and what they understand, without a shop."""

from datetime import UTC, date, datetime

import pytest

from regulars.kit import periods
from regulars.kit.query import BadCondition, Context, FieldSet, Op, parse
from regulars.kit.query.conditions import Condition, Literal
from regulars.kit.query.kinds import Choice, Text
from regulars.kit.query.kinds_derived import Age, AnyChoice, Cases, EmailDomain, MomentAnniversary, OneCase
from regulars.kit.query.kinds_time import Anniversary
from regulars.orders.models import FinancialState, FulfilmentState

CTX = Context(1, "USD", "Asia/Ho_Chi_Minh", datetime(2026, 2, 28, 4, tzinfo=UTC))


def read(field, *texts):
    return [field.read_value(Literal("text", text), CTX, None) for text in texts]


class TestADomain:
    def test_is_what_stands_behind_the_at(self):
        assert read(EmailDomain("d", "D", of="email"), "Gmail.com", " @gmail.com", "ann@gmail.com") == ["gmail.com"] * 3


class TestAnAge:
    def test_names_what_is_fetched_for_it(self):
        field = Age("age", "Age", birth="birth")

        assert list(field.annotations(CTX)) == list(field.columns)
        assert not field.test(Op.LT, {field.column: None}, [99], CTX)
        assert field.value({field.column: None}, CTX) is None


class TestCases:
    def test_are_found_by_word_and_label(self):
        field = Cases("trend", "Trend", of=lambda ctx: [OneCase("up", "Going up", None), OneCase("down", "Down", None)])

        assert read(field, "UP", "going up", "Down") == [("up",), ("up",), ("down",)]
        assert field.options(CTX) == [("up", "Going up"), ("down", "Down")]
        assert Op.IS_NULL not in field.operators()


class TestAWordOfSeveralColumns:
    FIELD = AnyChoice(
        "status",
        "State",
        columns={"sent": FulfilmentState, "paid": FinancialState},
        words={"open": "pending authorised"},
    )

    def test_is_looked_for_in_its_own(self):
        row = {"sent": FulfilmentState.DELIVERED, "paid": FinancialState.PAID}

        held = {
            word: self.FIELD.test(Op.EQ, row, read(self.FIELD, word), CTX) for word in ("delivered", "paid", "open")
        }

        assert held == {"delivered": True, "paid": True, "open": False}
        assert self.FIELD.value(row, CTX) == "Delivered, Paid"
        assert self.FIELD.plain(row, CTX) == "delivered,paid"

    def test_may_mean_several_states(self):
        row = {"sent": FulfilmentState.UNFULFILLED, "paid": FinancialState.AUTHORISED}

        assert self.FIELD.test(Op.EQ, row, read(self.FIELD, "open"), CTX)


class TestWordsOfOtherSystems:
    def test_that_cannot_be_answered_say_why(self):
        field = Choice("paid", "Paid", of=FinancialState, untold={"lost": "nobody knows."})

        with pytest.raises(BadCondition, match=r"nobody knows\."):
            read(field, "LOST")


class TestOperatorsWithAnotherName:
    def test_are_understood_and_written_as_the_one_that_is_offered(self):
        class Listed(Text):
            ops = (Op.CONTAINS, Op.NOT_CONTAINS)
            synonyms = {Op.NE: Op.NOT_CONTAINS}

        fields = FieldSet("thing")
        fields.add(Listed("words", "Words"))

        assert fields.canonical(parse("words != 'a'"), CTX) == Condition(
            "words", Op.NOT_CONTAINS, (Literal("text", "a"),)
        )
        with pytest.raises(BadCondition):
            fields.check(parse("words = 'a'"), CTX)


class TestDaysOfTheYear:
    @pytest.mark.parametrize(("setting", "keys"), [("28 feb", [(228, 229)]), ("1 mar", [(228, 228)])])
    def test_keep_29_february_as_the_shop_says(self, setting, keys):
        ctx = Context(1, "USD", "UTC", datetime(2026, 2, 28, tzinfo=UTC), leap_day=setting)

        assert Anniversary("b", "B").read(Condition("b", Op.EQ, (Literal("word", "today"),)), ctx) == keys
        assert periods.last_key(date(2026, 2, 28), setting) == keys[0][1]

    def test_of_an_instant_are_never_unknown(self):
        field = MomentAnniversary("joined", "Joined", of="created_at")

        assert Op.IS_NULL not in field.operators()
        assert set(field.annotations(CTX)) == set(field.columns)
