"""Rows of one person in one batch: an earlier row does not say what a later one replaces.

Otherwise a file whose rows contradict each other would change people to and fro whenever it is imported again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from regulars.customers.drafts import TOGETHER, Draft, blank_of
from regulars.transfer.rows import Ready, keys_of

_GROUPS = {column: group for group in TOGETHER for column in group}
_SPELLED = frozenset({"email_raw", "phone_raw", "phone_kind"})
"""How something is written, which is no other value of it."""

_UNSURE = frozenset({"email", "phone", "birth_year"})
"""Columns of which a row without a value says nothing."""

_NAMED = ("group", "status", "staff", "referrer", "citizen_id")


def mark_replaced(ready: Sequence[Ready], match: Sequence[str]) -> None:
    """Note with each row what later rows of the same person say or clear, the last of them first."""
    said_later: dict[tuple[str, object], dict[str, Any]] = {}
    for one in reversed(ready):
        keys = keys_of(one.record, match)
        if one.customer_id:
            keys = [*keys, ("regulars_id", one.customer_id)]
        for key in keys:
            one.replaced = said_later.get(key, {}) | one.replaced
        said_later |= dict.fromkeys(keys, _said(one.record) | one.replaced)


def lasting(one: Ready) -> Draft:
    """What a row of somebody who is here says, without what a later row replaces."""
    draft: Draft = one.record
    if not one.replaced:
        return draft
    gone = {column for column, value in _said(draft).items() if one.replaced.get(column, value) != value}
    gone |= {part for column in gone for part in _GROUPS.get(column, ())}
    kept = {column: value for column, value in draft.columns.items() if column not in gone}
    clears = frozenset(field for field in draft.clears if gone.isdisjoint(_cleared([field])))
    emptied: dict[str, Any] = dict.fromkeys(gone.intersection(_NAMED), "")
    return replace(draft, columns=kept, clears=clears, **emptied)


def _said(draft: Draft) -> dict[str, Any]:
    """The values of a draft; emptied columns are None."""
    said = {name: value for name, value in draft.columns.items() if name not in _SPELLED}
    said = {name: value for name, value in said.items() if value is not None or name not in _UNSURE}
    named = {name: value for name in _NAMED if (value := getattr(draft, name))}
    return said | named | _cleared(draft.clears)


def _cleared(fields: Iterable[str]) -> dict[str, None]:
    return {field if field in _NAMED else next(iter(blank_of(field)), field): None for field in fields}
