"""Customers that programs add and change, field by field."""

from decimal import Decimal

import pytest

from regulars.customers.merging import merge
from regulars.customers.models import Customer
from regulars.customers.operations import add_field, delete_customer, remove_field, set_credit_limit, set_staff
from regulars.customers.operations.households import link_household
from regulars.events.models import Event
from regulars.shops.permissions import Scope
from tests.api.asking import problem, program
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db

OWN = {
    "Nickname": ("text", "Annie"), "Shoe size": ("number", "37.5"), "Budget": ("money", "1250.50"),
    "First visit": ("date", "2026-02-01"), "Tea": ("choice", "green_tea"), "Member card": ("flag", True),
}  # fmt: skip
CUSTOM = {name.lower().replace(" ", "_"): value for name, (_kind, value) in OWN.items()}


@pytest.fixture
def shop():
    return create_shop("Here", country="PH")


@pytest.fixture
def fields(shop):
    for name, (kind, _value) in OWN.items():
        options = ["Green tea", "Black tea"] if kind == "choice" else []
        add_field(shop, name, kind, options=options, by=SYSTEM)


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com", phone="09171234567", tags="VIP")


@pytest.fixture
def till(shop):
    return program(shop)


def faults(response):
    """Field → why, of what was refused."""
    told = problem(response, 422, "api.values_refused")
    return {one["field"]: one["detail"] for one in told["errors"]}


def stored(ann):
    return Customer.objects.select_related("shop").get(pk=ann.pk)


class TestTheShopsOwnFields:
    def test_are_written_and_told_by_their_keys_as_they_are_defined(self, till, ann, fields):
        changed = till.patch(f"/customers/{ann.pk}", {"custom": CUSTOM})

        assert changed.status_code == 200, changed.content
        assert changed.json()["custom"] == CUSTOM == till.ask(f"/customers/{ann.pk}")["custom"]
        assert stored(ann).custom["budget"] == 125050

    def test_are_told_with_lists_when_they_are_asked(self, till, ann, fields):
        till.patch(f"/customers/{ann.pk}", {"custom": CUSTOM})

        [row] = till.ask("/customers", fields="name,custom")["customers"]
        [alone] = till.ask("/customers", fields="custom", where="shoe_size > 37")["customers"]

        assert row == {"id": ann.pk, "name": "Ann", "custom": CUSTOM}
        assert alone == {"id": ann.pk, "custom": CUSTOM}

    def test_of_which_nothing_is_known_are_null(self, till, ann, fields):
        assert till.ask(f"/customers/{ann.pk}", fields="custom")["custom"] == dict.fromkeys(CUSTOM)

    def test_are_changed_one_by_one_and_emptied_by_null(self, till, ann, fields):
        till.patch(f"/customers/{ann.pk}", {"custom": CUSTOM})

        told = till.patch(f"/customers/{ann.pk}", {"custom": {"shoe_size": 38, "tea": None}}).json()["custom"]

        assert told == CUSTOM | {"shoe_size": "38", "tea": None}

    def test_each_say_what_is_wrong_and_nothing_is_stored(self, till, ann, fields):
        sent = {"nickname": 7, "shoe_size": "large", "budget": "1.005", "first_visit": "2026-02-30", "tea": "milk",
                "member_card": "yes", "no_such": 1}  # fmt: skip

        told = faults(till.patch(f"/customers/{ann.pk}", {"name": "Annie", "custom": sent}))

        assert set(told) == {f"custom.{key}" for key in sent}
        assert "green_tea" in told["custom.tea"] and "37.5" in told["custom.shoe_size"]
        assert (stored(ann).name, stored(ann).custom) == ("Ann", {})

    @pytest.mark.parametrize(
        "value", [float("1e300"), "1e5", "1_000", "NaN", "٣", True, [], {}, "9" * 31, "0." + "1" * 16]
    )
    def test_take_plain_numbers_only(self, till, ann, fields, value):
        assert set(faults(till.patch(f"/customers/{ann.pk}", {"custom": {"shoe_size": value}}))) == {"custom.shoe_size"}

    def test_that_were_removed_do_not_exist(self, shop, till, ann):
        field = add_field(shop, "Shoe size", "number", by=SYSTEM)
        remove_field(field, by=SYSTEM)

        assert till.ask(f"/customers/{ann.pk}")["custom"] == {}
        assert faults(till.patch(f"/customers/{ann.pk}", {"custom": {"shoe_size": 1}}))

    def test_of_another_shop_do_not_exist(self, till, ann):
        add_field(create_shop("There"), "Shoe size", "number", by=SYSTEM)

        assert faults(till.patch(f"/customers/{ann.pk}", {"custom": {"shoe_size": 1}}))


class TestAnAddedCustomer:
    def test_is_whole(self, shop, till, fields):
        linh, minh = create_staff(shop, name="Linh"), create_staff(shop, name="Minh")
        bob = create_customer(shop, name="Bob", referral_code="BOB-1")

        made = till.post("/customers", {
            "name": "Ann Cruz", "email": "Ann@Example.com", "phone": "0917 123 4567", "birthday": "1991-12-24",
            "tags": ["VIP", "Tea"], "status": "contacted", "group": "Business", "referrer": "BOB-1",
            "referral_code": "ann-1", "staff": [minh.pk, linh.pk], "credit_limit": "500.25", "custom": CUSTOM,
        })  # fmt: skip

        assert made.status_code == 201, made.content
        told = made.json()
        assert (told["email"], told["phone"], told["birthday"]) == ("ann@example.com", "+639171234567", "1991-12-24")
        assert (told["tags"], told["group"], told["referral_code"]) == (["VIP", "Tea"], "Business", "ANN-1")
        assert [one["name"] for one in told["responsible"]] == ["Minh", "Linh"]
        assert (told["referrer_id"], told["credit_limit"], told["custom"]) == (bob.pk, "500.25", CUSTOM)
        assert told == till.ask(f"/customers/{told['id']}") | {"updated_at": told["updated_at"]}

    def test_is_done_by_the_key(self, shop, till):
        pk = till.post("/customers", {"name": "Ann"}).json()["id"]

        event = Event.objects.get(shop_id=shop.pk, customer_id=pk, kind="customer.created")
        assert (event.actor_kind, event.actor_name) == ("api", "Till")

    def test_is_refused_when_somebody_has_the_address(self, shop, till, ann):
        problem(till.post("/customers", {"name": "Ann", "email": "ANN@example.com"}), 422, "customers.email_taken")

        assert Customer.objects.of(shop).count() == 1

    @pytest.mark.parametrize("sent", [{}, {"name": " "}, {"custom": {}}])
    def test_is_somebody(self, till, sent):
        assert "name" in faults(till.post("/customers", sent))

    def test_with_a_name_nobody_knows_is_refused(self, shop, till):
        told = problem(till.post("/customers", {"name": "Ann", "shoe": 7}), 422, "api.not_valid")

        assert told["errors"][0]["where"].endswith("shoe")
        assert not Customer.objects.of(shop).exists()


class TestAChange:
    def test_leaves_what_it_does_not_name(self, till, ann):
        told = till.patch(f"/customers/{ann.pk}", {"company": "Tea House"}).json()

        assert (told["name"], told["email"], told["tags"]) == ("Ann", "ann@example.com", ["VIP"])
        assert told["company"] == "Tea House"

    def test_empties_what_is_null(self, shop, till, ann):
        set_credit_limit(stored(ann), Decimal(10), by=SYSTEM)
        set_staff(stored(ann), [create_staff(shop).pk], by=SYSTEM)

        told = till.patch(f"/customers/{ann.pk}", {"email": None, "tags": [], "credit_limit": None, "staff": []}).json()

        assert (told["email"], told["tags"], told["credit_limit"], told["responsible"]) == (None, [], None, [])

    @pytest.mark.parametrize(
        ("sent", "field"),
        [({"email": "nobody"}, "email"), ({"birthday": "1991-02-30"}, "birthday"), ({"gender": "purple"}, "gender"),
         ({"country": "Atlantis"}, "country"), ({"group": "Gold"}, "group"), ({"status": "Lost"}, "status")],
    )  # fmt: skip
    def test_says_field_by_field_what_is_wrong(self, till, ann, sent, field):
        assert list(faults(till.patch(f"/customers/{ann.pk}", {"company": "X", **sent}))) == [field]
        assert stored(ann).company == ""

    def test_keeps_a_phone_that_cannot_be_read_as_it_was_written(self, till, ann):
        told = till.patch(f"/customers/{ann.pk}", {"phone": "0917****567"}).json()

        assert (told["phone"], told["phone_written"]) == (None, "0917****567")

    def test_names_staff_of_this_shop_only(self, till, ann):
        stranger = create_staff(create_shop("There"))

        assert (
            problem(till.patch(f"/customers/{ann.pk}", {"staff": [stranger.pk]}), 422, "bad_value")["field"] == "staff"
        )

    def test_of_who_was_merged_is_the_survivors(self, shop, till, ann):
        bea = create_customer(shop, name="Bea")
        merge(shop, ann, [bea], by=SYSTEM)

        assert till.patch(f"/customers/{bea.pk}", {"company": "Tea"}).json()["id"] == ann.pk
        assert stored(ann).company == "Tea"

    def test_finds_neither_the_bin_nor_other_shops(self, shop, till, ann):
        stranger = create_customer(create_shop("There"), name="Stranger")
        delete_customer(ann, by=SYSTEM)

        for pk in (ann.pk, stranger.pk, 10**15):
            problem(till.patch(f"/customers/{pk}", {"name": "X"}), 404, "api.not_there")
        assert stored(stranger).name == "Stranger"

    def test_needs_its_scope(self, shop, ann):
        for scopes in ([Scope.CUSTOMERS], [Scope.EDIT_CUSTOMERS], [Scope.CUSTOMERS, Scope.MERGE, Scope.TASKS]):
            problem(program(shop, *scopes).patch(f"/customers/{ann.pk}", {"name": "X"}), 403, "api.scope_missing")
            problem(program(shop, *scopes).post("/customers", {"name": "X"}), 403, "api.scope_missing")
        assert stored(ann).name == "Ann"


def test_one_customer_tells_who_belongs_to_them(shop, till, ann):
    bob = create_customer(shop, name="Bob")
    link_household([ann, bob], name="Home", by=SYSTEM)

    told = till.ask(f"/customers/{ann.pk}")

    assert (told["household_name"], told["household_members"], told["household"]) == ("Home", [ann.pk, bob.pk], 2)
    assert till.ask(f"/customers/{create_customer(shop).pk}")["household_id"] is None
