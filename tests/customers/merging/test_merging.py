"""Several customers become one."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from regulars.customers import operations as deeds
from regulars.customers.anonymise import anonymise
from regulars.customers.bin import purge, purge_what_is_due
from regulars.customers.errors import Anonymised, EditConflict, IdentityTaken, InTheBin, Merged
from regulars.customers.merging import merge, unmerge
from regulars.customers.merging.errors import (
    AccountUnclear,
    BadChoice,
    Forgotten,
    OtherShop,
    WrongNumber,
)
from regulars.customers.models import (
    AccountState,
    Customer,
    Group,
    Merge,
    OtherContact,
    Tag,
)
from regulars.customers.operations import update_customer
from regulars.customers.search import find
from regulars.events.handlers import on
from regulars.events.models import Event
from regulars.orders.operations import record_order
from tests.customers.merging.deeds import sell, words_of
from tests.factories import SYSTEM, actor, create_customer, create_staff
from tests.orders.trade import DAY, fresh, order

pytestmark = pytest.mark.django_db


class TestMerging:
    def test_keeps_the_survivors_values_and_fills_what_is_empty(self, shop, ann):
        bea = create_customer(shop, name="Bea", gender="female", company="Hoa Sen", birthday="1990-02-03")

        merge(shop, ann, [bea], by=SYSTEM)

        found = fresh(ann)
        assert (found.name, found.company, found.birth_md, found.birth_year) == ("Ann Lê", "Hoa Sen", 203, 1990)
        assert found.get_gender_display() == "Female"

    @pytest.mark.parametrize(("mine", "other", "limit"), [(0, 500, 0), (None, 0, 0), (None, 500, 500), (None,) * 3])
    def test_takes_a_limit_of_nothing_for_a_limit(self, shop, ann, bea, mine, other, limit):
        for one, amount in ((ann, mine), (bea, other)):
            deeds.set_credit_limit(one, None if amount is None else Decimal(amount), by=SYSTEM)

        merge(shop, ann, [bea], by=SYSTEM)

        assert fresh(ann).credit_limit == limit

    def test_takes_what_was_chosen_field_by_field(self, shop, ann, bea):
        merge(shop, ann, [bea], choices={"name": bea.pk, "email": bea.pk, "phone": ann.pk}, by=SYSTEM)

        found = fresh(ann)
        assert (found.name, found.name_key) == ("Bea Trần", fresh(bea).name_key)
        assert (found.email, found.phone) == ("bea@example.com", "+84912345678")
        others = OtherContact.objects.of(shop).filter(customer=ann).order_by("kind")
        assert list(others.values_list("value", flat=True)) == ["ann@example.com", "+84987654321"]

    def test_brings_money_tags_group_and_consent_together(self, shop, ann, bea):
        """T89: money adds up, tags unite, the group is chosen, the newer word about consent wins and all are kept."""
        business = Group.objects.of(shop).get(key="business")
        deeds.set_group(ann, business, by=SYSTEM)
        sell(ann, "a", 500_000)
        sell(bea, "b", 80_000, paid=80_000)
        deeds.record_consent(ann, "email", 1, source="form", by=SYSTEM, at=datetime(2026, 1, 1, tzinfo=UTC))
        deeds.record_consent(bea, "email", 3, source="link", by=SYSTEM, at=datetime(2026, 2, 1, tzinfo=UTC))

        merge(shop, ann, [bea], choices={"group": bea.pk}, by=SYSTEM)

        found = fresh(ann)
        assert (found.debt, found.total_spent, found.orders_count) == (500_000, 80_000, 2)
        assert (found.group.key, found.group_by_hand) == ("standard", True)
        assert {tag.key for tag in Tag.objects.of(shop).filter(pk__in=found.tag_ids)} == {"x", "y"}
        assert found.consent_email == 3
        assert [said.source for said in found.consents.order_by("at")] == ["form", "link"]

    @pytest.mark.parametrize("first", [1, 3])
    def test_lets_a_newer_word_about_consent_win_and_a_no_at_one_moment(self, shop, ann, bea, first):
        other = 4 - first
        deeds.record_consent(ann, "sms", first, source="a", by=SYSTEM, at=datetime(2026, 1, 1, tzinfo=UTC))
        deeds.record_consent(bea, "sms", other, source="b", by=SYSTEM, at=datetime(2026, 3, 1, tzinfo=UTC))
        for one, state in ((ann, first), (bea, other)):
            deeds.record_consent(one, "zalo", state, source="c", by=SYSTEM, at=datetime(2026, 1, 1, tzinfo=UTC))

        merge(shop, ann, [bea], by=SYSTEM)

        assert (fresh(ann).consent_sms, fresh(ann).consent_zalo) == (other, 3)

    def test_recounts_at_once_and_the_first_order_is_the_older(self, shop, ann, bea):
        """T32, T33."""
        sell(ann, "a", 100)
        sell(bea, "b", 100, paid=100, placed_at=DAY.replace(year=2020))

        made = merge(shop, ann, [bea], by=SYSTEM)
        together = fresh(ann).first_order_at
        unmerge(made, by=SYSTEM)

        assert together == DAY.replace(year=2020)
        assert (fresh(ann).first_order_at, fresh(ann).total_spent) == (DAY, 0)
        assert (fresh(bea).first_order_at, fresh(bea).total_spent) == (DAY.replace(year=2020), 100)

    def test_asks_whose_account_stays_and_says_who_must_be_told(self, shop, ann, bea):
        """T90: nobody is mailed from here, so the trail says who must be told."""
        for one in (ann, bea):
            deeds.set_account_state(one, AccountState.VERIFIED, by=SYSTEM)

        with pytest.raises(AccountUnclear):
            merge(shop, ann, [bea], by=SYSTEM)
        assert fresh(bea).merged_into_id is None

        merge(shop, ann, [bea], choices={"account": bea.pk, "email": bea.pk}, by=SYSTEM)

        event = Event.objects.get(shop_id=shop.pk, kind="customer.merged")
        assert event.data["account"] == {"kept": bea.pk, "ended": [ann.pk]}
        assert any("nobody was told" in words for words in words_of(shop, ann))

    def test_leaves_no_circle_of_referrals(self, shop, ann, bea):
        dao = create_customer(shop, name="Đào")
        Customer.objects.filter(pk=dao.pk).update(referred_by=bea)
        Customer.objects.filter(pk=ann.pk).update(referred_by=dao)

        merge(shop, ann, [bea], by=SYSTEM)

        assert (fresh(dao).referred_by_id, fresh(ann).referred_by_id) == (ann.pk, None)

    def test_seals_a_citizen_id_for_its_new_row(self, shop, ann):
        bea = create_customer(shop, name="Bea", citizen_id="079123456789")
        owner = create_staff(shop, role="owner")

        made = merge(shop, ann, [bea], by=SYSTEM)

        assert deeds.reveal_citizen_id(fresh(ann), staff=owner) == "079123456789"
        assert "079123456789" not in str(made.snapshot)

    def test_makes_one_of_five(self, shop, ann):
        others = [create_customer(shop, name=name) for name in ("Bo", "Chi", "Dung", "Em")]

        merge(shop, ann, others, by=SYSTEM)

        assert list(Customer.objects.of(shop).alive()) == [ann]


class TestMergingIsRefused:
    def test_across_shops(self, shop, ann):
        """T93."""
        stranger = create_customer()

        with pytest.raises(OtherShop):
            merge(shop, ann, [stranger], by=SYSTEM)
        with pytest.raises(OtherShop):
            merge(stranger.shop, ann, [stranger], by=SYSTEM)

        assert not Merge.objects.exists()

    def test_of_one_or_six_or_twice_the_same(self, shop, ann):
        six = [create_customer(shop, name=f"N{n}") for n in range(5)]

        for others in ([], six, [ann], [six[0], six[0]]):
            with pytest.raises(WrongNumber):
                merge(shop, ann, others, by=SYSTEM)

    def test_of_the_deleted_the_erased_and_the_merged(self, shop, ann, bea):
        gone, erased = create_customer(shop, name="Gone"), create_customer(shop, name="Erased")
        deeds.delete_customer(gone, by=SYSTEM)
        anonymise(erased, by=SYSTEM)
        merge(shop, ann, [bea], by=SYSTEM)
        dao = create_customer(shop, name="Đào")

        for one, refusal in ((gone, InTheBin), (erased, Anonymised), (bea, Merged)):
            with pytest.raises(refusal):
                merge(shop, dao, [one], by=SYSTEM)

    def test_for_choices_of_others_or_of_unknown_fields(self, shop, ann, bea):
        dao = create_customer(shop, name="Đào")

        for choices in ({"name": dao.pk}, {"shoe": ann.pk}):
            with pytest.raises(BadChoice):
                merge(shop, ann, [bea], choices=choices, by=SYSTEM)


class TestTheMerged:
    def test_lie_in_no_bin_and_are_changed_restored_and_purged_by_nobody(self, shop, ann, bea):
        merge(shop, ann, [bea], by=SYSTEM)
        Customer.objects.filter(pk=bea.pk).update(deleted_at=datetime(2020, 1, 1, tzinfo=UTC))

        assert not Customer.objects.of(shop).in_bin().exists()
        for deed in (deeds.restore_customer, deeds.delete_customer, purge, anonymise):
            with pytest.raises(Merged):
                deed(bea, by=SYSTEM)
        with pytest.raises(Merged):
            update_customer(bea, {"name": "Other"}, by=SYSTEM)
        assert purge_what_is_due() == 0

    def test_are_found_and_matched_as_whom_they_became(self, shop, ann, bea):
        merge(shop, ann, [bea], by=SYSTEM)

        for text in ("bea@example.com", "0987654321"):
            assert [hit.customer_id for hit in find(shop, text)] == [ann.pk]
        for name, facts in (("m", {"email": "bea@example.com"}), ("p", {"phone": "0987654321"})):
            assert record_order(shop, order(name, total=5, **facts), by=SYSTEM).customer_id == ann.pk

    def test_get_orders_by_their_old_id_as_whom_they_became(self, shop, ann, bea):
        dao = create_customer(shop, name="Đào")
        merge(shop, ann, [bea], by=SYSTEM)
        merge(shop, dao, [ann], by=SYSTEM)

        assert sell(bea, "late", 10).customer_id == dao.pk
        assert fresh(dao).orders_count == 1
        assert fresh(bea).merged_into_id == fresh(ann).merged_into_id == dao.pk

    def test_leave_their_outside_ids_to_the_survivor(self, shop, ann):
        bea = create_customer(shop, name="Bea", external_id="77", channel="shopify")
        merge(shop, ann, [bea], by=SYSTEM)

        with pytest.raises(IdentityTaken) as told:
            create_customer(shop, name="Bea", external_id="77", channel="shopify")
        assert told.value.details["customer_id"] == ann.pk

    def test_go_with_the_survivor_when_it_is_erased(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)

        anonymise(ann, by=SYSTEM)

        assert (fresh(bea).name, fresh(bea).email, fresh(ann).name) == ("", None, "")
        assert not OtherContact.objects.of(shop).exists()
        assert Merge.objects.get().snapshot == {}
        with pytest.raises((Forgotten, Anonymised)):
            unmerge(made, by=SYSTEM)

    def test_are_purged_with_the_survivor(self, shop, ann, bea):
        merge(shop, ann, [bea], by=SYSTEM)
        deeds.delete_customer(ann, by=SYSTEM)

        assert purge(ann, by=SYSTEM)

        assert not Customer.objects.of(shop).exists()


class TestTheTrail:
    def test_shows_what_happened_to_the_merged_and_that_they_were(self, shop, ann, bea):
        deeds.add_note(bea, "likes tea", by=SYSTEM)

        made = merge(shop, ann, [bea], by=SYSTEM)
        together = words_of(shop, ann)
        unmerge(made, by=SYSTEM)

        assert together[0] == "Merged with Bea Trần"
        assert together.count("Customer added: Added by hand") == 2
        assert "Note added" in together
        assert not any("Merged into" in words for words in together)
        assert "Note added" not in words_of(shop, ann)
        assert words_of(shop, bea)[:2] == [
            "Made customers of their own again: this one and Ann Lê",
            "Merged into Ann Lê",
        ]

    def test_is_announced_once_with_everybody(self, shop, ann, bea):
        heard = []
        on("customer.merged", "customer.unmerged")(lambda **news: heard.append((news["kind"], news["customer_ids"])))

        unmerge(merge(shop, ann, [bea], by=SYSTEM), by=SYSTEM)

        both = {ann.pk, bea.pk}
        assert heard == [("customer.merged", both), ("customer.unmerged", both)]

    def test_an_older_form_does_not_overwrite_what_the_merge_chose(self, shop, ann, bea):
        opened = fresh(ann)
        merge(shop, ann, [bea], choices={"name": bea.pk}, by=actor(create_staff(shop)))

        with pytest.raises(EditConflict):
            update_customer(ann, {"name": "Annie"}, by=SYSTEM, version=opened.version)
        found = update_customer(ann, {"name": "Ann Lê", "company": "New"}, by=SYSTEM, version=opened.version)
        assert (found.name, found.company) == ("Bea Trần", "New")
