"""One or more people responsible for a customer."""

import pytest

from regulars.customers.actions import run_action, undo_run
from regulars.customers.anonymise import anonymise
from regulars.customers.bulk import apply_changes, hand_over, plan_changes, staff_many
from regulars.customers.fields import context_for, customer_fields, where_q
from regulars.customers.labels import retire_status
from regulars.customers.leaving import HAND_OVER, loads
from regulars.customers.models import Customer, Status
from regulars.customers.operations import assign_staff, create_customer, delete_customer, set_staff, update_customer
from regulars.customers.profile import read_profile
from regulars.customers.selection import Selection
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.kit.query import parse
from regulars.kit.query.evaluate import fetch_for, matches
from regulars.shops.models import JobRun
from regulars.shops.operations import deactivate_staff
from regulars.shops.operations.leaving import held_by
from tests.factories import SYSTEM, actor, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def mia(shop):
    return create_staff(shop, name="Mia", role="manager")


@pytest.fixture
def leo(shop):
    return create_staff(shop, name="Leo", role="agent", only_own=True)


@pytest.fixture
def noa(shop):
    return create_staff(shop, name="Noa", role="agent")


def make(shop, name="Ann", **fields):
    return create_customer(shop, read_profile({"name": name, **fields}, country=shop.country), by=SYSTEM)


def staff_of(customer):
    customer.refresh_from_db()
    assert customer.staff_id not in customer.co_staff_ids
    return customer.responsible_ids


def found(shop, where, staff=None):
    names = Customer.objects.of(shop).filter(where_q(shop, where, staff=staff)).values_list("name", flat=True)
    return sorted(names)


class TestWhoIsResponsible:
    def test_stands_in_order_each_once(self, shop, mia, leo, noa):
        ann = make(shop)

        set_staff(ann, [leo.pk, mia.pk, leo.pk, noa.pk], by=SYSTEM)

        assert staff_of(ann) == [leo.pk, mia.pk, noa.pk]

    def test_leaves_one_event_with_both_columns(self, shop, mia, leo):
        ann = make(shop)
        set_staff(ann, [leo.pk], by=SYSTEM)

        set_staff(ann, [leo.pk, mia.pk], by=SYSTEM)
        set_staff(ann, [leo.pk, mia.pk], by=SYSTEM)

        last = Event.objects.filter(shop_id=shop.pk, kind="customer.changed").order_by("pk").last()
        assert last.data == {"changes": {"staff_id": [leo.pk, leo.pk], "co_staff_ids": [[], [mia.pk]]}}
        assert Event.objects.filter(shop_id=shop.pk, kind="customer.changed").count() == 2

    def test_may_be_nobody_again(self, shop, mia, leo):
        ann = make(shop)
        set_staff(ann, [leo.pk, mia.pk], by=SYSTEM)

        assign_staff(ann, None, by=SYSTEM)

        assert staff_of(ann) == []

    def test_is_nobody_of_another_shop(self, shop, leo):
        ann, stranger = make(shop), create_staff(create_shop(), name="Zoe")

        with pytest.raises(BadValue):
            set_staff(ann, [leo.pk, stranger.pk], by=SYSTEM)

        assert staff_of(ann) == []

    def test_is_read_from_a_cell_with_several_addresses(self, shop, mia, leo):
        ann = make(shop, staff=f"{leo.user.email}, {mia.user.email}")
        assert staff_of(ann) == [leo.pk, mia.pk]

        update_customer(ann, {"staff": "Mia"}, by=SYSTEM)
        assert staff_of(ann) == [mia.pk]

        with pytest.raises(BadValue):
            update_customer(ann, {"staff": f"{leo.user.email}, nobody@here.example"}, by=SYSTEM)
        assert staff_of(ann) == [mia.pk]

    def test_a_file_that_says_the_same_changes_nothing(self, shop, mia, leo):
        cell = f"{leo.user.email}, {mia.user.email}"
        ann = make(shop, email="ann@shop.example", staff=cell)
        draft = read_profile({"email": "ann@shop.example", "staff": cell}, country=shop.country)

        (change,) = plan_changes(shop, [(ann.pk, draft)], "overwrite", for_update=True)
        assert not change.columns

        swapped = read_profile({"email": "ann@shop.example", "staff": "Mia, Leo"}, country=shop.country)
        changes = plan_changes(shop, [(ann.pk, swapped)], "overwrite", for_update=True)
        apply_changes(shop, changes, by=SYSTEM)
        assert staff_of(ann) == [mia.pk, leo.pk]


class TestManyAtOnce:
    @pytest.fixture
    def three(self, shop, mia, leo, noa):
        """Nobody's; Leo's; Mia's with Leo."""
        people = [make(shop, name) for name in ("Ann", "Ben", "Cid")]
        set_staff(people[1], [leo.pk], by=SYSTEM)
        set_staff(people[2], [mia.pk, leo.pk], by=SYSTEM)
        return people

    @pytest.mark.parametrize(
        ("how", "changed", "expected"),
        [
            ("set", 2, [["leo"], ["leo"], ["leo"]]),
            ("add", 1, [["leo"], ["leo"], ["mia", "leo"]]),
            ("remove", 2, [[], [], ["mia"]]),
        ],
    )
    def test_are_set_added_and_removed(self, shop, mia, leo, three, how, changed, expected):
        names = {"leo": leo.pk, "mia": mia.pk}

        assert staff_many(shop, [one.pk for one in three], how, leo.pk, by=SYSTEM) == changed

        assert [staff_of(one) for one in three] == [[names[name] for name in one] for one in expected]

    def test_the_next_one_is_the_first_when_the_first_goes(self, shop, mia, leo, three):
        staff_many(shop, [three[2].pk], "remove", mia.pk, by=SYSTEM)

        assert staff_of(three[2]) == [leo.pk]

    @pytest.mark.parametrize("how", ["set", "add", "remove"])
    def test_come_back_by_undo(self, shop, mia, leo, three, how):
        before = [staff_of(one) for one in three]
        chosen = Selection.of_ids(shop, [one.pk for one in three])

        run = run_action(chosen, "staff", {"staff": leo.pk, "how": how}, staff=mia)
        undo_run(run, staff=mia, by=SYSTEM)

        assert [staff_of(one) for one in three] == before

    def test_undo_leaves_what_somebody_changed_since_whole(self, shop, mia, leo, noa, three):
        cid = three[2]
        run = run_action(Selection.of_ids(shop, [cid.pk]), "staff", {"staff": leo.pk, "how": "remove"}, staff=mia)
        set_staff(cid, [leo.pk], by=SYSTEM)

        undoing = undo_run(run, staff=mia, by=SYSTEM)

        assert undoing.result["conflicts"] == 1
        assert staff_of(cid) == [leo.pk]

    def test_are_handed_over(self, shop, mia, leo, noa, three):
        ids = [one.pk for one in three]

        assert hand_over(shop, ids, leo.pk, noa.pk, by=SYSTEM) == 2
        assert [staff_of(one) for one in three] == [[], [noa.pk], [mia.pk, noa.pk]]

        hand_over(shop, ids, mia.pk, noa.pk, by=SYSTEM)
        assert staff_of(three[2]) == [noa.pk]

        hand_over(shop, ids, noa.pk, None, by=SYSTEM)
        assert [staff_of(one) for one in three] == [[], [], []]


class TestAsking:
    @pytest.fixture(autouse=True)
    def people(self, shop, mia, leo):
        make(shop, "Ann")
        set_staff(make(shop, "Ben"), [leo.pk], by=SYSTEM)
        set_staff(make(shop, "Cid"), [mia.pk, leo.pk], by=SYSTEM)

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ("staff = '{leo}'", ["Ben", "Cid"]),
            ("staff = '{mia}'", ["Cid"]),
            ("staff != '{leo}'", ["Ann"]),
            ("NOT staff = '{mia}'", ["Ann", "Ben"]),
            ("staff IN ('{leo}', '{mia}')", ["Ben", "Cid"]),
            ("staff IS NULL", ["Ann"]),
            ("staff IS NOT NULL", ["Ben", "Cid"]),
            ("staff = me", ["Ben", "Cid"]),
        ],
    )
    def test_means_the_first_and_the_others(self, shop, mia, leo, where, expected):
        where = where.format(leo=leo.user.email, mia=mia.user.email)

        assert found(shop, where, staff=leo) == expected
        node, ctx = parse(where), context_for(shop, staff=leo)
        rows = fetch_for(node, Customer.objects.of(shop), customer_fields, ctx)
        names = dict(Customer.objects.of(shop).values_list("pk", "name"))
        assert sorted(names[row["id"]] for row in rows if matches(node, row, customer_fields, ctx)) == expected

    def test_names_all_of_them(self, shop, mia, leo):
        ctx = context_for(shop)
        rows = customer_fields.fetch(Customer.objects.of(shop).filter(name="Cid"), ["staff"], ctx)

        assert customer_fields["staff"].value(rows[0], ctx) == "Mia, Leo"

    def test_who_sees_only_their_own_sees_those_they_share(self, shop, mia, leo, noa):
        noa.only_own = True

        seen = [sorted(p.name for p in Customer.objects.of(shop).visible_to(one)) for one in (mia, leo, noa)]

        assert seen == [["Ann", "Ben", "Cid"], ["Ben", "Cid"], []]


class TestLeaving:
    def test_hands_all_customers_to_the_successor_and_back_by_undo(self, shop, mia, leo, noa):
        ann, ben = make(shop, "Ann"), make(shop, "Ben")
        set_staff(ann, [leo.pk, mia.pk], by=SYSTEM)
        set_staff(ben, [mia.pk, leo.pk], by=SYSTEM)
        boss = create_staff(shop, name="Boss", role="owner")
        assert any("2" in words for words in held_by(leo))

        deactivate_staff(leo, successor=noa, by=actor(boss))

        assert [staff_of(ann), staff_of(ben)] == [[noa.pk, mia.pk], [mia.pk, noa.pk]]
        run = JobRun.objects.of(shop).get(kind=HAND_OVER)
        undo_run(run, staff=boss, by=actor(boss))
        assert [staff_of(ann), staff_of(ben)] == [[leo.pk, mia.pk], [mia.pk, leo.pk]]

    def test_hands_over_those_in_the_bin_and_takes_them_back(self, shop, mia, leo, noa):
        ann, ben = make(shop, "Ann"), make(shop, "Ben")
        for one in (ann, ben):
            set_staff(one, [leo.pk, mia.pk], by=SYSTEM)
        delete_customer(ben, by=SYSTEM)
        boss = create_staff(shop, name="Boss", role="owner")
        assert any(words.startswith("2 ") for words in held_by(leo))

        deactivate_staff(leo, successor=noa, by=actor(boss))

        assert [staff_of(ann), staff_of(ben)] == [[noa.pk, mia.pk]] * 2
        run = JobRun.objects.of(shop).get(kind=HAND_OVER)
        assert (run.done, run.total, held_by(leo)) == (2, 2, [])
        undoing = undo_run(run, staff=boss, by=actor(boss))
        assert [staff_of(ann), staff_of(ben)] == [[leo.pk, mia.pk]] * 2
        assert (undoing.result["restored"], undoing.result["conflicts"]) == (2, 0)
        assert ben.deleted_at is not None

    def test_leaves_alone_who_was_forgotten(self, shop, leo, noa):
        ann = make(shop)
        set_staff(ann, [leo.pk], by=SYSTEM)
        anonymise(ann, by=SYSTEM)
        create_staff(shop, role="owner")

        deactivate_staff(leo, successor=noa, by=SYSTEM)

        assert noa.pk not in staff_of(ann)

    def test_may_leave_them_where_they_are(self, shop, leo):
        ann = make(shop)
        set_staff(ann, [leo.pk], by=SYSTEM)
        create_staff(shop, role="owner")

        deactivate_staff(leo, by=SYSTEM)

        assert staff_of(ann) == [leo.pk]


class TestLoads:
    def test_count_for_each_who_is_responsible(self, shop, mia, leo):
        status = Status.objects.of(shop).get(key="potential")
        ann, ben = make(shop, "Ann", status="Potential"), make(shop, "Ben")
        make(shop, "Cid")
        set_staff(ann, [leo.pk, mia.pk], by=SYSTEM)
        set_staff(ben, [mia.pk], by=SYSTEM)

        found = loads(shop)

        assert {pk: (load.customers, load.first) for pk, load in found.items()} == {
            None: (1, 0), leo.pk: (1, 1), mia.pk: (2, 1),
        }  # fmt: skip
        assert found[mia.pk].by_status == {status.pk: 1, None: 1}


class TestRemovingAStatus:
    @pytest.mark.parametrize("replacement", ["closing", None])
    def test_moves_everybody_and_undo_brings_all_back(self, shop, mia, replacement):
        status = Status.objects.of(shop).get(key="potential")
        to = Status.objects.of(shop).filter(key=replacement).first()
        ann, ben = make(shop, "Ann", status="Potential"), make(shop, "Ben")

        run = retire_status(status, to, staff=mia)

        ann.refresh_from_db()
        assert (run.done, ann.status) == (1, to)
        assert not Status.objects.filter(pk=status.pk).exists()
        undo_run(run, staff=mia, by=SYSTEM)
        ann.refresh_from_db()
        assert ann.status == status
        assert (ann.status.name, ann.status.position) == (status.name, status.position)
        assert ben.status is None

    def test_needs_another_one(self, shop, mia):
        status = Status.objects.of(shop).get(key="potential")

        with pytest.raises(BadValue):
            retire_status(status, status, staff=mia)
