"""A payment recorded by hand, which its source lists later, is one payment."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from regulars.events.models import Event
from regulars.orders import stats
from regulars.orders.by_hand import Money, give_refund, take_payment
from regulars.orders.errors import NotTheSame
from regulars.orders.models import Order, Payment, PaymentKind, PaymentState
from regulars.orders.operations import join_payments, record_order, record_payment, record_payments, record_refund
from regulars.orders.recognising import APART, may_be_same
from tests.examples import examples
from tests.factories import create_customer, create_shop
from tests.orders.trade import BY, DAY, fresh, order, payment

pytestmark = pytest.mark.django_db

TODAY = DAY.date()


@pytest.fixture
def shop():
    return create_shop(country="VN")


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann")


@pytest.fixture
def bought(shop, ann):
    return sold(shop, ann, "o1")


def sold(shop, customer, name, **facts):
    made = record_order(shop, order(name, total=1000, customer_id=customer.pk, **facts), by=BY)
    return Order.objects.of(shop).get(pk=made.order_id)


def by_hand(bought, amount=400, key="k", **facts):
    facts = {"on": TODAY, "method": "cash", **facts}
    return take_payment(bought, Money(key=key, amount=Decimal(amount), **facts), by=BY)


def listed(shop, amount=400, name="p1", **facts):
    return record_payment(shop, payment(amount, name, order_external_id="o1", **facts), by=BY)


def captured(bought):
    return Order.objects.get(pk=bought.pk).captured


class TestTheSameMoney:
    @pytest.mark.parametrize("method", ["cash", "Cash", "manual", ""])
    def test_stays_one_payment_and_takes_the_sources_name(self, shop, ann, bought, method):
        mine = by_hand(bought, reference="")

        theirs = listed(shop, method=method, reference="ref", fee=Decimal(3))

        assert (theirs.pk, theirs.external_id, theirs.by_hand) == (mine.pk, "p1", "by-hand:k")
        assert (theirs.reference, theirs.fee, theirs.method) == ("ref", 3, "cash")
        assert (captured(bought), fresh(ann).total_spent, fresh(ann).debt) == (400, 400, 600)
        assert stats.check(shop) == []

    def test_counts_once_when_the_order_lists_it(self, shop, ann, bought):
        by_hand(bought)

        for _again in range(3):
            sold(shop, ann, "o1", payments=[payment(400, "p1"), payment(100, "p2")])

        assert captured(bought) == 500
        assert set(Payment.objects.of(shop).values_list("external_id", flat=True)) == {"p1", "p2"}

    def test_sent_by_the_form_once_more_is_still_known(self, shop, bought):
        mine = by_hand(bought)
        listed(shop)

        assert by_hand(bought) == mine
        assert captured(bought) == 400

    def test_that_waited_at_the_source_is_no_second_payment(self, shop, bought):
        listed(shop, state=PaymentState.PENDING)
        mine = by_hand(bought)

        assert listed(shop).pk == mine.pk
        assert Payment.objects.of(shop).count() == 1
        assert listed(shop, state=PaymentState.PENDING).state == PaymentState.SUCCEEDED
        assert captured(bought) == 400

    def test_given_back_is_recognised_too(self, shop, bought):
        by_hand(bought)
        mine = give_refund(bought, Money(key="back", amount=Decimal(100), on=TODAY), by=BY)

        theirs = record_refund(shop, payment(100, "r1", order_external_id="o1"), by=BY)

        assert (theirs.pk, theirs.kind) == (mine.pk, PaymentKind.REFUND)
        assert Order.objects.get(pk=bought.pk).refunded == 100

    def test_tells_the_payment_once(self, shop, bought):
        mine = by_hand(bought)
        listed(shop)

        assert Event.objects.filter(about="payment", about_id=mine.pk, kind="payment.captured").count() == 1


class TestOtherMoney:
    @pytest.mark.parametrize(
        "facts",
        [{"amount": 401}, {"at": DAY + APART + timedelta(days=1)}, {"at": DAY - APART - timedelta(days=1)},
         {"method": "card"}, {"kind": PaymentKind.REFUND, "amount": 400}],
    )  # fmt: skip
    def test_is_a_payment_of_its_own(self, shop, bought, facts):
        mine = by_hand(bought)

        assert listed(shop, **facts).pk != mine.pk
        assert not may_be_same(mine).exists()

    def test_of_another_order_or_currency_is_too(self, shop, ann, bought):
        by_hand(bought)
        sold(shop, ann, "o2", payments=[payment(400, "p2")])
        listed(shop, currency="USD", rate=Decimal(25000))

        assert Payment.objects.of(shop).count() == 3

    def test_that_only_might_come_is_not_compared(self, shop, bought):
        mine = by_hand(bought)

        for kind, state in (
            (PaymentKind.CAPTURE, PaymentState.FAILED),
            (PaymentKind.AUTHORISATION, PaymentState.SUCCEEDED),
        ):
            assert listed(shop, name=f"p{kind}{state}", kind=kind, state=state).pk != mine.pk

    def test_that_was_listed_before_is_not_taken(self, shop, bought):
        theirs = listed(shop)
        mine = by_hand(bought)

        assert listed(shop).pk == theirs.pk != mine.pk
        assert captured(bought) == 800
        assert [*may_be_same(mine)] == [theirs]


class TestInDoubt:
    def test_it_is_added_and_said(self, shop, bought):
        one, two = by_hand(bought, key="a"), by_hand(bought, key="b")

        theirs = listed(shop)

        assert captured(bought) == 1200
        assert [*may_be_same(theirs)] == [one, two]
        assert [*may_be_same(one)] == [theirs]

    def test_the_second_of_two_listed_is_another(self, shop, bought):
        by_hand(bought)

        listed(shop)
        other = listed(shop, name="p2")

        assert captured(bought) == 800
        assert not may_be_same(other).exists()

    def test_the_order_of_reports_makes_no_difference(self, shop, ann):
        """A method that is not said could mean either; one that is said, only one of them."""
        reports = [("p1", ""), ("p2", "card"), ("p2", "card")]
        found = set()
        for number, one_order in enumerate(permutations(reports)):
            bought = sold(shop, ann, f"x{number}")
            by_hand(bought, key=f"cash{number}")
            by_hand(bought, key=f"card{number}", method="card")
            for name, method in one_order:
                facts = {"order_external_id": f"x{number}", "method": method}
                record_payment(shop, payment(400, f"{number}{name}", **facts), by=BY)
            found.add(captured(bought))

        assert found == {1200}


class TestEndingTheDoubt:
    def test_makes_one_of_two(self, shop, ann, bought):
        one, two = by_hand(bought, key="a"), by_hand(bought, key="b")
        theirs = listed(shop, fee=Decimal(5))

        left = join_payments(theirs, two, by=BY)

        assert (left.pk, left.external_id, left.fee) == (two.pk, "p1", 5)
        assert set(Payment.objects.of(shop)) == {one, two}
        assert (captured(bought), fresh(ann).total_spent) == (800, 800)
        assert stats.check(shop) == []
        assert Event.objects.get(kind="payment.joined").customer_id == ann.pk

    def test_lasts_when_the_source_lists_it_again(self, shop, bought):
        join_payments(listed(shop), by_hand(bought), by=BY)

        listed(shop)

        assert (captured(bought), Payment.objects.of(shop).count()) == (400, 1)

    def test_is_refused_for_two_that_cannot_be(self, shop, bought):
        mine, other = by_hand(bought), by_hand(bought, key="b")
        elsewhere = listed(shop, amount=300, name="p2")

        for one, two in ((mine, other), (mine, elsewhere), (elsewhere, mine), (mine, mine)):
            with pytest.raises(NotTheSame):
                join_payments(one, two, by=BY)
        assert captured(bought) == 1100


AMOUNTS = st.sampled_from([100, 200])
METHODS = st.sampled_from(["", "cash", "card", "manual"])
DAYS = st.integers(0, 10)
REPORTED = st.tuples(AMOUNTS, METHODS, DAYS)


class Replays(TestCase):
    """Whatever is listed, in whatever order and however often, the captured total is the same."""

    @settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(REPORTED, max_size=3),
        st.lists(REPORTED, max_size=4),
        st.data(),
    )
    def test_in_any_order_end_the_same(self, recorded, reported, data):
        shop = create_shop()
        ann = create_customer(shop, name="Ann")
        found = [self.played(shop, ann, name, recorded, reported, data) for name in ("o1", "o2")]

        assert found[0] == found[1] == expected(recorded, reported)
        assert fresh(ann).total_spent == sum(found)
        assert stats.check(shop) == []

    def played(self, shop, ann, name, recorded, reported, data):
        """The captured total of one order, its reports shuffled, repeated and bundled."""
        bought = sold(shop, ann, name)
        for number, (amount, method, day) in enumerate(recorded):
            on = TODAY - timedelta(days=day)
            by_hand(bought, amount, key=f"{name}{number}", on=on, method=method)
        facts = [
            payment(amount, f"{name}-{number}", order_external_id=name, method=method, at=DAY - timedelta(days=day))
            for number, (amount, method, day) in enumerate(reported)
        ]
        for _again in range(2):
            shuffled = data.draw(st.permutations(facts))
            cut = data.draw(st.integers(0, len(facts)))
            record_payments(shop, shuffled[:cut], by=BY)
            sold(shop, ann, name, payments=shuffled[cut:])
        record_payments(shop, facts, by=BY)
        return captured(bought)


def expected(recorded, reported):
    """Recorded and listed, less one for each record that alone can be meant by something listed."""
    met = set()
    for theirs in reported:
        meant = [place for place, mine in enumerate(recorded) if alike(mine, theirs)]
        if len(meant) == 1:
            met.add(meant[0])
    return sum(one[0] for one in (*recorded, *reported)) - sum(recorded[place][0] for place in met)


def alike(mine, theirs):
    unsaid = {"", "manual"}
    return (
        mine[0] == theirs[0]
        and (mine[1] == theirs[1] or bool(unsaid & {mine[1], theirs[1]}))
        and abs(moment(mine[2], is_mine=True) - moment(theirs[2])) <= APART
    )


def moment(day, *, is_mine=False):
    """Staff name a day, of which noon is meant."""
    noon = timedelta(hours=-4, minutes=-30) if is_mine else timedelta()
    return DAY - timedelta(days=day) + noon
