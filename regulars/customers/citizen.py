"""Citizen ids: sealed on the row, found by fingerprint, shown only to those who may and never unseen."""

import re

from django.db import transaction

from regulars.customers.errors import MayNotReveal, NoCitizenId
from regulars.customers.models import Customer
from regulars.events.record import Actor, record
from regulars.kit.crypto import blind_index, open_sealed, seal
from regulars.kit.numbers import plain_digits
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission

HIDDEN = "•••"
"""What stands for a sensitive value in events and pages."""

_TABLE = "customers_customer"
_COLUMN = "citizen_id_sealed"


def sealed(shop_id: int, customer_id: int, citizen_id: str) -> dict[str, str]:
    """The two columns that keep a citizen id of this customer; both blank for a blank id."""
    if not citizen_id:
        return {"citizen_id_sealed": "", "citizen_id_index": ""}
    place = (_TABLE, _COLUMN, shop_id, customer_id)
    return {
        "citizen_id_sealed": seal(citizen_id, place=place),
        "citizen_id_index": citizen_index(shop_id, citizen_id),
    }


def citizen_index(shop_id: int, citizen_id: str) -> str:
    """The fingerprint by which a citizen id is found exactly, however its groups are written."""
    plain = re.sub(r"[\W_]", "", plain_digits(citizen_id)).upper()
    return blind_index(plain or citizen_id, shop_id=shop_id, purpose="citizen id")


@transaction.atomic
def reveal_citizen_id(customer: Customer, *, staff: Staff) -> str:
    """The citizen id in clear. That it was seen, and by whom, is recorded. Raises MayNotReveal, NoCitizenId."""
    if staff.shop_id != customer.shop_id or not staff.may(Permission.REVEAL_CITIZEN_ID):
        raise MayNotReveal
    if not customer.citizen_id_sealed:
        raise NoCitizenId
    by = Actor("staff", staff.pk, str(staff.user))
    record(customer.shop_id, "customer.citizen_id_revealed", about=("customer", customer.pk), by=by)
    place = (_TABLE, _COLUMN, customer.shop_id, customer.pk)
    return open_sealed(customer.citizen_id_sealed, place=place)
