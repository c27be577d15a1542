"""The segments a customer is in, and since when."""

from typing import TYPE_CHECKING, Any

from regulars.segments.members import segments_of
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView


def segments(view: "CustomerView") -> list[dict[str, Any]]:
    """Name, colour, address, where the reason stands, since when, and whether somebody put them there by hand."""
    home = f"/s/{view.shop.slug}/segments/"
    return [
        {
            "name": one.segment.name,
            "colour": one.segment.colour,
            "is_static": one.segment.kind == "static",
            "url": f"{home}{one.segment.pk}/",
            "why_url": f"{home}{one.segment.pk}/why/{view.customer.pk}/",
            "since": cells.show_moment(one.since, view.ctx),
            "is_exact": one.is_exact,
            "by_hand": one.by_hand,
        }
        for one in segments_of(view.customer)
    ]
