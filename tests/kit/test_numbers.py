from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit.errors import BadValue
from regulars.kit.numbers import read_count, read_number, show_number


class TestReadingCounts:
    @pytest.mark.parametrize(
        ("written", "count"),
        [
            ("1,234", 1234),
            ("1.234", 1234),
            ("1 234", 1234),
            ("12.0", 12),
            ("-5", -5),
            ("٣", 3),
            ("9007199254740993", 2**53 + 1),
        ],
    )
    def test_takes_every_separator(self, written, count):
        assert read_count(written) == count

    @pytest.mark.parametrize("written", ["", "1.5", "ten", "1e3", "1_0", "9223372036854775808", "0.500"])
    def test_refuses_the_rest(self, written):
        with pytest.raises(BadValue):
            read_count(written)

    @given(
        st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1),
        st.sampled_from(["en", "vi", "id", "ro", "hi", "de_CH"]),
    )
    def test_reads_what_was_shown(self, number, locale):
        assert read_count(show_number(number, locale), locale) == number


class TestReadingNumbers:
    def test_follows_the_locale_where_both_are_possible(self):
        assert read_number("1,5", "vi") == Decimal("1.5")
        assert read_number("1.234", "en") == Decimal("1.234")
        assert read_number("1.234", "vi") == 1234


class TestShowingNumbers:
    def test_as_the_locale_writes_them(self):
        assert show_number(12345, "en") == "12,345"
        assert show_number(12345, "vi") == "12.345"
        assert show_number(1234567, "en_IN") == "12,34,567"
        assert show_number(Decimal("-1234.50"), "id") == "-1.234,50"
