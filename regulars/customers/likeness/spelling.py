"""Pairs by name: the same name, its words in another order, a slip, in one place or with the same phone or birthday.

A name alone never joins two.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from zlib import crc32

from django.db import connection

from regulars.customers.likeness.blocks import NAMESAKES, SLIP_NAMESAKES, Blocks
from regulars.customers.likeness.names import LONGEST, is_slip, shortened, whole_name, words_key
from regulars.customers.likeness.people import birthday, folded

SLICE = 20_000
"""Names looked through for slips at a time: some fifty megabytes."""


_NAMED = """
    SELECT c.id, c.name, c.city, c.region, c.company, c.birth_md, c.birth_year, c.phone FROM customers_customer c
    WHERE c.shop_id = %(shop)s AND c.deleted_at IS NULL AND {condition}
"""


class Named(NamedTuple):
    """A customer's whole name, where they are (city, company) and what else may join namesakes."""

    pk: int
    name: str
    places: tuple[str, ...]
    others: tuple[str, ...]


def named(shop_id: int, condition: str, values: Mapping[str, Any]) -> list[Named]:
    """The customers of a condition on `c` who have a whole name and something beside it."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED.format(condition=condition), {**values, "shop": shop_id})
        rows = (_named(*row) for row in cursor.fetchall())
        return [row for row in rows if row.name and (row.places or row.others)]


def by_name(rows: Iterable[Named], blocks: Blocks, *, length: int | None = None) -> None:
    """Add the pairs among these people; with `length`, only those whose shorter name is as long."""
    rows = list(rows)
    namesakes: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if length in (None, len(row.name)):
            words = words_key(row.name)
            for what in (*row.places, *row.others):
                namesakes[f"{what}|{words}"].append(row.pk)
    for members in namesakes.values():
        blocks.add(members, NAMESAKES)
    for part in _slices(rows):
        _by_slip(part, blocks, length)


def _named(pk: int, name: str, city: str, region: str, company: str, *rest: object) -> Named:
    month_day, year, phone = rest
    places = (("c", folded(city or region)), ("o", folded(company)))
    others = (("b", birthday(month_day, year)), ("p", phone))  # type: ignore[arg-type]
    return Named(pk, whole_name(name), *(tuple(f"{k}:{v}" for k, v in some if v) for some in (places, others)))


def _slices(rows: list[Named]) -> Iterator[dict[str, dict[str, list[int]]]]:
    """Place → name → people, so many places at a time that the memory stays small."""
    count = len(rows) // SLICE + 1
    for number in range(count):
        part: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            if len(row.name) <= LONGEST:
                for place in row.places:
                    if count == 1 or crc32(place.encode()) % count == number:
                        part[place][row.name].append(row.pk)
        yield part


def _by_slip(part: Mapping[str, Mapping[str, list[int]]], blocks: Blocks, length: int | None) -> None:
    for carriers in part.values():
        for members in carriers.values():
            if len(members) > SLIP_NAMESAKES:
                blocks.crowd(members, SLIP_NAMESAKES)
        rare = [name for name, members in carriers.items() if len(members) <= SLIP_NAMESAKES]
        for one, other in _near(rare):
            if length in (None, min(len(one), len(other))):
                blocks.add_between(carriers[one], carriers[other])


def _near(names: list[str]) -> Iterator[tuple[str, str]]:
    """Names that are a slip apart, each two once: they meet in what is left without one letter."""
    if len(names) < 2:
        return
    meeting: dict[str, list[str]] = defaultdict(list)
    for name in names:
        meeting[name].append(name)
        for short in shortened(name):
            meeting[short].append(name)
    near = {
        (one, other)
        for met in meeting.values()
        if len(met) > 1
        for one in met
        for other in met
        if one < other and is_slip(one, other)
    }
    yield from near
