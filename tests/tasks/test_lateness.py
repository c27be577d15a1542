"""For how many customers each of the staff is behind."""

from datetime import date

import pytest

from regulars.customers.operations import delete_customer, set_staff
from regulars.tasks.lateness import late_by_staff
from regulars.tasks.operations import complete_task, delete_task
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.tasks.working import create_task

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 3, 2)


@pytest.fixture
def shop():
    return create_shop()


def customer_of(shop, *staff):
    customer = create_customer(shop)
    set_staff(customer, [one.pk for one in staff], by=SYSTEM)
    return customer


def late_task(linh, customer):
    return create_task(linh, day=LONG_AGO, customer=customer)


def test_counts_customers_once_for_each_who_is_responsible(shop, django_assert_num_queries):
    linh, minh = create_staff(shop, name="Linh"), create_staff(shop, name="Minh")
    ann, bea = customer_of(shop, linh), customer_of(shop, minh, linh)
    for one in (ann, ann, bea, create_customer(shop)):
        late_task(linh, one)

    with django_assert_num_queries(1):
        assert late_by_staff(shop) == {linh.pk: 2, minh.pk: 1}


def test_leaves_out_what_is_not_late_any_more_and_who_is_gone(shop):
    linh = create_staff(shop, name="Linh")
    complete_task(late_task(linh, customer_of(shop, linh)), by=SYSTEM)
    delete_task(late_task(linh, customer_of(shop, linh)), by=SYSTEM)
    gone = customer_of(shop, linh)
    late_task(linh, gone)
    delete_customer(gone, by=SYSTEM)
    create_task(linh, day=date(2199, 1, 1), customer=customer_of(shop, linh))

    assert late_by_staff(shop) == {}


def test_knows_nothing_of_other_shops(shop):
    linh = create_staff(shop, name="Linh")
    late_task(linh, customer_of(shop, linh))

    assert late_by_staff(create_shop("There")) == {}
