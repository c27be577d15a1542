"""Whether points on customers' rows are what their ledgers say."""

from django.utils.translation import gettext_lazy as _

from regulars.customers.checks import Check, add_check
from regulars.loyalty.figures import differences, refresh_points

add_check(
    Check(
        "points", _("Points of customers are what their ledgers say"), "their ledger says", differences, refresh_points,
    )
)  # fmt: skip
