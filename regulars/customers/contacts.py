"""That somebody of the team got in touch with a customer: by which way, and what came of it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.customers.operations.notes import add_note
from regulars.customers.ways import Outcome, Way
from regulars.customers.writing import locked
from regulars.events.models import Event
from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue

ONE_CLICK = timedelta(minutes=1)
"""Who opens the same app again so soon was still getting in touch."""


@transaction.atomic
def log_contact(customer: Customer, way: str, *, by: Actor, outcome: str = "", note: str = "") -> Event | None:
    """Write into the trail that somebody got in touch; a note about it becomes a note of the customer.

    way: one of Way. outcome: one of Outcome; without one it was a click on a button, which counts once a minute.
    Returns None for such a second click. Raises BadValue, InTheBin.
    """
    if way not in Way.values or outcome not in ("", *Outcome.values):
        raise BadValue(_("“{value}” is no way to get in touch."), value=f"{way} {outcome}".strip(), field="way")
    customer = locked(customer)
    if not outcome and _just_clicked(customer, way, by):
        return None
    data = {"way": way, **({"outcome": outcome} if outcome else {})}
    event = record(customer.shop_id, "customer.contacted", about=("customer", customer.pk), by=by, data=data)
    if note.strip():
        add_note(customer, note, by=by)
    return event


def _just_clicked(customer: Customer, way: str, by: Actor) -> bool:
    since = timezone.now() - ONE_CLICK
    trail = Event.objects.filter(shop_id=customer.shop_id, customer_id=customer.pk, at__gte=since)
    return trail.filter(kind="customer.contacted", actor_kind=by.kind, actor_id=by.id, data={"way": way}).exists()
