"""What customers bought, paid, got back and still owe.

Amounts are minor units of the shop's currency, converted at `rate` when the order was in another one; the amount in
the order's own currency stands beside the total. The order row carries the sums of its payments and returns, so that
a customer's figures come from one table (`orders.stats.refresh_stats`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.catalog.models import Product
from regulars.customers.models import Customer
from regulars.shops.models import Channel
from regulars.shops.scope import ShopForeignKey, ShopModel, ShopQuerySet


class FinancialState(models.IntegerChoices):
    PENDING = 0, _("Pending")
    AUTHORISED = 1, _("Authorised")
    PARTLY_PAID = 2, _("Partly paid")
    PAID = 3, _("Paid")
    PARTLY_REFUNDED = 4, _("Partly refunded")
    REFUNDED = 5, _("Refunded")
    VOIDED = 6, _("Voided")


class FulfilmentState(models.IntegerChoices):
    UNFULFILLED = 0, _("Unfulfilled")
    PARTLY_FULFILLED = 1, _("Partly fulfilled")
    FULFILLED = 2, _("Fulfilled")
    DELIVERED = 3, _("Delivered")
    RETURNED = 4, _("Returned")


class OrderQuerySet(ShopQuerySet):
    """Orders; every sentence starts with `.of(shop)`."""

    def recorded(self) -> "OrderQuerySet":
        """All but test and deleted orders."""
        return self.filter(is_test=False, deleted_at__isnull=True)

    def placed(self) -> "OrderQuerySet":
        """Recorded and not cancelled."""
        return self.recorded().filter(cancelled_at__isnull=True)


class Order(ShopModel):
    """One order of one customer on one channel."""

    total = models.BigIntegerField(default=0)
    subtotal = models.BigIntegerField(default=0)
    discount = models.BigIntegerField(default=0)
    shipping = models.BigIntegerField(default=0)
    tax = models.BigIntegerField(default=0)
    captured = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    credited = models.BigIntegerField(default=0, help_text="returns credited against what is owed")
    written_off = models.BigIntegerField(default=0)
    total_original = models.BigIntegerField(default=0, help_text="minor units of `currency`")

    placed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    source_updated_at = models.DateTimeField(null=True, help_text="an older report never overwrites a newer one")

    customer = ShopForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    channel = ShopForeignKey(Channel, models.PROTECT, related_name="+")
    financial_state = models.PositiveSmallIntegerField(choices=FinancialState.choices, default=0)
    fulfilment_state = models.PositiveSmallIntegerField(choices=FulfilmentState.choices, default=0)
    items_count = models.PositiveIntegerField(default=0)
    is_test = models.BooleanField(default=False)
    is_confirmed = models.BooleanField(default=True, help_text="a draft owes nothing")

    rate = models.DecimalField(
        max_digits=20, decimal_places=10, default=1, help_text="shop currency per 1 of `currency`"
    )
    currency = models.CharField(max_length=3)
    number = models.CharField(max_length=60, db_collation="C")
    external_id = models.CharField(max_length=100, db_collation="C")
    payment_method = models.CharField(max_length=40, blank=True, db_collation="C")
    email = models.CharField(max_length=254, blank=True, db_collation="C")
    phone = models.CharField(max_length=20, blank=True, db_collation="C", help_text="E.164")
    location = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    shipping_address = models.JSONField(null=True)
    billing_address = models.JSONField(null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "channel", "external_id"], name="order_once"),
            models.CheckConstraint(
                condition=Q(captured__gte=0, refunded__gte=0, credited__gte=0, written_off__gte=0),
                name="order_sums_not_negative",
            ),
            models.CheckConstraint(condition=~Q(external_id=""), name="order_named"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "customer", "placed_at"], name="order_of_customer"),
            models.Index(fields=["shop", "placed_at", "id"], name="order_time"),
            models.Index(fields=["shop", "number"], name="order_number"),
        ]

    def __str__(self) -> str:
        return self.number


class Line(ShopModel):
    """One row of an order: a product, or a booked service with its date."""

    unit_price = models.BigIntegerField(default=0)
    discount = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    order = ShopForeignKey(Order, models.CASCADE, related_name="lines")
    product = ShopForeignKey(Product, models.PROTECT, null=True, related_name="+")
    quantity = models.IntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    service_on = models.DateField(null=True)
    title = models.CharField(max_length=300)
    sku = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["shop", "order"], name="line_of_order")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class PaymentKind(models.IntegerChoices):
    CAPTURE = 0, _("Payment")
    AUTHORISATION = 1, _("Authorisation")
    REFUND = 2, _("Refund")
    VOID = 3, _("Void")


class PaymentState(models.IntegerChoices):
    PENDING = 0, _("Pending")
    SUCCEEDED = 1, _("Succeeded")
    FAILED = 2, _("Failed")


class Payment(ShopModel):
    """One movement of money, as a bank or a till reported it: a transaction. Never changed but in its state."""

    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    order = ShopForeignKey(Order, models.PROTECT, null=True, related_name="payments")
    customer = ShopForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    channel = ShopForeignKey(Channel, models.PROTECT, related_name="+")
    kind = models.PositiveSmallIntegerField(choices=PaymentKind.choices, default=PaymentKind.CAPTURE)
    state = models.PositiveSmallIntegerField(choices=PaymentState.choices, default=PaymentState.SUCCEEDED)
    method = models.CharField(max_length=40, blank=True, db_collation="C")
    reference = models.CharField(max_length=100, blank=True, db_collation="C")
    external_id = models.CharField(max_length=100, db_collation="C")
    order_external_id = models.CharField(
        max_length=100, blank=True, db_collation="C", help_text="of an order that has not arrived yet"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "external_id"], name="payment_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_not_negative"),
        ]
        indexes = [
            models.Index("shop", "customer", F("at").desc(), name="payment_of_customer"),
            models.Index(fields=["shop", "order"], name="payment_of_order"),
            models.Index(fields=["shop", "reference"], name="payment_reference", condition=~Q(reference="")),
            models.Index(
                fields=["shop", "channel", "order_external_id"],
                name="payment_waiting",
                condition=Q(order__isnull=True) & ~Q(order_external_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class ReturnReason(models.IntegerChoices):
    OTHER = 0, _("Other")
    PRODUCT = 1, _("Something wrong with the product")
    CUSTOMER = 2, _("Customer's request")
    REFUSED = 3, _("Refused at the door")


class Return(ShopModel):
    """Goods that came back, as a recorded fact; `credited` is what it takes off the customer's debt."""

    amount = models.BigIntegerField(default=0, help_text="worth of the goods")
    credited = models.BigIntegerField(default=0, help_text="taken off what is owed, not paid back")
    at = models.DateTimeField()
    order = ShopForeignKey(Order, models.PROTECT, null=True, related_name="returns")
    customer = ShopForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    channel = ShopForeignKey(Channel, models.PROTECT, related_name="+")
    reason = models.PositiveSmallIntegerField(choices=ReturnReason.choices, default=ReturnReason.OTHER)
    quantity = models.PositiveIntegerField(default=0)
    external_id = models.CharField(max_length=100, db_collation="C")
    order_external_id = models.CharField(max_length=100, blank=True, db_collation="C")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "external_id"], name="return_once"),
            models.CheckConstraint(condition=Q(amount__gte=0, credited__gte=0), name="return_not_negative"),
        ]
        indexes = [
            models.Index("shop", "customer", F("at").desc(), name="return_of_customer"),
            models.Index(fields=["shop", "order"], name="return_of_order"),
            models.Index(
                fields=["shop", "channel", "order_external_id"],
                name="return_waiting",
                condition=Q(order__isnull=True) & ~Q(order_external_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} returned"
