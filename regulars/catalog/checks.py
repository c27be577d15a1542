"""Whether visits and interaction of customers are what their activity says."""

from django.utils.translation import gettext_lazy as _

from regulars.catalog.activity_stats import differences, refresh_activity
from regulars.customers.checks import Check, add_check

add_check(
    Check(
        "activity", _("Visits and interaction are what activity says"), "their activity says", differences,
        refresh_activity,
    )
)  # fmt: skip
