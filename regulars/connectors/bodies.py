"""Reading JSON of other systems: each value by what it should be, and a clear refusal that names the field."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from regulars.connectors.errors import NotAMessage
from regulars.kit.dates import read_moment
from regulars.kit.errors import BadValue
from regulars.kit.text import clean

_DIGITS_OF_MONEY, _DIGITS_OF_COUNTS = 20, 9
"""Before the point. 1E+3000000 is written in ten characters, and takes minutes to be made a whole number."""


class Body:
    """A JSON object, asked by key. A missing key and null mean the same: nothing is known."""

    def __init__(self, raw: Any, system: str, path: str = "") -> None:
        if not isinstance(raw, Mapping):
            raise NotAMessage(name=system, field=path or "{}")
        self._raw, self._system, self._path = raw, system, path

    def __contains__(self, key: str) -> bool:
        return self._raw.get(key) is not None

    def text(self, key: str) -> str:
        """A text or number as cleaned text, "" when nothing is known."""
        value = self._raw.get(key)
        if value is None or isinstance(value, bool):
            return ""
        if not isinstance(value, str | int | float | Decimal):
            raise self._bad(key)
        return clean(str(value))

    def needed(self, key: str) -> str:
        """A text that must be there."""
        return self.text(key) or self._missing(key)

    def money(self, key: str) -> Decimal | None:
        """An amount, written as text or number."""
        text = self.text(key)
        try:
            amount = Decimal(text) if text else None
        except InvalidOperation:
            raise self._bad(key) from None
        if amount is not None and not (amount.is_finite() and amount.adjusted() < _DIGITS_OF_MONEY):
            raise self._bad(key)
        return amount

    def amount(self, key: str) -> Decimal:
        """An amount, 0 when nothing is known."""
        return self.money(key) or Decimal(0)

    def whole(self, key: str) -> int:
        """A number of things, 0 when nothing is known."""
        number = self.amount(key)
        if number.adjusted() >= _DIGITS_OF_COUNTS:
            raise self._bad(key)
        return int(number)

    def flag(self, key: str) -> bool:
        return self._raw.get(key) is True

    def moment(self, key: str, tz: str = "UTC") -> datetime | None:
        """An instant; tz: of a time that names no zone."""
        text = self.text(key)
        try:
            return read_moment(text, tz) if text else None
        except BadValue:
            raise self._bad(key) from None

    def needed_moment(self, key: str, tz: str = "UTC") -> datetime:
        """An instant that must be there."""
        return self.moment(key, tz) or self._missing(key)

    def part(self, key: str) -> "Body":
        """An object inside, an empty one when there is none."""
        return Body(self._raw.get(key) or {}, self._system, self._at(key))

    def each(self, key: str) -> "Iterator[Body]":
        """The objects of a list, none when there is no list."""
        rows = self._raw.get(key) or []
        if not isinstance(rows, list):
            raise self._bad(key)
        for number, row in enumerate(rows):
            yield Body(row, self._system, f"{self._at(key)}[{number}]")

    def texts(self, key: str) -> list[str]:
        """The texts of a list, none when there is no list."""
        rows = self._raw.get(key) or []
        if not isinstance(rows, list):
            raise self._bad(key)
        return [text for row in rows if isinstance(row, str) and (text := clean(row))]

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _bad(self, key: str) -> NotAMessage:
        return NotAMessage(name=self._system, field=self._at(key))

    def _missing(self, key: str) -> NoReturn:
        raise self._bad(key)
