"""What a customer is told with beside their fields: the shop's own fields as one object, and who belongs to them."""

from typing import Any

from django.db.models import QuerySet

from regulars.api.lists import Folded
from regulars.customers.fields import customer_fields
from regulars.customers.models import Customer, CustomField, Household
from regulars.customers.own_fields import SECTION, field_of
from regulars.kit.query import Context
from regulars.kit.query.told import told_rows
from regulars.shops.models import Staff


def custom_of(rows: QuerySet, ids: list[int], ctx: Context) -> dict[int, dict[str, Any]]:
    """Customer → key → value of every own field in use; None where nothing is known."""
    fields = {own.key: field_of(own) for own in CustomField.objects.of(ctx.shop_id).in_use()}
    told = told_rows(rows, ids, list(fields.values()), customer_fields, ctx)
    return {row["id"]: {key: row[field.name] for key, field in fields.items()} for row in told}


CUSTOM = Folded("custom", lambda field: field.section == SECTION, custom_of)


def belonging(shop_id: int, pk: int) -> dict[str, Any]:
    """Who is responsible, the first one first; who sent them; and the household they are of."""
    columns = ("shop_id", "staff_id", "co_staff_ids", "referred_by_id", "household_id")
    customer = Customer.objects.of(shop_id).only(*columns).get(pk=pk)
    ids = customer.responsible_ids
    known = Staff.objects.of(shop_id).select_related("user").in_bulk(ids) if ids else {}
    told = {"responsible": [person(known[pk]) for pk in ids if pk in known], "referrer_id": customer.referred_by_id}
    return told | _household(customer)


def person(staff: Staff) -> dict[str, Any]:
    """A member of staff."""
    return {"id": staff.pk, "name": staff.user.name, "email": staff.user.email}


def _household(customer: Customer) -> dict[str, Any]:
    household_id = customer.household_id
    if household_id is None:
        return {"household_id": None, "household_name": None, "household_members": []}
    members = Customer.objects.of(customer.shop_id).alive().filter(household_id=household_id).order_by("pk")
    return {
        "household_id": household_id,
        "household_name": Household.objects.of(customer.shop_id).get(pk=household_id).name,
        "household_members": list(members.values_list("pk", flat=True)),
    }
