"""What can be asked, shown, sorted and exported of customers by their points."""

from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import customer_fields
from regulars.kit.query.kinds import Count

customer_fields.add(
    Count(
        "points", _("Points"), aliases=["points_balance", "points_left"], section="loyalty",
        help=_("What is left to use: all that counts today, minus what was taken and what expired."),
    ),
    Count(
        "points_earned", _("Points ever earned"), section="loyalty",
        help=_("All points the customer was ever given; what is taken or expires does not lower it."),
    ),
    Count(
        "points_pending", _("Pending points"), section="loyalty",
        help=_("Points that count from a later day on."),
    ),
)  # fmt: skip
