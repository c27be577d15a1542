"""How orders and payments are found."""

from typing import Self

from django.db.models import F

from regulars.shops.scope import ShopQuerySet


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
        done_with = F("credited") + F("written_off") + F("captured")  # as in the index of them
        return self.placed().filter(is_confirmed=True, total__gt=done_with)

    def for_list(self) -> Self:
        """With all that one row of a list shows."""
        return self.select_related("customer", "channel")


class PaymentQuerySet(ShopQuerySet):
    """Payments; every sentence starts with `.of(shop)`."""

    def waiting(self) -> Self:
        """Payments whose order has not arrived yet."""
        return self.filter(order__isnull=True).exclude(order_external_id="")
