import csv
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit import phones
from regulars.kit.phones import international, national, query_digits, read_phone, search_digits

SAMPLES = Path(__file__).parents[1] / "samples"
NAUGHTY = json.loads((SAMPLES / "strings/blns.json").read_text())
with (SAMPLES / "phones/example_numbers.tsv").open() as file:
    EXAMPLES = list(csv.DictReader(file, delimiter="\t"))

HOMES = ["VN", "PH", "ID", "RO"]
STARTS = {"VN": ["90", "38", "70", "85", "56"], "PH": ["917", "905", "813"], "ID": ["812", "858"], "RO": ["722", "74"]}
LENGTHS = {"VN": [9], "PH": [10], "ID": [9, 10, 11, 12], "RO": [9]}


@st.composite
def mobiles(draw):
    """(country, calling code, number without trunk prefix) of a mobile that exists."""
    country = draw(st.sampled_from(HOMES))
    start = draw(st.sampled_from(STARTS[country]))
    rest = draw(st.sampled_from(LENGTHS[country])) - len(start)
    number = start + draw(st.text("0123456789", min_size=rest, max_size=rest))
    code = {"VN": "84", "PH": "63", "ID": "62", "RO": "40"}[country]
    return country, code, number


def is_known(country, number):
    return phones._is_mobile(phones._homes()[country], number)


class TestExampleNumbers:
    @pytest.mark.parametrize("form", ["e164", "national", "international"])
    def test_of_245_regions_all_read_as_themselves(self, form):
        wrong = [row for row in EXAMPLES if read_phone(row[form], row["region"]).e164 != row["e164"]]

        assert len(EXAMPLES) == 489
        assert wrong == []


class TestEverySpelling:
    @pytest.mark.parametrize(
        "written",
        [
            "0917 123 4567",
            "+63 917 123 4567",
            "0063917-123-4567",
            "63917 1234567",
            "(0917)1234567",
            "9171234567",
            "'09171234567",
            "+63 (0)917 123 4567",
            "Mobile: 0917-123-4567",
            "0917.123.4567 ext. 12",
            "０９１７１２３４５６７",
            "٠٩١٧١٢٣٤٥٦٧",
            "639171234567.0",
            "\u202a+63 917 123 4567\u202c",
            "0917 123 4567 / 0918 765 4321",
            "N/A or 0917 123 4567",
            "09171234567 09187654321",
            "0917‑123‑4567",
        ],
    )
    def test_of_a_philippine_mobile_is_the_same_number(self, written):
        phone = read_phone(written, "PH")

        assert phone == (written, "+639171234567", "mobile", "PH")

    @pytest.mark.parametrize(
        ("written", "country", "e164"),
        [
            ("0912345678", "VN", "+84912345678"),
            ("+84 91 234 56 78", "VN", "+84912345678"),
            ("0722 123 456", "RO", "+40722123456"),
            ("0812-3456-789", "ID", "+628123456789"),
            ("+62 (0)812 3456 789", "PH", "+628123456789"),
            ("62812345678", "ID", "+62812345678"),
            ("639171234567", "VN", "+639171234567"),
            ("(415) 555-2671", "US", "+14155552671"),
        ],
    )
    def test_of_other_countries_too(self, written, country, e164):
        assert read_phone(written, country).e164 == e164

    @given(mobiles(), st.sampled_from(["", " ", "-", "."]))
    def test_gives_one_number_whatever_stands_around_it(self, mobile, mark):
        country, code, number = mobile
        if not is_known(country, number):
            return
        pieces = mark.join([number[:3], number[3:6], number[6:]])

        for written in (f"0{pieces}", f"+{code} {pieces}", f"00{code}{pieces}", f"+{code} (0){pieces}", pieces):
            assert read_phone(written, country).e164 == f"+{code}{number}", written

    @given(mobiles(), st.sampled_from(["0{n}", "+{c}{n}", "00{c}{n}", "{c}{n}", "{n}"]), st.sampled_from(HOMES))
    def test_is_read_alike_the_short_and_the_long_way(self, mobile, form, country):
        _home, code, number = mobile
        written = form.format(c=code, n=number)
        quick = phones._quick(written, country)

        if quick:
            assert quick[1:] == phones._read.__wrapped__(written, country)

    @given(st.text("+0123456789() -", max_size=16), st.sampled_from(HOMES))
    def test_that_is_random_is_read_alike_too(self, written, country):
        quick = phones._quick(written, country)

        if quick:
            assert quick[1:] == phones._read.__wrapped__(written, country)


class TestOldVietnameseMobiles:
    @pytest.mark.parametrize(
        ("written", "e164"),
        [
            ("01681234567", "+84381234567"),
            ("+84 168 123 4567", "+84381234567"),
            ("841681234567", "+84381234567"),
            ("01201234567", "+84701234567"),
            ("01291234567", "+84821234567"),
            ("01861234567", "+84561234567"),
            ("01991234567", "+84591234567"),
        ],
    )
    def test_read_as_they_are_dialled_since_2018(self, written, e164):
        assert read_phone(written, "VN").e164 == e164


class TestWhatIsNoNumber:
    @pytest.mark.parametrize(
        "written", ["+63 917 xxx xxxx", "0812****7890", "0917•••4567", "0917123x567", "+1415555267X", "###"]
    )
    def test_because_it_is_masked_matches_nobody(self, written):
        assert read_phone(written, "PH")[1:3] == (None, "masked")

    @pytest.mark.parametrize(
        "written",
        [
            "12345",
            "N/A",
            "+",
            "0",
            "000000000",
            "+639999999",
            "0917FLOWERS",
            "6.39171E+11",
            "6,39171E+11",
            "234567",
            "9" * 300,
            "ask Ann",
            "-",
            "1111111111",
            "ext 12",
        ],
    )
    def test_is_kept_as_it_was_written(self, written):
        phone = read_phone(written, "PH")

        assert (phone.raw, phone.e164, phone.kind) == (written, None, "invalid")

    @given(mobiles(), st.data())
    def test_is_every_number_with_a_digit_hidden(self, mobile, data):
        country, _code, number = mobile
        place = data.draw(st.integers(min_value=1, max_value=len(number) - 1))
        masked = "0" + number[:place] + "x" + number[place + 1 :]

        assert read_phone(masked, country).e164 is None

    def test_and_an_empty_field_is_neither_valid_nor_invalid(self):
        assert read_phone("  ", "PH").kind == ""

    @pytest.mark.parametrize("text", NAUGHTY)
    def test_raises_nothing(self, text):
        phone = read_phone(text, "PH")

        assert phone.e164 is None or re.fullmatch(r"\+\d{7,15}", phone.e164)
        query_digits(text, "PH")

    @given(st.text(), st.sampled_from([*HOMES, "US", "XX", "", None]))
    def test_raises_nothing_whatever_the_text(self, text, country):
        read_phone(text, country)
        query_digits(text, country)


class TestLandlines:
    @pytest.mark.parametrize(
        ("written", "country", "e164"),
        [
            ("(02) 8123 4567", "PH", "+63281234567"),
            ("021 123 45 67", "RO", "+40211234567"),
            ("021/123.45.67", "RO", "+40211234567"),
        ],
    )
    def test_are_fixed(self, written, country, e164):
        assert read_phone(written, country)[1:3] == (e164, "fixed")


class TestSearching:
    @pytest.mark.parametrize(
        "asked",
        [
            "0917 123 4567",
            "+63 917 123 4567",
            "0063917-123-4567",
            "63917 1234567",
            "(0917)1234567",
            "9171234567",
            "1234567",
            "0917 123",
            "+63 917",
            "+63 (0)917 12",
            "00639171",
        ],
    )
    def test_finds_a_number_by_any_spelling_and_by_part_of_it(self, asked):
        stored = search_digits("+639171234567")

        assert stored == ["09171234567", "639171234567"]
        assert any(digits in form for digits in query_digits(asked, "PH") for form in stored)

    @pytest.mark.parametrize("asked", ["01681234567", "0168 123", "+84 168 1234", "0381234567", "84168"])
    def test_finds_a_vietnamese_number_by_its_old_prefix(self, asked):
        stored = search_digits("+84381234567")

        assert any(digits in form for digits in query_digits(asked, "VN") for form in stored)

    @pytest.mark.parametrize("asked", ["juan", "", "12", "ann@x.ph", "#1001", "2026-01-31T10"])
    def test_does_not_take_other_words_for_numbers(self, asked):
        assert query_digits(asked, "PH") is None

    @pytest.mark.parametrize("row", EXAMPLES[::7])
    def test_finds_the_numbers_of_every_country_as_they_write_them(self, row):
        stored = search_digits(row["e164"])

        for form in ("national", "international"):
            assert any(digits in one for digits in query_digits(row[form], row["region"]) for one in stored)


class TestShowing:
    def test_in_the_country_and_abroad(self):
        assert national("+639171234567") == "0917 123 4567"
        assert international("+639171234567") == "+63 917 123 4567"
        assert national("rubbish") == "rubbish"
