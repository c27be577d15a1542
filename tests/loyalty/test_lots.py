"""What is left of which points: the rule, and that it always adds up."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulars.loyalty.lots import left_of
from regulars.loyalty.models import PointsEntry, Reason

DAY = date(2026, 3, 1)
START = datetime(2026, 3, 1, tzinfo=UTC)


def entry(pk, points, *, expires=None, day=0, counted=0, **more):
    """counted: minutes after the start, None while pending. day, expires: days after the first."""
    return PointsEntry(
        pk=pk, points=points, counts_on=DAY + timedelta(days=day), reason=Reason.ADJUSTED,
        expires_on=None if expires is None else DAY + timedelta(days=expires),
        counted_at=None if counted is None else START + timedelta(minutes=counted), **more,
    )  # fmt: skip


def left(*entries):
    return {one.entry.pk: one.points for one in left_of(entries)}


class TestTaking:
    def test_uses_what_expires_first(self):
        assert left(entry(1, 100), entry(2, 50, expires=9), entry(3, 50, expires=5), entry(4, -70)) == {1: 100, 2: 30}

    def test_then_what_is_oldest(self):
        assert left(entry(1, 50, day=0), entry(2, 50, day=-3), entry(3, -60)) == {1: 40}

    def test_never_uses_what_came_later(self):
        assert left(entry(1, 50), entry(2, -30), entry(3, 50, expires=5)) == {3: 50, 1: 20}

    def test_more_than_there_was_is_paid_by_what_comes(self):
        assert left(entry(1, 50), entry(2, -80), entry(3, 50, expires=5)) == {3: 20}

    def test_what_expired_takes_from_its_own(self):
        assert left(entry(1, 50, expires=1), entry(2, 50, expires=2), entry(3, -50, lot_id=2)) == {1: 50}

    def test_that_was_taken_back_never_happened(self):
        lots = entry(1, 50, expires=5), entry(2, 50)
        assert left(*lots, entry(3, -60), entry(4, 60, reverses_id=3)) == {1: 50, 2: 50}

    def test_spares_what_was_given_by_mistake(self):
        assert left(entry(1, 50, expires=5), entry(2, 50), entry(3, -20), entry(4, -50, reverses_id=1)) == {2: 30}

    def test_does_not_see_what_waits(self):
        assert left(entry(1, 50, counted=None), entry(2, 20)) == {2: 20}


@st.composite
def ledgers(draw):
    """Any movements, some of which take others back, or let them expire."""
    entries = []
    for pk in range(1, draw(st.integers(1, 14))):
        before = [one for one in entries if not one.reverses_id and one.pk not in {two.reverses_id for two in entries}]
        counted = draw(st.integers(0, 5) | st.just(None)) if draw(st.booleans()) else pk
        if before and draw(st.integers(0, 4)) == 0:
            back = draw(st.sampled_from(before))
            when = None if back.is_pending else 20 + pk
            entries.append(entry(pk, -back.points, counted=when, reverses_id=back.pk))
            continue
        points = draw(st.integers(1, 100)) * (1 if counted is None or draw(st.booleans()) else -1)
        lots = [one.pk for one in entries if one.expires_on]
        lot = draw(st.sampled_from(lots)) if points < 0 and lots and draw(st.booleans()) else None
        expires = draw(st.integers(3, 6) | st.none()) if points > 0 else None
        entries.append(entry(pk, points, expires=expires, day=draw(st.integers(-2, 2)), counted=counted, lot_id=lot))
    return entries


@given(ledgers())
def test_what_is_left_is_the_balance_and_never_less_than_nothing(entries):
    balance = sum(one.points for one in entries if not one.is_pending)

    found = left_of(entries)

    assert sum(one.points for one in found) == max(0, balance)
    assert all(0 < one.points <= one.entry.points for one in found)


@given(ledgers(), st.randoms())
def test_the_order_in_which_the_ledger_is_read_does_not_matter(entries, chance):
    mixed = list(entries)
    chance.shuffle(mixed)

    assert left_of(mixed) == left_of(entries)
