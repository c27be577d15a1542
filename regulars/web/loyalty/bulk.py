"""Points for each of many customers: the dialog's inputs, and how it is said afterwards."""

from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for
from regulars.customers.models import Customer
from regulars.kit.errors import BadValue, DomainError
from regulars.kit.numbers import show_number
from regulars.loyalty.entries import today_of
from regulars.shops.models import JobRun
from regulars.web.access import StaffRequest
from regulars.web.customers.rows import shown_name
from regulars.web.loyalty.lines import Line
from regulars.web.loyalty.wish import given_in, read_wish, sent_wish
from regulars.web.loyalty.words import names_words, points_words

FEW = 3
"""Names said in a toast."""
NAMING = ("id", "name", "company", "email", "phone", "phone_raw")


def points_choices(request: StaffRequest, fault: DomainError | None) -> dict[str, Any]:
    """What the inputs hold, and which of them was refused."""
    today = today_of(request.shop)
    errors = {fault.field: str(fault)} if isinstance(fault, BadValue) and fault.field else {}
    return {
        "options": [],
        "points": {
            "given": given_in(request.POST, today), "errors": errors, "line": Line(""), "today": today.isoformat(),
            "look": f"/s/{request.shop.slug}/customers/bulk/points/line",
        },
    }  # fmt: skip


def points_params(request: StaffRequest) -> dict[str, Any]:
    """What was written, for the action. Raises BadValue for the input that makes no sense."""
    today = today_of(request.shop)
    given = given_in(request.POST, today)
    return sent_wish(given, read_wish(given, today=today, locale=get_language() or "en"))


def points_told(run: JobRun, request: StaffRequest) -> str:
    """What a run did, and the first of those it left out, by name."""
    said = moved_words(run)
    if left_out := run.result.get("left_out", 0):
        names = names_words([name for _pk, name in named(run, request, FEW)], max(0, left_out - FEW))
        said += " " + _("Too few points: {names}.").format(names=names)
    return said


def moved_words(run: JobRun) -> str:
    """What a run did."""
    locale = get_language() or "en"
    moved, people = run.data["params"]["points"], run.result.get("changed", 0)
    if moved > 0:
        words = ngettext("{points} given to {n} customer.", "{points} given to {n} customers.", people)
    else:
        words = ngettext("{points} taken of {n} customer.", "{points} taken of {n} customers.", people)
    return words.format(points=points_words(abs(moved), locale), n=show_number(people, locale))


def named(run: JobRun, request: StaffRequest, most: int) -> list[tuple[int, str]]:
    """Id and name of the first whom a run left out, as far as this person may see them."""
    ids = run.result.get("named", [])[:most]
    rows = Customer.objects.of(run.shop_id).alive().visible_to(request.staff).filter(pk__in=ids).order_by("pk")
    ctx = context_for(request.shop, staff=request.staff)
    return [(row["id"], shown_name(row, ctx)) for row in rows.values(*NAMING)]
