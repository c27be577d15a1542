"""The pairs that were found: written, taken back, shown."""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.customers.likeness.blocks import Pair
from regulars.customers.likeness.people import people
from regulars.customers.likeness.scoring import SHOWN_FROM, Verdict, compare
from regulars.customers.models import Customer, Decision, PossibleDuplicate
from regulars.kit.query.prepared import fetched, prepared
from regulars.shops.models import Shop, Staff

PART = 2000
"""Pairs weighed at a time."""


def open_pairs(shop: Shop, staff: Staff) -> QuerySet[PossibleDuplicate]:
    """The pairs this person may decide about: both live, for an agent limited to their own both theirs."""
    return visible_pairs(shop, staff).filter(decision=Decision.OPEN)


def pairs_of(shop: Shop, staff: Staff, customer_id: int) -> QuerySet[PossibleDuplicate]:
    """The open pairs of one customer, surest first."""
    mine = Q(first_id=customer_id) | Q(second_id=customer_id)
    return open_pairs(shop, staff).filter(mine).order_by("-score", "-id")


def has_open_pairs(shop: Shop, customer_id: int) -> bool:
    """Whether somebody, seen by this person or not, may be this customer: the quick question before `pairs_of`."""
    return bool(fetched(_open_pair_of(shop.pk, customer_id)))


@prepared
def _open_pair_of(shop: Any, customer: Any) -> QuerySet[Any, Any]:
    mine = Q(first_id=customer) | Q(second_id=customer)
    return PossibleDuplicate.objects.of(shop).filter(mine, decision=Decision.OPEN).values_list("pk")[:1]


def write_pairs(shop_id: int, pairs: Iterable[Pair]) -> set[Pair]:
    """Weigh pairs and keep those worth a look; what was decided stays decided. Answers the pairs kept."""
    kept: set[Pair] = set()
    rest = iter(sorted(pairs))
    while part := list(islice(rest, PART)):
        kept |= _write(shop_id, _weighed(shop_id, part))
    return kept


def take_back(shop_id: int, customer_ids: Collection[int], *, but: Collection[Pair]) -> None:
    """Forget the open pairs of these people other than those found now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM customers_possibleduplicate p WHERE p.shop_id = %(shop)s AND p.decision = 0"
            " AND (p.first_id = ANY(%(ids)s) OR p.second_id = ANY(%(ids)s)) AND NOT EXISTS (SELECT"
            " FROM unnest(%(ones)s::bigint[], %(others)s::bigint[]) AS kept (one, other)"
            " WHERE kept.one = p.first_id AND kept.other = p.second_id)",
            {"shop": shop_id, "ids": list(customer_ids), "ones": [a for a, _b in but], "others": [b for _a, b in but]},
        )


def with_open_pairs(shop_id: int, customer_ids: Collection[int]) -> set[int]:
    """Those of the customers who wait for a decision."""
    if not customer_ids:
        return set()
    asked = set(customer_ids)
    rows = PossibleDuplicate.objects.of(shop_id).filter(decision=Decision.OPEN)
    rows = rows.filter(Q(first_id__in=asked) | Q(second_id__in=asked))
    return asked.intersection(pk for pair in rows.values_list("first_id", "second_id") for pk in pair)


def visible_pairs(shop: Shop, staff: Staff) -> QuerySet[PossibleDuplicate]:
    """The pairs of whom this person may see both, decided or not; nobody in the bin."""
    theirs = Customer.objects.of(shop).alive().visible_to(staff)
    found = PossibleDuplicate.objects.of(shop)
    for side in ("first_id", "second_id"):
        found = found.filter(Exists(theirs.filter(shop_id=OuterRef("shop_id"), pk=OuterRef(side))))
    return found


def _weighed(shop_id: int, pairs: Sequence[Pair]) -> dict[Pair, Verdict]:
    known = people(shop_id, {pk for pair in pairs for pk in pair})
    verdicts = {
        (one, other): compare(known[one], known[other]) for one, other in pairs if one in known and other in known
    }
    return {pair: verdict for pair, verdict in verdicts.items() if verdict.score >= SHOWN_FROM}


def _write(shop_id: int, weighed: dict[Pair, Verdict]) -> set[Pair]:
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "shop": shop_id,
                "ones": [one for one, _other in weighed],
                "others": [other for _one, other in weighed],
                "scores": [verdict.score for verdict in weighed.values()],
                "reasons": [",".join(verdict.reasons) for verdict in weighed.values()],
            },
        )
    return set(weighed)


_WRITE = """
    INSERT INTO customers_possibleduplicate (shop_id, first_id, second_id, score, reasons, decision, found_at)
    SELECT %(shop)s, one, other, score, string_to_array(reasons, ','), 0, clock_timestamp()
    FROM unnest(%(ones)s::bigint[], %(others)s::bigint[], %(scores)s::int[], %(reasons)s::text[])
        AS given (one, other, score, reasons)
    ON CONFLICT (shop_id, first_id, second_id) DO UPDATE
    SET score = excluded.score, reasons = excluded.reasons, found_at = excluded.found_at
    WHERE customers_possibleduplicate.decision = 0
"""
