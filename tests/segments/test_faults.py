"""A segment that cannot be asked keeps its members and says why; it stands in nobody's way."""

import pytest
from django.db.models import F, IntegerField, Q, Value
from django.db.models.expressions import ExpressionWrapper
from django.db.models.lookups import GreaterThan

from regulars.customers.fields import customer_fields
from regulars.kit.jobs import run_waiting_jobs
from regulars.kit.query.kinds import Flag
from regulars.orders.operations import record_order
from regulars.segments.passes import start_pass
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
