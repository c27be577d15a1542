"""Search as somebody types: every keystroke is a request."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bench.measure import Scenario, Target, Work
from bench.rawsql import Statement, statements
from bench.scenarios.asking import TABLE, once_each, query
from bench.world import World
from regulars.kit.text import fold, name_key

if TYPE_CHECKING:
    from bench.house import Bench

KEYSTROKE = Target(median=15, p95=35)
BOX = "div#search-results"
ROWS = "id, name, name_key, email, phone, phone_raw, company, tax_code, zalo_id"
SHORTEST_INSIDE = 3


def names(world: World) -> list[str]:
    """Ten people by name: as written, without accents, in capitals, family name first."""
    known = [person.name for person in world.people if len(person.name.split()) > 1][::4][:10]
    ways: tuple[Callable[[str], str], ...] = (str, fold, str.upper, lambda name: " ".join(reversed(name.split())))
    return [ways[place % len(ways)](name) for place, name in enumerate(known)]


def phones(world: World) -> list[str]:
    """Ten people by phone: international, without the plus, the last digits, with blanks."""
    known = [person.phone for person in world.people if person.phone][1::4][:10]
    ways: tuple[Callable[[str], str], ...] = (
        str, lambda one: one[1:], lambda one: one[-9:], lambda one: f"{one[:3]} {one[3:6]} {one[6:]}",
    )  # fmt: skip
    return [ways[place % len(ways)](phone) for place, phone in enumerate(known)]


def emails(world: World) -> list[str]:
    """Ten people by e-mail, half of them in capitals."""
    known = [person.email for person in world.people if person.email][2::4][:10]
    return [email.upper() if place % 2 else email for place, email in enumerate(known)]


def numbers(world: World) -> list[str]:
    """Ten orders by number, half of them without the #."""
    known = [paper.number for paper in world.orders][::4][:10]
    return [number.lstrip("#") if place % 2 else number for place, number in enumerate(known)]


Typed = Callable[[World], Sequence[str]]


def typed(texts: Iterable[str]) -> list[str]:
    """What stands in the box after each keystroke."""
    return [text[:length] for text in texts for length in range(1, len(text) + 1) if text[length - 1] != " "]


def _in_box(what: str, texts: Typed) -> Scenario:
    return Scenario(
        "Search as you type", f"the box: {what}",
        once_each(lambda world: [query("search", q=text) for text in typed(texts(world))], BOX),
        lambda bench: _raw(bench, texts), KEYSTROKE, repeats=400,
    )  # fmt: skip


def _in_list(what: str, texts: Typed) -> Scenario:
    return Scenario(
        "Search as you type", f"the list: {what}",
        once_each(lambda world: [query("customers/", search=text) for text in typed(texts(world))], TABLE),
        lambda bench: _raw(bench, texts), KEYSTROKE, repeats=400,
    )  # fmt: skip


def _raw(bench: "Bench", texts: Typed) -> Iterator[Work]:
    """The two looks of a keystroke: along the beginnings, and inside only for three characters and more."""
    shop = bench.shop.pk
    return statements(bench, (_look(shop, text) for text in typed(texts(bench.world))))


def _look(shop: int, text: str) -> Statement:
    digits = "".join(filter(str.isdigit, text))
    people = f"SELECT {ROWS} FROM customers_customer WHERE shop_id = %s AND deleted_at IS NULL"
    if digits and not any(map(str.isalpha, text)):
        return f"{people} AND phone LIKE %s ORDER BY phone LIMIT 20", [shop, f"+{digits}%"]
    if len(text) < SHORTEST_INSIDE:
        return f"{people} AND name_key LIKE %s ORDER BY name_key, id LIMIT 20", [shop, f"{name_key(text)}%"]
    words = fold(text).split()
    inside = " AND ".join("text LIKE %s" for _ in words)
    found = f"SELECT customer_id FROM customers_customersearch WHERE shop_id = %s AND {inside}"
    return f"{people} AND id IN ({found}) LIMIT 200", [shop, shop, *(f"%{word}%" for word in words)]


SCENARIOS = (
    _in_box("names in all spellings", names),
    _in_box("phones", phones),
    _in_box("e-mail addresses", emails),
    _in_box("order numbers", numbers),
    _in_list("names in all spellings", names),
    _in_list("phones", phones),
    _in_list("e-mail addresses", emails),
    _in_list("order numbers", numbers),
)
