"""What a column holds, told by its cells: for columns whose names say nothing, and for days written in numbers.

Conservative: a guess needs four of five cells, no field is guessed twice, and nothing is guessed for a column that a
format leaves out on purpose. What is guessed is shown as a guess.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from regulars.customers.words import read_gender
from regulars.kit.countries import read_country
from regulars.kit.dates import DayOrder, read_day
from regulars.kit.emails import read_email
from regulars.kit.errors import BadValue
from regulars.kit.money import read_money
from regulars.kit.phones import read_phone
from regulars.shops.models import Shop
from regulars.transfer.cells import is_serial
from regulars.transfer.columns import COLUMNS, DATES

SHARE = 0.8
CELLS_LOOKED_AT = 200
FEWEST = 3
"""Cells without which a weak guess is none."""

Fits = Callable[[str], bool]


class Guess(NamedTuple):
    """A field that cells may give away. is_weak: many things look so, so only where the column has no name at all."""

    field: str
    fits: Fits
    is_weak: bool


def guess_fields(
    shop: Shop,
    kind: str,
    header: Sequence[str],
    mapping: Sequence[str],
    left_out: Iterable[int],
    rows: Sequence[list[str]],
) -> dict[int, str]:
    """Position → field of columns that nothing else is known of. left_out: positions a format does not take."""
    known, free = set(mapping), set(range(len(header))) - set(left_out)
    columns = {place: cells for place in sorted(free) if not mapping[place] and (cells := _cells(rows, place))}
    found: dict[int, str] = {}
    for guess in _guesses(shop, kind):
        if guess.field in known or guess.field not in COLUMNS[kind]:
            continue
        shares = {
            place: _share(cells, guess.fits)
            for place, cells in columns.items()
            if place not in found and not (guess.is_weak and (header[place] or len(cells) < FEWEST))
        }
        fitting = sorted((-share, place) for place, share in shares.items() if share >= SHARE)
        if fitting and not (guess.is_weak and len(fitting) > 1):
            found[fitting[0][1]] = guess.field
            known.add(guess.field)
    return found


def looks_like_data(shop: Shop, header: Iterable[str]) -> bool:
    """Whether the row that should name the columns holds an address or a number of somebody instead."""
    fits_phone = _is_phone_in(shop.country)
    return any(_is_email(cell) or fits_phone(cell) for cell in header if cell)


def serial_columns(mapping: Sequence[str], rows: Sequence[list[str]]) -> tuple[int, ...]:
    """Columns of days in which every cell is a bare number that a spreadsheet may have made of a day."""
    return tuple(
        place
        for place, field in enumerate(mapping)
        if field in DATES and (cells := _cells(rows, place)) and all(is_serial(cell) for cell in cells)
    )


class DayOrders(NamedTuple):
    """Examples of days in numbers: that can only be day first, only month first, or both and mean different days."""

    dmy: str = ""
    mdy: str = ""
    either: str = ""

    @property
    def order(self) -> DayOrder | None:
        """The order that all the days have; None when nothing or everything speaks for one."""
        if bool(self.dmy) == bool(self.mdy):
            return None
        return "dmy" if self.dmy else "mdy"

    @property
    def is_ambiguous(self) -> bool:
        return bool(self.either) and self.order is None


def day_orders(cells: Iterable[str]) -> DayOrders:
    """What the days of a file say of their order; stops looking once both orders were seen."""
    found = {"dmy": "", "mdy": "", "either": ""}
    for cell in cells:
        if not _IN_NUMBERS.match(cell):
            continue
        first, second = _day(cell, "dmy"), _day(cell, "mdy")
        if first == second:
            continue
        which = "either" if first and second else "dmy" if first else "mdy"
        found[which] = found[which] or cell.strip()
        if found["dmy"] and found["mdy"]:
            break
    return DayOrders(**found)


def days_of(mapping: Sequence[str], rows: Iterable[list[str]]) -> Iterable[str]:
    """The cells of a file that hold days."""
    places = [place for place, field in enumerate(mapping) if field in DATES]
    return (row[place] for row in rows for place in places if row[place])


def mixed_serials(mapping: Sequence[str], rows: Sequence[list[str]]) -> Mapping[int, str]:
    """Columns of days in which some cells are bare numbers, each with an example: what those mean nobody can know."""
    found: dict[int, str] = {}
    for place, field in enumerate(mapping):
        if field in DATES:
            numbers = [cell for cell in _cells(rows, place) if is_serial(cell)]
            if numbers and len(numbers) < len(_cells(rows, place)):
                found[place] = numbers[0]
    return found


# --- what fits ------------------------------------------------------------------------------------------------

_IN_NUMBERS = re.compile(r"\s*'?\d{1,2}[-/. ]\d{1,2}[-/. ]\d")
_DIGITS = re.compile(r"\D")
_DAY_OF_FIELD = {"orders": "placed_at", "notes": "at", "consents": "at", "activity": "at"}
_MONEY_OF = {"orders": "total", "products": "price"}
_URL_OF = {"activity": "url", "products": "image_url"}


def _guesses(shop: Shop, kind: str) -> list[Guess]:
    """Strongest first."""
    guesses = [Guess("email", _is_email, False), Guess("phone", _is_phone_in(shop.country), False)]
    if kind == "customers":
        guesses += [
            Guess("gender", _is_gender, True), Guess("birthday", _is_birthday, True),
            Guess("country", _is_country, True),
        ]  # fmt: skip
    if kind in _URL_OF:
        guesses.append(Guess(_URL_OF[kind], _is_url, True))
    if kind in _DAY_OF_FIELD:
        guesses.append(Guess(_DAY_OF_FIELD[kind], _is_day, True))
    if kind in _MONEY_OF:
        guesses.append(Guess(_MONEY_OF[kind], _is_money_in(shop), True))
    return guesses


def _cells(rows: Sequence[list[str]], place: int) -> list[str]:
    return [cell for row in rows[:CELLS_LOOKED_AT] if (cell := row[place].strip())]


def _share(cells: Sequence[str], fits: Fits) -> float:
    return sum(fits(cell) for cell in cells) / len(cells)


def _is_email(cell: str) -> bool:
    return "@" in cell and read_email(cell).normal is not None


def _is_phone_in(country: str) -> Fits:
    """An order number of twelve digits may be a valid phone somewhere: it must be written like one, or be of here."""

    def fits(cell: str) -> bool:
        digits = len(_DIGITS.sub("", cell))
        if not 8 <= digits <= 15 or _day(cell, "ymd"):
            return False
        phone = read_phone(cell, country)
        is_of_here = phone.kind == "mobile" and phone.country == country and digits <= 12
        return phone.e164 is not None and (cell.lstrip("'")[0] in "+0(" or is_of_here)

    return fits


def _is_gender(cell: str) -> bool:
    return not cell.isdigit() and read_gender(cell) is not None


def _is_country(cell: str) -> bool:
    return len(cell) > 1 and not cell.isdigit() and read_country(cell) is not None


def _is_url(cell: str) -> bool:
    return cell.lower().startswith(("https://", "http://"))


def _is_day(cell: str) -> bool:
    return bool(_day(cell, "dmy") or _day(cell, "mdy"))


def _is_birthday(cell: str) -> bool:
    """A day of whoever may be a customer today: of the last years it is rather when they came."""
    born = _day(cell, "dmy") or _day(cell, "mdy")
    return bool(born) and 1920 <= int(born[:4]) <= date.today().year - 12


def _is_money_in(shop: Shop) -> Fits:
    def fits(cell: str) -> bool:
        try:
            return read_money(cell, shop.currency, shop.language) is not None
        except BadValue:
            return False

    return fits


def _day(cell: str, order: DayOrder) -> str:
    """A day in ISO form, "" for what is none."""
    try:
        return read_day(cell, order).isoformat()
    except BadValue:
        return ""
