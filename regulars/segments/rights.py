"""Who may change which segment."""

from regulars.segments.models import Segment
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission


def may_change(staff: Staff, segment: Segment) -> bool:
    """Whether this person may change it, and who is in it: their own, or everybody's."""
    if staff.shop_id != segment.shop_id:
        return False
    if staff.may(Permission.ALL_SEGMENTS):
        return True
    return staff.may(Permission.SEGMENTS) and segment.created_by_id == staff.pk
