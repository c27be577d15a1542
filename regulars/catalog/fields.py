"""What can be asked, shown, sorted and exported of a customer by their visits."""

from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import customer_fields
from regulars.customers.models import Interaction
from regulars.kit.query.kinds import Choice, Count
from regulars.kit.query.kinds_time import Moment

SECTION = "activity"

customer_fields.add(
    Moment(
        "last_access", _("Last access"), column="last_access_at", aliases=["last_access_date", "last_seen"],
        nullable=True, section=SECTION, help=_("When the customer last did anything on the shop's site or in its app."),
    ),
    Count(
        "visits", _("Visits"), aliases=["visit_count"], section=SECTION,
        help=_("Times the customer came; who did nothing for half an hour comes again."),
    ),
    Count(
        "visits_30d", _("Visits in 30 days"), aliases=["access_frequency"], section=SECTION,
        help=_("Visits begun since this day 30 days ago, in the shop's time zone."),
    ),
    Choice(
        "interaction", _("Interaction"), of=Interaction, aliases=["interaction_level"], section=SECTION,
        help=_("How much the customer did in these 30 days: views, carts, checkouts, tasks and messages, weighed."),
    ),
)  # fmt: skip
