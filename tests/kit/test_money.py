import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.kit.errors import BadValue
from regulars.kit.money import (
    CURRENCIES,
    around_money,
    currency_choices,
    exponent,
    plain,
    read_money,
    show_money,
    shown_decimals,
    to_decimal,
    to_minor,
    write_money,
)

NAUGHTY = json.loads((Path(__file__).parents[1] / "samples/strings/blns.json").read_text())
LOCALES = ["en", "en_PH", "vi", "id", "ro", "fil", "de", "fr"]
amounts = st.integers(min_value=-(10**15), max_value=10**15)


class TestMinorUnits:
    @pytest.mark.parametrize(
        ("currency", "decimals"), [("VND", 0), ("JPY", 0), ("KRW", 0), ("PHP", 2), ("IDR", 2), ("KWD", 3)]
    )
    def test_follow_iso_4217(self, currency, decimals):
        assert exponent(currency) == decimals

    @given(amounts, st.sampled_from(CURRENCIES))
    def test_come_back_from_decimal_unchanged(self, minor, currency):
        assert to_minor(to_decimal(minor, currency), currency) == minor

    @given(amounts, st.sampled_from(CURRENCIES))
    def test_come_back_from_a_file_unchanged(self, minor, currency):
        assert to_minor(Decimal(plain(minor, currency)), currency) == minor

    @pytest.mark.parametrize(("amount", "minor"), [("0.005", 1), ("-0.005", -1), ("0.0049", 0), ("1250.50", 125050)])
    def test_round_half_up_as_on_an_invoice(self, amount, minor):
        assert to_minor(Decimal(amount), "PHP") == minor

    @pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e400", "1e18"])
    def test_refuse_what_no_column_holds(self, amount):
        with pytest.raises(BadValue):
            to_minor(Decimal(amount), "PHP")

    def test_are_never_made_of_floats(self):
        with pytest.raises(TypeError):
            to_minor(0.1, "PHP")


class TestReadingAmounts:
    @pytest.mark.parametrize(
        ("written", "currency", "locale", "amount"),
        [
            ("1.234.567,89", "IDR", "id", "1234567.89"),
            ("1,234,567.89", "PHP", "en", "1234567.89"),
            ("1,234,567.89", "IDR", "id", "1234567.89"),
            ("Rp 3.000.000", "IDR", "id", "3000000"),
            ("Rp.3.000.000", "IDR", "", "3000000"),
            ("₱1,250.00", "PHP", "", "1250.00"),
            ("PHP 1,250.00", "PHP", "", "1250.00"),
            ("150.000 ₫", "VND", "vi", "150000"),
            ("150,000đ", "VND", "vi", "150000"),
            ("150000.00", "VND", "vi", "150000.00"),
            ("1 234,50 lei", "RON", "ro", "1234.50"),
            ("1'234.50", "CHF", "de_CH", "1234.50"),
            ("1,23,456.00", "INR", "en_IN", "123456.00"),
            ("(150.00)", "PHP", "", "-150.00"),
            ("-150000", "VND", "", "-150000"),
            ("−5", "PHP", "", "-5"),
            ("-$5", "USD", "", "-5"),
            ("$-5", "USD", "", "-5"),
            ("5-", "PHP", "", "-5"),
            ("１２３", "PHP", "", "123"),
            (".5", "PHP", "", "0.5"),
            ("-0", "PHP", "", "0"),
        ],
    )
    def test_as_people_and_programs_write_them(self, written, currency, locale, amount):
        assert str(read_money(written, currency, locale)) == amount

    @pytest.mark.parametrize(
        ("written", "currency", "locale", "amount"),
        [
            ("1.234", "IDR", "id", "1234"),
            ("1.234", "PHP", "en", "1.234"),
            ("1,234", "PHP", "en", "1234"),
            ("1,234", "RON", "ro", "1.234"),
            ("1.234", "VND", "en", "1234"),
            ("0.500", "IDR", "id", "0.500"),
            ("1234.567", "IDR", "id", "1234.567"),
        ],
    )
    def test_with_one_separator_before_three_digits_by_rule(self, written, currency, locale, amount):
        assert str(read_money(written, currency, locale)) == amount

    @pytest.mark.parametrize(
        "written",
        [
            "",
            " ",
            "NaN",
            "Infinity",
            "-inf",
            "1e400",
            "1e5",
            "1_000",
            "½",
            "²",
            "1.2.3",
            "12 34",
            "1,2345.00",
            "(5",
            "--5",
            "5 USD",
            "$5",
            "₱",
            "9" * 30,
            "0x10",
            "1" * 5000,
        ],
    )
    def test_refuses_what_is_no_amount_in_pesos(self, written):
        with pytest.raises(BadValue):
            read_money(written, "PHP")

    @pytest.mark.parametrize("text", NAUGHTY)
    def test_stands_naughty_strings(self, text):
        try:
            assert read_money(text, "PHP").is_finite()
        except BadValue as error:
            assert str(error)


class TestShowingAmounts:
    @pytest.mark.parametrize(
        ("minor", "currency", "locale", "shown"),
        [
            (150000, "VND", "vi", "150.000 ₫"),
            (300000000, "IDR", "id", "Rp3.000.000"),
            (300000050, "IDR", "id", "Rp3.000.001"),
            (125000, "PHP", "en_PH", "₱1,250.00"),
            (125000, "PHP", "en-PH", "₱1,250.00"),
            (-125000, "PHP", "en", "-₱1,250.00"),
            (123450, "RON", "ro", "1.234,50 lei"),
            (1234567, "KWD", "en", "KWD 1,234.567"),
            (12345678900, "INR", "en_IN", "₹12,34,56,789.00"),
            (10**14, "VND", "vi", "100.000.000.000.000 ₫"),
            (-1, "IDR", "id", "Rp0"),
        ],
    )
    def test_to_people(self, minor, currency, locale, shown):
        assert show_money(minor, currency, locale).replace("\u00a0", " ") == shown

    @pytest.mark.parametrize(
        ("currency", "text"), [("VND", "150000"), ("PHP", "1500.00"), ("IDR", "1500.00"), ("KWD", "150.000")]
    )
    def test_to_programs(self, currency, text):
        assert plain(150000, currency) == text

    @given(amounts, st.sampled_from(CURRENCIES), st.sampled_from(LOCALES))
    def test_can_be_read_again(self, minor, currency, locale):
        if shown_decimals(currency) == exponent(currency):
            assert to_minor(read_money(show_money(minor, currency, locale), currency, locale), currency) == minor

    @given(
        amount=st.decimals(-(10**15), 10**15, places=4).map(lambda one: one.normalize()),
        currency=st.sampled_from(["VND", "IDR", "PHP", "RON", "KWD", "USD"]),
        locale=st.sampled_from(["en", "vi", "id", "fil", "ro"]),
    )
    @example(amount=Decimal("1.234"), currency="VND", locale="vi")
    @example(amount=Decimal("1500000.5"), currency="IDR", locale="id")
    def test_in_a_form_keep_every_digit(self, amount, currency, locale):
        assert read_money(write_money(amount, currency, locale), currency, locale) == amount

    @pytest.mark.parametrize(
        ("amount", "currency", "locale", "written"),
        [
            ("1500000", "VND", "vi", "1.500.000\u00a0₫"),
            ("1500000", "IDR", "id", "Rp1.500.000"),
            ("1500.5", "PHP", "fil", "₱1,500.50"),
            ("1500", "RON", "ro", "1.500,00\u00a0lei"),
            ("0.125", "RON", "ro", "0,125"),
        ],
    )
    def test_in_a_form_are_written_as_on_pages(self, amount, currency, locale, written):
        assert write_money(Decimal(amount), currency, locale) == written
        assert around_money("VND", "vi") == ("", ".", "\u00a0₫")

    def test_names_currencies_for_choosers(self):
        assert ("PHP", "Philippine Peso (PHP)") in currency_choices("en")
        assert ("VND", "Đồng Việt Nam (VND)") in currency_choices("vi")
        assert {"VND", "PHP", "IDR", "RON", "EUR", "USD"} <= set(CURRENCIES)
