"""Two people changed the same fields: theirs beside mine, and a choice for each."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from regulars.customers.changes import Reader, shown
from regulars.customers.custom import OwnFields
from regulars.customers.errors import EditConflict
from regulars.customers.models import Customer, Group, Status
from regulars.kit.text import split_full_name
from regulars.shops.models import Channel, Staff
from regulars.web.customers.form import BIRTH, NAMES, Form

# Column that clashed → the inputs it came from; other columns are called like their input.
_INPUTS: dict[str, tuple[str, ...]] = {
    "name": NAMES,
    "name_key": NAMES,
    "email_raw": ("email",),
    "phone_raw": ("phone",),
    "phone_kind": ("phone",),
    "birth_md": BIRTH,
    "birth_year": BIRTH,
    "group_id": ("group",),
    "status_id": ("status",),
    "staff_id": ("staff",),
    "co_staff_ids": ("staff",),
    "channel_first_id": ("source_channel",),
    "referred_by_id": ("referrer",),
    "referrer_text": ("referrer",),
    "citizen_id_sealed": ("citizen_id",),
}


def sides(conflict: EditConflict, customer: Customer, locale: str) -> list[dict[str, Any]]:
    """One row a field: label, what it was, theirs and mine ready to print, and who changed it."""
    own = OwnFields.of(customer.shop, locale)
    reader = Reader(locale, customer.shop.timezone, True, _named(customer), own=own)
    return [
        {
            "column": column,
            "label": reader.label(column),
            "was": _written(column, clash["old"], reader),
            "theirs": _written(column, clash["new"], reader),
            "mine": _written(column, clash["mine"], reader),
            "by": clash["by"],
        }
        for column, clash in conflict.fields.items()
    ]


def settle(form: Form, given: QueryDict) -> None:
    """Put theirs into the inputs of every field for which theirs was chosen; mine stays in the others."""
    for name in [key for key in given if key.startswith("keep-") and given[key] == "theirs"]:
        column = name.removeprefix("keep-")
        if column in ("given_name", "family_name"):
            _settle_part(form, column)
            continue
        for one in _INPUTS.get(column, (column,)):
            form.values[one] = form.stored.get(one, "")


def hidden(form: Form) -> list[tuple[str, str]]:
    """Everything that was typed, to travel along."""
    pairs = [(name, form.values[name]) for name in form.names]
    return pairs + [("tags", name) for name in form.tags] + [("accepted", token) for token in form.accepted]


def _settle_part(form: Form, part: str) -> None:
    """Their given name beside my family name, or the other way round; the whole is made of both again."""
    assert form.customer
    values, country = form.values, form.values["country"] or form.shop.country
    given, family = split_full_name(values["name"], country)
    mine = {"given_name": values["given_name"] or given, "family_name": values["family_name"] or family}
    form.values |= mine | {part: getattr(form.customer, part), "name": ""}


def _written(column: str, value: Any, reader: Reader) -> str:
    return shown(column, (value, None) if column == "birth_md" and value else value, reader)


def _named(customer: Customer) -> Any:
    finders: Mapping[str, Any] = {"group": Group, "status": Status, "channel": Channel, "staff": Staff}

    def name(kind: str, pk: int) -> str:
        if kind == "customer":
            found = Customer.objects.of(customer.shop_id).filter(pk=pk).values_list("name", flat=True).first()
            return found or f"#{pk}"
        row = finders[kind].objects.of(customer.shop_id).filter(pk=pk).first()
        return str(row) if row else f"#{pk}"

    return name
