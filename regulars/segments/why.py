"""Why a customer is in a segment, or is not: by hand, or condition by condition with what the customer has."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import now as right_now

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer
from regulars.kit.query import BadCondition, parse
from regulars.kit.query.evaluate import explain as explain_row
from regulars.kit.query.evaluate import fetch_for
from regulars.kit.query.reasons import Reason, told
from regulars.segments.models import Membership, Override, Segment, SegmentKind
from regulars.shops.models import Staff


@dataclass(frozen=True, slots=True)
class Explanation:
    """is_member: as the membership stands. override: what somebody decided by hand, whatever the conditions say.

    tree: the conditions, asked of the customer right now; None when the segment has none or they cannot be asked
    (`fault` says why). is_late: the membership does not follow from them yet, it will in a moment.
    """

    is_member: bool
    override: Override | None
    tree: Reason | None
    fault: str
    is_late: bool


def explain(
    segment: Segment, customer: Customer, *, staff: Staff, locale: str = "", now: datetime | None = None
) -> Explanation:
    """Why the customer is or is not a member, told as far as the staff member may see the fields."""
    is_member = Membership.objects.of(segment.shop_id).filter(
        customer=customer, segment_ids__contains=[segment.pk]
    ).exists()  # fmt: skip
    overrides = Override.objects.of(segment.shop_id).filter(segment=segment, customer=customer)
    override = overrides.select_related("by__user").first()
    try:
        tree = _tree(segment, customer, staff, locale, now or right_now()) if segment.where else None
    except BadCondition as fault:
        return Explanation(is_member, override, None, str(fault), False)
    should_be = override.is_member if override else bool(tree and tree.holds)
    is_live = segment.kind == SegmentKind.DYNAMIC
    return Explanation(is_member, override, tree, "", is_live and tree is not None and should_be != is_member)


def _tree(segment: Segment, customer: Customer, staff: Staff, locale: str, now: datetime) -> Reason:
    shop = segment.shop
    ctx = context_for(shop, locale=locale, now=now)
    reader = context_for(shop, staff=staff, locale=locale, now=now)
    node = customer_fields.check(parse(segment.where), ctx)
    rows = Customer.objects.of(shop).filter(pk=customer.pk)
    row = fetch_for(node, rows, customer_fields, ctx).get()
    return told(explain_row(node, row, customer_fields, ctx), customer_fields, reader)
