"""Whether stored figures are what the records say: the latest check of each kind, what differs, the checks before."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.checking import KIND, MOST_SHOWN, runs_of, start_check
from regulars.customers.checks import Check, all_checks
from regulars.customers.fields import context_for
from regulars.kit import numbers
from regulars.kit.query import Context
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.jobs.links import shows
from regulars.web.lists import cells
from regulars.web.pages import redirect, tell, toast
from regulars.web.settings.frame import home_of, settings_page

HISTORY = 20
STATES = JobRun.State


@shows(KIND)
def _page(run: JobRun) -> str:
    return "settings/figures/"


@staff_may(Permission.SETTINGS)
def figures(request: StaffRequest) -> HttpResponse:
    """The page; while a check runs it asks for itself again."""
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    runs = list(runs_of(request.shop)[:HISTORY])
    checked = next((run for run in runs if run.state == STATES.DONE and not run.data["repair"]), None)
    running = next((run for run in runs if not run.is_over), None)
    kinds = [_kind(request, check, checked, ctx) for check in all_checks()]
    context = {
        "kinds": kinds,
        "wrong": any(kind["wrong"] for kind in kinds),
        "checked": cells.show_moment(checked.finished_at, ctx) if checked else "",
        "running": {"percent": running.percent, "title": running.title} if running else None,
        "runs": [_run(run, ctx) for run in runs],
        "here": f"{home_of(request)}figures/",
        "most": numbers.show_number(MOST_SHOWN, ctx.locale),
    }
    return settings_page(request, "figures.html", context, tab="figures/")


@require_POST
@staff_may(Permission.SETTINGS)
def check(request: StaffRequest) -> HttpResponse:
    """Begin a check, or with `repair` store what the records say; one at a time."""
    if any(not run.is_over for run in runs_of(request.shop)[:HISTORY]):
        toast(request, _("A check is under way already."), kind="info")
    else:
        start_check(request.shop, staff=request.staff, repair=request.POST.get("do") == "repair")
        tell(request, "jobs")
    return redirect(request, f"{home_of(request)}figures/")


def _kind(request: StaffRequest, check: Check, run: JobRun | None, ctx: Context) -> dict[str, Any]:
    """What the latest check found of a kind; `is_known` when it looked at it."""
    found = run.result.get(check.name) if run else None
    found = found or {"looked": None, "wrong": 0, "rows": []}
    return {
        "label": check.label,
        "is_known": found["looked"] is not None,
        "looked": numbers.show_number(found["looked"] or 0, ctx.locale),
        "wrong": found["wrong"],
        "wrong_shown": numbers.show_number(found["wrong"], ctx.locale),
        "rows": [_row(request, row) for row in found["rows"]],
        "is_long": found["wrong"] > len(found["rows"]),
    }


def _row(request: StaffRequest, row: list[Any]) -> dict[str, Any]:
    about, pk, _customer_id, name, stored, derived = row
    path = {"order": "orders", "customer": "customers"}.get(about)
    word = {"order": _("Order"), "customer": _("Customer")}.get(about, about)
    return {
        "what": f"{word} #{pk}",
        "url": f"/s/{request.shop.slug}/{path}/{pk}/" if path else "",
        "name": name,
        "stored": "—" if stored is None else stored,
        "derived": "—" if derived is None else derived,
    }


def _run(run: JobRun, ctx: Context) -> dict[str, Any]:
    wrong = sum(found["wrong"] for found in run.result.values())
    return {
        "title": run.title,
        "when": cells.show_moment(run.created_at, ctx),
        "who": str(run.staff) if run.staff else "Regulars",
        "state": run.get_state_display(),
        "tone": {STATES.DONE: "bad" if wrong and not run.data["repair"] else "good", STATES.FAILED: "bad"}.get(
            STATES(run.state), "cool"
        ),
        "looked": numbers.show_number(run.done, ctx.locale),
        "wrong": numbers.show_number(wrong, ctx.locale),
    }
