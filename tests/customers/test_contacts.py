"""Getting in touch leaves a line in the timeline."""

import pytest

from regulars.customers.contacts import log_contact
from regulars.customers.errors import InTheBin
from regulars.customers.models import Note
from regulars.customers.operations import delete_customer
from regulars.customers.timeline import timeline
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from tests.factories import SYSTEM, actor, create_customer, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def linh():
    return create_staff(name="Linh")


@pytest.fixture
def ann(linh):
    return create_customer(linh.shop, name="Ann", phone="0912345678")


def said(customer, staff):
    return [entry["parts"][0]["text"] for entry in timeline(customer, staff) if entry["kind"] == "customer.contacted"]


def test_says_by_which_way(ann, linh):
    log_contact(ann, "zalo", by=actor(linh))

    assert said(ann, linh) == ["Contacted: Zalo"]
    assert Event.objects.get(kind="customer.contacted").data == {"way": "zalo"}


def test_counts_a_double_click_once(ann, linh):
    assert log_contact(ann, "zalo", by=actor(linh))
    assert log_contact(ann, "zalo", by=actor(linh)) is None
    assert log_contact(ann, "phone", by=actor(linh))
    assert log_contact(ann, "zalo", by=actor(create_staff(linh.shop)))

    assert len(said(ann, linh)) == 3


def test_says_what_came_of_it_as_often_as_one_calls(ann, linh):
    log_contact(ann, "phone", by=actor(linh))
    log_contact(ann, "phone", outcome="not_reached", by=actor(linh))
    log_contact(ann, "phone", outcome="reached", note="Wants silk", by=actor(linh))

    assert said(ann, linh) == ["Contacted: Phone · Reached", "Contacted: Phone · Not reached", "Contacted: Phone"]
    assert Note.objects.get().text == "Wants silk"


@pytest.mark.parametrize(("way", "outcome"), [("pigeon", ""), ("", "reached"), ("phone", "perhaps")])
def test_knows_its_words(ann, linh, way, outcome):
    with pytest.raises(BadValue):
        log_contact(ann, way, outcome=outcome, by=actor(linh))

    assert not said(ann, linh)


def test_nobody_in_the_bin(ann, linh):
    delete_customer(ann, by=SYSTEM)

    with pytest.raises(InTheBin):
        log_contact(ann, "zalo", by=actor(linh))
