"""Which lists there are. A list is one declaration: its fields, its rows, its columns."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.db.models import QuerySet

from regulars.kit.query import FieldSet
from regulars.kit.query.context import Context
from regulars.shops.models import Shop, Staff

SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Quick:
    """A filter one click away: its wording and the condition it adds."""

    label: Any
    where: str


@dataclass(frozen=True)
class Composite:
    """A column made of several fields: name, heading, database columns, the field it sorts by."""

    name: str
    label: Any
    reads: tuple[str, ...]
    sort: str = ""
    needs: str = ""
    help: Any = ""


@dataclass(frozen=True)
class ListKind:
    """One list.

    path: below the shop's address ("customers/"). rows: what the staff member may see, unordered.
    counted: how many there are in words, with {n} for the number.
    find: narrows rows to what a search text means; None when the list has no search. ranked: ids of the best hits.
    within: what holds for all its rows, as text of the query language, so that "all that match" means no others.
    keeps_views: whether people can save views of it; its `name` stands in them.
    """

    name: str
    path: str
    fields: FieldSet
    rows: Callable[[Shop, Staff], QuerySet]
    context: Callable[..., Context]
    sections: dict[str, Any]
    columns: tuple[str, ...]
    sort: str
    counted: Callable[[int], str]
    find: Callable[[QuerySet, Staff, str], QuerySet]
    ranked: Callable[[QuerySet, Staff, str], list[int]] | None = None
    quick: tuple[Quick, ...] = ()
    composites: tuple[Composite, ...] = ()
    always: tuple[str, ...] = field(default=())
    within: str = ""
    keeps_views: bool = False

    def of(self, ctx: Context) -> Self:
        """The same list, with the fields of the context's shop."""
        fields = self.fields.of(ctx)
        return self if fields is self.fields else replace(self, fields=fields)

    @property
    def composite(self) -> dict[str, Composite]:
        """Composite columns by name."""
        return {one.name: one for one in self.composites}
