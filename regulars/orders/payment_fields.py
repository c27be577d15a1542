"""What can be asked, sorted and exported of transactions."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import channel_options
from regulars.kit.query import FieldSet
from regulars.kit.query.kinds import Choice, Flag, Money, Related, Text
from regulars.kit.query.kinds_time import Moment
from regulars.orders.models import PaymentKind, PaymentState
from regulars.segments.fields import InSegment

payment_fields = FieldSet("payment")
payment_fields.add(
    Moment("date", _("Date"), column="at", aliases=["at", "paid_at"]),
    Choice("kind", _("Kind"), of=PaymentKind),
    Choice("state", _("Outcome"), of=PaymentState, aliases=["status"]),
    Money("amount", _("Amount")),
    Money("fee", _("Fee")),
    Text("method", _("Payment method"), aliases=["payment_method"]),
    Text("reference", _("Reference"), aliases=["payment_reference"]),
    Related("channel", _("Channel"), column="channel_id", of=channel_options),
    Text("customer", _("Customer"), column="customer__name", aliases=["customer_name"], nullable=True, shown=False,
         sortable=False, section="relation"),
    Text("order_number", _("Order"), column="order__number", aliases=["order", "number"], nullable=True, shown=False,
         sortable=False),
    Moment("order_date", _("Order placed"), column="order__placed_at", nullable=True, shown=False, sortable=False),
    Flag(
        "stated", _("Only stated"), column="is_stated",
        help=_("No transaction, but what the order's source says was paid beyond those that are known."),
    ),
    Flag(
        "has_customer", _("Has a customer"), when=Q(customer__isnull=False),
        of=lambda row: row["customer_id"] is not None, reads=["customer_id"], shown=False,
    ),
    InSegment(
        "customer_segment", _("Customer is in segment"), aliases=["segment"], link="customer_id", shown=False,
        section="relation",
    ),
)  # fmt: skip
