"""Several counts, one question to the database."""

import pytest

from regulars.customers.models import Customer, Note
from regulars.kit.query.paging import counts_up_to
from tests.factories import create_customer, create_shop

pytestmark = pytest.mark.django_db


def test_counts_each_up_to_the_cap_in_one_query(django_assert_num_queries):
    shop = create_shop()
    for _ in range(5):
        create_customer(shop)
    people = Customer.objects.of(shop)

    with django_assert_num_queries(1):
        counts = counts_up_to(
            {"all": people.order_by("-name"), "nobody": people.none(), "notes": Note.objects.of(shop)}, 3
        )

    assert counts == {"all": 4, "nobody": 0, "notes": 0}


def test_of_nothing_that_can_have_rows_asks_nobody(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counts_up_to({"nobody": Customer.objects.none()}) == {"nobody": 0}
