"""Whom something is to be done to: chosen customers, or a question with the number of people it was shown with.

A selection is never "all" by omission, it belongs to one shop, and it is looked at with the eyes of who acts: an
agent limited to their own customers selects none of the others. When work begins, the selection becomes ids
(`take`), so that exactly those are worked on who were counted, whatever the work or anybody else changes meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import where_q
from regulars.customers.models import Customer, SelectionPart
from regulars.customers.queries import CustomerQuerySet
from regulars.customers.search import search_q
from regulars.kit.errors import DomainError
from regulars.kit.text import can_be_stored
from regulars.shops.models import JobRun, Shop, Staff

PART = 1000
"""Customers a part. A step works on one part, and whoever edits one of its customers waits for it at most."""


class SelectionChanged(DomainError):
    """More customers match by now than were shown; nothing was done. details: `expected`, `found`."""

    code = "customers.selection_changed"
    sentence = _("{found} customers match by now, you were shown {expected}. Look at the list again.")


class SelectionUnclear(DomainError):
    """A selection by question must say how many customers were shown."""

    code = "customers.selection_unclear"
    sentence = _("Say which customers are meant: choose some, or give a filter with its number of customers.")


@dataclass(frozen=True, slots=True)
class Selection:
    """Customers of one shop; made by `of_ids` or `of_question`.

    where, search: as in the list. excluded: ids unticked again. expected: how many the person was shown, without the
    excluded ones. in_bin: those in the bin instead of the others.
    """

    shop: Shop
    ids: frozenset[int] | None = None
    where: str = ""
    search: str = ""
    excluded: frozenset[int] = field(default_factory=frozenset)
    expected: int | None = None
    in_bin: bool = False

    @classmethod
    def of_ids(cls, shop: Shop, ids: Iterable[int], *, in_bin: bool = False) -> Self:
        """Customers chosen one by one; those who are not there (any more) are left out."""
        chosen = frozenset(ids)
        return cls(shop, ids=chosen, expected=len(chosen), in_bin=in_bin)

    @classmethod
    def of_question(
        cls,
        shop: Shop,
        *,
        where: str = "",
        search: str = "",
        excluded: Iterable[int] = (),
        expected: int | None = None,
        in_bin: bool = False,
    ) -> Self:
        """Everybody a filter and a search text mean, but the excluded. Without both: everybody in the shop."""
        return cls(shop, None, where.strip(), search.strip(), frozenset(excluded), expected, in_bin)

    def queryset(self, staff: Staff | None) -> CustomerQuerySet:
        """The customers as they are now, without an order; those this person may see (None: the system, all).

        Raises BadCondition, also for a field this person may not ask about.
        """
        people = Customer.objects.of(self.shop)
        people = people.in_bin() if self.in_bin else people.alive()
        if staff is not None:
            people = people.visible_to(staff)
        if self.ids is not None:
            return people.filter(pk__in=sorted(self.ids))
        if self.where:
            people = people.filter(where_q(self.shop, self.where, staff=staff))
        if self.search:
            people = people.filter(search_q(self.shop, self.search, seen_by=staff))
        return people.exclude(pk__in=sorted(self.excluded)) if self.excluded else people

    def count(self, staff: Staff | None) -> int:
        """How many customers it means now."""
        return self.queryset(staff).count()

    @transaction.atomic
    def take(self, run: JobRun, staff: Staff | None) -> int:
        """Keep the ids for a run, in parts, in order; answers how many. A million take about a second.

        Raises SelectionChanged when they are more than were shown, SelectionUnclear when nobody said how many.
        """
        if self.expected is None:
            raise SelectionUnclear
        found = self._kept(run, staff)
        if found > self.expected:
            raise SelectionChanged(expected=self.expected, found=found)
        return found

    def _kept(self, run: JobRun, staff: Staff | None) -> int:
        try:
            sql, parameters = self.queryset(staff).order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(_TAKE.format(chosen=sql), [self.shop.pk, run.pk, *parameters, PART])
            return sum(count for (count,) in cursor.fetchall())

    def plain(self) -> dict[str, Any]:
        """As JSON, for jobs and forms."""
        if self.ids is not None:
            return {"ids": sorted(self.ids), "in_bin": self.in_bin}
        return {
            "where": self.where,
            "search": self.search,
            "excluded": sorted(self.excluded),
            "expected": self.expected,
            "in_bin": self.in_bin,
        }

    @classmethod
    def read(cls, shop: Shop, plain: Mapping[str, Any]) -> Self:
        """What `plain` made. Raises SelectionUnclear for anything that names neither ids nor a question."""
        if not _is_plain(plain):
            raise SelectionUnclear
        in_bin = bool(plain.get("in_bin", False))
        if "ids" in plain:
            return cls.of_ids(shop, plain["ids"], in_bin=in_bin)
        if "where" not in plain and "search" not in plain:
            raise SelectionUnclear
        return cls.of_question(
            shop,
            where=plain.get("where", ""),
            search=plain.get("search", ""),
            excluded=plain.get("excluded", ()),
            expected=plain.get("expected"),
            in_bin=in_bin,
        )


def _is_plain(plain: Mapping[str, Any]) -> bool:
    """Whether everything is of its type: a form comes back from a browser, which may send what it likes."""
    texts = [plain.get(name, "") for name in ("where", "search")]
    lists = [plain.get(name, []) for name in ("ids", "excluded")]
    expected = plain.get("expected")
    return (
        all(isinstance(text, str) and can_be_stored(text) for text in texts)
        and all(isinstance(ids, list) and all(type(pk) is int for pk in ids) for ids in lists)
        and (expected is None or type(expected) is int)
    )


def part_of(run: JobRun, position: int) -> list[int]:
    """The ids of one part that was taken for a run, ascending; none behind the last."""
    parts = SelectionPart.objects.of(run.shop_id).filter(run_id=run.pk, position=position)
    return parts.values_list("customer_ids", flat=True).first() or []


def forget_selection(run: JobRun) -> None:
    """Drop the ids of a run that is over."""
    SelectionPart.objects.of(run.shop_id).filter(run_id=run.pk).delete()


_TAKE = """
    INSERT INTO customers_selectionpart (shop_id, run_id, position, customer_ids)
    SELECT %s, %s, position, array_agg(id ORDER BY id)
    FROM (
        SELECT chosen.id, (row_number() OVER (ORDER BY chosen.id) - 1) / given.size AS position
        FROM ({chosen}) AS chosen (id), (SELECT %s::int) AS given (size)
    ) AS numbered
    GROUP BY position
    RETURNING cardinality(customer_ids)
"""
