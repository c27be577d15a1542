"""The pipeline: one column a status, cards that are moved between them, filtered like the list."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.models import Status
from regulars.customers.pipeline import Cursor, Stage, Total, move, stages, totals
from regulars.kit import dates, money, numbers
from regulars.kit.errors import BadValue, DomainError
from regulars.kit.query import BadCondition, parse
from regulars.kit.query.conditions import both
from regulars.kit.query.language import quoted
from regulars.kit.query.paging import in_order
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.bulk import bulk_actions
from regulars.web.customers.kind import PIPELINE
from regulars.web.customers.rows import rows, second_line, shown_name
from regulars.web.customers.staying import stay_days, stay_words
from regulars.web.customers.subject import customer_of
from regulars.web.frame import toasts_of
from regulars.web.lists import cells
from regulars.web.lists.state import ListState
from regulars.web.lists.views import OOB, count_words, read_state, show_list
from regulars.web.markup import initials, tint
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect, toast
from regulars.web.places import back_to

TEMPLATE = "customers/board.html"
LONG = 30
"""Days at one status that are shown as a warning."""
_READ = ("id", "name", "email", "phone", "phone_raw", "company", "has_avatar", "status_id", "status_at", "total_spent",
         "last_order_at", "staff_id", "co_staff_ids", "tag_ids")  # fmt: skip


@staff_may(Permission.SEE_CUSTOMERS)
def board(request: StaffRequest) -> HttpResponse:
    """The first cards of every status, in a fixed number of queries; of very many the sums are asked for later."""
    more = {"bulk_actions": bulk_actions(request.staff)}
    try:
        state = read_state(request, PIPELINE)
        statuses = list(Status.objects.of(request.shop))
        found = stages(state.rows, [*(one.pk for one in statuses), None])
    except BadCondition:
        return show_list(request, PIPELINE, rows, TEMPLATE, {**more, "columns": [], "may_move": False})
    words = count_words(state, exact=False)
    sums = None if state.is_capped else totals(state.rows)
    context = {
        **more, **words, "view": state, "saved": None, "fault": None, "rows": [], "found": None, "statuses": statuses,
        "columns": _columns(state, statuses, found, sums), "totals_later": sums is None,
        "may_move": request.staff.may(Permission.EDIT_CUSTOMERS),
    }  # fmt: skip
    return page(request, TEMPLATE, context, oob=OOB)


@staff_may(Permission.SEE_CUSTOMERS)
def more_cards(request: StaffRequest) -> HttpResponse:
    """The cards of the status `status` ("" for none) behind the place `behind`."""
    state = read_state(request, PIPELINE)
    statuses = list(Status.objects.of(request.shop))
    chosen = [one for one in statuses if one.pk == whole_number(request.GET.get("status", ""))]
    behind = Cursor.read(request.GET.get("behind", ""))
    if behind is None:
        return redirect(request, state.here)
    found = stages(state.rows, [chosen[0].pk if chosen else None], behind)
    (column,) = _columns(state, chosen, found, None)
    return page(request, "customers/cards.html", {"column": column, "view": state, "may_move": _may_move(request)})


@staff_may(Permission.SEE_CUSTOMERS)
def show_totals(request: StaffRequest) -> HttpResponse:
    """How many cards each status has and what they spent, ready to print, by its number ("" for none)."""
    state = read_state(request, PIPELINE)
    shown = {str(key or ""): _total(state, one) for key, one in totals(state.rows).items()}
    return JsonResponse(shown)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
def move_card(request: StaffRequest, pk: int) -> HttpResponse:
    """Move one customer to the status `to`, if they are still at `was` ("" for none); scripts get toasts as JSON."""
    customer = customer_of(request, pk)
    status = 200
    try:
        known = {str(one.pk): one for one in Status.objects.of(request.shop)}
        to, was = (_given(request, name, known) for name in ("to", "was"))
        done = move(customer, to, was=was.pk if was else None, by=request.actor)
        back = urlencode({"to": was.pk if was else "", "was": to.pk if to else ""})
        words = _("{name}: {status}").format(name=done, status=to or _("No status"))
        toast(request, words, undo_url=f"/s/{request.shop.slug}/customers/pipeline/{pk}/move?{back}")
    except DomainError as fault:
        toast(request, str(fault), kind="problem")
        status = 409
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"toasts": toasts_of(request)}, status=status)
    return redirect(request, back_to(request, "customers/pipeline/"))


def _given(request: StaffRequest, name: str, known: Mapping[str, Status]) -> Status | None:
    sent = request.POST.get(name, request.GET.get(name, ""))
    if sent and sent not in known:
        raise BadValue(_("This choice does not exist any more. Reload the page."), value=sent, field=name)
    return known.get(sent)


def _may_move(request: StaffRequest) -> bool:
    return request.staff.may(Permission.EDIT_CUSTOMERS)


def _columns(
    state: ListState, statuses: Sequence[Status], found: Sequence[Stage], sums: Mapping[int | None, Total] | None
) -> list[dict[str, Any]]:
    cards = _cards(state, [pk for stage in found for pk in stage.ids])
    known = {one.pk: one for one in statuses}
    return [_column(state, stage, known.get(stage.status_id or 0), cards, sums) for stage in found]


def _column(
    state: ListState,
    stage: Stage,
    status: Status | None,
    cards: Mapping[int, dict[str, Any]],
    sums: Mapping[int | None, Total] | None,
) -> dict[str, Any]:
    asked = parse(f"status = {quoted(status.name)}" if status else "status IS NULL")
    where = state.query(where=both(state.whole, asked), sort="", view="")
    go_on = urlencode({"status": stage.status_id or "", "behind": str(stage.following)}) if stage.following else ""
    return {
        "id": stage.status_id or "",
        "name": status.name if status else _("No status"),
        "colour": status.colour if status else "grey",
        "cards": [cards[pk] for pk in stage.ids if pk in cards],
        "list_url": f"{state.home_of_customers}?{where}",
        "more_url": f"{state.url('more')}{'&' if state.query() else '?'}{go_on}" if go_on else "",
        "total": _total(state, sums.get(stage.status_id, Total(0, 0))) if sums is not None else None,
    }


def _total(state: ListState, total: Total) -> dict[str, str]:
    """Amounts are left out for those who see no orders."""
    locale = state.ctx.locale
    may_see = state.ctx.may(Permission.SEE_ORDERS)
    spent = money.show_money(total.spent, state.ctx.currency, locale) if may_see else ""
    return {"count": numbers.show_number(total.customers, locale), "spent": spent}


def _cards(state: ListState, ids: list[int]) -> dict[int, dict[str, Any]]:
    shown = state.kind.fields.fetch(state.everyone.filter(pk__in=ids), ["tags", "staff"], state.ctx, also=list(_READ))
    list_of = urlencode({"list": state.query(where=state.whole)})
    return {row["id"]: _card(state, row, list_of) for row in in_order(shown, ids)}


def _card(state: ListState, row: Mapping[str, Any], list_of: str) -> dict[str, Any]:
    ctx, fields, pk = state.ctx, state.kind.fields, row["id"]
    name = shown_name(row, ctx)
    sees_orders = ctx.may(Permission.SEE_ORDERS)
    since = row["status_at"]
    days = stay_days(since, None, ctx)
    return {
        "id": pk,
        "name": name,
        "sub": second_line(row, ctx),
        "url": f"{state.home_of_customers}{pk}/?{list_of}",
        "avatar": f"{state.home_of_customers}{pk}/avatar" if row["has_avatar"] else "",
        "initials": initials(name),
        "tint": tint(pk),
        "spent": money.show_money(row["total_spent"], ctx.currency, ctx.locale) if sees_orders else "",
        "last_order": cells.show_moment(row["last_order_at"], ctx) if sees_orders and row["last_order_at"] else "",
        "staff": fields["staff"].people(row, ctx),  # type: ignore[attr-defined]
        "tags": fields["tags"].value(row, ctx) or [],
        "days": stay_words(since, None, ctx),
        "since": dates.show_moment(since, ctx.tz, ctx.locale) if since else "",
        "is_long": days is not None and days >= LONG,
    }
