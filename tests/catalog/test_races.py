"""Many deliveries at once: nothing is counted twice, nobody waits in a circle, figures are right at the end."""

import pytest

from regulars.catalog.activity_stats import check
from regulars.catalog.models import Activity, Product
from tests.catalog.shopping import report, seen
from tests.factories import create_customer, create_shop
from tests.meeting import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_rows_delivered_in_both_directions_count_once():
    shop = create_shop()
    people = [create_customer(shop, name=f"Ann {number}") for number in range(20)]
    views = [
        seen(
            "product_viewed", id=f"e{number}", minutes=number, customer={"id": people[number % 20].pk},
            visitor=f"v{number % 20}", product={"sku": f"S-{number % 30}"},
        )
        for number in range(200)
    ]  # fmt: skip
    before = [seen(visitor=f"v{number}", minutes=300) for number in range(20)]
    report(shop, *before)

    at_once(
        *[lambda order=order: report(shop, *order) for order in (views, views[::-1], views[100:], views[:100][::-1])]
    )

    assert Activity.objects.of(shop).count() == 220
    assert Activity.objects.of(shop).filter(customer=None).count() == 0
    assert Product.objects.of(shop).count() >= 30
    assert check(shop) == []
