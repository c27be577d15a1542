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
from regulars.orders.queries import OVERPAID, OWING, OrderQuerySet, PaymentQuerySet
from regulars.shops.models import Channel, Staff
from regulars.shops.scope import ShopForeignKey, ShopModel


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


COUNTED = Q(is_test=False, deleted_at__isnull=True, cancelled_at__isnull=True)
"""Placed orders: recorded and not cancelled."""


class Order(ShopModel):  # type: ignore[django-manager-missing]
    """One order of one customer on one channel."""

    total = models.BigIntegerField(default=0)
    subtotal = models.BigIntegerField(default=0)
    discount = models.BigIntegerField(default=0)
    shipping = models.BigIntegerField(default=0)
    tax = models.BigIntegerField(default=0)
    captured = models.BigIntegerField(default=0, help_text="sum of its payments, kept by orders.sums")
    refunded = models.BigIntegerField(default=0, help_text="sum of its refunds")
    returned = models.BigIntegerField(default=0, help_text="worth of the goods that came back")
    credited = models.BigIntegerField(default=0, help_text="returns credited against what is owed")
    written_off = models.BigIntegerField(default=0)
    stated_paid = models.BigIntegerField(null=True, help_text="what the source says was paid, without transactions")
    stated_refunded = models.BigIntegerField(null=True, help_text="what the source says was paid back")
    total_original = models.BigIntegerField(default=0, help_text="minor units of `currency`")

    placed_at = models.DateTimeField()
    due_on = models.DateField(null=True, help_text="when it should be paid; None: the shop's usual days after it")
    cancelled_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    source_updated_at = models.DateTimeField(null=True, help_text="an older report never overwrites a newer one")

    customer = ShopForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    channel = ShopForeignKey(Channel, models.PROTECT, related_name="+")
    financial_state = models.PositiveSmallIntegerField(choices=FinancialState.choices, default=0)
    fulfilment_state = models.PositiveSmallIntegerField(choices=FulfilmentState.choices, default=0)
    stated_state = models.PositiveSmallIntegerField(choices=FinancialState.choices, null=True)
    items_count = models.PositiveIntegerField(default=0)
    items_returned = models.PositiveIntegerField(default=0)
    is_test = models.BooleanField(default=False)
    is_confirmed = models.BooleanField(default=True, help_text="a draft owes nothing")
    is_moved = models.BooleanField(
        default=False, db_default=False, help_text="staff said whose it is: no report gives it to anybody else"
    )

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

    objects = OrderQuerySet.as_manager()  # type: ignore[misc, django-manager-missing]

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
            models.Index(
                fields=["shop", "placed_at"],
                include=["customer", "total", "channel"],
                name="order_window",
                condition=COUNTED & Q(customer__isnull=False),
            ),
            models.Index(
                fields=["shop", "customer"],
                include=["placed_at", "due_on", "total", "captured", "credited", "written_off"],
                name="order_owing",
                condition=OWING,
            ),
            models.Index(
                fields=["shop", "customer"],
                include=["total", "captured", "refunded", "credited"],
                name="order_overpaid",
                condition=OVERPAID,
            ),
            models.Index(fields=["shop", "number"], name="order_number"),
            models.Index(fields=["shop", "email", "customer"], name="order_reached_by_email", condition=~Q(email="")),
            models.Index(fields=["shop", "phone", "customer"], name="order_reached_by_phone", condition=~Q(phone="")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_placed(self) -> bool:
        """Recorded and not cancelled: it counts (docs/reference/figures.md)."""
        return not (self.is_test or self.deleted_at or self.cancelled_at)

    @property
    def is_fully_paid(self) -> bool:
        """Nothing is left to pay but what was credited, and not all of it was paid back."""
        if self.captured + self.credited < self.total:
            return False
        return self.captured > self.refunded or (self.captured == self.refunded == 0 and self.total <= 0)

    @property
    def has_come_back(self) -> bool:
        """Goods of it were returned, some or all."""
        return self.items_returned > 0 or self.fulfilment_state == FulfilmentState.RETURNED

    @property
    def spent(self) -> int:
        """What it adds to its customer's total spent, in minor units."""
        return self.captured - self.refunded if self.is_placed else 0

    @property
    def owed(self) -> int:
        """What is still to be paid, in minor units; 0 for orders that owe nothing."""
        if not self.is_placed or not self.is_confirmed:
            return 0
        return max(0, self.total - self.credited - self.written_off - self.captured)

    @property
    def overpaid(self) -> int:
        """What the customer paid beyond the order and did not get back, in minor units: a credit, no debt."""
        if not self.is_placed:
            return 0
        return max(0, self.captured - self.refunded - max(0, self.total - self.credited))


class Line(ShopModel):
    """One row of an order: a product, or a booked service with its date.

    Whose it is, since when and whether it counts are the order's, repeated here (`orders.lines.follow_orders`): so who
    bought a product lately is read from one index.
    """

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

    customer = ShopForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(null=True)
    is_counted = models.BooleanField(default=False, db_default=False, help_text="its order is placed: see COUNTED")

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["shop", "order"], name="line_of_order"),
            models.Index(
                fields=["shop", "product", "placed_at"],
                include=["customer", "order", "quantity"],
                name="line_bought",
                condition=Q(is_counted=True, product__isnull=False, customer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class PaymentKind(models.IntegerChoices):
    CAPTURE = 0, _("Payment")
    AUTHORISATION = 1, _("Authorisation")
    REFUND = 2, _("Refund")
    VOID = 3, _("Void")


class PaymentState(models.IntegerChoices):
    """In the order in which reports may replace each other: what succeeded never fails afterwards."""

    PENDING = 0, _("Pending")
    FAILED = 1, _("Failed")
    SUCCEEDED = 2, _("Succeeded")


class Payment(ShopModel):
    """One movement of money, as a bank or a till reported it: a transaction. Never changed but in its state; one that
    staff recorded takes the name of its source when that lists it (`orders.recognising`).

    `is_stated`: not a transaction, but what the order's source says was paid or paid back beyond the transactions
    we know of; there is at most one of each kind an order, kept by `orders.sums`.
    """

    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    original = models.DecimalField(max_digits=20, decimal_places=4, help_text="amount in `currency`")
    at = models.DateTimeField()
    order = ShopForeignKey(Order, models.PROTECT, null=True, related_name="payments")
    customer = ShopForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    channel = ShopForeignKey(Channel, models.PROTECT, related_name="+")
    kind = models.PositiveSmallIntegerField(choices=PaymentKind.choices, default=PaymentKind.CAPTURE)
    state = models.PositiveSmallIntegerField(choices=PaymentState.choices, default=PaymentState.SUCCEEDED)
    is_stated = models.BooleanField(default=False)
    currency = models.CharField(max_length=3, blank=True, help_text="blank: that of an order we are waiting for")
    method = models.CharField(max_length=40, blank=True, db_collation="C")
    reference = models.CharField(max_length=100, blank=True, db_collation="C")
    external_id = models.CharField(max_length=100, db_collation="C")
    by_hand = models.CharField(
        max_length=100, blank=True, default="", db_default="", db_collation="C",
        help_text="the name under which staff recorded it here",
    )  # fmt: skip
    order_external_id = models.CharField(
        max_length=100, blank=True, db_collation="C", help_text="of an order that has not arrived yet"
    )

    objects = PaymentQuerySet.as_manager()  # type: ignore[misc, django-manager-missing]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "external_id"], name="payment_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_not_negative"),
        ]
        indexes = [
            models.Index("shop", "customer", F("at").desc(), name="payment_of_customer"),
            models.Index(fields=["shop", "order"], name="payment_of_order"),
            models.Index(fields=["shop", "at", "id"], name="payment_time"),
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
    original = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="amount in `currency`")
    original_credited = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    at = models.DateTimeField()
    order = ShopForeignKey(Order, models.PROTECT, null=True, related_name="returns")
    customer = ShopForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    channel = ShopForeignKey(Channel, models.PROTECT, related_name="+")
    reason = models.PositiveSmallIntegerField(choices=ReturnReason.choices, default=ReturnReason.OTHER)
    quantity = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, help_text="blank: that of an order we are waiting for")
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


class WriteOff(ShopModel):
    """A part of what an order owes that was given up. Append-only: taking it back is a row below zero.

    `Order.written_off` is the sum of its rows, kept by `orders.debts`.
    """

    amount = models.BigIntegerField(help_text="minor units; below zero takes one back")
    order = ShopForeignKey(Order, models.PROTECT, related_name="write_offs")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=now)
    by = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="write_off_something")]
        indexes = [models.Index(fields=["shop", "order"], name="write_off_of_order")]

    def __str__(self) -> str:
        return str(self.amount)


class FigureWindow(ShopModel):
    """From which instant the stored "last 3 months" figures of a shop count (`orders.windows`)."""

    since = models.DateTimeField()
    basket_low = models.BigIntegerField(default=0, help_text="a third of the customers with orders average less")
    basket_high = models.BigIntegerField(default=0, help_text="a third of the customers with orders average more")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="figure_window_once")]

    def __str__(self) -> str:
        return self.since.isoformat()
