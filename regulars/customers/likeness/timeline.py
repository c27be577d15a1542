"""What a customer's timeline says of decisions about duplicates and of households."""

from django.utils.translation import gettext as _

from regulars.customers.likeness.decisions import ALIKE_AGAIN, TOLD_APART
from regulars.customers.timeline import Names, Part, describes, link, text
from regulars.events.models import Event


@describes(TOLD_APART)
def _told_apart(event: Event, names: Names) -> list[Part]:
    return _other(_("Not the same person as") + " ", event, names)


@describes(ALIKE_AGAIN)
def _alike_again(event: Event, names: Names) -> list[Part]:
    return _other(_("Could again be the same person as") + " ", event, names)


@describes("customer.household_renamed")
def _household_renamed(event: Event, names: Names) -> list[Part]:
    name = event.data.get("new", "")
    return [text(_("The household is called “{name}”").format(name=name) if name else _("The household has no name"))]


def _other(words: str, event: Event, names: Names) -> list[Part]:
    """With a link to the other one; of erased events only that it happened is left."""
    other = event.data.get("other_customer")
    return [text(words), link(names("customer", other), "customer", other)] if other else [text(words.strip())]
