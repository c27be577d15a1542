"""Who looks after how many customers: one line a person, each figure a way to the list."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for
from regulars.customers.leaving import Load, loads
from regulars.customers.models import Status
from regulars.kit import money, numbers
from regulars.kit.query.language import quoted
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.tasks.lateness import late_by_staff
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import page

NOTHING = Load(0, 0, {}, 0, 0)


@staff_may(Permission.SEE_CUSTOMERS)
def team(request: StaffRequest) -> HttpResponse:
    """Everybody who works here or still has customers; who sees only their own customers sees only themselves."""
    statuses = list(Status.objects.of(request.shop))
    known = loads(request.shop)
    people = Staff.objects.of(request.shop).select_related("user").order_by("user__name", "pk")
    if request.staff.only_own:
        people = people.filter(pk=request.staff.pk)
    overdue = late_by_staff(request.shop) if request.staff.may(Permission.TASKS) else {}
    seen = [one for one in people if one.is_active or one.pk in known]
    rows = [_row(request, one, known.get(one.pk, NOTHING), statuses, overdue) for one in seen]
    if not request.staff.only_own:
        rows.append(_row(request, None, known.get(None, NOTHING), statuses, overdue))
    context = {"rows": rows, "statuses": statuses, "home": _home(request), "may_edit": request.staff.may(_EDIT)}
    return page(request, "customers/team.html", {**context, "sees_orders": request.staff.may(Permission.SEE_ORDERS)})


_EDIT = Permission.EDIT_CUSTOMERS


def _home(request: StaffRequest) -> str:
    return f"/s/{request.shop.slug}/customers/"


def _row(
    request: StaffRequest, staff: Staff | None, load: Load, statuses: list[Status], overdue: dict[int, int]
) -> dict[str, Any]:
    ctx = context_for(request.shop, staff=request.staff)
    whose = f"staff = {quoted(staff.user.email)}" if staff else "staff IS NULL"

    def figure(number: int, *more: str, shown: str = "") -> dict[str, str]:
        where = urlencode({"where": " AND ".join((whose, *more))})
        url = f"{_home(request)}?{where}" if number else ""
        return {"shown": shown or numbers.show_number(number, ctx.locale), "url": url}

    def amount(minor: int, *more: str) -> dict[str, str]:
        return figure(minor, *more, shown=money.show_money(minor, ctx.currency, ctx.locale))

    return {
        "staff": staff,
        "name": str(staff.user) if staff else _("Nobody responsible"),
        "customers": figure(load.customers),
        "by_status": [
            (one.name, figure(load.by_status.get(one.pk, 0), f"status = {quoted(one.name)}")) for one in statuses
        ],
        "overdue": figure(overdue.get(staff.pk, 0), "overdue_tasks > 0") if staff else None,
        "debt": amount(load.debt, "debt > 0"),
        "spent": amount(load.spent_3m, "spent_3m > 0"),
    }
