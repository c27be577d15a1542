"""How orders and payments are found."""

from typing import Self

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


class PaymentQuerySet(ShopQuerySet):
    """Payments; every sentence starts with `.of(shop)`."""

    def waiting(self) -> Self:
        """Payments whose order has not arrived yet."""
        return self.filter(order__isnull=True).exclude(order_external_id="")
