"""The text language of conditions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit.query.conditions import EVERYONE, All, Any_, BadCondition, Condition, Literal, Node, Not, Op, simplify
from regulars.kit.query.language import parse, write

NAMES = st.sampled_from(["total_spent", "tags", "customer.points", "in_stock", "android"])
LITERALS = st.one_of(
    st.text(max_size=20).map(lambda text: Literal("text", text)),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12).map(
        lambda number: Literal("number", f"{number:f}")
    ),
    st.sampled_from(["-90d", "+30d", "2026-01-31", "2026-01-31T10:30:00", "30_days_ago"]).map(
        lambda text: Literal("date", text)
    ),
    st.sampled_from(["today", "VN", "last_month"]).map(lambda text: Literal("word", text)),
)
SINGLE = st.sampled_from([Op.EQ, Op.NE, Op.LT, Op.LTE, Op.GT, Op.GTE, Op.CONTAINS, Op.NOT_CONTAINS, Op.STARTS_WITH])
MANY = st.sampled_from([Op.IN, Op.NOT_IN, Op.CONTAINS_ALL])
CONDITIONS = st.one_of(
    st.builds(lambda name, op, value: Condition(name, op, (value,)), NAMES, SINGLE, LITERALS),
    st.builds(
        lambda name, op, some: Condition(name, op, tuple(some)), NAMES, MANY, st.lists(LITERALS, min_size=1, max_size=4)
    ),
    st.builds(lambda name, a, b: Condition(name, Op.BETWEEN, (a, b)), NAMES, LITERALS, LITERALS),
    st.builds(lambda name, op: Condition(name, op), NAMES, st.sampled_from([Op.IS_NULL, Op.NOT_NULL])),
)
TREES: st.SearchStrategy[Node] = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: Any_(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=12,
).map(simplify)


class TestReading:
    def test_and_binds_before_or(self):
        assert parse("a = 1 OR b = 2 AND c = 3") == parse("a = 1 OR (b = 2 AND c = 3)")

    def test_not_binds_before_and(self):
        assert parse("NOT a = 1 AND b = 2") == parse("(NOT a = 1) AND b = 2")

    def test_blank_text_is_everyone(self):
        assert parse("  \n ") == EVERYONE

    def test_keywords_and_named_dates_are_read_in_any_case(self):
        assert parse("joined between Today and +30d") == parse("joined BETWEEN Today AND +30d")

    @pytest.mark.parametrize("written", ["'O''Brien'", "'O\\'Brien'", '"O\'Brien"'])
    def test_quotes_are_part_of_a_text_in_three_spellings(self, written):
        condition = parse(f"family_name = {written}")

        assert isinstance(condition, Condition)
        assert condition.values == (Literal("text", "O'Brien"),)

    def test_an_injection_is_a_text_like_any_other(self):
        condition = parse("name = '\\'; DROP TABLE customers_customer; --'")

        assert isinstance(condition, Condition)
        assert condition.values[0].text == "'; DROP TABLE customers_customer; --"

    @pytest.mark.parametrize(
        ("text", "column", "word"),
        [
            ("total_spent >", 14, ""),
            ("total_spent 5", 13, "5"),
            ("a = 1 AND OR b = 2", 11, "OR"),
            ("a = 1)", 6, ")"),
            ("a = 1 ☃", 7, "☃"),
        ],
    )
    def test_an_error_points_at_the_word_and_says_what_could_stand_there(self, text, column, word):
        with pytest.raises(BadCondition) as caught:
            parse(text)

        assert caught.value.details["word"] == word
        assert caught.value.details["place"].column == column
        assert "expected" in str(caught.value)

    @pytest.mark.parametrize(
        "text",
        ["a = 1 AND " * 5_000 + "a = 1", " AND ".join(["a=1"] * 300), "NOT (a = 1 OR " * 1_400 + "b = 2" + ")" * 1_400],
    )
    def test_a_filter_that_is_too_long_or_too_deep_is_refused_clearly(self, text):
        with pytest.raises(BadCondition):
            parse(text)

    def test_needless_parentheses_cost_nothing(self):
        assert parse("(" * 5_000 + "a = 1" + ")" * 5_000) == parse("a = 1")


class TestWriting:
    @given(TREES)
    def test_a_tree_is_read_back_as_itself(self, tree):
        assert parse(write(tree)) == tree

    @given(TREES)
    def test_the_text_is_stable(self, tree):
        assert write(parse(write(tree))) == write(tree)
