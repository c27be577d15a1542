"""Finding movements of points by the customers that somebody typed."""

from django.db.models import QuerySet

from regulars.customers.search import matching
from regulars.shops.models import Shop, Staff

FEW = 1000
"""Up to so many customers that a text means are asked for by their ids."""


def find_entries(rows: QuerySet, shop: Shop, staff: Staff | None, text: str) -> QuerySet:
    """Those of customers the text means, in any spelling. staff: whose eyes the search sees with; None sees all."""
    people = matching(shop, text, seen_by=staff)
    few = list(people.values_list("pk", flat=True)[: FEW + 1])
    return rows.filter(customer_id__in=few if len(few) <= FEW else people)
