"""What of a customer programs are told when they name no fields."""

from collections.abc import Sequence

from regulars.customers.fields import customer_fields
from regulars.kit.query import Context, Field, FieldSet

LISTED = ("name", "email", "phone", "country", "city", "tags", "orders", "total_spent", "last_order", "created_at")
"""What a list of customers shows when no fields were named; those that exist for the asker."""


def chosen_fields(
    names: Sequence[str], ctx: Context, *, fields: FieldSet = customer_fields, usual: Sequence[str] = LISTED
) -> list[Field]:
    """The named fields, or the usual ones. Raises BadCondition for a name that does not exist."""
    if names:
        return list(dict.fromkeys(fields.find(name, ctx) for name in names))
    offered = {field.name: field for field in fields.offered(ctx)}
    return [offered[name] for name in usual if name in offered]
