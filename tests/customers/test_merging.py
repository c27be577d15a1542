"""Several customers become one, and several again."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from regulars.customers import operations as deeds
from regulars.customers.anonymise import anonymise
from regulars.customers.bin import purge, purge_what_is_due
from regulars.customers.errors import Anonymised, EditConflict, IdentityTaken, InTheBin, Merged
from regulars.customers.merging import came_since, edits_since, merge, newest_merge, unmerge
from regulars.customers.merging.errors import (
    AccountUnclear,
    BadChoice,
    Forgotten,
    NewerMergeFirst,
    NotMerged,
    OtherShop,
    WrongNumber,
)
from regulars.customers.models import (
    AccountState,
    Customer,
    Group,
    Household,
    Merge,
    OtherContact,
    PossibleDuplicate,
    Tag,
)
from regulars.customers.operations import update_customer
from regulars.customers.operations.households import leave_household, link_household
from regulars.customers.search import find
from regulars.customers.timeline import timeline
from regulars.events.handlers import on
from regulars.events.models import Event
from regulars.kit.errors import DomainError
from regulars.orders.models import Order, Payment
from regulars.orders.operations import record_order, record_payment
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff
from tests.meeting import at_once
from tests.orders.trade import DAY, fresh, order, payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê", email="ann@example.com", phone="0912345678", tags="x")


@pytest.fixture
def bea(shop):
    return create_customer(shop, name="Bea Trần", email="bea@example.com", phone="0987654321", tags="X,y")


def sell(customer, name, total, *, paid=0, **facts):
    payments = [payment(paid)] if paid else []
    return record_order(
        customer.shop, order(name, total=total, payments=payments, customer_id=customer.pk, **facts), by=SYSTEM
    )


def words_of(shop, customer):
    staff = create_staff(shop)
    return ["".join(part["text"] for part in entry["parts"]) for entry in timeline(fresh(customer), staff)]


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


def home_of(customer):
    return Customer.objects.get(pk=customer.pk).household_id


class TestHouseholds:
    @pytest.fixture
    def cam(self, shop):
        return create_customer(shop, name="Cam")

    @pytest.fixture
    def dao(self, shop):
        return create_customer(shop, name="Dao")

    def stored(self, shop):
        """Households and who lives in them, and the rows of customers."""
        rows = Customer.objects.of(shop).order_by("pk").values()
        people = [{name: value for name, value in row.items() if name != "version"} for row in rows]
        return list(Household.objects.of(shop).order_by("pk").values()), people

    def test_of_two_who_become_one_dissolve_and_are_there_again(self, shop, ann, bea):
        link_household([ann, bea], name="The Lês", by=SYSTEM)
        before = self.stored(shop)

        made = merge(shop, ann, [bea], by=SYSTEM)

        assert home_of(ann) is None and not Household.objects.exists()
        unmerge(made, by=SYSTEM)
        assert self.stored(shop) == before

    def test_of_others_too_stay(self, shop, ann, bea, cam):
        link_household([ann, bea, cam], by=SYSTEM)
        home = home_of(ann)

        made = merge(shop, ann, [bea], by=SYSTEM)

        assert home_of(ann) == home_of(cam) == home
        leave_household(cam, by=SYSTEM)
        assert home_of(ann) is None and not Household.objects.exists()
        unmerge(made, by=SYSTEM)
        assert home_of(ann) is None and home_of(bea) is None

    def test_leave_nobody_alone_whose_mate_moved_out_by_it(self, shop, ann, bea, cam, dao):
        link_household([ann, cam], name="First", by=SYSTEM)
        link_household([bea, dao], name="Second", by=SYSTEM)
        before = self.stored(shop)

        made = merge(shop, ann, [bea], by=SYSTEM)

        assert home_of(ann) == home_of(cam) is not None
        assert home_of(dao) is None and Household.objects.get().name == "First"
        assert "household" in words_of(shop, dao)[0].lower()
        unmerge(made, by=SYSTEM)
        assert self.stored(shop) == before

    def test_of_which_one_dissolves_leave_the_other_to_live_in(self, shop, ann, bea, cam, dao):
        link_household([ann, bea], name="First", by=SYSTEM)
        link_household([cam, dao], name="Second", by=SYSTEM)
        before = self.stored(shop)

        made = merge(shop, ann, [bea, cam], by=SYSTEM)

        assert home_of(ann) == home_of(dao) == Household.objects.get(name="Second").pk
        unmerge(made, by=SYSTEM)
        assert self.stored(shop) == before

    def test_come_back_step_by_step(self, shop, ann, bea, cam):
        link_household([ann, bea, cam], name="All", by=SYSTEM)
        before = self.stored(shop)

        first = merge(shop, ann, [bea], by=SYSTEM)
        between = self.stored(shop)
        second = merge(shop, ann, [cam], by=SYSTEM)
        assert not Household.objects.exists()

        unmerge(second, by=SYSTEM)
        assert self.stored(shop) == between
        unmerge(first, by=SYSTEM)
        assert self.stored(shop) == before

    def test_where_somebody_lives_since_count_more(self, shop, ann, bea, cam, dao):
        link_household([ann, cam], by=SYSTEM)
        link_household([bea, dao], by=SYSTEM)
        made = merge(shop, ann, [bea], by=SYSTEM)
        link_household([dao, cam], by=SYSTEM)

        unmerge(made, by=SYSTEM)

        assert home_of(dao) == home_of(cam) == home_of(ann) is not None
        assert home_of(bea) is None and Household.objects.count() == 1


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


class TestTakingItBack:
    def test_keeps_what_came_since_with_the_survivor(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)
        sell(ann, "since", 70, paid=70)
        deeds.add_note(ann, "came since", by=SYSTEM)
        deeds.tag_customer(ann, add=deeds.ensure_tags(shop, ["new"]).values(), by=SYSTEM)

        unmerge(made, by=SYSTEM)

        assert (fresh(ann).total_spent, fresh(bea).total_spent) == (70, 0)
        assert [note.text for note in ann.notes.all()] == ["came since"]
        names = {tag.name for tag in Tag.objects.of(shop).filter(pk__in=fresh(ann).tag_ids)}
        assert names == {"x", "new"}

    def test_gives_orders_that_came_since_to_who_was_chosen(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)
        since = sell(ann, "since", 70, paid=70).order_id
        assert came_since(made)["orders.Order.customer_id"] == [since]

        unmerge(made, by=SYSTEM, keep={"orders.Order.customer_id": {since: bea.pk}})

        assert (fresh(ann).total_spent, fresh(bea).total_spent) == (0, 70)
        assert Order.objects.get(pk=since).payments.get().customer_id == bea.pk

    def test_refuses_to_give_away_what_did_not_come_since(self, shop, ann, bea):
        old = sell(ann, "old", 70).order_id
        made = merge(shop, ann, [bea], by=SYSTEM)

        with pytest.raises(BadChoice):
            unmerge(made, by=SYSTEM, keep={"orders.Order.customer_id": {old: bea.pk}})

        assert Order.objects.get(pk=old).customer_id == ann.pk

    def test_takes_no_payment_from_the_order_it_paid(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)
        since = sell(ann, "since", 70, paid=70).order_id
        paid = Payment.objects.of(shop).get()
        away = {"orders.Payment.customer_id": {paid.pk: bea.pk}}

        with pytest.raises(BadChoice):
            unmerge(made, by=SYSTEM, keep=away)
        assert newest_merge(shop, ann.pk) == made

        unmerge(made, by=SYSTEM, keep={**away, "orders.Order.customer_id": {since: bea.pk}})
        paid.refresh_from_db()
        assert (paid.customer_id, fresh(bea).total_spent) == (bea.pk, 70)

    def test_leaves_a_payment_with_the_order_it_had_waited_for(self, shop, ann, bea):
        record_payment(shop, payment(70, customer_id=bea.pk, order_external_id="since"), by=SYSTEM)
        made = merge(shop, ann, [bea], by=SYSTEM)
        sell(ann, "since", 70)

        unmerge(made, by=SYSTEM)

        assert Payment.objects.of(shop).get().customer_id == ann.pk == Order.objects.of(shop).get().customer_id
        assert (fresh(ann).total_spent, fresh(bea).total_spent) == (70, 0)

    def test_makes_no_circle_of_those_who_were_sent_since(self, shop, ann, bea):
        dao, eve = create_customer(shop, name="Đào"), create_customer(shop, name="Eve")
        deeds.set_referrer(ann, f"#{dao.pk}", by=SYSTEM)
        deeds.set_referrer(bea, f"#{eve.pk}", by=SYSTEM)
        made = merge(shop, fresh(ann), [bea], choices={"referrer": bea.pk}, by=SYSTEM)
        deeds.set_referrer(dao, f"#{ann.pk}", by=SYSTEM)

        unmerge(made, by=SYSTEM)

        assert (fresh(ann).referred_by_id, fresh(dao).referred_by_id) == (None, ann.pk)
        assert fresh(bea).referred_by_id == eve.pk
        told = Event.objects.filter(customer_id=ann.pk, kind="customer.unmerged").get().data["changes"]
        assert told["referred_by_id"] == [eve.pk, None]

    def test_forgets_a_likeness_to_somebody_who_was_removed_for_good(self, shop, ann, bea):
        dao, eve = create_customer(shop, name="Đào"), create_customer(shop, name="Eve")
        for other in (dao, eve):
            PossibleDuplicate.objects.create(shop=shop, first=ann, second=other, score=70, decision=1)
        made = merge(shop, ann, [bea], by=SYSTEM)
        deeds.delete_customer(dao, by=SYSTEM)
        purge(dao, by=SYSTEM)

        unmerge(made, by=SYSTEM)

        connection.check_constraints()
        assert [pair.second for pair in PossibleDuplicate.objects.of(shop).filter(first=ann, decision=1)] == [eve]

    def test_brings_a_payment_made_since_along_with_its_order(self, shop, ann, bea):
        sell(bea, "b", 100)
        made = merge(shop, ann, [bea], by=SYSTEM)
        record_payment(shop, payment(40, order_external_id="b"), by=SYSTEM)

        unmerge(made, by=SYSTEM)

        assert (fresh(bea).total_spent, fresh(bea).debt, fresh(ann).total_spent) == (40, 60, 0)
        assert set(Order.objects.get(external_id="b").payments.values_list("customer_id", flat=True)) == {bea.pk}

    def test_restores_edited_fields_unless_the_edit_is_kept(self, shop, ann, bea):
        for edits, name in (((), "Ann Lê"), (("name",), "Anna")):
            made = merge(shop, ann, [bea], choices={"name": bea.pk}, by=SYSTEM)
            update_customer(ann, {"name": "Anna", "company": "Since Ltd"}, by=SYSTEM)
            assert [edit.name for edit in edits_since(Merge.objects.get(pk=made.pk))] == ["name"]

            unmerge(made, by=SYSTEM, edits=edits)

            assert (fresh(ann).name, fresh(ann).company, fresh(bea).name) == (name, "Since Ltd", "Bea Trần")

    def test_goes_back_step_by_step_the_newest_first(self, shop, ann, bea):
        dao = create_customer(shop, name="Đào")
        first = merge(shop, ann, [bea], by=SYSTEM)
        second = merge(shop, dao, [ann], by=SYSTEM)

        with pytest.raises(NewerMergeFirst) as told:
            unmerge(first, by=SYSTEM)
        assert told.value.details["merge_id"] == second.pk

        unmerge(second, by=SYSTEM)
        assert fresh(bea).merged_into_id == ann.pk
        assert newest_merge(shop, ann.pk) == first
        unmerge(first, by=SYSTEM)
        assert Customer.objects.of(shop).alive().count() == 3
        with pytest.raises(NotMerged):
            unmerge(first, by=SYSTEM)

    def test_says_no_while_the_survivor_is_in_the_bin(self, shop, ann, bea):
        made = merge(shop, ann, [bea], by=SYSTEM)
        deeds.delete_customer(ann, by=SYSTEM)

        with pytest.raises(InTheBin):
            unmerge(made, by=SYSTEM)

    def test_leaves_nothing_personal_in_the_merge(self, shop, ann, bea):
        made = unmerge(merge(shop, ann, [bea], by=SYSTEM), by=SYSTEM)

        assert Merge.objects.get(pk=made.pk).snapshot == {}


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


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    ROUNDS = 20

    def test_each_into_the_other_leaves_exactly_one(self):
        for turn in range(self.ROUNDS):
            shop = create_shop()
            ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
            sell(ann, f"a{turn}", 10, paid=10)
            sell(bea, f"b{turn}", 20, paid=20)

            done = _all_at_once(
                lambda shop=shop, ann=ann, bea=bea: merge(shop, ann, [bea], by=SYSTEM),
                lambda shop=shop, ann=ann, bea=bea: merge(shop, bea, [ann], by=SYSTEM),
            )

            assert sorted(done) == ["Merge", "Merged"]
            survivor = Customer.objects.of(shop).alive().get()
            assert (survivor.orders_count, survivor.total_spent) == (2, 30)

    def test_while_edited_noted_sold_to_and_paid_nothing_is_lost(self):
        for turn in range(self.ROUNDS):
            shop = create_shop()
            ann = create_customer(shop, name="Ann")
            bea = create_customer(shop, name="Bea", email="bea@example.com")
            sell(bea, f"b{turn}", 100)

            done = _all_at_once(
                lambda shop=shop, ann=ann, bea=bea: merge(shop, ann, [bea], by=SYSTEM),
                lambda bea=bea, turn=turn: sell(bea, f"n{turn}", 5, paid=5),
                lambda shop=shop, turn=turn: record_order(
                    shop, order(f"e{turn}", total=7, email="bea@example.com"), by=SYSTEM
                ),
                lambda shop=shop, turn=turn: _pay(shop, f"b{turn}"),
                lambda bea=bea: deeds.add_note(bea, "met", by=SYSTEM),
                lambda ann=ann: update_customer(ann, {"company": "Hoa Sen"}, by=SYSTEM),
            )

            survivor = Customer.objects.of(shop).alive().get()
            assert survivor.pk == ann.pk, done
            assert set(Order.objects.of(shop).values_list("customer_id", flat=True)) == {ann.pk}
            assert (survivor.orders_count, survivor.total_spent, survivor.debt) == (3, 45, 67)
            assert survivor.company == "Hoa Sen"
            assert survivor.notes.count() == done.count("Note")
            assert set(done) <= {"Merge", "Outcome", "Payment", "Note", "Customer", "Merged"}


def _pay(shop, name):
    return record_payment(shop, payment(40, order_external_id=name), by=SYSTEM)


def _all_at_once(*works):
    """What each became: the name of its answer, or of its refusal."""
    done = []

    def told(work):
        try:
            done.append(type(work()).__name__)
        except DomainError as refusal:
            done.append(type(refusal).__name__)

    at_once(*(lambda work=work: told(work) for work in works))
    return done
