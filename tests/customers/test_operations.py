"""Adding and editing customers, and what hangs on them."""

import pytest
from django.db import IntegrityError

from regulars.customers.bulk.creating import create_or_find_many
from regulars.customers.citizen import citizen_index
from regulars.customers.errors import (
    DraftRefused,
    EmailTaken,
    EmptyNote,
    IdentityTaken,
    InTheBin,
    MayNotReveal,
    NotYourNote,
    SelfReferral,
)
from regulars.customers.models import AccountState, Customer, CustomerSearch, Identity, Note, OaState, Status, Tag
from regulars.customers.operations import (
    add_note,
    assign_staff,
    create_customer,
    delete_customer,
    delete_note,
    edit_note,
    reveal_citizen_id,
    set_account_state,
    set_oa_state,
    set_referrer,
    set_status,
    update_customer,
)
from regulars.customers.profile import read_profile
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from tests.factories import SYSTEM, actor, create_shop, create_staff
from tests.factories import create_customer as some_customer

pytestmark = pytest.mark.django_db


def changes_of(customer, kind="customer.changed"):
    """What the newest event of a kind says changed."""
    return Event.objects.filter(customer_id=customer.pk, kind=kind).latest("id").data["changes"]


def events_of(customer):
    return list(Event.objects.filter(customer_id=customer.pk).order_by("id").values_list("kind", flat=True))


class TestAddingACustomer:
    def test_keeps_everything_that_was_said(self):
        shop = create_shop()
        agent = create_staff(shop, role="agent", name="Linh")
        raw = {
            "given_name": "Đào", "family_name": "Nguyễn", "email": "Dao@Example.com", "phone": "0912345678",
            "gender": "Nữ", "birthday": "15/05", "company": "Hoa Sen", "tax_code": "0100233488", "country": "VN",
            "citizen_id": "001099012345", "language": "vi", "group": "Business", "tags": "VIP, sỉ", "staff": "Linh",
            "status": "Potential", "source_channel": "Shopee", "referrer": "the neighbour", "accepts_email": "yes",
            "account_state": "registered", "oa_state": "followed", "zalo_id": "z77", "external_id": "9",
            "channel": "shopee", "note": "likes tea", "address1": "12 Lê Lợi", "city": "Huế",
            "created_at": "2024-01-31",
        }  # fmt: skip

        draft = read_profile(raw, country="VN", tz=shop.timezone)
        ann = create_customer(shop, draft, by=actor(agent), source="manual")

        assert (ann.name, ann.email, ann.phone, ann.city) == ("Nguyễn Đào", "dao@example.com", "+84912345678", "Huế")
        assert (ann.group.key, ann.status.key, ann.staff, ann.channel_first.key) == (
            "business", "potential", agent, "shopee",
        )  # fmt: skip
        assert (ann.birth_md, ann.birth_year, ann.referrer_text) == (515, None, "the neighbour")
        assert set(Tag.objects.filter(pk__in=ann.tag_ids).values_list("name", flat=True)) == {"VIP", "sỉ"}
        assert set(ann.identities.values_list("channel", "external_id")) == {("shopee", "9"), ("zalo", "z77")}
        assert ann.notes.get().text == "likes tea"
        assert ann.consents.get().state == ann.consent_email == 1
        assert ann.addresses.get().is_default_shipping
        assert ann.citizen_id_index == citizen_index(shop.pk, "0010 9901 2345")
        assert "001099012345" not in str(list(Event.objects.values_list("data", flat=True)))
        assert events_of(ann) == ["customer.created"]

    def test_refuses_an_address_somebody_has_and_names_them(self):
        ann = some_customer(email="ann@example.com")

        with pytest.raises(EmailTaken) as refusal:
            some_customer(ann.shop, email="ANN@example.com")

        assert refusal.value.details["customer_id"] == ann.pk
        assert Customer.objects.of(ann.shop).count() == 1

    def test_refuses_an_outside_id_somebody_has(self):
        ann = some_customer(external_id="7", channel="shopee")

        with pytest.raises(IdentityTaken):
            some_customer(ann.shop, external_id="7", channel="Shopee")

    def test_refuses_nobody_and_staff_that_do_not_work_here(self):
        shop = create_shop()

        with pytest.raises(DraftRefused, match="name"):
            create_customer(shop, read_profile({"gender": "f"}, country="VN"), by=SYSTEM)
        with pytest.raises(BadValue) as refusal:
            some_customer(shop, name="Ann", staff="Nobody")

        assert refusal.value.field == "staff"
        assert not Customer.objects.of(shop).exists()

    def test_finds_who_sent_them(self):
        ann = some_customer(email="ann@example.com", phone="0912345678")

        by_email, by_phone, by_id = (
            some_customer(ann.shop, name="Bo", referrer=text)
            for text in ("Ann@example.com", "0912 345 678", f"#{ann.pk}")
        )

        assert [one.referred_by_id for one in (by_email, by_phone, by_id)] == [ann.pk] * 3


class TestEditingACustomer:
    def test_is_recorded_with_old_and_new(self):
        ann = some_customer(name="Ann Lee", phone="0912345678")

        ann = update_customer(ann, {"phone": "0987 654 321", "company": "Lee & Co"}, by=SYSTEM)

        assert changes_of(ann)["phone"] == ["+84912345678", "+84987654321"]
        assert changes_of(ann)["company"] == ["", "Lee & Co"]
        assert ann.version == 2
        assert "lee & co" in CustomerSearch.objects.get(customer=ann).text

    def test_without_a_difference_is_no_event(self):
        ann = some_customer(name="Ann Lee", phone="0912345678", tags="vip")

        update_customer(ann, {"name": "Ann Lee", "phone": "0912345678", "tags": "VIP"}, by=SYSTEM, version=1)

        assert events_of(ann) == ["customer.created"]

    def test_empties_what_is_given_empty_and_leaves_what_is_not_given(self):
        ann = some_customer(
            name="Ann",
            email="a@b.vn",
            birthday="1991-05-15",
            group="Business",
            status="contacted",
            company="Co",
            tags="x",
        )

        ann = update_customer(ann, {"email": "", "birthday": "", "group": "", "status": "", "tags": ""}, by=SYSTEM)

        assert (ann.email, ann.email_raw, ann.birth_md, ann.birth_year, ann.status) == (None, "", None, None, None)
        assert (ann.group.key, ann.company, ann.tag_ids) == ("standard", "Co", [])

    def test_of_one_part_of_the_name_keeps_the_other(self):
        ann = some_customer(given_name="Đào", family_name="Nguyễn")

        ann = update_customer(ann, {"given_name": "Mai"}, by=SYSTEM)

        assert (ann.name, ann.name_key) == ("Nguyễn Mai", "nguyen mai")

    def test_never_writes_a_citizen_id_into_the_trail(self):
        ann = some_customer(name="Ann")

        ann = update_customer(ann, {"citizen_id": "001099012345"}, by=SYSTEM)
        same = update_customer(ann, {"citizen_id": "0010-9901-2345"}, by=SYSTEM)

        assert changes_of(ann) == {"citizen_id_sealed": ["", "•••"]}
        assert same.version == ann.version

    def test_refuses_another_s_address_and_changes_nothing(self):
        ann = some_customer(email="ann@example.com")
        bo = some_customer(ann.shop, email="bo@example.com")

        with pytest.raises(EmailTaken) as refusal:
            update_customer(bo, {"email": "ann@example.com", "company": "Bo Ltd"}, by=SYSTEM)

        bo.refresh_from_db()
        assert (bo.email, bo.company) == ("bo@example.com", "")
        assert refusal.value.details["customer_id"] == ann.pk

    def test_of_somebody_in_the_bin_is_refused(self):
        ann = delete_customer(some_customer(), by=SYSTEM)

        with pytest.raises(InTheBin):
            update_customer(ann, {"company": "x"}, by=SYSTEM)

    def test_follows_a_new_zalo_id(self):
        ann = some_customer(zalo_id="old", name="Ann")

        update_customer(ann, {"zalo_id": "new"}, by=SYSTEM)

        assert list(Identity.objects.of(ann.shop).values_list("external_id", flat=True)) == ["new"]

    def test_reads_naughty_text_as_it_is_written(self):
        ann = update_customer(some_customer(), {"company": "<script>'); DROP TABLE\x00 ‮🤦🏽"}, by=SYSTEM)

        ann.refresh_from_db()
        assert ann.company == "<script>'); DROP TABLE ‮🤦🏽"


class TestStates:
    def test_of_a_status_begin_when_it_is_set(self):
        ann = some_customer()
        contacted = Status.objects.of(ann.shop).get(key="contacted")

        ann = set_status(ann, contacted, by=SYSTEM)

        assert ann.status_at is not None
        assert changes_of(ann)["status_id"] == [None, contacted.pk]

    def test_of_an_account_date_the_first_registration_only(self):
        ann = set_account_state(some_customer(), AccountState.REGISTERED, by=SYSTEM)

        later = set_account_state(ann, AccountState.DISABLED, by=SYSTEM)
        again = set_account_state(later, AccountState.VERIFIED, by=SYSTEM)

        assert ann.registered_at is not None
        assert again.registered_at == ann.registered_at

    def test_of_following_say_since_when(self):
        assert set_oa_state(some_customer(), OaState.UNFOLLOWED, by=SYSTEM).oa_at is not None

    def test_of_another_shop_cannot_be_given(self):
        ann, stranger = some_customer(), create_staff()

        with pytest.raises(ValueError, match="another shop"):
            assign_staff(ann, stranger, by=SYSTEM)

    def test_nobody_sends_themselves(self):
        ann = some_customer(email="ann@example.com")

        with pytest.raises(SelfReferral):
            set_referrer(ann, "ann@example.com", by=SYSTEM)

        ann.refresh_from_db()
        assert (ann.referred_by_id, ann.referrer_text) == (None, "")


class TestNotes:
    def test_are_changed_by_their_author_or_a_manager_only(self):
        ann = some_customer()
        author, other, manager = (create_staff(ann.shop, role=role) for role in ("agent", "agent", "manager"))
        note = add_note(ann, " likes tea\r\nand cake ", by=actor(author))

        with pytest.raises(NotYourNote):
            edit_note(note, "hates tea", staff=other)
        edit_note(note, "likes coffee", staff=author)
        delete_note(note, staff=manager)

        assert not Note.objects.of(ann.shop).exists()
        assert changes_of(ann, "customer.note_changed") == {"note": ["likes tea\nand cake", "likes coffee"]}
        assert changes_of(ann, "customer.note_deleted") == {"note": ["likes coffee", ""]}

    def test_say_something(self):
        with pytest.raises(EmptyNote):
            add_note(some_customer(), " \x00 ", by=SYSTEM)

    def test_of_another_shop_are_not_a_manager_s_to_change(self):
        note = add_note(some_customer(), "tea", by=SYSTEM)

        with pytest.raises(NotYourNote):
            delete_note(note, staff=create_staff(role="owner"))


class TestACitizenId:
    def test_is_revealed_to_those_who_may_and_that_is_recorded(self):
        ann = some_customer(name="Ann", citizen_id="001 099")
        manager = create_staff(ann.shop, role="manager", name="Mai")

        assert reveal_citizen_id(ann, staff=manager) == "001 099"
        assert Event.objects.get(kind="customer.citizen_id_revealed").actor_name == "Mai"

    def test_is_revealed_to_nobody_else(self):
        ann = some_customer(name="Ann", citizen_id="001 099")

        for staff in (create_staff(ann.shop, role="agent"), create_staff(role="owner")):
            with pytest.raises(MayNotReveal):
                reveal_citizen_id(ann, staff=staff)

        assert not Event.objects.filter(kind="customer.citizen_id_revealed").exists()

    def test_opens_on_its_own_row_only(self):
        ann = some_customer(name="Ann", citizen_id="001 099")
        bo = some_customer(ann.shop, name="Bo", citizen_id="002 098")
        manager = create_staff(ann.shop, role="manager")

        Customer.objects.filter(pk=bo.pk).update(citizen_id_sealed=ann.citizen_id_sealed)
        bo.refresh_from_db()

        with pytest.raises(Exception, match="does not belong"):
            reveal_citizen_id(bo, staff=manager)


def test_the_table_itself_refuses_a_second_customer_with_an_address():
    ann = some_customer(email="ann@example.com")
    arrivals = create_or_find_many(
        ann.shop, [read_profile({"email": "ann@example.com"}, country="VN")], by=SYSTEM, source="import"
    )

    assert arrivals == [(ann.pk, False)]
    with pytest.raises(IntegrityError):
        Customer.objects.create(shop=ann.shop, group=ann.group, email="ann@example.com")
