"""The first answer of segments is the same, whether it takes the short way or the usual one."""

import pytest

from regulars.segments import evaluation
from regulars.segments.models import Membership, Segment, SegmentSize
from regulars.segments.operations import create_segment
from regulars.segments.passes import start_pass
from regulars.shops.work import carry_on
from tests.factories import SYSTEM, create_customer, create_shop

pytestmark = pytest.mark.django_db


def built(shop):
    run = start_pass(shop)
    while not run.is_over:
        carry_on(shop.pk, run.pk)
        run.refresh_from_db()
    held = Membership.objects.of(shop).order_by("customer_id").values_list("customer_id", "segment_ids")
    sizes = SegmentSize.objects.of(shop).order_by("segment_id").values_list("segment__name", "size", "entered")
    return [(pk, sorted(ids)) for pk, ids in held], list(sizes)


@pytest.fixture
def shop():
    shop = create_shop()
    for number in range(12):
        create_customer(shop, name=f"P{number}", gender="f" if number % 2 else "m", tags="VIP" if number % 3 else "")
    for name, where in (("Women", "gender = 'female'"), ("VIP", "tags = 'VIP'"), ("Nobody", "orders > 5")):
        create_segment(shop, name=name, where=where, by=SYSTEM)
    create_segment(shop, name="Both", where="segment = 'women' AND segment = 'vip'", by=SYSTEM)
    return shop


def test_both_ways_answer_alike(shop, monkeypatch):
    short = built(shop)
    Membership.objects.of(shop).delete()
    SegmentSize.objects.of(shop).delete()
    Segment.objects.of(shop).update(evaluated_at=None, size=0)
    monkeypatch.setattr(evaluation, "are_first", lambda *_: False)

    assert built(shop) == short
    assert [(name, size) for name, size, _entered in short[1]] == [("Women", 6), ("VIP", 8), ("Both", 4)]


def test_a_segment_added_later_takes_nobody_out(shop):
    before = dict(built(shop)[0])
    late = create_segment(shop, name="Men", where="gender = 'male'", by=SYSTEM)

    after = dict(built(shop)[0])

    assert {pk: [one for one in ids if one != late.pk] for pk, ids in after.items() if pk in before} == before
    assert sum(late.pk in ids for ids in after.values()) == 6
