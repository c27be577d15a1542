"""What the timeline of a customer tells of segments."""

from django.utils.translation import gettext as _

from regulars.customers.timeline import Names, Part, describes, link, text
from regulars.events.models import Event
from regulars.segments.moving import ENTERED, LEFT


@describes(ENTERED)
def _entered(event: Event, names: Names) -> list[Part]:
    return _sentence(_("Entered the segment {segment}"), event)


@describes(LEFT)
def _left(event: Event, names: Names) -> list[Part]:
    return _sentence(_("Left the segment {segment}"), event)


def _sentence(words: str, event: Event) -> list[Part]:
    """The segment as it was called then."""
    before, _mark, after = words.partition("{segment}")
    name = event.data.get("name") or f"#{event.about_id}"
    return [text(before), link(name, "segment", event.about_id), text(after)]
