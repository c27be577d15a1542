"""What the demo knows of one country."""

from collections.abc import Callable
from typing import NamedTuple


class Place(NamedTuple):
    """Where somebody lives: one row of an address below the street.

    later: ward, city and region since the Vietnamese reform of July 2025, which did away with districts.
    """

    ward: str
    district: str
    city: str
    region: str
    postal_code: str
    later: tuple[str, str, str] | None = None


class Country(NamedTuple):
    """Names, numbers and habits of writing.

    share: of the customers, in per cent. rate: dong for one unit of the currency, fixed, as the demo is no
    exchange office. phone: the code, prefixes after it, and how many digits follow these.
    tax_code: a valid code from up to seven digits; None where no check digit is published.
    """

    code: str
    language: str
    share: int
    currency: str
    rate: str
    family: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    middle_women: tuple[str, ...]
    middle_men: tuple[str, ...]
    phone: tuple[str, tuple[str, ...], int]
    mail: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[Place, ...]
    companies: tuple[str, ...]
    company_words: tuple[str, ...]
    tax_code: Callable[[int], str]
    notes: tuple[str, ...]
    labels: tuple[str, str]


def weighted(words: str) -> tuple[str, ...]:
    """ "Nguyễn 31, Trần 11, Lê" as a tuple to draw from: each word as often as its number says, else once."""
    drawn: list[str] = []
    for one in words.split(","):
        word, _, weight = one.strip().rpartition(" ")
        drawn += [word] * int(weight) if weight.isdigit() else [one.strip()]
    return tuple(drawn)


def listed(words: str) -> tuple[str, ...]:
    """Words between commas or line ends as a tuple."""
    return tuple(word.strip() for line in words.splitlines() for word in line.split(",") if word.strip())


def lines(words: str) -> tuple[str, ...]:
    """The non-empty lines of a text."""
    return tuple(line.strip() for line in words.splitlines() if line.strip())


def places(table: str) -> tuple[Place, ...]:
    """One place a line: weight | ward | district | city | region | postal code [| ward | city | region later]."""
    drawn: list[Place] = []
    for line in lines(table):
        weight, *parts = (part.strip() for part in line.split("|"))
        later = (parts[5], parts[6], parts[7]) if len(parts) == 8 else None
        drawn += [Place(parts[0], parts[1], parts[2], parts[3], parts[4], later)] * int(weight)
    return tuple(drawn)
