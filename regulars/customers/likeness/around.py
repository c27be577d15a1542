"""Looking again at some customers: who they may be, by indexes only, however large the shop."""

from collections.abc import Collection

from django.db import transaction

from regulars.customers.likeness.blocks import Blocks
from regulars.customers.likeness.contacts import by_contact
from regulars.customers.likeness.following import follow_merges
from regulars.customers.likeness.names import other_orders, slips
from regulars.customers.likeness.pairs import take_back, with_open_pairs, write_pairs
from regulars.customers.likeness.people import people
from regulars.customers.likeness.scoring import Person
from regulars.customers.likeness.spelling import by_name, named


@transaction.atomic
def look_again(shop_id: int, customer_ids: Collection[int]) -> None:
    """Find the pairs of these customers anew: what no longer holds goes, what was decided stays.

    When something they share became too common, those who were found by it before are looked at as well.
    """
    follow_merges(shop_id, customer_ids)
    crowds = _look(shop_id, frozenset(customer_ids))
    if more := with_open_pairs(shop_id, crowds):
        _look(shop_id, frozenset(more))


def _look(shop_id: int, ids: frozenset[int]) -> set[int]:
    """Answers whoever shares what became too common."""
    blocks = Blocks(of=ids)
    asked = people(shop_id, ids)
    by_contact(shop_id, asked.values(), blocks)
    _by_name(shop_id, asked.values(), blocks)
    take_back(shop_id, ids, but=write_pairs(shop_id, blocks.pairs))
    return blocks.crowds


def _by_name(shop_id: int, asked: Collection[Person], blocks: Blocks) -> None:
    keys: set[str] = set()
    for person in asked:
        if person.name and (person.city or person.company or person.birthday or person.phones):
            keys |= other_orders(person.name)
            keys |= slips(person.name) if person.city or person.company else set()
    if keys:
        by_name(named(shop_id, "c.name <> '' AND c.name_key = ANY(%(keys)s)", {"keys": sorted(keys)}), blocks)
