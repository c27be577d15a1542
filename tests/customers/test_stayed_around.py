"""What an undone import leaves around customers: tags, addresses and notes that somebody worked with since."""

import pytest

from regulars.customers.addresses import change_address
from regulars.customers.bulk import apply_changes, plan_changes, stayed_around, undo_batch
from regulars.customers.drafts import AddressDraft
from regulars.customers.models import Address, Note, Tag
from regulars.customers.operations import edit_note, tag_customer
from regulars.customers.profile import read_profile
from regulars.events.record import Actor
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
FILE = Actor("import", 7, "customers.csv")
BATCH, UNDOING = 70, 71
RAW = {"tags": "vip, tea", "note": "likes tea", "address1": "1 Rizal St.", "city": "Makati"}


@pytest.fixture
def ann(db):
    shop = create_shop("Tindahan", country="PH")
    return create_customer(shop, name="Ann", email="ann@example.com", address1="9 Old St.", city="Cebu")


def bring(customer):
    draft = read_profile(RAW, country="PH", partial=True)
    changes = plan_changes(customer.shop, [(customer.pk, draft)], "overwrite", for_update=True)
    apply_changes(customer.shop, changes, by=FILE, batch_id=BATCH)


def told(customer):
    undo_batch(customer.shop, BATCH, by=SYSTEM, undo_id=UNDOING)
    return [one[1:] for one in stayed_around(customer.shop, BATCH, UNDOING, [customer.pk])]


def test_nothing_stays_of_what_nobody_touched(ann):
    bring(ann)

    assert told(ann) == []


def test_a_note_that_was_written_on_stays(ann):
    bring(ann)
    edit_note(Note.objects.of(ann.shop).get(), "likes coffee", staff=create_staff(ann.shop))

    assert told(ann) == [("note", "likes tea", "likes coffee")]


def test_an_address_that_was_changed_stays(ann):
    bring(ann)
    address = Address.objects.of(ann.shop).get(line1="1 Rizal St.")
    change_address(address, AddressDraft(line1="2 Rizal St.", city="Makati", country="PH"), by=SYSTEM)

    [(column, given, now)] = told(ann)
    assert column == "address"
    assert "1 Rizal St." in given
    assert "2 Rizal St." in now


def test_a_tag_that_somebody_took_off_is_told(ann):
    bring(ann)
    vip = Tag.objects.of(ann.shop).get(name="vip")
    tag_customer(ann, remove=[vip], by=SYSTEM)

    assert told(ann) == [("tag_ids", [vip.pk], [])]
