"""The API against its own OpenAPI document: schemathesis invents requests, every answer must be one that is told."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from regulars.customers.models import Customer, PossibleDuplicate
from regulars.customers.operations import add_field
from regulars.loyalty.operations import adjust_points
from regulars.orders.models import Order
from regulars.segments.models import Membership, Segment
from regulars.shops import doors
from regulars.tasks.models import Task
from tests.api.asking import create_key, create_order
from tests.examples import examples
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.tasks.working import create_task

pytestmark = pytest.mark.django_db

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture(autouse=True)
def one_connection():
    """Requests leave the test's connection open, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def shop(monkeypatch):
    """A shop with something to tell at every address; its keys may be used without end."""
    monkeypatch.setattr(doors, "SECRET_LIMIT", 10**9)
    shop = create_shop("Here", country="PH")
    people = [create_customer(shop, name=f"Ann {n}", email=f"ann{n}@example.com", tags="VIP") for n in range(3)]
    for n, customer in enumerate(people):
        create_order(customer, 100 * n, number=f"#{n}")
        adjust_points(customer, 100, note="Welcome", by=SYSTEM)
    vip = Segment.objects.create(shop=shop, key="vip", name="VIP", where="tags CONTAINS 'VIP'", size=3)
    add_field(shop, "Shoe size", "number", by=SYSTEM)
    PossibleDuplicate.objects.create(shop=shop, first=people[0], second=people[1], score=70)
    create_task(create_staff(shop, name="Linh"), customer=people[0])
    for customer in people:
        Membership.objects.create(shop=shop, customer=customer, segment_ids=[vip.pk])
    return shop


@pytest.fixture
def headers(shop):
    return {"Authorization": f"Bearer {create_key(shop)[1]}"}


@document.parametrize()
@settings(
    max_examples=examples(50), deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
def test_every_answer_is_documented(case, shop, headers):
    """Each request as it was invented, and once more about something that is there."""
    case.call_and_validate(headers=headers, checks=CHECKS)
    case.path_parameters.update(what_is_there(shop, case.operation.path))
    case.call_and_validate(headers=headers, checks=CHECKS)


def what_is_there(shop, path):
    """Values of an address's parameters that lead somewhere."""
    if "{key}" in path:
        return {"key": "vip"}
    model = Order if "/orders" in path else Task if "/tasks" in path else Customer
    return {"id": model.objects.of(shop).latest("pk").pk} if "{id}" in path else {}


def test_the_document_names_every_address():
    paths = {path.removeprefix("/api/v1") for path in document.raw_schema["paths"]}

    assert document.raw_schema["openapi"].startswith("3.1")
    assert paths == {
        "/customers", "/customers/count", "/customers/{id}", "/customers/{id}/merge", "/customers/{id}/points",
        "/duplicates", "/orders",
        "/orders/{id}", "/fields", "/segments", "/segments/{key}", "/segments/{key}/members", "/tasks", "/tasks/{id}",
        "/tasks/{id}/finish", "/events",
    }  # fmt: skip
