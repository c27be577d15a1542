"""Everything that points at a customer, found by asking the registry of models: nobody keeps a list."""

from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from regulars.customers.models import Customer


class Link(NamedTuple):
    """A column of a table that holds a customer's id."""

    model: type[models.Model]
    column: str

    @property
    def name(self) -> str:
        """ "orders.Order.customer_id": how a merge's snapshot calls it."""
        return f"{self.model._meta.label}.{self.column}"

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@cache
def links() -> tuple[Link, ...]:
    """All of them, on every floor, in the order of their names."""
    found = [
        Link(model, field.attname)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Customer
    ]
    return tuple(sorted(found, key=lambda link: link.name))


def uniques(link: Link) -> list[tuple[str, ...]]:
    """The uniqueness rules of a table that speak of this column: a plain move could break them."""
    rules: Any = [one for one in link.model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    name = link.column.removesuffix("_id")
    return [one.fields for one in rules if name in one.fields]
