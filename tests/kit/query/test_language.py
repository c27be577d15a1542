"""The text language of conditions."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit.query.conditions import (
    EVERYONE,
    All,
    Any_,
    BadCondition,
    Condition,
    Happened,
    Literal,
    Not,
    Op,
    depth_of,
)
from regulars.kit.query.language import MAX_CONDITIONS, MAX_DEPTH, MAX_LENGTH, parse, write
from tests.kit.query.trees import TREES

WORDS = re.findall(
    r"\S+",
    """a orders_placed AND or NOT ( ) , : = != >= BETWEEN IN CONTAINS ALL IS NULL MATCHES STARTS WITH 'x' ' " \\ 1 -90d
    2026-01-31 today ☃ 1. “""",
)
PIECES = st.lists(st.sampled_from([*WORDS, "\n"]), max_size=40).map(" ".join)


def one(text: str) -> Condition:
    condition = parse(text)
    assert isinstance(condition, Condition)
    return condition


class TestReading:
    def test_and_binds_before_or(self):
        a, b, c = (Condition(name, Op.EQ, (Literal("number", "1"),)) for name in "abc")

        assert parse("a = 1 OR b = 1 AND c = 1") == Any_((a, All((b, c))))
        assert parse("(a = 1 OR b = 1) AND c = 1") == All((Any_((a, b)), c))

    def test_not_binds_before_and(self):
        assert parse("NOT a = 1 AND b = 2") == parse("(NOT a = 1) AND b = 2")

    def test_two_nots_are_none(self):
        assert parse("NOT (NOT a = 1)") == parse("a = 1")

    def test_blank_text_is_everyone(self):
        assert parse("  \n\u00a0") == EVERYONE

    def test_keywords_are_read_in_any_case(self):
        written = parse("Not a In (1) aNd (b Is nOt Null oR c bEtween 1 and 2) and d Contains all ('x')")

        assert written == parse(write(written))
        assert write(written) == "NOT a IN (1) AND (b IS NOT NULL OR c BETWEEN 1 AND 2) AND d CONTAINS ALL ('x')"

    def test_names_may_begin_with_a_keyword(self):
        assert write(parse("android = 1 AND order = 2 AND notes = 3 AND is_in = 4")) == (
            "android = 1 AND order = 2 AND notes = 3 AND is_in = 4"
        )

    @pytest.mark.parametrize("written", ["'O''Brien'", "'O\\'Brien'", '"O\'Brien"'])
    def test_quotes_are_part_of_a_text_in_three_spellings(self, written):
        assert one(f"family_name = {written}").values == (Literal("text", "O'Brien"),)

    @pytest.mark.parametrize(
        ("written", "meant"),
        [(r"'\\''x'", "\\'x"), ("''''", "'"), ("''", ""), (r"'a\nb'", "anb"), ("'a\nb'", "a\nb"), (r'"a\"b"', 'a"b')],
    )
    def test_a_backslash_stands_before_what_is_meant_as_it_is(self, written, meant):
        assert one(f"a = {written}").values[0].text == meant

    def test_an_injection_is_a_text_like_any_other(self):
        assert one("name = '\\'; DROP TABLE customers_customer; --'").values[0].text == (
            "'; DROP TABLE customers_customer; --"
        )

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("-7d", "-7d"), ("-4W", "-4w"), ("-3m", "-3m"), ("-10y", "-10y"), ("+30d", "+30d"),
            ("7_days_ago", "7_days_ago"), ("12_MONTHS_AGO", "12_months_ago"), ("1_week_ago", "1_week_ago"),
            ("2026-01-31", "2026-01-31"), ("2026-01-31T10:30", "2026-01-31T10:30"),
            ("2026-01-31T10:30:59", "2026-01-31T10:30:59"), ("2026-01-31T10:30:59Z", "2026-01-31T10:30:59Z"),
        ],
    )  # fmt: skip
    def test_dates_are_read_bare(self, written, meant):
        assert one(f"joined >= {written}").values == (Literal("date", meant),)

    def test_places_are_those_of_the_words_also_on_later_lines(self):
        tree = parse("a = 1\n  AND city IN ('Huế',\n 'Đà Nẵng')")

        assert isinstance(tree, All)
        city = tree.parts[1]
        assert isinstance(city, Condition)
        assert city.place == (2, 7, 4)
        assert city.value_places == ((2, 16, 5), (3, 2, 9))


class TestEvents:
    NEW = "orders_placed MATCHES (date >= -90d, sum_amount > 100)"

    def test_parameters_belong_to_the_event(self):
        event = parse(self.NEW)

        assert isinstance(event, Happened)
        assert event.predicate == "orders_placed"
        assert [(one.field, one.op) for one in event.parameters] == [("date", Op.GTE), ("sum_amount", Op.GT)]

    @pytest.mark.parametrize(
        "older",
        [
            "orders_placed(date: >= -90d, sum_amount: > 100) = true",
            "orders_placed(date: >= -90d, sum_amount: > 100) = TRUE",
            "orders_placed(date: >= -90d, sum_amount: > 100) != false",
            "orders_placed(date: >= -90d, sum_amount: > 100)",
            "orders_placed(date >= -90d, sum_amount > 100) = true",
        ],
    )
    def test_the_older_form_means_the_same(self, older):
        assert parse(older) == parse(self.NEW)
        assert write(parse(older)) == self.NEW

    @pytest.mark.parametrize(
        "negative",
        [
            "orders_placed NOT MATCHES (date >= -90d)",
            "orders_placed NOT_MATCHES (date >= -90d)",
            "NOT orders_placed MATCHES (date >= -90d)",
            "orders_placed(date: >= -90d) = false",
            "orders_placed(date: >= -90d) != true",
        ],
    )
    def test_each_way_to_say_that_it_did_not_happen(self, negative):
        assert parse(negative) == Not(parse("orders_placed MATCHES (date >= -90d)"))
        assert write(parse(negative)) == "orders_placed NOT MATCHES (date >= -90d)"

    @pytest.mark.parametrize(
        ("older", "newer"),
        [
            ("products_purchased(id: (1,2)) = true", "products_purchased MATCHES (id IN (1, 2))"),
            ("products_purchased(id: 1) = true", "products_purchased MATCHES (id = 1)"),
            ("p(count: >= 2, date: BETWEEN -9d AND today)", "p MATCHES (count >= 2, date BETWEEN -9d AND today)"),
            ("p() = true", "p MATCHES ()"),
            ("near(coordinates: (10.7, -106.6), distance_km: 6.2) = true",
             "near MATCHES (coordinates IN (10.7, -106.6), distance_km = 6.2)"),
            ("anniversary(date: 'birthday') BETWEEN today AND +30d",
             "anniversary MATCHES (attribute = 'birthday', date BETWEEN today AND +30d)"),
            ("anniversary(date: 'birthday') = today", "anniversary MATCHES (attribute = 'birthday', date = today)"),
        ],
    )  # fmt: skip
    def test_arguments_become_parameters(self, older, newer):
        assert write(parse(older)) == newer
        assert write(parse(newer)) == newer


class TestLimits:
    def test_fifty_nested_conditions_are_read_and_written(self):
        opened = "".join(f"a{n} = {n} {'OR' if n % 2 else 'AND'} (" for n in range(MAX_DEPTH - 1))
        tree = parse(opened + "z = 1" + ")" * (MAX_DEPTH - 1))

        assert depth_of(tree) == MAX_DEPTH
        assert parse(write(tree)) == tree

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("a = 1 AND " * 5_000 + "a = 1", str(MAX_LENGTH)),
            (" AND ".join(["a=1"] * 300), str(MAX_CONDITIONS)),
            ("NOT (a = 1 OR " * 1_000 + "b = 2" + ")" * 1_000, str(MAX_DEPTH)),
            (f"a = {'9' * 5_000}", "30"),
        ],
    )
    def test_what_is_too_much_is_refused_with_the_limit(self, text, word):
        with pytest.raises(BadCondition, match=word):
            parse(text)

    @pytest.mark.parametrize("needless", ["(", "NOT NOT ("])
    def test_needless_nesting_costs_nothing(self, needless):
        count = 19_000 // (len(needless) + 1)

        assert parse(needless * count + "a = 1" + ")" * count) == parse("a = 1")

    @pytest.mark.parametrize("letter", ["\0", "\ud800", "\udc41"])
    def test_what_no_database_keeps_is_refused_at_its_place(self, letter):
        with pytest.raises(BadCondition) as caught:
            parse(f"a = 1\nAND b = 'x{letter}'")

        assert caught.value.details["place"] == (2, 11, 1)


class TestWriting:
    @given(TREES)
    def test_a_tree_is_read_back_as_itself(self, tree):
        assert parse(write(tree)) == tree

    @given(TREES)
    def test_the_text_is_stable(self, tree):
        assert write(parse(write(tree))) == write(tree)

    @pytest.mark.parametrize(
        "literal",
        [Literal("number", "1,000"), Literal("date", "01/02/2026"), Literal("word", "ANd"), Literal("word", "ıs")],
    )
    def test_a_value_that_would_not_be_read_back_bare_stands_in_quotes(self, literal):
        condition = Condition("a", Op.EQ, (literal,))

        assert one(write(condition)).values == (Literal("text", literal.text),)


class TestAnyText:
    @given(
        st.text() | PIECES | TREES.map(write).flatmap(lambda text: st.integers(0, len(text)).map(lambda n: text[:n]))
    )
    def test_is_read_or_refused_and_nothing_else(self, text):
        try:
            tree = parse(text)
        except BadCondition as fault:
            place = fault.details["place"]
            if place is not None:
                line = text.split("\n")[place.line - 1]
                assert 1 <= place.column <= len(line) + 1
            assert str(fault)
        else:
            assert parse(write(tree)) == tree

    @pytest.mark.parametrize(
        "piece",
        ["(", "'", '"', "''", "\\'", "NOT ", "a = 1 AND ", "a IN (1, ", "f(", "f MATCHES (a = 1, ", "a ", "=", "-", "1",
         "a = '", "((a=1) ", "\n", "☃"],
    )  # fmt: skip
    def test_is_answered_at_once_however_long(self, piece):
        text = (piece * MAX_LENGTH)[:MAX_LENGTH]
        started = time.process_time()
        try:
            parse(text)
        except BadCondition as fault:
            assert len(str(fault)) < 300

        assert time.process_time() - started < 1
