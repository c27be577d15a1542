"""What pages about files call things, and how they print them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from regulars.customers.custom import OwnFields, key_of
from regulars.customers.fields import context_for
from regulars.kit.numbers import show_number
from regulars.kit.query.context import Context
from regulars.shops.models import Staff
from regulars.transfer.columns import COLUMNS
from regulars.transfer.formats import FORMATS, PACKED_LINE
from regulars.transfer.intake.encodings import ENCODINGS
from regulars.web.access import StaffRequest

KINDS = {
    "customers": gettext_lazy("Customers"), "orders": gettext_lazy("Orders"),
    "products": gettext_lazy("Products"), "activity": gettext_lazy("Visits and viewed products"),
    "notes": gettext_lazy("Notes"), "consents": gettext_lazy("Consents"), "points": gettext_lazy("Points"),
}  # fmt: skip
ASKED = {
    "customers": gettext_lazy("Import customers"), "orders": gettext_lazy("Import orders"),
    "products": gettext_lazy("Import products"), "activity": gettext_lazy("Import visits"),
    "notes": gettext_lazy("Import notes"), "consents": gettext_lazy("Import consents"),
    "points": gettext_lazy("Import points"),
}  # fmt: skip
"""What to do with a kind of file."""

TONES = {"uploaded": "", "running": "cool", "started": "cool", "done": "good", "failed": "bad", "cancelled": "warn"}
DELIMITERS = {
    ",": gettext_lazy("Comma"), ";": gettext_lazy("Semicolon"), "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar"),
}  # fmt: skip


def context_of(request: StaffRequest) -> Context:
    """Zone, currency and language in which this person reads the shop."""
    return context_for(request.shop, staff=request.staff, locale=get_language() or "en")


def kind_name(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def format_name(name: str) -> str:
    """A format in words; the bare name of one that we no longer know."""
    return str(FORMATS[name].label) if name in FORMATS else name


def delimiter_name(sign: str) -> str:
    return str(DELIMITERS.get(sign, sign))


_MADE = {PACKED_LINE: gettext_lazy("Order line"), "address": gettext_lazy("New address")}


def encoding_name(name: str) -> str:
    return ENCODINGS[name].label if name in ENCODINGS else name


def field_name(kind: str, field: str, own: OwnFields | None = None) -> str:
    """What a field of a file is called; one of the shop's own by its key unless they are given."""
    if key := key_of(field):
        return own.label(field) if own else key
    if field in COLUMNS[kind]:
        return str(COLUMNS[kind][field].label)
    return str(_MADE.get(field, field))


def who(staff: Staff | None) -> str:
    """Who did it; the command line has no person."""
    return str(staff.user) if staff else _("Command line")


def changes(kind: str, changed: Mapping[str, int], replaced: Mapping[str, int], ctx: Context) -> list[dict[str, str]]:
    """Which fields change and for how many, most first: {"field", "count", "replaced"}; replaced "" for none."""
    own = OwnFields(ctx.shop_id, ctx.currency, ctx.locale, ever=True)
    by_count = sorted(changed.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {
            "field": field_name(kind, field, own),
            "count": show_number(count, ctx.locale),
            "replaced": show_number(replaced[field], ctx.locale) if replaced.get(field) else "",
        }
        for field, count in by_count
    ]


def doubts(kind: str, doubtful: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Values that were not taken as they stand, with the field's name for a column."""
    return [{**one, "column": field_name(kind, one["column"])} for one in doubtful]
