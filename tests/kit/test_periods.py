from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit.errors import BadValue
from regulars.kit.periods import (
    NAMED_DAYS,
    Birthday,
    Days,
    add_months,
    day_of,
    day_start,
    month_day_spans,
    months_before,
    read_birthday,
    read_date_value,
    read_day,
    read_moment,
    show_ago,
    show_day,
    show_moment,
)

SAIGON = "Asia/Ho_Chi_Minh"
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
zones = st.sampled_from([SAIGON, "Asia/Manila", "Europe/Bucharest", "America/Sao_Paulo", "Pacific/Apia", "UTC"])


class TestDaysOfAShop:
    def test_begin_and_end_in_its_zone(self):
        late_in_may = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)

        assert day_of(late_in_may, SAIGON) == date(2026, 5, 31)
        assert day_of(late_in_may + timedelta(hours=1), SAIGON) == date(2026, 6, 1)
        assert day_start(date(2026, 6, 1), SAIGON) == datetime(2026, 5, 31, 17, tzinfo=UTC)

    def test_are_23_and_25_hours_long_when_clocks_change(self):
        spring, autumn = (Days(day, day + timedelta(days=1)) for day in (date(2026, 3, 29), date(2026, 10, 25)))

        lengths = [end - start for start, end in (day.instants("Europe/Bucharest") for day in (spring, autumn))]

        assert lengths == [timedelta(hours=23), timedelta(hours=25)]

    @given(days, zones)
    def test_hold_their_first_instant_and_not_the_one_before(self, day, tz):
        start = day_start(day, tz)

        assert day_of(start, tz) >= day  # later only where a whole day was skipped
        assert day_of(start - timedelta(microseconds=1), tz) < day

    def test_of_an_unknown_zone_are_refused(self):
        with pytest.raises(BadValue):
            day_start(date(2026, 1, 1), "Asia/Nowhere")


class TestMonths:
    def test_before_the_31st_are_clamped(self):
        assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
        assert months_before(date(2024, 5, 31), 3) == date(2024, 2, 29)
        assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)

    @given(days, st.integers(min_value=0, max_value=600))
    def test_before_a_day_are_never_after_it(self, day, count):
        before = months_before(day, count)

        assert before <= day
        assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == count
        assert before.day == day.day or (before + timedelta(days=1)).day == 1


class TestADateInACondition:
    @pytest.mark.parametrize(
        ("text", "first", "after"),
        [
            ("2026-01-31", date(2026, 1, 31), date(2026, 2, 1)),
            ("-90d", date(2025, 12, 31), date(2026, 1, 1)),
            ("-4w", date(2026, 3, 3), date(2026, 3, 4)),
            ("-1m", date(2026, 2, 28), date(2026, 3, 1)),
            ("-10y", date(2016, 3, 31), date(2016, 4, 1)),
            ("+30d", date(2026, 4, 30), date(2026, 5, 1)),
            ("yesterday", date(2026, 3, 30), date(2026, 3, 31)),
            ("this_week", date(2026, 3, 30), date(2026, 4, 6)),
            ("last_week", date(2026, 3, 23), date(2026, 3, 30)),
            ("this_month", date(2026, 3, 1), date(2026, 4, 1)),
            ("last_month", date(2026, 2, 1), date(2026, 3, 1)),
            ("next_month", date(2026, 4, 1), date(2026, 5, 1)),
            ("last_quarter", date(2025, 10, 1), date(2026, 1, 1)),
            ("this_year", date(2026, 1, 1), date(2027, 1, 1)),
            ("7_days_ago", date(2026, 3, 24), date(2026, 3, 25)),
            ("12_months_ago", date(2025, 3, 31), date(2025, 4, 1)),
        ],
    )
    def test_means_these_days_on_31_march_2026(self, text, first, after):
        assert read_date_value(text).days(date(2026, 3, 31)) == (first, after)

    def test_stays_relative_until_it_is_asked_for(self):
        this_month = read_date_value("This_Month")

        assert this_month.is_relative
        assert this_month.days(date(2026, 1, 31)).first == date(2026, 1, 1)
        assert this_month.days(date(2026, 2, 1)).first == date(2026, 2, 1)
        assert not read_date_value("2026-01-31").is_relative

    @given(st.sampled_from([*NAMED_DAYS, "-90d", "+3m", "90_days_ago", "2026-01-31", "2026-01-31T10:30"]), days)
    def test_is_a_half_open_span_and_its_text_means_the_same(self, text, today):
        value = read_date_value(text)
        span = value.days(today)

        assert span.first < span.after
        assert read_date_value(str(value)) == value

    @given(days, st.sampled_from(["week", "month", "quarter", "year"]))
    def test_of_one_kind_leaves_no_gap_to_the_next(self, today, size):
        last, this, following = (read_date_value(f"{word}_{size}").days(today) for word in ("last", "this", "next"))

        assert last.after == this.first <= today < this.after == following.first

    def test_can_be_a_moment_of_shop_time(self):
        start, end = read_date_value("2026-01-31T10:30:00").instants(date(2026, 1, 1), SAIGON)

        assert (start, end - start) == (datetime(2026, 1, 31, 3, 30, tzinfo=UTC), timedelta(seconds=1))

    @pytest.mark.parametrize("text", ["", "foo", "2026-02-30", "90d", "-d", "2026-01-31 25:00", "31/01/2026"])
    def test_is_refused_when_nobody_can_know_it(self, text):
        with pytest.raises(BadValue):
            read_date_value(text)

    def test_is_refused_when_it_is_out_of_time(self):
        with pytest.raises(BadValue):
            read_date_value("-99999y").days(date(2026, 1, 1))


class TestReadingDays:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-01-31",
            "2026/01/31",
            "20260131",
            "31/01/2026",
            "31.1.26",
            "31-01-2026",
            "31 January 2026",
            "Jan 31, 2026",
            "31 Januari 2026",
            "31 ianuarie 2026",
            "2026-01-31T10:00:00Z",
            "'2026-01-31",
            "٣١/٠١/٢٠٢٦",
        ],
    )
    def test_takes_every_spelling(self, text):
        assert read_day(text) == date(2026, 1, 31)

    def test_takes_bare_numbers_in_the_order_told(self):
        assert read_day("02/03/2026", "dmy") == date(2026, 3, 2)
        assert read_day("02/03/2026", "mdy") == date(2026, 2, 3)

    @pytest.mark.parametrize("text", ["31/04/2026", "0000-00-00", "12/25/2026", "29/02/2025", "", "soon", "1" * 500])
    def test_refuses_rather_than_guesses(self, text):
        with pytest.raises(BadValue):
            read_day(text)


class TestReadingMoments:
    @pytest.mark.parametrize(
        "text",
        [
            "2024-05-01 10:00:00 +0800",
            "2024-05-01T02:00:00Z",
            "2024-05-01T10:00:00.000+08:00",
            "2024-05-01 10:00",
            "01/05/2024 10:00 AM",
            "1714528800",
            "1714528800000",
            "2024-05-01 02:00:00 UTC",
        ],
    )
    def test_takes_every_spelling(self, text):
        assert read_moment(text, "Asia/Manila") == datetime(2024, 5, 1, 2, tzinfo=UTC)

    def test_takes_a_day_alone_as_its_beginning(self):
        assert read_moment("2024-05-01", "Asia/Manila") == datetime(2024, 4, 30, 16, tzinfo=UTC)

    @given(st.text())
    def test_raises_nothing_else(self, text):
        try:
            read_moment(text, "Asia/Manila")
        except BadValue as error:
            assert str(error)

    @pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31 23:59:59 -1200", "2024-05-01 25:00"])
    def test_refuses_what_is_outside_of_time(self, text):
        with pytest.raises(BadValue):
            read_moment(text, "Asia/Manila" if "0001" not in text else "Asia/Tokyo")


class TestBirthdays:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("--05-15", "--05-15"),
            ("15/05", "--05-15"),
            ("1991-05-15", "1991-05-15"),
            ("15/05/1991", "1991-05-15"),
            ("29/02", "--02-29"),
        ],
    )
    def test_are_read_with_or_without_the_year(self, text, kept):
        assert str(read_birthday(text)) == kept
        assert read_birthday(kept) == read_birthday(text)

    @pytest.mark.parametrize("text", ["30/02", "1991-02-29", "2030-01-01", "1700-01-01", "", "x"])
    def test_that_cannot_be_are_refused(self, text):
        with pytest.raises(BadValue):
            read_birthday(text, today=date(2026, 1, 1))

    def test_on_29_february_are_kept_every_year_as_the_shop_wishes(self):
        born = Birthday(None, 2, 29)

        assert born.next_on(date(2026, 1, 1)) == date(2026, 2, 28)
        assert born.next_on(date(2026, 1, 1), "1 mar") == date(2026, 3, 1)
        assert born.next_on(date(2028, 1, 1)) == date(2028, 2, 29)

    def test_in_the_next_30_days_reach_into_january(self):
        window = Days(date(2026, 12, 15), date(2027, 1, 14))

        assert Birthday(None, 1, 3).is_in(window)
        assert not Birthday(None, 1, 14).is_in(window)
        assert month_day_spans(window) == [(1215, 1231), (101, 113)]

    @given(days, st.integers(min_value=0, max_value=400), days, st.sampled_from(["28 feb", "1 mar"]))
    def test_are_found_by_spans_exactly_when_they_are_in_the_days(self, first, length, born, leap_day):
        window = Days(first, first + timedelta(days=length))
        birthday = Birthday(None, born.month, born.day)
        found = any(low <= birthday.key <= high for low, high in month_day_spans(window, leap_day))

        assert found == birthday.is_in(window, leap_day)


class TestShowing:
    now = datetime(2026, 5, 15, 22, 30, tzinfo=UTC)

    def test_days_and_moments(self):
        assert show_day(date(2026, 5, 15), "en") == "May 15, 2026"
        assert show_moment(self.now, "Asia/Manila", "en").replace("\u202f", " ") == "May 16, 2026, 6:30 AM"
        assert show_moment(self.now, "Asia/Manila", "vi") == "06:30 16 thg 5, 2026"

    @pytest.mark.parametrize(
        ("age", "shown"),
        [
            (timedelta(seconds=5), "just now"),
            (timedelta(minutes=1), "1 minute ago"),
            (timedelta(hours=47), "1 day ago"),
            (timedelta(days=40), "1 month ago"),
            (timedelta(days=800), "2 years ago"),
            (-timedelta(hours=2), "in 2 hours"),
        ],
    )
    def test_how_long_ago(self, age, shown):
        assert show_ago(self.now - age, self.now, "en") == shown
