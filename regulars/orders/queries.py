"""How orders and payments are found."""

from typing import TYPE_CHECKING, Self

from django.db.models import F, Q

from regulars.customers.models import Customer
from regulars.shops.scope import ShopQuerySet

if TYPE_CHECKING:
    from regulars.shops.models import Staff

OWING = Q(
    cancelled_at__isnull=True, deleted_at__isnull=True, is_test=False, is_confirmed=True,
    total__gt=F("credited") + F("written_off") + F("captured"),
)  # fmt: skip
"""Placed and confirmed orders with something left to pay, said as the index of them says it."""

OVERPAID = Q(
    cancelled_at__isnull=True, deleted_at__isnull=True, is_test=False,
    captured__gt=F("refunded") + F("total") - F("credited"),
) & Q(captured__gt=F("refunded"))  # fmt: skip
"""Placed orders of which more was paid than they cost, and not paid back; said as their index says it."""


class TradeQuerySet(ShopQuerySet):
    """What customers trade; every sentence starts with `.of(shop)`."""

    def visible_to(self, staff: "Staff | None") -> Self:
        """What a staff member may see: who is limited to own customers sees only theirs; None sees everything."""
        if staff is None or not staff.only_own:
            return self
        return self.filter(customer_id__in=Customer.objects.of(staff.shop_id).visible_to(staff).values("pk"))


class OrderQuerySet(TradeQuerySet):
    """Orders; every sentence starts with `.of(shop)`."""

    def existing(self) -> Self:
        """All but deleted orders, test orders among them."""
        return self.filter(deleted_at__isnull=True)

    def recorded(self) -> Self:
        """All but test and deleted orders."""
        return self.existing().filter(is_test=False)

    def placed(self) -> Self:
        """Recorded and not cancelled."""
        return self.recorded().filter(cancelled_at__isnull=True)

    def owing(self) -> Self:
        """Placed and confirmed orders with something left to pay."""
        return self.filter(OWING)

    def overpaid(self) -> Self:
        """Placed orders that somebody paid too much for."""
        return self.filter(OVERPAID)

    def for_list(self) -> Self:
        """With all that one row of a list shows."""
        return self.select_related("customer", "channel")


class PaymentQuerySet(TradeQuerySet):
    """Payments; every sentence starts with `.of(shop)`."""

    def by_hand_alone(self) -> Self:
        """Recorded here by staff, and by no source listed since."""
        return self.exclude(by_hand="").filter(external_id=F("by_hand"))

    def waiting(self) -> Self:
        """Payments whose order has not arrived yet."""
        return self.filter(order__isnull=True).exclude(order_external_id="")
