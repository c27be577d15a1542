"""Who is forgotten is in no table any more, whatever part of the house wrote of them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from regulars.connectors.models import LastReport
from regulars.connectors.receiving import receive
from regulars.customers.contacts import log_contact
from regulars.customers.merging import merge, unmerge
from regulars.customers.models import Customer, Identity
from regulars.customers.note_files import Upload
from regulars.customers.operations import (
    add_note,
    anonymise,
    delete_customer,
    delete_note,
    purge,
    update_customer,
)
from regulars.customers.operations.fields import add_field
from regulars.customers.operations.households import link_household, rename_household
from regulars.kit.jobs import run_waiting_jobs
from regulars.loyalty.operations import adjust_points
from regulars.orders.by_hand import Money, take_payment
from regulars.orders.models import Order
from regulars.tasks.due import Due
from regulars.tasks.models import Task
from regulars.tasks.operations import Facts, add_task, change_task, complete_task
from regulars.tasks.repeating import Rule
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff
from tests.house.canary import marked_customer

pytestmark = pytest.mark.django_db

NEEDLE = "NEEDLEQ"
KEPT = {
    "orders_order", "orders_line", "orders_return", "orders_payment", "catalog_product", "catalog_activity",
    "customers_tag",
}  # fmt: skip
"""What was sold, where it was sent and how it was paid stays with the order, for the books; so do words of the shop."""

OF_OTHERS = ["actor_name", "last_order_number"]
"""What the canary writes of the shop's people and of the order."""


def where_it_stands(needle):
    """Tables that hold the word in some column, written out or as bytes."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            row = "(to_jsonb(t) - %s::text[])::text"
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" t WHERE {row} ILIKE %s OR {row} ILIKE %s)',
                [OF_OTHERS, f"%{needle}%", OF_OTHERS, f"%{needle.encode().hex()}%"],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


@pytest.fixture
def shop():
    return create_shop("Here")


def marked_task_of(customer):
    """A weekly task of theirs that is about nobody this once; the customer."""
    linh, today = create_staff(customer.shop, role="manager", name="Linh"), timezone.localdate()
    weekly = Facts(f"Ask {NEEDLE}", Due(today), linh, note=NEEDLE, customer=customer, rule=Rule("weekly"))
    task = add_task(customer.shop, weekly, by=SYSTEM)
    change_task(task, Facts("Ask Bo", Due(today), linh, rule=Rule("weekly")), version=1, only_this=True, by=SYSTEM)
    return customer


def reported(customer):
    """Another system has told of them."""
    Identity.objects.create(shop=customer.shop, customer=customer, channel="shopify", external_id=NEEDLE)
    tags = {NEEDLE: ["0", NEEDLE]}
    LastReport.objects.create(shop=customer.shop, channel="shopify", external_id=NEEDLE, at=timezone.now(), tags=tags)


def merged_once(customer):
    """Somebody else was thought to be them, for a while."""
    shop = customer.shop
    other = create_customer(shop, name="Other")
    unmerge(merge(shop, other, [customer], choices={"name": customer.pk}, by=SYSTEM), by=SYSTEM)
    customer.refresh_from_db()


@pytest.fixture
def ann(shop):
    """Somebody of whom every part of the house has written something."""
    linh = create_staff(shop, role="manager", name="Linh")
    add_field(shop, "Wish", "text", by=SYSTEM)
    ann = marked_customer(shop, NEEDLE)
    update_customer(ann, {"custom.wish": f"{NEEDLE} wish"}, by=actor(linh))
    ann.refresh_from_db()
    reported(ann)
    merged_once(ann)
    bea = create_customer(shop, name=f"{NEEDLE} Bea", email=f"{NEEDLE}2@example.com", phone="0912345678")
    merge(shop, ann, [bea], by=actor(linh))
    ann.refresh_from_db()
    link_household([ann, create_customer(shop, name="Bo")], name=f"{NEEDLE}s", by=SYSTEM)
    ann.refresh_from_db()
    rename_household(ann.household, f"The {NEEDLE}s", by=SYSTEM)
    add_note(ann, f"{NEEDLE} @Linh", by=SYSTEM, files=[Upload(f"{NEEDLE}.txt", NEEDLE.encode())])
    gone = add_note(ann, f"{NEEDLE} gone", by=actor(linh), files=[Upload(f"{NEEDLE}.txt", NEEDLE.encode())])
    delete_note(gone, staff=linh)
    log_contact(ann, "phone", by=actor(linh), outcome="reached", note=f"{NEEDLE} said yes")
    today = timezone.localdate()
    add_task(shop, Facts(f"Call {NEEDLE}", Due(today), linh, note=NEEDLE, customer=ann), by=actor(linh))
    marked_task_of(ann)
    order = Order.objects.of(shop).get(customer=ann)
    adjust_points(ann, 50, note=f"{NEEDLE}'s wedding", by=actor(linh))
    take_payment(order, Money(key="k", amount=Decimal(10), reference=NEEDLE), by=actor(linh))
    ann.refresh_from_db()
    return ann


def test_who_is_forgotten_is_named_nowhere(ann, shop):
    before = where_it_stands(NEEDLE)

    anonymise(ann, by=SYSTEM)
    at_once = where_it_stands(NEEDLE)
    run_waiting_jobs()

    assert at_once.isdisjoint({"customers_household", "customers_merge", "connectors_lastreport", "events_event"})
    assert before - KEPT >= {
        "connectors_lastreport", "customers_customer", "customers_household", "customers_merge", "customers_note",
        "customers_notefile", "customers_othercontact", "events_event", "loyalty_pointsentry", "tasks_task",
    }  # fmt: skip
    assert where_it_stands(NEEDLE) - KEPT == set()


def test_who_is_removed_for_good_is_named_nowhere(shop):
    cy = marked_task_of(create_customer(shop, name=f"{NEEDLE} Cy", email=f"{NEEDLE}3@example.com"))
    reported(cy)
    merged_once(cy)
    link_household([cy, create_customer(shop, name="Bo")], name=f"{NEEDLE}s", by=SYSTEM)
    cy.refresh_from_db()

    purge(delete_customer(cy, by=SYSTEM), by=SYSTEM)
    run_waiting_jobs()

    assert where_it_stands(NEEDLE) - KEPT == set()
    task = Task.objects.of(shop).get()
    assert complete_task(task, by=SYSTEM).customer_id is None


def test_who_is_forgotten_does_not_come_back_with_an_old_report(shop):
    """What another system still knows of them makes nobody new, however often and late it is told."""
    told = {
        "admin_graphql_api_id": "gid://shopify/Customer/7", "id": 7, "first_name": NEEDLE, "email": "dee@example.com",
        "updated_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    receive(shop, "shopify", "customers/create", told)
    anonymise(Customer.objects.of(shop).get(), by=SYSTEM)

    for at in ("2025-01-01", "2026-01-01", "2027-01-01"):
        assert not receive(shop, "shopify", "customers/update", told | {"updated_at": f"{at}T00:00:00Z"})
    assert not receive(shop, "shopify", "customers/redact", {"customer": {"id": 7}})

    assert Customer.objects.of(shop).get().anonymised_at
    assert where_it_stands(NEEDLE) == set()
