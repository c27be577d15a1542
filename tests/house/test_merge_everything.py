"""Whatever points at a customer survives a merge and comes back exactly: asked of the registry of models itself."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from PIL import Image

from regulars.catalog.activity_stats import refresh_activity
from regulars.catalog.models import Activity
from regulars.customers import operations as deeds
from regulars.customers.avatars import set_avatar
from regulars.customers.merging import merge, unmerge
from regulars.customers.merging.links import Link, links
from regulars.customers.merging.rules import Rule, rule_of
from regulars.customers.models import Customer, Identity, Merge, OtherContact, PossibleDuplicate
from regulars.customers.operations.households import link_household
from regulars.customers.search import write_search_texts
from regulars.loyalty.operations import adjust_points
from regulars.orders import stats
from regulars.orders.facts import LineFacts
from regulars.orders.operations import record_order, record_payment, record_return
from regulars.segments.by_hand import set_members
from regulars.segments.evaluation import evaluate
from regulars.segments.models import Segment
from regulars.segments.operations import create_segment
from regulars.shops.models import Shop
from tests.examples import examples
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.orders.test_histories import STEPS, History
from tests.orders.trade import fresh, goods_back, order, payment
from tests.tasks.working import create_task


def _address(one: Customer) -> None:
    """Two: one that everybody has, one of their own."""
    for raw in ({"address1": "1 Lê Lợi", "city": "Huế"}, {"address1": f"{one.pk} Hai Bà Trưng", "city": "Hà Nội"}):
        deeds.update_customer(one, raw, by=SYSTEM)


def _avatar(one: Customer) -> None:
    out = BytesIO()
    Image.new("RGB", (8, 8), (one.pk % 255, 0, 0)).save(out, "PNG")
    set_avatar(one, out.getvalue(), by=SYSTEM)


def _activity(one: Customer) -> None:
    Activity.objects.create(shop=one.shop, customer=one, at=now(), kind=Activity.Kind.PRODUCT_VIEWED, source="api")
    refresh_activity(one.shop, [one.pk])


def _merged(one: Customer) -> None:
    merge(one.shop, one, [create_customer(one.shop, name=f"Former {one.pk}", phone="0900000001")], by=SYSTEM)


def _referred(one: Customer) -> None:
    sent = create_customer(one.shop, name=f"Sent by {one.pk}")
    Customer.objects.filter(pk=sent.pk).update(referred_by=one)


def _suspicion(one: Customer) -> None:
    other = create_customer(one.shop, name=f"Like {one.pk}")
    PossibleDuplicate.objects.create(shop=one.shop, first=one, second=other, score=70, reasons=["name"], decision=1)


def _suspected(one: Customer) -> None:
    other = Customer.objects.of(one.shop).order_by("pk").exclude(pk=one.pk).first()
    first, second = sorted((one, other), key=lambda row: row.pk)
    PossibleDuplicate.objects.get_or_create(
        shop=one.shop, first=first, second=second, defaults={"score": 50, "reasons": ["phone"]}
    )


def _contacts(one: Customer) -> None:
    for value in ("+84988000009", f"+8498{one.pk + 100:07}"):
        OtherContact.objects.create(shop=one.shop, customer=one, kind="phone", value=value)
    write_search_texts(one.shop_id, [one.pk])


def _order(one: Customer) -> None:
    lines = (LineFacts(title="Tea", quantity=1, total=Decimal(900)),)
    record_order(one.shop, order(f"o{one.pk}", total=900, customer_id=one.pk, lines=lines), by=SYSTEM)


def _payment(one: Customer) -> None:
    record_payment(one.shop, payment("123.45", order_external_id=f"o{one.pk}"), by=SYSTEM)
    record_payment(one.shop, payment(50, customer_id=one.pk), by=SYSTEM)


def _return(one: Customer) -> None:
    record_return(one.shop, goods_back(order_external_id=f"o{one.pk}", amount=10, credited=10, quantity=1), by=SYSTEM)


def _membership(one: Customer) -> None:
    create_segment(one.shop, name=f"Static {one.pk}", kind="static", customer_ids=[one.pk], by=SYSTEM)


def _override(one: Customer) -> None:
    """One that everybody has, one of their own."""
    for name in ("Everybody", f"Own {one.pk}"):
        known = Segment.objects.of(one.shop).filter(name=name).first()
        segment = known or create_segment(one.shop, name=name, where="orders >= 99", by=SYSTEM)
        set_members(segment, [one.pk], True, staff=None, by=SYSTEM)


def _task(one: Customer) -> None:
    create_task(create_staff(one.shop), f"Call {one.pk}", customer=one)


def _points(one: Customer) -> None:
    for points in (100 + one.pk, -30):
        adjust_points(one, points, note="Gift", by=SYSTEM)


MAKERS: dict[str, Callable[[Customer], Any]] = {
    "catalog.Activity.customer_id": _activity,
    "customers.Address.customer_id": _address,
    "customers.Avatar.customer_id": _avatar,
    "customers.ConsentEntry.customer_id": lambda one: deeds.record_consent(
        one, "email", 1 + one.pk % 3, source="form", by=SYSTEM
    ),
    "customers.Customer.merged_into_id": _merged,
    "customers.Customer.referred_by_id": _referred,
    "customers.CustomerSearch.customer_id": lambda one: None,  # everybody has it
    "customers.Identity.customer_id": lambda one: Identity.objects.create(
        shop=one.shop, customer=one, channel="shopify", external_id=str(one.pk)
    ),
    "customers.Merge.survivor_id": lambda one: None,  # made with merged_into
    "customers.Note.customer_id": lambda one: deeds.add_note(one, f"about {one.pk}", by=SYSTEM),
    "customers.OtherContact.customer_id": _contacts,
    "customers.PossibleDuplicate.first_id": _suspicion,
    "customers.PossibleDuplicate.second_id": _suspected,
    "loyalty.PointsEntry.customer_id": _points,
    "orders.Line.customer_id": lambda one: None,  # made with the order
    "orders.Order.customer_id": _order,
    "orders.Payment.customer_id": _payment,
    "orders.Return.customer_id": _return,
    "segments.Membership.customer_id": _membership,
    "segments.Override.customer_id": _override,
    "tasks.Task.customer_id": _task,
}
"""Link → a function that gives a customer a row there. A new model that points at customers needs one."""


def person(shop: Shop, name: str) -> Customer:
    """Somebody with something in every column and in every table."""
    one = create_customer(
        shop, name=name, email=f"{name}@example.com".lower(), phone=f"09123456{len(name):02}", tags=f"all,{name}",
        gender="female", birthday="1990-02-03", company=f"{name} Ltd", tax_code="0100109106", citizen_id=f"0791{name}",
        zalo_id=f"z{name}", language="vi", accepts_sms="yes",
    )  # fmt: skip
    Customer.objects.filter(pk=one.pk).update(custom={"size": name}, referral_code=name.upper(), credit_limit=len(name))
    for name_of_link in MAKERS:
        MAKERS[name_of_link](fresh(one))
    return fresh(one)


def everything(shop: Shop) -> dict[str, list[str]]:
    """All rows of all tables that know customers. Merges and versions go on; who is in no segment needs no row."""
    found = {}
    for table in sorted({link.table for link in links()} - {Merge._meta.db_table}):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT (to_jsonb(t) - 'version')::text FROM {table} t WHERE shop_id = %s "
                "AND to_jsonb(t) -> 'segment_ids' IS DISTINCT FROM '[]' ORDER BY id",
                [shop.pk],
            )
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


def rows_of(link: Link, customer: Customer) -> int:
    rows: Any = link.model._default_manager
    return rows.filter(shop_id=customer.shop_id, **{link.column: customer.pk}).count()


def settle(shop: Shop) -> None:
    """What the worker does within a second: ask who is in which segment."""
    evaluate(shop, list(Customer.objects.of(shop).values_list("pk", flat=True)))


@pytest.mark.django_db
class TestEverythingThatPointsAtACustomer:
    def test_has_a_maker_here_and_a_rule_that_cannot_fail(self):
        assert sorted(MAKERS) == [link.name for link in links()]
        for link in links():
            assert rule_of(link)

    def test_moves_to_the_survivor_and_comes_back_exactly(self):
        shop = create_shop()
        ann, bea, dao = (person(shop, name) for name in ("Ann", "Beate", "Dao"))
        link_household([ann, bea, dao], by=SYSTEM)
        settle(shop)
        before = everything(shop)
        had = {link.name: [rows_of(link, one) for one in (ann, bea, dao)] for link in links()}
        assert all(sum(counts) for counts in had.values())

        choices = {"name": bea.pk, "email": dao.pk, "avatar": bea.pk, "citizen_id": dao.pk, "referral_code": bea.pk}
        made = merge(shop, ann, [bea, dao], choices={**choices, "custom.size": dao.pk}, by=SYSTEM)
        settle(shop)

        for link in links():
            if type(rule_of(link)) is Rule or link.name.startswith(("orders.", "loyalty.")):
                moved = sum(had[link.name]) + (2 if link.name == "customers.Customer.merged_into_id" else 0)
                assert [rows_of(link, one) for one in (ann, bea, dao)] == [moved, 0, 0], link.name
        assert stats.check(shop) == []
        assert everything(shop) != before

        unmerge(made, by=SYSTEM)
        settle(shop)

        after = everything(shop)
        assert {table: after[table] for table in before if after[table] != before[table]} == {}
        assert stats.check(shop) == []


class MergingHistory(History):
    """Orders, payments, refunds and returns of four people, who are merged and made several again in between."""

    def __init__(self, counter: str) -> None:
        super().__init__(counter)
        self.people += [create_customer(self.shop, name=name) for name in ("Cuong", "Dao")]
        self.merges: list[tuple[Merge, list[tuple[str, int]]]] = []
        self.into: dict[int, int] = {}

    def living(self, owner: int) -> int:
        while owner in self.into:
            owner = self.into[owner]
        return owner

    def sell(self, draw: Callable) -> None:
        """By a number that may be an old one."""
        super().sell(draw)
        sale = list(self.model.sales.values())[-1]
        sale.owner = self.living(sale.owner)

    def join(self, draw: Callable) -> None:
        alive = [owner for owner in range(len(self.people)) if owner not in self.into]
        if len(alive) < 2:
            return
        survivor, other = draw(st.permutations(alive))[:2]
        made = merge(self.shop, fresh(self.people[survivor]), [fresh(self.people[other])], by=SYSTEM)
        moved = [(name, other) for name, sale in self.model.sales.items() if sale.owner == other]
        for name, _owner in moved:
            self.model.sales[name].owner = survivor
        self.into[other] = survivor
        self.merges.append((made, moved))

    def part(self, draw: Callable) -> None:
        if not self.merges:
            return
        made, moved = self.merges.pop()
        unmerge(made, by=SYSTEM)
        for name, owner in moved:
            self.model.sales[name].owner = owner
        other = next(place for place, one in enumerate(self.people) if one.pk == made.merged_ids[0])
        del self.into[other]


_BY_NUMBER = (History.move, History.attach, History.detach, History.take_back)  # of people who may be gone
MERGING = [step for step in STEPS if step not in _BY_NUMBER] + [MergingHistory.join, MergingHistory.part] * 2


class TestAnyHistoryOfMerges(TestCase):
    @settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_is_stored_as_the_model_says(self, data):
        history = MergingHistory(data.draw(st.sampled_from(stats.COUNTERS)))
        history.sell(data.draw)
        for step in data.draw(st.lists(st.sampled_from(MERGING), max_size=18)):
            getattr(history, step.__name__)(data.draw)
            for owner, one in enumerate(history.people):
                expected = history.model.figures(owner, history.counter)
                one = fresh(one)
                assert {name: getattr(one, name) for name in expected} == expected

        assert stats.check(history.shop) == []
