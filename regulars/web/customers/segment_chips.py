"""The segments of a customer as chips: the first few by name, each leading to its page, and how many more there are."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from markupsafe import Markup

from regulars.segments.models import Segment
from regulars.web.lists import cells
from regulars.web.lists.state import ListState
from regulars.web.markup import Pattern

SHOWN = 3

_CHIP = Pattern('<a class="tag" href="{}"><span class="dot is-{}" aria-hidden="true"></span>{}</a>')
_MORE = Pattern('<a class="tag tag-more" href="{}" title="{}">{}</a>')
_CHIPS = Pattern('<span class="tags">{}</span>')


class Chip(NamedTuple):
    """A segment as a chip shows it."""

    name: str
    colour: str
    url: str


def segment_chips(found: Sequence[Chip], more_url: str) -> Markup:
    """Chips of the first segments; the rest as a number that leads to all of them, with their names on hover."""
    parts = [_CHIP(one.url, one.colour, one.name) for one in found[:SHOWN]]
    if rest := found[SHOWN:]:
        parts.append(_MORE(more_url, ", ".join(one.name for one in rest), _("{n} more").format(n=len(rest))))
    return _CHIPS(Markup("").join(parts))


def segments_cell(state: ListState) -> Callable[[Mapping[str, Any]], Any]:
    """What stands in the column Segments: one query for the whole page."""
    home = f"/s/{state.shop.slug}/segments/"
    rows = Segment.objects.of(state.shop).values_list("pk", "name", "colour")
    chips = {pk: Chip(name, colour, f"{home}{pk}/") for pk, name, colour in rows}
    nothing = cells.nothing()

    def show(row: Mapping[str, Any]) -> Any:
        held = set(row["segment_ids"] or ())
        found = [chip for pk, chip in chips.items() if pk in held]
        return segment_chips(found, f"{state.home_of_customers}{row['id']}/?tab=segments") if found else nothing

    return show
