"""Addresses: each once, one default of each kind, and the place they show on the customer."""

import pytest

from regulars.customers.drafts import AddressDraft
from regulars.customers.errors import AddressTwice, NotAPlace
from regulars.customers.models import Address
from regulars.customers.operations import add_address, change_address, remove_address, set_default_address
from regulars.events.models import Event
from tests.factories import SYSTEM, create_customer

pytestmark = pytest.mark.django_db
HUE = AddressDraft(line1="12 Lê Lợi", city="Huế", country="VN")
CEBU = AddressDraft(line1="1 Mango Ave", city="Cebu", region="Cebu", country="PH")


def place_of(customer):
    customer.refresh_from_db()
    return customer.country, customer.city, customer.region


def test_the_first_is_the_default_for_both_and_shows_on_the_customer():
    ann = create_customer()

    address = add_address(ann, HUE, by=SYSTEM)

    assert address.is_default_shipping
    assert address.is_default_billing
    assert place_of(ann) == ("VN", "Huế", "")


def test_the_same_address_in_another_spelling_is_not_kept_twice():
    ann = create_customer()

    first = add_address(ann, HUE, by=SYSTEM)
    again = add_address(ann, AddressDraft(line1="12, LE LOI", city="hue", country="VN", label="Home"), by=SYSTEM)

    assert first == again
    assert Event.objects.filter(kind="customer.address_added").count() == 1


def test_another_default_takes_the_place_of_the_first():
    ann = create_customer()
    hue, cebu = (add_address(ann, one, by=SYSTEM) for one in (HUE, CEBU))

    set_default_address(cebu, shipping=True, by=SYSTEM)

    flags = Address.objects.order_by("pk").values_list("is_default_shipping", "is_default_billing")
    assert list(flags) == [(False, True), (True, False)]
    assert place_of(ann) == ("PH", "Cebu", "Cebu")
    assert hue.pk < cebu.pk


def test_a_removed_default_is_followed_by_the_newest_left():
    ann = create_customer()
    hue, cebu = (add_address(ann, one, by=SYSTEM) for one in (HUE, CEBU))

    remove_address(hue, by=SYSTEM)

    cebu.refresh_from_db()
    assert (cebu.is_default_shipping, cebu.is_default_billing) == (True, True)
    assert place_of(ann) == ("PH", "Cebu", "Cebu")


def test_without_any_the_country_stays():
    ann = create_customer()
    hue = add_address(ann, HUE, by=SYSTEM)

    remove_address(hue, by=SYSTEM)

    assert place_of(ann) == ("VN", "", "")


def test_a_change_is_recorded_with_old_and_new_and_shows():
    ann = create_customer()
    hue = add_address(ann, HUE, by=SYSTEM)

    change_address(hue, AddressDraft(line1="12 Lê Lợi", city="Đà Nẵng", country="VN"), by=SYSTEM)

    assert Event.objects.get(kind="customer.address_changed").data["changes"] == {"city": ["Huế", "Đà Nẵng"]}
    assert place_of(ann) == ("VN", "Đà Nẵng", "")


def test_a_change_into_another_address_of_the_customer_is_refused():
    ann = create_customer()
    add_address(ann, HUE, by=SYSTEM)
    cebu = add_address(ann, CEBU, by=SYSTEM)

    with pytest.raises(AddressTwice):
        change_address(cebu, HUE, by=SYSTEM)

    cebu.refresh_from_db()
    assert cebu.city == "Cebu"


def test_a_name_and_a_country_are_no_place():
    with pytest.raises(NotAPlace):
        add_address(create_customer(), AddressDraft(recipient="Ann", country="VN"), by=SYSTEM)
