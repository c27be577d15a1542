"""Who may be one person: how they are found among all and as people change, and what the team decides."""

import random
from itertools import permutations

import pytest

from regulars.customers.bulk import delete_many
from regulars.customers.likeness import compare, join_as_household, open_pairs, reopen, start_finding, tell_apart
from regulars.customers.likeness.around import look_again
from regulars.customers.likeness.blocks import MOST_AT_A_PHONE, NAMESAKES
from regulars.customers.likeness.people import people
from regulars.customers.models import ContactKind, Customer, Decision, OtherContact, PossibleDuplicate, ToCompare
from regulars.customers.operations import restore_customer, update_customer
from regulars.customers.profile import read_profile
from regulars.events.handlers import announce
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Tindahan", country="PH")


@pytest.fixture
def lan(shop):
    return create_staff(shop, role="owner")


def person(shop, name, city="", zalo="", **raw):
    if city:
        raw |= {"city": city, "address1": "1 Rizal"}
    made = create_customer(shop, name=name, **raw)
    if zalo:  # typed twice it is refused; files of old shops bring it twice
        Customer.objects.filter(pk=made.pk).update(zalo_id=zalo)
    return made


def found(shop):
    """The names of the open pairs, and why."""
    pairs = PossibleDuplicate.objects.of(shop).filter(decision=Decision.OPEN).select_related("first", "second")
    return {(one.first.name, one.second.name, " ".join(one.reasons)) for one in pairs}


def keys(shop):
    pairs = PossibleDuplicate.objects.of(shop).filter(decision=Decision.OPEN)
    return set(pairs.values_list("first_id", "second_id", "score"))


def look_at_all(shop):
    return start_finding(shop, at_once=True)


class TestLookingAtEverybody:
    def test_finds_every_reason(self, shop):
        person(shop, "Juan dela Cruz", "Cebu")
        person(shop, "JUAN DELA CRUZ", "cebu")
        person(shop, "Ana Reyes", company="Acme")
        person(shop, "Reyes Ana", company="ACME")
        person(shop, "Maria Santos", "Manila")
        person(shop, "Maria Santoss", "Manila")
        person(shop, "Carlo Diaz", phone="09171234567")
        person(shop, "C. Diaz", phone="0917 123 4567")
        person(shop, "Rosa", zalo="rosa77")
        person(shop, "Rosa Lim", zalo="rosa77")
        person(shop, "Pia Tan", tax_code="123-456-789")
        person(shop, "Pia Tan", tax_code="123-456-789")

        look_at_all(shop)

        assert found(shop) == {
            ("Juan dela Cruz", "JUAN DELA CRUZ", "name city"),
            ("Ana Reyes", "Reyes Ana", "reversed company"),
            ("Maria Santos", "Maria Santoss", "slip city"),
            ("Carlo Diaz", "C. Diaz", "phone other_name"),
            ("Rosa", "Rosa Lim", "zalo"),
            ("Pia Tan", "Pia Tan", "tax_code name"),
        }

    def test_finds_who_is_reached_by_further_addresses_and_phones(self, shop):
        ana = person(shop, "Ana Reyes", email="ana@example.com")
        ben = person(shop, "Ana Reyes Cruz", phone="09171234567")
        OtherContact.objects.create(shop=shop, customer=ben, kind=ContactKind.EMAIL, value="ana@example.com")

        look_at_all(shop)

        assert keys(shop) == {(ana.pk, ben.pk, 95)}

    def test_leaves_alone_who_is_only_called_the_same_or_lives_elsewhere(self, shop):
        person(shop, "Juan dela Cruz", "Cebu")
        person(shop, "Juan dela Cruz", "Manila")
        person(shop, "Ann", "Cebu")
        person(shop, "Ann", "Cebu")

        look_at_all(shop)

        assert found(shop) == set()

    def test_takes_an_office_phone_for_nobodys(self, shop):
        """T96: an office landline joins nobody."""
        for number in range(MOST_AT_A_PHONE + 1):
            person(shop, f"Clerk {'abcdefgh'[number] * 5}", phone="0917 000 4567")
        twice = [person(shop, "Ana Reyes", phone="0917 000 4567").pk for _ in range(2)]

        look_at_all(shop)

        assert keys(shop) == {(*twice, 94)}

    def test_takes_a_common_name_for_nobodys(self, shop):
        for _ in range(NAMESAKES + 1):
            person(shop, "Juan dela Cruz", "Manila")

        look_at_all(shop)

        assert found(shop) == set()

    def test_forgets_what_no_longer_holds_and_who_is_in_the_bin(self, shop):
        _ana, again = (person(shop, "Ana Reyes", phone="09171234567") for _ in range(2))
        look_at_all(shop)
        delete_many(shop, [again.pk], by=SYSTEM)

        look_at_all(shop)

        assert found(shop) == set()

    def test_sees_nobody_of_another_shop(self, shop):
        person(shop, "Ana Reyes", phone="09171234567")
        person(create_shop("Elsewhere", country="PH"), "Ana Reyes", phone="09171234567")

        look_at_all(shop)

        assert PossibleDuplicate.objects.count() == 0

    def test_answers_the_search_that_waits_already(self, shop):
        assert start_finding(shop) == start_finding(shop)

    def test_is_done_in_steps_and_says_how_many_it_found(self, shop):
        person(shop, "Ana Reyes", phone="09171234567")
        person(shop, "Ana Reyes", phone="09171234567")
        run = start_finding(shop)

        run_waiting_jobs()

        run.refresh_from_db()
        assert (run.state, run.result, run.done) == ("done", {"found": 1}, run.total)


class TestAsPeopleChange:
    def test_a_new_customer_is_compared_within_a_moment(self, shop):
        person(shop, "Juan dela Cruz", "Cebu")
        person(shop, "Juan dela Crus", "Cebu")

        run_waiting_jobs()

        assert found(shop) == {("Juan dela Cruz", "Juan dela Crus", "slip city")}

    def test_a_changed_one_is_compared_again(self, shop):
        ana = person(shop, "Ana Reyes", phone="09171234567")
        person(shop, "Ana Reyes", phone="09171234567")
        run_waiting_jobs()
        draft = read_profile({"phone": "09179999999"}, country="PH", partial=True)
        update_customer(ana, draft, by=SYSTEM)

        run_waiting_jobs()

        assert found(shop) == set()

    def test_who_ordered_is_not(self, shop):
        ana = person(shop, "Ana Reyes", phone="09171234567")
        run_waiting_jobs()

        announce(shop.pk, "customer.figures", {ana.pk})

        assert not ToCompare.objects.exists()

    def test_who_goes_to_the_bin_and_comes_back(self, shop):
        ana = person(shop, "Ana Reyes", phone="09171234567")
        person(shop, "Ana Reyes", phone="09171234567")
        delete_many(shop, [ana.pk], by=SYSTEM)
        run_waiting_jobs()
        assert found(shop) == set()

        restore_customer(ana, by=SYSTEM)
        run_waiting_jobs()

        assert len(found(shop)) == 1

    def test_pairs_by_a_phone_go_when_it_turns_out_to_be_an_offices(self, shop):
        for number in range(MOST_AT_A_PHONE):
            person(shop, f"Clerk {'abcdefgh'[number] * 5}", phone="0917 000 4567")
        run_waiting_jobs()
        assert len(found(shop)) == MOST_AT_A_PHONE * (MOST_AT_A_PHONE - 1) / 2

        person(shop, "Clerk zzzzz", phone="0917 000 4567")
        run_waiting_jobs()

        assert found(shop) == set()

    @pytest.mark.parametrize("seed", range(6))
    def test_one_by_one_finds_the_same_as_all_at_once(self, shop, seed):
        """T97: looking at who changed finds what looking at everybody finds."""
        chance = random.Random(seed)
        everybody = [_random_customer(shop, chance).pk for _ in range(60)]
        chance.shuffle(everybody)
        for start in range(0, len(everybody), 7):
            look_again(shop.pk, everybody[start : start + 7])
        one_by_one = keys(shop)

        PossibleDuplicate.objects.all().delete()
        look_at_all(shop)

        assert keys(shop) == one_by_one
        assert len(one_by_one) > 10

    def test_both_find_what_comparing_everybody_with_everybody_finds(self, shop):
        chance = random.Random(11)
        for _ in range(40):
            _random_customer(shop, chance, few=True)
        known = people(shop.pk, list(Customer.objects.of(shop).values_list("pk", flat=True)))

        look_at_all(shop)

        assert keys(shop) <= {
            (one, other, verdict.score)
            for one, other in permutations(known, 2)
            if one < other and (verdict := compare(known[one], known[other])).score >= 50
        }


def _random_customer(shop, chance, *, few=False):
    given = chance.choice(["Juan", "Anna", "Maria", "Rosario"])
    family = chance.choice(["Santos", "Santtos", "Santso", "Reyes", "Ryeses", "Delacruz", "dela Cruz"])
    name = f"{given} {family}" if chance.random() < 0.7 else f"{family} {given}"
    raw = {"phone": f"0917123{chance.randint(0, 40 if few else 14):04}"} if chance.random() < 0.4 else {}
    if chance.random() < 0.3:
        raw["zalo"] = f"zalo{chance.randint(0, 20)}"
    if chance.random() < 0.2:
        raw["company"] = chance.choice(["Acme", "ACME", "Lotus"])
    return person(shop, name, chance.choice(["Cebu", "CEBU", "Manila", "Davao", ""]), **raw)


class TestADecision:
    @pytest.fixture
    def pair(self, shop):
        person(shop, "Trần Hoa", phone="09171234567")
        person(shop, "Lê Anh", phone="09171234567")
        look_at_all(shop)
        return PossibleDuplicate.objects.of(shop).get()

    def test_is_remembered_for_ever(self, shop, lan, pair):
        """T96."""
        tell_apart(pair, by=actor(lan))

        look_at_all(shop)
        look_again(shop.pk, [pair.first_id, pair.second_id])

        pair.refresh_from_db()
        assert (pair.decision, pair.decided_by_id) == (Decision.DIFFERENT, lan.pk)
        assert not open_pairs(shop, lan).exists()
        assert Event.objects.filter(kind="customer.told_apart").count() == 2

    def test_can_be_reopened(self, shop, lan, pair):
        tell_apart(pair, by=actor(lan))

        reopen(pair, by=actor(lan))

        assert open_pairs(shop, lan).get() == pair

    def test_for_a_household_links_both(self, shop, lan, pair):
        joined = join_as_household(pair, by=actor(lan))

        pair.refresh_from_db()
        assert sorted(joined) == [pair.first_id, pair.second_id]
        assert pair.first.household_id == pair.second.household_id is not None
        assert pair.decision == Decision.HOUSEHOLD

    def test_for_a_household_can_be_taken_back(self, shop, lan, pair):
        joined = join_as_household(pair, by=actor(lan))

        reopen(pair, by=actor(lan), leaving=tuple(joined))

        assert Customer.objects.of(shop).exclude(household=None).count() == 0
        assert open_pairs(shop, lan).count() == 1

    def test_holds_for_who_they_became(self, shop, lan, pair):
        tell_apart(pair, by=actor(lan))
        survivor = person(shop, "Trần Hoa Mới", phone="09171234567")
        Customer.objects.filter(pk=pair.first_id).update(merged_into=survivor, deleted_at=survivor.created_at)

        look_again(shop.pk, [survivor.pk, pair.first_id])
        assert not open_pairs(shop, lan).exists()

        Customer.objects.filter(pk=pair.first_id).update(merged_into=None, deleted_at=None)
        look_again(shop.pk, [survivor.pk, pair.first_id])

        assert {(one.first_id, one.second_id) for one in open_pairs(shop, lan)} == {
            (pair.first_id, survivor.pk), (pair.second_id, survivor.pk),
        }  # fmt: skip

    def test_is_not_asked_of_an_agent_about_others_customers(self, shop, pair):
        agent = create_staff(shop, role="agent", only_own=True)

        Customer.objects.filter(pk=pair.first_id).update(staff=agent)
        assert not open_pairs(shop, agent).exists()

        Customer.objects.filter(pk=pair.second_id).update(staff=agent)
        assert open_pairs(shop, agent).get() == pair
