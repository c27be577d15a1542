"""Short ways to ask for a customer's page and to look at the answer."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from regulars.events.models import Event
from regulars.orders.facts import LineFacts, OrderFacts, PaymentFacts
from regulars.orders.models import PaymentKind
from regulars.orders.operations import record_order
from tests.factories import SYSTEM


def text(response):
    return response.content.decode()


def at(customer, path=""):
    return f"/s/hoa-sen/customers/{customer.pk}/{path}"


def part(target):
    return {"HX-Request": "true", "HX-Target": f"div#{target}"}


def kinds_of(customer):
    return list(Event.objects.filter(customer_id=customer.pk).order_by("-id").values_list("kind", flat=True))


def order(shop, customer, number, *, total=100_000, paid=None, back=0):
    """An order of yesterday, paid in full unless said otherwise; back: what was paid back."""
    placed = datetime.now(UTC) - timedelta(days=1)
    paid = Decimal(total if paid is None else paid)
    payments = [PaymentFacts(external_id=f"p{number}", amount=paid, at=placed, method="COD", reference=f"FT{number}")]
    refund = PaymentFacts(external_id=f"r{number}", amount=Decimal(back), at=placed, kind=PaymentKind.REFUND)
    facts = OrderFacts(
        channel="website", external_id=str(number), number=f"#{number}", placed_at=placed, currency="VND",
        total=Decimal(total), lines=[LineFacts(title="Trà sen", unit_price=Decimal(total))],
        payments=payments, refunds=[refund] if back else [], customer_id=customer.pk,
    )  # fmt: skip
    return record_order(shop, facts, by=SYSTEM)
