"""Many customers created and changed at once."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from regulars.customers.bulk import (
    apply_changes,
    create_many,
    create_or_find_many,
    delete_many,
    plan_changes,
    restore_many,
    set_many,
    staff_many,
    tag_many,
)
from regulars.customers.models import Address, ConsentEntry, Customer, Group, Identity, Note, Status, Tag
from regulars.customers.profile import read_profile
from regulars.customers.search import matching
from regulars.events.models import Event
from regulars.events.record import Actor
from tests.factories import create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
FILE = Actor("import", 7, "customers.csv")


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH")


def draft(**raw):
    return read_profile(raw, country="PH")


def create(shop, *drafts, **options):
    return create_many(shop, drafts, by=FILE, source="import", **options)


def change(shop, pk, policy="overwrite", **raw):
    """Plan and apply one draft; the change as planned."""
    pairs = [(pk, read_profile(raw, country="PH", partial=True))]
    (planned,) = plan_changes(shop, pairs, policy, for_update=True)
    apply_changes(shop, [planned], by=FILE, batch_id=5)
    return planned


def row(pk):
    return Customer.objects.get(pk=pk)


def events(pk, kind):
    return [event.data for event in Event.objects.filter(customer_id=pk, kind=kind).order_by("pk")]


class TestCreating:
    def test_keeps_everything_a_draft_says(self, shop):
        agent = create_staff(shop, name="Maria")
        referrer = create_customer(shop, email="friend@example.com")
        (pk,) = create(
            shop,
            draft(
                external_id="C-1", channel="shopee", name="Juan dela Cruz", email="Juan@Example.com",
                phone="0917 123 4567", birthday="1990-02-03", gender="male", company="Acme", group="Wholesale",
                status="Potential", tags="VIP, sale", staff="maria", referrer="friend@example.com",
                source_channel="Shopee", accepts_email="yes", note="Calls late", address1="1 Mabini", city="Manila",
                address_country="PH", citizen_id="1234-5678", created_at="2020-01-02",
            ),
        )  # fmt: skip

        juan = row(pk)
        assert (juan.name, juan.given_name, juan.family_name) == ("Juan dela Cruz", "Juan", "dela Cruz")
        assert (juan.email, juan.phone, juan.birth_md, juan.birth_year) == (
            "juan@example.com",
            "+639171234567",
            203,
            1990,
        )
        assert (juan.group.name, juan.status.key, juan.staff, juan.referred_by) == (
            "Wholesale",
            "potential",
            agent,
            referrer,
        )
        assert sorted(Tag.objects.of(shop).filter(pk__in=juan.tag_ids).values_list("key", flat=True)) == ["sale", "vip"]
        assert (juan.channel_first.key, juan.consent_email, juan.city, juan.source) == ("shopee", 1, "Manila", "import")
        assert juan.created_at.date().isoformat() == "2020-01-02"
        assert juan.citizen_id_sealed.startswith("v1:")
        address = Address.objects.get(customer=juan)
        assert address.is_default_shipping and address.is_default_billing
        assert Note.objects.get(customer=juan).text == "Calls late"
        assert Identity.objects.get(customer=juan).external_id == "C-1"
        assert ConsentEntry.objects.get(customer=juan).state == 1
        assert events(pk, "customer.created") == [{"source": "import"}]
        assert list(Customer.objects.filter(pk__in=matching(shop, "cruz juan"))) == [juan]

    def test_answers_ids_in_the_order_of_the_drafts(self, shop):
        ids = create(shop, draft(name="Zoe"), draft(name="Ann"), draft(name="Mia"))

        assert [row(pk).name for pk in ids] == ["Zoe", "Ann", "Mia"]

    def test_puts_those_without_a_group_into_standard(self, shop):
        (pk,) = create(shop, draft(name="Ann"))

        assert row(pk).group.key == "standard"

    def test_keeps_strange_characters_as_they_are(self, shop):
        name = "a\\b\\n 'quoted' \"double\" \\N {x} 😀"
        (pk,) = create(shop, draft(name=name, note="line\nbreak\\."))

        assert row(pk).name == name
        assert Note.objects.get(customer_id=pk).text == "line\nbreak\\."

    def test_somebody_who_came_meanwhile_is_found_not_doubled(self, shop):
        ann = create_customer(shop, email="ann@example.com")
        arrivals = create_or_find_many(
            shop, [draft(email="ann@example.com"), draft(email="ben@example.com")], by=FILE, source="import"
        )

        assert arrivals[0] == (ann.pk, False)
        assert arrivals[1].is_new
        assert Customer.objects.of(shop).count() == 2

    def test_one_email_twice_makes_one_customer(self, shop):
        first, second = create(shop, draft(email="ann@example.com", name="Ann"), draft(email="ANN@example.com"))

        assert first == second
        assert row(first).name == "Ann"

    def test_an_outside_id_is_free_once_its_customer_is_in_the_bin(self, shop):
        (old,) = create(shop, draft(external_id="C-1", name="Ann"))
        delete_many(shop, [old], by=FILE)
        (new,) = create(shop, draft(external_id="C-1", name="Ann"))

        assert new != old
        assert Identity.objects.get(external_id="C-1").customer_id == new

    def test_asks_as_often_for_many_as_for_few(self, shop, django_assert_num_queries):
        create(shop, draft(name="First"))  # wakes the worker; later ones find it awake
        with connection.execute_wrapper(counter := _Counter()):
            create(shop, *(draft(name=f"A {n}", tags="new") for n in range(2)))
        few, counter.count = counter.count, 0
        with connection.execute_wrapper(counter):
            create(shop, *(draft(name=f"B {n}", tags="newer") for n in range(40)))

        assert counter.count == few


class _Counter:
    count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


class TestChanging:
    def test_the_same_draft_again_changes_nothing(self, shop):
        raw = {
            "external_id": "C-1", "channel": "shopee", "name": "Juan dela Cruz", "email": "juan@example.com",
            "phone": "0917 123 4567", "birthday": "1990-02-03", "tags": "VIP", "status": "Potential",
            "group": "Wholesale", "accepts_email": "yes", "note": "Calls late", "address1": "1 Mabini",
            "city": "Manila", "citizen_id": "1234", "referrer": "a friend", "source_channel": "Shopee",
            "zalo_id": "z1", "created_at": "2020-01-02",
        }  # fmt: skip
        (pk,) = create(shop, draft(**raw))
        before = Event.objects.count()

        for policy in ("overwrite", "fill_empty"):
            assert change(shop, pk, policy, **raw).is_empty

        assert Event.objects.count() == before
        assert row(pk).version == 1

    def test_fill_empty_only_fills_what_nobody_filled_in(self, shop):
        (pk,) = create(shop, draft(name="Ann Lee", company="Acme"))

        change(shop, pk, "fill_empty", name="Anna Leigh", company="Other", phone="09171234567", gender="f")

        ann = row(pk)
        assert (ann.name, ann.given_name, ann.company, ann.phone, ann.gender) == (
            "Ann Lee",
            "Ann",
            "Acme",
            "+639171234567",
            1,
        )

    def test_a_whole_name_does_not_swap_the_parts_that_somebody_told_apart(self, shop):
        (pk,) = create(shop, draft(name="Popescu Ana", given_name="Ana", family_name="Popescu"))

        assert change(shop, pk, name="Popescu Ana").is_empty
        assert change(shop, pk, name="ANA POPESCU").columns.keys() == {"name", "name_key"}
        assert (row(pk).given_name, row(pk).family_name) == ("Ana", "Popescu")

        change(shop, pk, name="Maria Popescu")
        assert (row(pk).given_name, row(pk).family_name) == ("Maria", "Popescu")

    def test_parts_of_a_name_do_not_rewrite_how_it_is_written_as_a_whole(self, shop):
        (pk,) = create(shop, draft(name="Popescu Ana", given_name="Ana", family_name="Popescu"))

        assert change(shop, pk, given_name="Ana", family_name="Popescu").is_empty
        assert row(pk).name == "Popescu Ana"

    def test_overwrite_takes_what_the_draft_says(self, shop):
        (pk,) = create(shop, draft(name="Ann Lee", company="Acme"))

        change(shop, pk, name="Anna Leigh", company="Other")

        ann = row(pk)
        assert (ann.name, ann.name_key, ann.family_name, ann.company) == ("Anna Leigh", "anna leigh", "Leigh", "Other")
        assert list(Customer.objects.filter(pk__in=matching(shop, "leigh"))) == [ann]

    @pytest.mark.parametrize("policy", ["overwrite", "fill_empty"])
    def test_an_empty_cell_keeps_what_is_there(self, shop, policy):
        (pk,) = create(shop, draft(name="Ann", company="Acme", tags="VIP"))

        assert change(shop, pk, policy, name="Ann", company="", tags="").is_empty
        assert row(pk).company == "Acme"

    def test_leaves_one_event_with_old_and_new_and_counts_the_version_up(self, shop):
        (pk,) = create(shop, draft(name="Ann", company="Acme"))

        change(shop, pk, company="Other", gender="f")

        assert events(pk, "customer.changed") == [{"changes": {"company": ["Acme", "Other"], "gender": [0, 1]}}]
        assert row(pk).version == 2

    def test_a_masked_phone_never_replaces_a_number(self, shop):
        (pk,) = create(shop, draft(name="Ann", phone="09171234567"))

        assert change(shop, pk, name="Ann", phone="+63 917 xxx xxxx").is_empty
        assert change(shop, pk, name="Ann", phone="+63 917 123 4567").is_empty

    def test_an_address_of_somebody_else_is_left_out_and_said(self, shop):
        _ann, ben = create(shop, draft(email="ann@example.com"), draft(email="ben@example.com"))

        planned = change(shop, ben, email="ann@example.com", company="Acme")

        assert [problem.field for problem in planned.refused] == ["email"]
        assert (row(ben).email, row(ben).company) == ("ben@example.com", "Acme")

    def test_tags_are_added_never_removed(self, shop):
        (pk,) = create(shop, draft(name="Ann", tags="old"))

        change(shop, pk, tags="new, OLD")

        assert set(Tag.objects.of(shop).filter(pk__in=row(pk).tag_ids).values_list("key", flat=True)) == {"old", "new"}
        (told,) = events(pk, "customer.tagged")
        assert (len(told["added"]), told["removed"]) == (1, [])

    def test_a_second_address_and_note_are_added_once(self, shop):
        (pk,) = create(shop, draft(name="Ann", address1="1 Mabini", city="Manila", note="One"))

        change(shop, pk, address1="2 Rizal", city="Cebu", note="Two")
        change(shop, pk, address1="2 RIZAL", city="cebu", note="Two")

        kept = Address.objects.filter(customer_id=pk).order_by("pk")
        assert list(kept.values_list("city", "is_default_shipping")) == [("Manila", True), ("Cebu", False)]
        assert row(pk).city == "Manila"
        assert Note.objects.filter(customer_id=pk).count() == 2

    def test_who_comes_twice_is_planned_as_the_first_left_them(self, shop):
        (pk,) = create(shop, draft(name="Ann"))
        drafts = [
            read_profile(raw, country="PH", partial=True)
            for raw in ({"company": "A", "tags": "x"}, {"company": "B", "tags": "x"})
        ]

        planned = plan_changes(shop, [(pk, one) for one in drafts], "overwrite", for_update=True)
        changed = apply_changes(shop, planned, by=FILE)

        assert changed == 1
        assert events(pk, "customer.changed") == [{"changes": {"company": ["", "B"]}}]
        assert row(pk).company == "B"

    def test_unknown_names_are_added_when_applied_and_not_before(self, shop):
        (pk,) = create(shop, draft(name="Ann"))
        pairs = [(pk, read_profile({"group": "Gold", "status": "Lost", "tags": "new"}, country="PH", partial=True))]

        planned = plan_changes(shop, pairs, "overwrite", for_update=True)

        assert not Group.objects.of(shop).filter(key="gold").exists()
        apply_changes(shop, planned, by=FILE)
        assert (row(pk).group.name, row(pk).status.name) == ("Gold", "Lost")
        assert row(pk).status_at is not None

    def test_staff_nobody_knows_are_left_out_and_said(self, shop):
        (pk,) = create(shop, draft(name="Ann"))

        assert [problem.field for problem in change(shop, pk, staff="nobody").refused] == ["staff"]

    def test_who_is_in_the_bin_is_not_changed(self, shop):
        (pk,) = create(shop, draft(name="Ann"))
        delete_many(shop, [pk], by=FILE)

        assert plan_changes(shop, [(pk, draft(name="Anna"))], "overwrite") == []


class TestConsent:
    def test_is_never_touched_by_a_draft_that_does_not_speak_of_it(self, shop):
        (pk,) = create(shop, draft(name="Ann", accepts_email="yes"))

        change(shop, pk, company="Acme")

        assert row(pk).consent_email == 1

    def test_an_undated_yes_does_not_undo_a_no(self, shop):
        (pk,) = create(shop, draft(name="Ann", accepts_email="unsubscribed"))

        assert change(shop, pk, accepts_email="yes").is_empty
        assert row(pk).consent_email == 3

    def test_a_newer_word_wins_and_is_in_the_ledger(self, shop):
        (pk,) = create(shop, draft(name="Ann", accepts_email="unsubscribed", consent_at="2025-01-01"))

        change(shop, pk, accepts_email="yes", consent_at="2025-06-01")

        assert row(pk).consent_email == 1
        assert ConsentEntry.objects.filter(customer_id=pk).order_by("pk").last().at == datetime(2025, 6, 1, tzinfo=UTC)
        assert events(pk, "customer.consent")[-1]["changes"] == {"consent_email": [3, 1]}

    def test_an_older_word_is_kept_and_changes_nothing(self, shop):
        (pk,) = create(shop, draft(name="Ann", accepts_email="unsubscribed", consent_at="2025-06-01"))

        change(shop, pk, accepts_email="yes", consent_at="2025-01-01")

        assert row(pk).consent_email == 3
        assert ConsentEntry.objects.filter(customer_id=pk).count() == 2


class TestTagging:
    def test_adding_twice_leaves_one_event(self, shop):
        ann, ben = create(shop, draft(name="Ann"), draft(name="Ben", tags="vip"))
        (vip,) = Tag.objects.of(shop)

        assert tag_many(shop, [ann, ben], [vip.pk], by=FILE) == 1
        assert tag_many(shop, [ann, ben], [vip.pk], by=FILE) == 0

        assert row(ann).tag_ids == row(ben).tag_ids == [vip.pk]
        assert events(ann, "customer.tagged") == [{"added": [vip.pk], "removed": []}]
        assert events(ben, "customer.tagged") == []

    def test_one_step_adds_and_removes_and_keeps_ids_in_order(self, shop):
        (pk,) = create(shop, draft(name="Ann", tags="a, b"))
        create(shop, draft(name="Ben", tags="c"))
        a, b, c = Tag.objects.of(shop).order_by("key").values_list("pk", flat=True)

        tag_many(shop, [pk], [a, c], [b], by=FILE, batch_id=9)

        assert row(pk).tag_ids == sorted([a, c])
        assert events(pk, "customer.tagged") == [{"added": [c], "removed": [b]}]
        assert row(pk).version == 2

    def test_tags_and_customers_of_other_shops_stay_untouched(self, shop):
        other = create_shop("Elsewhere")
        (theirs,) = create(other, draft(name="Ann", tags="vip"))
        (ours,) = create(shop, draft(name="Ann", tags="vip"))
        their_tag, our_tag = Tag.objects.of(other).get(), Tag.objects.of(shop).get()
        tag_many(shop, [ours], [], [our_tag.pk], by=FILE)

        assert tag_many(shop, [ours, theirs], [their_tag.pk], by=FILE) == 0
        assert tag_many(shop, [ours, theirs], [our_tag.pk], by=FILE) == 1
        assert row(theirs).tag_ids == [their_tag.pk]


class TestTheBin:
    def test_deleting_and_restoring_is_told_once(self, shop):
        ids = create(shop, draft(name="Ann"), draft(name="Ben"))

        assert [delete_many(shop, ids, by=FILE), delete_many(shop, ids, by=FILE)] == [2, 0]
        assert [restore_many(shop, ids, by=FILE), restore_many(shop, ids, by=FILE)] == [2, 0]
        assert len(events(ids[0], "customer.deleted")) == len(events(ids[0], "customer.restored")) == 1

    def test_who_lost_their_address_to_another_stays_in_the_bin(self, shop):
        (old,) = create(shop, draft(email="ann@example.com"))
        delete_many(shop, [old], by=FILE)
        (older_twin,) = create(shop, draft(email="ann@example.com"))
        delete_many(shop, [older_twin], by=FILE)

        assert restore_many(shop, [old, older_twin], by=FILE) == 1
        assert row(old).deleted_at is None
        assert restore_many(shop, [older_twin], by=FILE) == 0


class TestOneColumn:
    def test_is_set_where_it_differs(self, shop):
        ann, ben = create(shop, draft(name="Ann"), draft(name="Ben", status="Potential"))
        status = Status.objects.of(shop).get(key="potential")

        assert set_many(shop, [ann, ben], "status_id", status.pk, by=FILE) == 1
        assert events(ann, "customer.changed") == [{"changes": {"status_id": [None, status.pk]}}]
        assert row(ann).status_at is not None

    def test_nobody_may_be_responsible(self, shop):
        create_staff(shop, name="Maria")
        (ann,) = create(shop, draft(name="Ann", staff="Maria"))

        staff_many(shop, [ann], "set", None, by=FILE)

        assert row(ann).staff is None

    def test_other_columns_are_refused(self, shop):
        with pytest.raises(ValueError, match="debt"):
            set_many(shop, [1], "debt", 0, by=FILE)
