"""Rows of one person in one batch: an earlier row does not say what a later one replaces.

Otherwise a file whose rows contradict each other would change people to and fro whenever it is imported again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from regulars.customers.drafts import TOGETHER, Draft, blank_of
from regulars.transfer.rows import Key, Ready

_GROUPS = {column: group for group in TOGETHER for column in group}
_SPELLED = frozenset({"email_raw", "phone_raw", "phone_kind"})
"""How something is written, which is no other value of it."""

_UNSURE = frozenset({"email", "phone", "birth_year"})
"""Columns of which a row without a value says nothing."""

_NAMED = ("group", "status", "staff", "referrer", "citizen_id")


def mark_replaced(ready: Sequence[Ready], match: Sequence[str]) -> None:
    """Note with each row what later rows of the same person say or clear, the last of them first."""
    said_later: dict[Key, dict[str, Any]] = {}
    for one, keys in reversed(_sharing(ready, match)):
        for key in keys:
            one.replaced = said_later.get(key, {}) | one.replaced
        said_later |= dict.fromkeys(keys, _said(one.record) | one.replaced)


def _sharing(ready: Sequence[Ready], match: Sequence[str]) -> list[tuple[Ready, list[Key]]]:
    """The rows that have a key in common with another one, with their keys."""
    rows = [(one, _known_by(one, match)) for one in ready]
    count = Counter(key for _one, keys in rows for key in keys)
    return [(one, keys) for one, keys in rows if any(count[key] > 1 for key in keys)]


def _known_by(one: Ready, match: Sequence[str]) -> list[Key]:
    keys = one.keys(match)
    return [*keys, ("regulars_id", one.customer_id)] if one.customer_id else keys


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
