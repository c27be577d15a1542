"""What a merchant is told who wrote something else: the place, the word, what could have stood there."""

import pytest

from regulars.kit.query.conditions import BadCondition
from regulars.kit.query.language import parse


def refused(text: str) -> BadCondition:
    with pytest.raises(BadCondition) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "column", "word", "expected"),
    [
        ("total_spent >", 14, "", "a value, such as 'VIP', 100 or -90d"),
        ("total_spent >  \n ", 14, "", "a value, such as 'VIP', 100 or -90d"),
        ("tags IN ()", 10, ")", "a value, such as 'VIP', 100 or -90d"),
        ("total_spent 5", 13, "5", "an operator, such as =, >=, CONTAINS or IS NULL"),
        ("name", 5, "", "an operator, such as =, >=, CONTAINS or IS NULL"),
        ("a = 1 AND OR b = 2", 11, "OR", "a field, such as total_spent"),
        ("'a' = 1", 1, "'a'", "a field, such as total_spent"),
        ("a = 1 ☃☃ b", 7, "☃☃", "AND, OR or the end"),
        ("(a = 1 b = 2)", 8, "b", "AND, OR or )"),
        ("a BETWEEN 1", 12, "", "AND"),
        ("orders_placed MATCHES date > -30d", 23, "date", "("),
        ("orders_placed MATCHES (5)", 24, "5", "a parameter, such as date >= -90d"),
        ("a CONTAINS ALL 'x'", 16, "'x'", "("),
    ],
)
def test_the_place_the_word_and_what_could_stand_there(text, column, word, expected):
    details = refused(text).details

    assert (details["place"].column, details["word"]) == (column, word)
    assert details["reason"].endswith(f"expected: {expected}.")
    assert details["place"].length == max(len(word), 1)


@pytest.mark.parametrize(
    ("text", "line", "column", "sign", "thing"),
    [
        ("name = 'abc", 1, 8, "'", "quotation mark"),
        ('a = 1 AND\n  name = "abc AND b = 2', 2, 10, '"', "quotation mark"),
        ("name = 'it''s", 1, 8, "'", "quotation mark"),
        ("(a = 1 AND b = 2", 1, 1, "(", "bracket"),
        ("(a = 1) AND\n (b = ')' OR (c = 3)", 2, 2, "(", "bracket"),
        ("orders_placed MATCHES (date > -30d", 1, 23, "(", "bracket"),
        ("tags IN ('a', 'b'", 1, 9, "(", "bracket"),
    ],
)
def test_what_was_opened_and_never_closed_is_named_where_it_opens(text, line, column, sign, thing):
    fault = refused(text)

    assert fault.details["place"] == (line, column, 1)
    assert fault.details["word"] == sign
    assert thing in str(fault)
    assert "never closed" in str(fault)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a == 1", "="), ("a => 1", ">="), ("a = 1 && b = 2", "AND"), ("a = 1 ADN b = 2", "AND"),
        ("name LIKE 'x'", "CONTAINS"), ("name CONTIANS 'x'", "CONTAINS"), ("a BETWEN 1 AND 2", "BETWEEN"),
        ("city IS EMPTY", "NULL"), ("joined > 90d", "-90d"), ("orders_placed MATHCES (date > -30d)", "MATCHES"),
    ],
)  # fmt: skip
def test_the_word_that_was_perhaps_meant(text, meant):
    assert refused(text).details["suggestion"] == meant


@pytest.mark.parametrize(
    ("text", "word", "told"),
    [
        ("name = “abc”", "“", "straight"),
        ("joined > -1q", "-1q", "-3m"),
        ("joined > 01/02/2026", "01/02/2026", "2026-01-31"),
        ("joined > 2026-1-1", "2026-1-1", "2026-01-31"),
        ("total_spent > 1,000", ",", "bare numbers"),
        ("total_spent > $5", "$5", "bare numbers"),
        ("name = 'O'Brien'", "Brien", "'O''Brien'"),
        ("a = 1)", ")", "closes nothing"),
        ("tags CONTAINS ('a', 'b')", "(", "CONTAINS ALL"),
        ("name NOT NULL", "NULL", "IS NOT NULL"),
        ("orders_placed MATCHES (date > -30d AND amount > 3)", "AND", "commas"),
        ("orders_placed MATCHES (date: > -30d)", ":", "date >= -90d"),
        ("orders_placed(date: > -30d) = 5", "5", "true or = false"),
        ("Tên = 'x'", "Tên", "not understood"),
    ],
)
def test_what_is_written_otherwise_elsewhere(text, word, told):
    fault = refused(text)

    assert fault.details["word"] == word
    assert told in str(fault)


def test_a_parameter_given_twice_is_named_the_second_time():
    fault = refused("orders_placed MATCHES (date > 2026-01-01,\n date < 2026-02-01)")

    assert fault.details["place"] == (2, 2, 4)
    assert "BETWEEN" in str(fault)


def test_lines_and_columns_count_characters():
    fault = refused("name = '🧧' AND\n\tcity ≈ 1")

    assert fault.details["place"] == (2, 7, 1)


def test_long_words_are_shown_short():
    assert len(str(refused("a = 1 " + "b" * 5_000))) < 150
