"""The rows of somebody new as far as their draft decides them: made before there is an id, on whichever core is free.

What the shop decides (ids of groups, tags and staff, and the customer's own) is added by `creating`.
"""

from functools import cache
from typing import Any, NamedTuple

from django.db.models.expressions import DatabaseDefault

from regulars.customers.custom import COLUMN, key_of
from regulars.customers.drafts import AddressDraft, Draft, NewRows
from regulars.customers.models import Customer
from regulars.customers.search.texts import search_text
from regulars.kit.copying import cell, is_plain

OF_EACH = ("id", "created_at")
"""Columns that are another for everybody; they stand before all others."""

OF_THE_SHOP = (
    "shop_id", "source", "updated_at", "oa_at", "group_id", "group_by_hand", "status_id",
    "status_at", "staff_id", "co_staff_ids", "channel_first_id", "channel_last_id", "referred_by_id",
    "citizen_id_sealed", "citizen_id_index", "referral_code", "tag_ids",
)  # fmt: skip
"""Columns that a draft alone does not decide, in the order in which they stand before those that it does."""


class Blank(NamedTuple):
    """Columns of the customers' table, the cells of somebody of whom nothing is known, and where each column stands."""

    columns: tuple[str, ...]
    cells: list[str]
    place: dict[str, int]

    def filled(self, values: dict[str, Any]) -> list[str]:
        """The cells with these values in them."""
        cells, place = self.cells.copy(), self.place
        plain = is_plain([value for value in values.values() if type(value) is str])
        for name, value in values.items():
            cells[place[name]] = value if plain and type(value) is str else cell(value)
        return cells


def with_rows(draft: Draft) -> NewRows:
    """The rows of a draft, made unless they are there."""
    if draft.rows is None:
        draft.rows = _made(draft)
    return draft.rows


@cache
def own_columns() -> Blank:
    """The columns that a draft decides."""
    return _blank(tuple(name for name in _fields() if name not in (*OF_EACH, *OF_THE_SHOP)))


@cache
def shop_columns() -> Blank:
    """The columns that the shop decides."""
    return _blank(OF_THE_SHOP)


def _made(draft: Draft) -> NewRows:
    columns = draft.new_columns()
    search = search_text(columns, draft.identities)
    created_at, _code = columns.pop("created_at", None), columns.pop("referral_code", "")
    if draft.referrer:
        columns["referrer_text"] = draft.referrer
    for consent in draft.consents:
        columns[f"consent_{consent.channel}"] = consent.state
    if own := columns.keys() - own_columns().place.keys():
        kept = {key_of(name): columns.pop(name) for name in own}
        columns[COLUMN] = {key: value for key, value in kept.items() if value is not None}
    return NewRows(
        customer="\t".join(own_columns().filled(columns)),
        created_at=cell(created_at) if created_at else "",
        search=cell(search),
        address="\t".join(_address_columns().filled(draft.address.columns())) if draft.address else "",
    )


def _blank(columns: tuple[str, ...]) -> Blank:
    fields = _fields()
    return Blank(columns, [cell(_default(fields[name])) for name in columns], _places(columns))


@cache
def _address_columns() -> Blank:
    columns = tuple(AddressDraft().columns())
    return Blank(columns, [""] * len(columns), _places(columns))


def _places(columns: tuple[str, ...]) -> dict[str, int]:
    return {name: place for place, name in enumerate(columns)}


@cache
def _fields() -> dict[str, Any]:
    return {str(field.column): field for field in Customer._meta.concrete_fields}


def _default(field: Any) -> Any:
    value = field.get_default()
    return "" if isinstance(value, DatabaseDefault) else value  # of text: COPY must say what the table would
