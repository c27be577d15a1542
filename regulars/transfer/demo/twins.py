"""One customer of a demo shop who had been two."""

from django.db import transaction

from regulars.customers.merging import merge
from regulars.customers.merging.choosing import HAS_ACCOUNT
from regulars.customers.models import Customer, Merge
from regulars.shops.models import Shop, Staff
from regulars.shops.queries import acting


@transaction.atomic
def join_two(shop: Shop) -> None:
    """Merge a buyer into their namesake, or else into whoever bought most. Does nothing a second time."""
    staff = Staff.objects.of(shop).active().filter(role__in=("owner", "manager")).select_related("user").first()
    if staff is None or Merge.objects.of(shop).exists():
        return
    people = Customer.objects.of(shop).alive().exclude(account_state__in=HAS_ACCOUNT)
    buyers = list(people.filter(orders_count__gte=1).exclude(name="").order_by("-total_spent", "pk")[:200])
    names: dict[str, Customer] = {}
    for one in buyers:
        if one.name_key in names:
            merge(shop, names[one.name_key], [one], by=acting(staff))
            return
        names[one.name_key] = one
    if len(buyers) > 1:
        merge(shop, buyers[0], [buyers[-1]], by=acting(staff))
