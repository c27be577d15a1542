"""Taking an import back: what it changed, and nothing that was changed since."""

import pytest

from regulars.customers.bulk import apply_changes, create_many, delete_many, plan_changes, undo_batch, undo_part
from regulars.customers.bulk import undoing as machinery
from regulars.customers.bulk.undoing import START
from regulars.customers.models import Address, ConsentEntry, Customer, Identity, Note
from regulars.customers.operations import edit_note, update_customer
from regulars.customers.profile import read_profile
from regulars.customers.search import matching
from regulars.events.models import Event
from regulars.events.record import Actor
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
FILE = Actor("import", 7, "customers.csv")
BATCH, UNDOING = 70, 71


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH")


def bring(shop, customer, **raw):
    """Change a customer as the import BATCH does."""
    pairs = [(customer.pk, read_profile(raw, country="PH", partial=True))]
    apply_changes(shop, plan_changes(shop, pairs, "overwrite", for_update=True), by=FILE, batch_id=BATCH)


def create(shop, *raws):
    drafts = [read_profile(raw, country="PH") for raw in raws]
    return create_many(shop, drafts, by=FILE, source="import", batch_id=BATCH)


def undo(shop):
    return undo_batch(shop, BATCH, by=SYSTEM, undo_id=UNDOING)


def fresh(customer):
    return Customer.objects.get(pk=customer.pk)


class TestChanges:
    def test_every_column_goes_back(self, shop):
        raw = {
            "name": "Ann Lee", "email": "ann@example.com", "phone": "09171234567", "birthday": "1990-02-03",
            "company": "Acme", "gender": "f", "registered_at": "2020-01-02", "status": "Potential", "group": "Gold",
        }  # fmt: skip
        ann = create_customer(shop, name="Ann", email="old@example.com")
        before = _profile(fresh(ann))

        bring(shop, ann, **raw)
        assert _profile(fresh(ann)) != before
        undone = undo(shop)

        assert _profile(fresh(ann)) == before
        assert undone.plain() == {"restored": 1, "removed": 0, "conflicts": 0, "named": []}
        assert list(Customer.objects.filter(pk__in=matching(shop, "lee"))) == []

    def test_what_somebody_edited_since_stays(self, shop):
        ann = create_customer(shop, name="Ann", company="Old", tax_code="1")
        bring(shop, ann, company="Imported", tax_code="2")
        update_customer(ann, {"company": "Mine"}, by=SYSTEM)

        undone = undo(shop)

        assert (fresh(ann).company, fresh(ann).tax_code) == ("Mine", "1")
        assert (undone.conflicts, undone.named) == (1, [ann.pk])

    def test_several_changes_of_one_column_end_where_the_first_began(self, shop):
        ann = create_customer(shop, name="Ann", company="Old")
        bring(shop, ann, company="One")
        bring(shop, ann, company="Two")

        undo(shop)

        assert fresh(ann).company == "Old"

    def test_an_address_somebody_else_has_by_now_stays_away(self, shop):
        ann = create_customer(shop, name="Ann", email="ann@example.com")
        bring(shop, ann, email="new@example.com")
        create_customer(shop, email="ann@example.com")

        undone = undo(shop)

        assert fresh(ann).email == "new@example.com"
        assert undone.named == [ann.pk]

    def test_a_citizen_id_that_was_not_there_goes(self, shop):
        ann = create_customer(shop, name="Ann")
        bring(shop, ann, citizen_id="1234")

        undo(shop)

        assert (fresh(ann).citizen_id_sealed, fresh(ann).citizen_id_index) == ("", "")

    def test_a_word_on_marketing_is_taken_back_in_the_ledger(self, shop):
        ann = create_customer(shop, name="Ann")
        bring(shop, ann, accepts_email="yes")
        assert fresh(ann).consent_email == 1

        undo(shop)

        assert fresh(ann).consent_email == 0
        assert list(ConsentEntry.objects.filter(customer=ann).order_by("pk").values_list("state", flat=True)) == [1, 0]

    def test_addresses_notes_and_outside_ids_go(self, shop):
        ann = create_customer(shop, name="Ann", address1="1 Mabini", city="Manila")
        bring(shop, ann, address1="2 Rizal", city="Cebu", note="Imported", external_id="C-1", tags="new")

        undo(shop)

        assert [address.city for address in Address.objects.filter(customer=ann)] == ["Manila"]
        assert not Note.objects.filter(customer=ann).exists()
        assert not Identity.objects.filter(customer=ann).exists()
        assert fresh(ann).tag_ids == []

    def test_a_first_address_takes_its_city_along(self, shop):
        ann = create_customer(shop, name="Ann")
        bring(shop, ann, address1="2 Rizal", city="Cebu")
        assert fresh(ann).city == "Cebu"

        undo(shop)

        assert fresh(ann).city == ""
        assert not Address.objects.filter(customer=ann).exists()

    def test_a_note_somebody_wrote_on_stays(self, shop):
        maria = create_staff(shop, role="owner")
        ann = create_customer(shop, name="Ann")
        bring(shop, ann, note="Imported")
        edit_note(Note.objects.get(), "Imported, and called her", staff=maria)

        assert undo(shop).named == [ann.pk]
        assert Note.objects.exists()


class TestCreations:
    def test_go_to_the_bin(self, shop):
        ids = create(shop, {"name": "Ann", "email": "ann@example.com"}, {"name": "Ben"})

        undone = undo(shop)

        assert not Customer.objects.of(shop).alive().exists()
        assert undone.removed == 2
        assert Event.objects.filter(customer_id=ids[0], kind="customer.deleted", batch_id=UNDOING).exists()

    def test_stay_when_somebody_worked_with_them_since(self, shop):
        ann, ben = (Customer.objects.get(pk=pk) for pk in create(shop, {"name": "Ann"}, {"name": "Ben"}))
        update_customer(ann, {"company": "Acme"}, by=actor(create_staff(shop)))

        undone = undo(shop)

        assert list(Customer.objects.of(shop).alive()) == [ann]
        assert (undone.removed, undone.named) == (1, [ann.pk])
        assert ben.pk

    def test_that_the_same_file_changed_again_go_too(self, shop):
        (pk,) = create(shop, {"name": "Ann"})
        bring(shop, Customer.objects.get(pk=pk), company="Acme", tags="x")

        assert undo(shop).plain() == {"restored": 0, "removed": 1, "conflicts": 0, "named": []}

    def test_already_in_the_bin_are_left_there(self, shop):
        ids = create(shop, {"name": "Ann"})
        delete_many(shop, ids, by=SYSTEM)

        assert undo(shop).removed == 0


class TestTheWhole:
    def test_import_and_undo_leave_the_shop_as_it_was(self, shop):
        ann = create_customer(shop, name="Ann", company="Old", tags="a")
        before = _profile(fresh(ann))
        create(shop, *({"name": f"N {n}"} for n in range(5)))
        bring(shop, ann, company="New", tags="b", phone="09171234567")

        undo(shop)

        assert _profile(fresh(ann)) == before
        assert list(Customer.objects.of(shop).alive()) == [ann]

    def test_goes_in_parts_that_can_be_stopped_between(self, shop, monkeypatch):
        monkeypatch.setattr(machinery, "PART", 2)
        create(shop, *({"name": f"N {n}"} for n in range(5)))
        place, parts, removed = START, 0, 0
        while place is not None:
            undone, place = undo_part(shop, BATCH, place, by=SYSTEM, undo_id=UNDOING)
            parts, removed = parts + 1, removed + undone.removed

        assert (parts, removed) == (4, 5)

    def test_other_shops_and_batches_stay_untouched(self, shop):
        other = create_shop("Elsewhere", country="PH")
        create(other, {"name": "Theirs"})
        create_customer(shop, name="Ours")

        undo(shop)

        assert Customer.objects.alive().count() == 2


def _profile(customer):
    """All that a person could see, without the marks of when it was written."""
    unseen = {"_state", "version", "updated_at", "status_at", "oa_at"}
    return {name: value for name, value in vars(customer).items() if name not in unseen}
