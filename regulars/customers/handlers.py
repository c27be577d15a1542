"""What customers do when they hear of news from other floors."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from regulars.customers.models import Group, Status
from regulars.events.handlers import on
from regulars.shops.models import Shop

STANDARD = "standard"

# key, name, colour. The two built-in groups and the six stages of working with a customer.
GROUPS = [
    (STANDARD, gettext_noop("Standard"), "grey"),
    ("business", gettext_noop("Business"), "blue"),
]
STATUSES = [
    ("unreachable", gettext_noop("Unable to contact"), "orange"),
    ("contacted", gettext_noop("Contacted"), "azure"),
    ("not_potential", gettext_noop("Not potential"), "grey"),
    ("potential", gettext_noop("Potential"), "yellow"),
    ("closing", gettext_noop("Closing order"), "teal"),
    ("closed", gettext_noop("Closed order"), "green"),
]


@on("shop.created")
def prepare_shop(shop_id: int, **_news: Any) -> None:
    """Give a new shop its groups and statuses, named in its language. Doing it again changes nothing."""
    shop = Shop.objects.get(pk=shop_id)
    with translation.override(shop.language):
        Group.objects.bulk_create(
            (
                Group(shop=shop, key=key, name=_(name), colour=colour, position=place, is_builtin=True)
                for place, (key, name, colour) in enumerate(GROUPS, start=1)
            ),
            ignore_conflicts=True,
        )
        Status.objects.bulk_create(
            (
                Status(shop=shop, key=key, name=_(name), colour=colour, position=place)
                for place, (key, name, colour) in enumerate(STATUSES, start=1)
            ),
            ignore_conflicts=True,
        )
