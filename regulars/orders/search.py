"""Finding customers by what stands on their papers: order numbers and payment references."""

from django.db.models import Q
from django.utils.translation import gettext as _

from regulars.customers.search import search_source
from regulars.orders.models import Order, Payment

MOST = 20
SHORTEST = 2


@search_source("order numbers")
def by_order_number(shop_id: int, text: str) -> list[tuple[int, str]]:
    """Customers with an order of exactly this number, written with or without its #, newest first."""
    plain = text.strip().removeprefix("#").strip()
    if len(plain) < SHORTEST and not text.startswith("#"):
        return []
    written = {plain, f"#{plain}", plain.upper(), f"#{plain.upper()}"}
    orders = Order.objects.of(shop_id).existing().filter(number__in=written, customer__isnull=False)
    found = orders.order_by("-placed_at", "-pk").values_list("customer_id", "number")[:MOST]
    return [(customer_id, _("order {number}").format(number=number)) for customer_id, number in found]


@search_source("payment references")
def by_payment_reference(shop_id: int, text: str) -> list[tuple[int, str]]:
    """Customers with a payment of exactly this reference, newest first."""
    plain = text.strip()
    if len(plain) < SHORTEST:
        return []
    written = Q(reference=plain) | Q(reference=plain.upper())
    payments = Payment.objects.of(shop_id).filter(written, customer__isnull=False).exclude(reference="")
    found = payments.order_by("-at", "-pk").values_list("customer_id", "reference")[:MOST]
    return [(customer_id, _("payment {reference}").format(reference=known)) for customer_id, known in found]
