"""Segments for tests: each test states only what it depends on."""

from typing import Any

from regulars.kit.jobs import run_waiting_jobs
from regulars.segments.members import members
from regulars.segments.models import Segment
from regulars.segments.operations import create_segment
from regulars.shops.models import Shop
from tests.factories import SYSTEM


def segment(shop: Shop, where: str = "", name: str = "Some", **facts: Any) -> Segment:
    """A segment whose first answer is found."""
    made = create_segment(shop, name=name, where=where, by=SYSTEM, **facts)
    run_waiting_jobs()
    return fresh(made)


def fresh(made: Segment) -> Segment:
    return Segment.objects.of(made.shop_id).select_related("shop").get(pk=made.pk)


def names_in(made: Segment) -> list[str]:
    """The members' names, in order."""
    run_waiting_jobs()
    return sorted(members(made).values_list("name", flat=True))
