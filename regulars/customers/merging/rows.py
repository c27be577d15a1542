"""Customers' rows as a snapshot holds them, and back: nothing loses a digit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from regulars.customers.custom import own_column
from regulars.customers.models import Customer
from regulars.customers.writing import told

FIELDS = {field.attname: field for field in Customer._meta.concrete_fields}

Change = list[Any]
"""[before, after], both as a snapshot holds them."""


def kept(value: Any) -> Any:
    """A column's value for JSON: moments with their microseconds, all else as it is."""
    return value.isoformat() if isinstance(value, datetime) else value


def whole(customer: Customer) -> dict[str, Any]:
    """All columns of a row."""
    return {column: kept(getattr(customer, column)) for column in FIELDS}


def read(column: str, value: Any) -> Any:
    """A kept value for the column."""
    return FIELDS[column].to_python(value)


def write(customer: Customer, columns: Mapping[str, Any]) -> dict[str, Change]:
    """Set columns of a locked row; those that differ, as [before, after]. The version is the writer's."""
    changed = {name: [kept(getattr(customer, name)), kept(new)] for name, new in columns.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        new = {name: columns[name] for name in changed}
        Customer.objects.of(customer.shop_id).filter(pk=customer.pk).update(**new)
        for name, value in new.items():
            setattr(customer, name, value)
    return changed


def told_changes(changes: Mapping[str, Change]) -> dict[str, Change]:
    """As an event tells them: without what follows from others, the shop's own fields by themselves."""
    lines = {name: [told(name, one) for one in pair] for name, pair in changes.items() if name not in _UNTOLD}
    old, new = changes.get("custom", [{}, {}])
    own = {own_column(key): [old.get(key), new.get(key)] for key in {**old, **new} if old.get(key) != new.get(key)}
    return lines | own


_UNTOLD = frozenset({"updated_at", "name_key", "citizen_id_index", "tag_ids", "custom"})


def count_version(shop_id: int, customer_id: int) -> None:
    """One up, for the event that says what changed (`conflicts.COUNTED`)."""
    Customer.objects.of(shop_id).filter(pk=customer_id).update(version=F("version") + 1)
