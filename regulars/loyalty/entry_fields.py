"""What can be asked, sorted and exported of movements of points."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import staff_options
from regulars.kit.query import FieldSet
from regulars.kit.query.kinds import Choice, Count, Flag, Person, Text
from regulars.kit.query.kinds_time import Day, Moment
from regulars.loyalty.models import Reason
from regulars.segments.fields import InSegment


class InTurn(Count):
    """The order in which rows were written, which is the table's own."""

    numeric = False


entry_fields = FieldSet("points entry")
entry_fields.add(
    Moment("date", _("Date"), column="created_at", aliases=["created_at", "at"], help=_("When it was written.")),
    Choice("reason", _("Reason"), of=Reason),
    Count("points", _("Points"), help=_("More than 0 for what was given, less for what was taken.")),
    Count(
        "balance", _("Balance after"), column="balance_after", aliases=["balance_after"], nullable=True,
        help=_("Of the customer, when it began to count."),
    ),
    Text("note", _("Note")),
    Text("origin", _("Programme"), help=_("Where an opening balance comes from.")),
    Person("staff", _("Staff"), column="staff_id", of=staff_options, nullable=True, aliases=["staff_member"]),
    Day("counts_on", _("Counts from")),
    Day("expires_on", _("Can be used until"), nullable=True),
    Flag(
        "pending", _("Pending"), when=Q(counted_at__isnull=True), of=lambda row: row["counted_at"] is None,
        reads=["counted_at"], help=_("Counts from a later day on."),
    ),
    Text("customer", _("Customer"), column="customer__name", aliases=["customer_name"], shown=False, sortable=False,
         section="relation"),
    InSegment(
        "customer_segment", _("Customer is in segment"), aliases=["segment"], link="customer_id", shown=False,
        section="relation",
    ),
    InTurn("number", _("Number"), column="id", shown=False, filterable=False),
)  # fmt: skip
