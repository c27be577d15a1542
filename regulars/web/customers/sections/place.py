"""Where a customer stands in the list one came from: who is before, who is after, and the way back."""

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from django.http import QueryDict

from regulars.customers.models import Customer
from regulars.kit.query import BadCondition, compile_where
from regulars.kit.query.paging import neighbours, sort_column
from regulars.web.customers.kind import CUSTOMERS
from regulars.web.lists.state import ListState

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView


class Place(NamedTuple):
    """Addresses; "" where there is nobody."""

    back: str
    previous: str
    next: str

    @classmethod
    def of(cls, view: "CustomerView") -> "Place":
        """The place in the list of the address; a list that cannot be understood any more is the whole one."""
        given = QueryDict(view.list)
        try:
            state = ListState.read(CUSTOMERS, view.shop, view.staff, given, ctx=view.ctx)
            before, after = _neighbours(state, view.customer) if view.is_live else (None, None)
        except BadCondition:
            return cls(view.home, "", "")
        tail = f"?list={quote(view.list)}" if view.list else ""
        return cls(state.here, *(f"{view.home}{pk}/{tail}" if pk else "" for pk in (before, after)))


def _neighbours(state: ListState, customer: Customer) -> tuple[int | None, int | None]:
    if state.is_ranked:
        return _among_the_best(state, customer.pk)
    is_filtered = state.is_filtered or state.staff.only_own
    column = sort_column(state.order.field)
    if is_filtered and not state.rows.filter(pk=customer.pk).exists():
        return None, None
    return neighbours(state.rows, state.order, customer.pk, getattr(customer, column), filtered=is_filtered)


def _among_the_best(state: ListState, pk: int) -> tuple[int | None, int | None]:
    """Beside whom a search by closeness puts them."""
    assert state.kind.ranked
    narrowed = state.everyone.filter(compile_where(state.where, state.kind.fields, state.ctx))
    ids = state.kind.ranked(narrowed, state.staff, state.search)
    if pk not in ids:
        return None, None
    at = ids.index(pk)
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)
