"""The readers of cells on any text: a value, or a reason that can be shown; never another fault."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit.dates import read_day
from regulars.kit.emails import read_email
from regulars.kit.errors import BadValue
from regulars.kit.flags import read_flag
from regulars.kit.money import read_money
from regulars.kit.numbers import is_rounded, read_number
from regulars.kit.phones import read_phone

LOCALES = st.sampled_from(["en", "vi", "id", "ro", "fil"])
NUMBER_LIKE = st.text("0123456789.,' -+()eE_٣½", max_size=20)
DAY_LIKE = st.text("0123456789./- 'T:", max_size=20)
ORDERS = st.sampled_from(["dmy", "mdy", "ymd"])


@given(st.text(max_size=40) | NUMBER_LIKE, LOCALES)
def test_a_number_is_finite_or_refused(text, locale):
    try:
        assert read_number(text, locale).is_finite()
    except BadValue as refusal:
        assert str(refusal)


@given(st.text(max_size=40) | NUMBER_LIKE, st.sampled_from(["PHP", "VND", "IDR", "RON"]), LOCALES)
def test_an_amount_is_finite_or_refused(text, currency, locale):
    try:
        assert read_money(text, currency, locale).is_finite()
    except BadValue as refusal:
        assert str(refusal)


@pytest.mark.parametrize("text", ["NaN", "nan", "Infinity", "-inf", "1_000", "1e5", "0x10", "½"])
def test_what_only_programs_call_a_number_is_none(text):
    with pytest.raises(BadValue):
        read_number(text)
    with pytest.raises(BadValue):
        read_money(text, "PHP")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_a_plain_number_is_read_in_every_locale(number):
    assert {read_number(f"{number:f}", locale) for locale in ("en", "vi", "id", "ro")} == {Decimal(number)}


@given(st.text(max_size=40) | DAY_LIKE, ORDERS)
def test_a_day_is_one_or_refused(text, order):
    try:
        assert isinstance(read_day(text, order), date)
    except BadValue as refusal:
        assert str(refusal)


@given(st.dates(date(1000, 1, 1)), ORDERS)
def test_a_day_in_iso_form_is_the_same_in_every_order(day, order):
    assert read_day(day.isoformat(), order) == day


@given(st.dates(date(1000, 1, 1)))
def test_a_day_in_numbers_is_read_in_the_order_it_was_written(day):
    assert read_day(f"{day.day}/{day.month}/{day:%Y}", "dmy") == day
    assert read_day(f"{day.month}/{day.day}/{day:%Y}", "mdy") == day


@given(st.text(max_size=60))
def test_others_never_raise(text):
    read_email(text), read_phone(text, "PH"), read_flag(text), is_rounded(text)


@pytest.mark.parametrize("text", ["9.17E+11", "9,17E+11", "1E+12", "'6.3917E+11", "+6.3E+11"])
def test_a_number_that_was_shortened_is_known(text):
    assert is_rounded(text)


@pytest.mark.parametrize("text", ["09171234567", "+639171234567", "E+1", "A1E+11", "9.17", "12E+34"])
def test_other_codes_are_not(text):
    assert not is_rounded(text)


@pytest.mark.parametrize("text", ["m****a@gmail.com", "ma•••@example.com", "**@example.com"])
def test_an_address_with_hidden_parts_recognises_nobody(text):
    assert read_email(text).normal is None
