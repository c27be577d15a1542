"""The shop's own fields among the fields of customers: asked, shown, sorted and exported like any other."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from regulars.customers.custom import COLUMN
from regulars.customers.fields import SECTIONS, customer_fields
from regulars.customers.models import CustomField, CustomKind
from regulars.kit.query import Context, Field
from regulars.kit.query.kept import KeptChoice, KeptDay, KeptFlag, KeptMoney, KeptNumber, KeptText
from regulars.kit.query.kinds import Option
from regulars.kit.query.prepared import fetched, loaded, prepared
from regulars.shops.models import Shop

SECTION = "own"
_KINDS: dict[str, Any] = {
    CustomKind.TEXT: KeptText,
    CustomKind.NUMBER: KeptNumber,
    CustomKind.MONEY: KeptMoney,
    CustomKind.DATE: KeptDay,
    CustomKind.CHOICE: KeptChoice,
    CustomKind.FLAG: KeptFlag,
}


def name_of(key: str) -> str:
    """What the field of a key is called in questions: the key, unless everybody has a field of that name."""
    return f"custom_{key}" if key in customer_fields else key


def field_of(own: CustomField) -> Field:
    """A field of the shop's own as the registry knows fields."""
    facts: dict[str, Any] = {"column": COLUMN, "key": own.key, "help": own.help, "section": SECTION}
    if own.kind == CustomKind.CHOICE:
        options = [Option(one["key"], one["name"], (one["key"],)) for one in own.options]
        facts["of"] = lambda ctx: options
    field: Field = _KINDS[own.kind](name_of(own.key), own.name, **facts)
    return field


def fields_in_use(ctx: Context) -> list[CustomField]:
    """The shop's own, in its order; asked once a context."""
    found: list[CustomField] = ctx.once(("own fields", ctx.shop_id), lambda: loaded(CustomField, _in_use(ctx.shop_id)))
    return found


def has_fields(shop: Shop | int) -> bool:
    """Whether a shop has fields of its own."""
    return bool(fetched(_in_use(shop if isinstance(shop, int) else shop.pk)))


@prepared
def _in_use(shop: Any) -> QuerySet[Any, Any]:
    fields: QuerySet[Any, Any] = CustomField.objects.of(shop).in_use()
    return fields


def own_fields(ctx: Context) -> Iterable[Field]:
    """The fields in use as fields of the registry."""
    return [field_of(own) for own in fields_in_use(ctx)]


SECTIONS[SECTION] = _("The shop's own fields")
customer_fields.add_source(own_fields)
