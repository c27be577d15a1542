"""What can be asked, shown, sorted and exported of orders, and of customers by their orders."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import channel_options, customer_fields
from regulars.kit.query import FieldSet, Op
from regulars.kit.query.kinds import Choice, Count, Flag, Money, Related, Text
from regulars.kit.query.kinds_derived import Cases, Verdict
from regulars.kit.query.kinds_time import Moment
from regulars.orders.behaviour import baskets, trends
from regulars.orders.models import FinancialState, FulfilmentState
from regulars.segments.fields import InSegment
from regulars.shops.permissions import Permission

SEE = Permission.SEE_ORDERS
NO_ORDERS = Q(orders_placed=0, total_spent=0, last_order_at__isnull=True)

customer_fields.add(
    Count(
        "orders", _("Orders"), column="orders_count", aliases=["number_of_orders", "orders_count"], section="trade",
        needs=SEE, help=_("Orders as the shop counts them (Settings): recorded, placed, paid, fulfilled or delivered."),
    ),
    Money(
        "total_spent", _("Total spent"), aliases=["amount_spent", "money_spent"], section="trade", needs=SEE,
        help=_("Paid minus paid back, for orders that are not test, deleted or cancelled."),
    ),
    Money(
        "average_order", _("Average order"), aliases=["average_order_value", "aov"], nullable=True, section="trade",
        needs=SEE, help=_("Total spent divided by orders; empty when there are none."),
    ),
    Money(
        "spent_3m", _("Last 3 months"), section="trade", needs=SEE, sparse=True, aliases=["spent_last_3_months"],
        help=_("Total spent on orders placed since this day three months ago, in the shop's time zone."),
    ),
    Money(
        "spent_before_3m", _("The 3 months before"), section="trade", needs=SEE, sortable=False,
        help=_("Total spent on orders placed in the three months before the last three."),
    ),
    Cases(
        "spending_trend", _("Spending trend"), of=trends, aliases=["spending_behaviour"], section="trade", needs=SEE,
        help=_("The last 3 months against the 3 months before: rising is 20 % more at least, falling 20 % less."),
    ),
    Cases(
        "basket", _("Basket"), of=baskets, unknown=Q(average_order__isnull=True), aliases=["aov_band"],
        section="trade", needs=SEE,
        help=_("The average order against the shop's own: low, middle and high are a third of the customers each."),
    ),
    Verdict(
        "discount_only", _("Buys only with a discount"), section="trade", needs=SEE,
        when=Q(orders_placed__gt=0, orders_discounted=F("orders_placed")),
        help=_("Every order that counts as placed had a discount, and there is at least one."),
    ),
    Money(
        "debt", _("Debt"), section="trade", needs=SEE, sparse=True,
        help=_("What confirmed orders still owe: total minus paid, credited returns and what was written off."),
    ),
    Moment(
        "first_order_date", _("First order"), column="first_order_at", nullable=True, dated=True, section="trade",
        needs=SEE,
    ),
    Moment("last_order_date", _("Last order on"), column="last_order_at", nullable=True, section="trade", needs=SEE),
    Text("last_order", _("Last order"), column="last_order_number", section="trade", needs=SEE, sortable=False),
    Money(
        "gross_spent", _("Paid in all"), section="trade", needs=SEE,
        help=_("What was paid, before anything was paid back."),
    ),
    Money("refunded", _("Refunded"), section="trade", needs=SEE, help=_("What was paid back.")),
    Count(
        "orders_recorded", _("Orders recorded"), section="trade", needs=SEE,
        help=_("All orders but test and deleted ones."),
    ),
    Count(
        "orders_placed", _("Orders placed"), section="trade", needs=SEE, implies={(Op.EQ, 0): NO_ORDERS},
        help=_("Recorded and not cancelled."),
    ),
    Count("orders_paid", _("Orders paid"), section="trade", needs=SEE, help=_("Placed and fully paid.")),
    Count(
        "orders_fulfilled", _("Orders fulfilled"), section="trade", needs=SEE,
        help=_("Placed, and everything was sent or has arrived."),
    ),
    Count(
        "orders_delivered", _("Orders delivered"), section="trade", needs=SEE,
        help=_("Placed, and everything has arrived."),
    ),
    Count(
        "orders_discounted", _("Orders with a discount"), section="trade", needs=SEE,
        help=_("Placed orders of which the whole or a line had a discount."),
    ),
    Count("orders_cancelled", _("Orders cancelled"), section="trade", needs=SEE),
    Count(
        "orders_returned", _("Orders returned"), aliases=["returns"], section="trade", needs=SEE,
        help=_("Placed orders of which goods came back."),
    ),
    Related(
        "first_channel", _("First channel"), column="channel_first_id", aliases=["customer_source"],
        of=channel_options, nullable=True, section="trade", help=_("Where the customer first bought."),
    ),
    Related(
        "last_channel", _("Latest channel"), column="channel_last_id", of=channel_options, nullable=True,
        section="trade", help=_("Where the customer bought last."),
    ),
)  # fmt: skip

order_fields = FieldSet("order")
order_fields.add(
    Text("number", _("Order"), aliases=["order_number", "name"]),
    Moment("placed_at", _("Placed"), aliases=["date", "order_date"]),
    Money("total", _("Total"), aliases=["amount"]),
    Choice("financial_state", _("Payment"), of=FinancialState, aliases=["financial_status"]),
    Choice("fulfilment_state", _("Delivery"), of=FulfilmentState, aliases=["fulfillment_status"]),
    Related("channel", _("Channel"), column="channel_id", of=channel_options),
    Text("payment_method", _("Payment method")),
    Count("items", _("Items"), column="items_count"),
    Money("captured", _("Paid"), aliases=["paid"]),
    Money("refunded", _("Refunded")),
    Count("items_returned", _("Items returned")),
    Text("location", _("Location")),
    Text("email", _("E-mail"), needs=Permission.SEE_CONTACT, shown=False, sortable=False),
    Text("phone", _("Phone"), needs=Permission.SEE_CONTACT, shown=False, sortable=False),
    Moment("cancelled_at", _("Cancelled on"), nullable=True),
    Flag(
        "has_customer", _("Has a customer"), when=Q(customer__isnull=False),
        of=lambda row: row["customer_id"] is not None, reads=["customer_id"], shown=False,
    ),
    Flag(
        "cancelled", _("Cancelled"), when=Q(cancelled_at__isnull=False),
        of=lambda row: row["cancelled_at"] is not None, reads=["cancelled_at"], shown=False,
    ),
    InSegment(
        "customer_segment", _("Customer is in segment"), aliases=["segment"], link="customer_id", shown=False,
        section="relation",
    ),
    Flag("test", _("Test order"), column="is_test", shown=False),
    Flag("confirmed", _("Confirmed"), column="is_confirmed", shown=False),
)  # fmt: skip
