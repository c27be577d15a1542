"""Points balances out of rows: each what a programme says of one customer who is here already."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from regulars.customers.drafts import Problem
from regulars.kit.dates import read_day
from regulars.kit.errors import BadValue
from regulars.kit.numbers import read_count, read_number
from regulars.kit.text import fold, one_line
from regulars.loyalty.entries import today_of
from regulars.loyalty.openings import Opening
from regulars.loyalty.reading import NOTE_LENGTH, check_origin, check_points
from regulars.shops.models import Shop
from regulars.transfer.detail_rows import DetailRows
from regulars.transfer.options import Options
from regulars.transfer.reading import Row
from regulars.transfer.rows import Ready

UNITS = frozenset({
    "p", "pt", "pts", "point", "points", "diem", "poin", "punct", "puncte", "puncts", "punto", "puntos",
})  # fmt: skip
"""What may stand beside the number, folded."""

_WITH_UNIT = re.compile(r"\s*([^\W\d_]*)[.:]?\s*([^a-zA-Z]*?)\s*([^\W\d_]*)\.?\s*")


class Balance(NamedTuple):
    """What a row says; points None: nothing. as_of: the day of the balance, None for today."""

    points: int | None
    origin: str = ""
    note: str = ""
    as_of: date | None = None
    expires_on: date | None = None

    def opening(self, customer_id: int) -> Opening:
        """The same of a customer; only of a row that says something."""
        assert self.points is not None
        return Opening(customer_id, self.points, self.origin, self.note, self.as_of, self.expires_on)


class PointsRows(DetailRows):
    """One row, one balance of one customer in one programme."""

    def __init__(self, shop: Shop, options: Options, source: str) -> None:
        super().__init__(shop, options, source)
        self._today, self._locale = today_of(shop), shop.language
        self._origin = options.defaults.get("origin", "")
        self._seen: set[int] | None = set() if options.twice == "first" else None

    def record(self, rows: list[Row]) -> Ready:
        ready = super().record(rows)
        if self._seen is not None and ready.record is not None and ready.record.draft.points is not None:
            ready.gives_way = self._stood_before(ready)
        return ready

    def draft(self, raw: Mapping[str, str], problems: list[Problem]) -> Balance:
        points = self._points(raw.get("points", ""))
        note = one_line(raw.get("note", ""))
        if len(note) > NOTE_LENGTH:
            reason = _("Only the first {length} characters are kept.").format(length=NOTE_LENGTH)
            problems.append(Problem("note", note, reason))
        as_of = self._day(raw, "as_of")
        if as_of and as_of > self._today:
            raise BadValue(_("This lies in the future."), value=raw["as_of"], field="as_of")
        origin = check_origin(raw.get("origin", "") or self._origin)
        return Balance(points, origin, note[:NOTE_LENGTH].rstrip(), as_of, self._day(raw, "expires_on"))

    def _points(self, written: str) -> int | None:
        """Raises BadValue for what is no whole number of 0 or more."""
        if not written.strip():
            return None
        try:
            points = read_count(_without_unit(written), self._locale)
        except BadValue as error:
            raise BadValue(self._why_not(written, error), value=written, field="points") from None
        if points < 0:
            raise BadValue(_("A balance to begin with is 0 or more."), value=written, field="points")
        return check_points(points) if points else 0

    def _why_not(self, written: str, error: BadValue) -> str:
        try:
            read_number(_without_unit(written), self._locale)
        except BadValue:
            return error.reason
        return _("Points are whole, and “{value}” is not. Round it where the file was made.").format(value=written)

    def _day(self, raw: Mapping[str, str], name: str) -> date | None:
        if not raw.get(name, "").strip():
            return None
        try:
            return read_day(raw[name], self._options.day_order)
        except BadValue as error:
            raise error.for_field(name) from None

    def _stood_before(self, ready: Ready) -> bool:
        """Whether somebody of the same strongest key had the same programme further up; by others people share."""
        assert self._seen is not None
        keys, origin = ready.record.keys, ready.record.draft.origin
        who = next(key for key in (ready.customer_id, *keys.identities, keys.email, keys.phone) if key)
        seen, known = hash((who, origin)), len(self._seen)
        self._seen.add(seen)
        return len(self._seen) == known


def _without_unit(written: str) -> str:
    """ "1,250 pts" → "1,250"; other words stay."""
    found = _WITH_UNIT.fullmatch(written) if len(written) <= 80 else None
    if found and all(fold(word) in UNITS or not word for word in (found[1], found[3])):
        return found[2]
    return written
