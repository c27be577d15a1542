"""A segment or a rule that cannot be asked keeps its members and says why; it stands in nobody's way."""

import pytest
from django.db.models import F, IntegerField, Q, Value
from django.db.models.expressions import ExpressionWrapper
from django.db.models.lookups import GreaterThan

from regulars.customers.fields import customer_fields
from regulars.customers.models import Customer
from regulars.customers.operations import add_group
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.query import BadCondition
from regulars.kit.query.kinds import Flag
from regulars.orders.operations import record_order
from regulars.segments.models import GroupRule, Segment
from regulars.segments.passes import start_pass
from regulars.segments.rules import preview_rule, set_rule
from tests.factories import SYSTEM, create_customer, create_shop
from tests.orders import trade
from tests.segments.asked import fresh, names_in, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def brittle():
    """A field that PostgreSQL cannot work out of customers who have one order."""
    ratio = ExpressionWrapper(Value(1) / (F("orders_count") - 1), output_field=IntegerField())
    field = Flag("brittle", "Brittle", when=Q(GreaterThan(ratio, 0)))
    customer_fields.add(field)
    yield field
    del customer_fields._fields["brittle"], customer_fields._names["brittle"]


def test_a_span_stored_backwards_is_told_and_keeps_the_members(shop):
    ann = create_customer(shop, name="Ann")
    record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)
    backwards, buyers = segment(shop, "orders BETWEEN 1 AND 5", "Some"), segment(shop, "orders >= 1", "Buyers")
    Segment.objects.of(shop).filter(pk=backwards.pk).update(where="orders BETWEEN 5 AND 1")

    start_pass(shop, everything=True)

    assert names_in(backwards) == names_in(buyers) == ["Ann"]
    assert "write BETWEEN 1 AND 5" in fresh(backwards).fault
    assert fresh(buyers).fault == ""


class TestOneThatTheDatabaseCannotAnswer:
    def test_is_set_aside_while_the_others_are_asked(self, shop, brittle):
        ann = create_customer(shop, name="Ann")
        broken = segment(shop, "brittle = true", "Broken")
        buyers = segment(shop, "orders >= 1", "Buyers")

        record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)

        assert names_in(buyers) == ["Ann"]
        assert "could not work out an answer" in fresh(broken).fault
        assert fresh(buyers).fault == ""

    def test_stays_aside_however_often_others_change(self, shop, brittle):
        ann, bo = create_customer(shop, name="Ann"), create_customer(shop, name="Bo")
        broken = segment(shop, "brittle = true", "Broken")
        record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)
        run_waiting_jobs()
        since = fresh(broken).defined_at

        record_order(shop, trade.order("b", customer_id=bo.pk, total=100), by=SYSTEM)
        run_waiting_jobs()

        assert fresh(broken).fault
        assert fresh(broken).defined_at == since

    def test_is_asked_again_at_midnight(self, shop, brittle):
        ann = create_customer(shop, name="Ann")
        broken = segment(shop, "brittle = true", "Broken")
        record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)
        run_waiting_jobs()
        record_order(shop, trade.order("b", customer_id=ann.pk, total=100), by=SYSTEM)

        start_pass(shop, everything=True)

        assert names_in(broken) == ["Ann"]
        assert fresh(broken).fault == ""


class TestARuleThatTheDatabaseCannotAnswer:
    @pytest.fixture
    def ann(self, shop, brittle):
        """A customer with one order, under a rule that cannot be answered of her and one that can."""
        ann = create_customer(shop, name="Ann")
        for name, where in (("Broken", "brittle = true"), ("Buyers", "orders >= 1")):
            set_rule(add_group(shop, name, by=SYSTEM), where, by=SYSTEM)
        record_order(shop, trade.order("a", customer_id=ann.pk, total=100), by=SYSTEM)
        return ann

    def test_is_set_aside_while_the_others_are_asked(self, shop, ann):
        run_waiting_jobs()

        assert self.group_of(ann) == "Buyers"
        assert ["could not work out" in rule.fault for rule in GroupRule.objects.of(shop)] == [True, False]

    def test_is_asked_again_at_midnight(self, shop, ann):
        run_waiting_jobs()
        record_order(shop, trade.order("b", customer_id=ann.pk, total=100), by=SYSTEM)

        start_pass(shop, everything=True)
        run_waiting_jobs()

        assert self.group_of(ann) == "Broken"
        assert [rule.fault for rule in GroupRule.objects.of(shop)] == ["", ""]

    def test_is_refused_when_one_asks_what_it_would_do(self, shop, ann):
        run_waiting_jobs()

        with pytest.raises(BadCondition, match="could not work out"):
            preview_rule(shop, "brittle = false")

    @staticmethod
    def group_of(customer):
        return Customer.objects.select_related("group").get(pk=customer.pk).group.name
