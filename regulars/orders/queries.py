"""How orders and payments are found."""

from typing import Self

from django.db.models import F, Q

from regulars.shops.scope import ShopQuerySet

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


class OrderQuerySet(ShopQuerySet):
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


class PaymentQuerySet(ShopQuerySet):
    """Payments; every sentence starts with `.of(shop)`."""

    def waiting(self) -> Self:
        """Payments whose order has not arrived yet."""
        return self.filter(order__isnull=True).exclude(order_external_id="")
