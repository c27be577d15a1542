"""Making several customers of one again: what will happen, and what to do with what came since."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.errors import InTheBin
from regulars.customers.merging import came_since, edits_since, unmerge
from regulars.customers.merging.errors import Forgotten, NewerMergeFirst, NotMerged
from regulars.customers.merging.parting import Edit, Keep, check
from regulars.customers.models import Customer, Merge
from regulars.kit.dates import day_of, show_day
from regulars.kit.errors import DomainError
from regulars.kit.money import show_money
from regulars.kit.numbers import show_number
from regulars.loyalty.merging import balances_after
from regulars.orders.models import Order
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.merging.words import Words
from regulars.web.customers.page import CustomerView
from regulars.web.customers.subject import LARGEST_ID, customer_of
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect, toast

ORDERS = "orders.Order.customer_id"
MAY = (Permission.SEE_CUSTOMERS, Permission.MERGE)


@staff_may(*MAY)
def parting(request: StaffRequest, merge: int) -> HttpResponse:
    """What happens when a merge is taken back; posted, it is taken back."""
    found = Merge.objects.of(request.shop).filter(pk=merge).first() if merge <= LARGEST_ID else None
    if found is None:
        raise Http404
    survivor = customer_of(request, found.survivor_id)
    try:
        if request.method == "POST":
            return _parted(request, found, survivor)
        check(found)
    except (NotMerged, Forgotten, NewerMergeFirst, InTheBin) as refusal:
        toast(request, str(refusal), kind="problem")
        return redirect(request, CustomerView(request, survivor).url())
    except DomainError as refusal:  # an address that somebody else has by now
        return _page(request, found, survivor, problem=str(refusal), status=422)
    return _page(request, found, survivor)


def _parted(request: StaffRequest, merge: Merge, survivor: Customer) -> HttpResponse:
    given = request.POST
    edits = [name.removeprefix("edit-") for name in given if name.startswith("edit-") and given[name] == "now"]
    keep: Keep = {ORDERS: orders} if (orders := _given_away(given, survivor.pk)) else "survivor"
    unmerge(merge, by=request.actor, keep=keep, edits=edits)
    toast(request, _("They are customers of their own again."))
    return redirect(request, CustomerView(request, survivor).url())


def _given_away(given: QueryDict, survivor_id: int) -> dict[int, int]:
    """Order id → customer id, of the orders that do not stay with the survivor."""
    pairs = {
        whole_number(name.removeprefix("order-")): whole_number(str(given[name]))
        for name in given
        if name.startswith("order-")
    }
    return {pk: to for pk, to in pairs.items() if pk is not None and to is not None and to != survivor_id}


def _page(
    request: StaffRequest, merge: Merge, survivor: Customer, problem: str = "", status: int = 200
) -> HttpResponse:
    words = Words(request.shop, request.staff)
    rows = Customer.objects.of(request.shop).in_bulk(merge.merged_ids)
    people = [survivor, *(rows[pk] for pk in merge.merged_ids if pk in rows)]
    before = [{**Customer(shop_id=survivor.shop_id).__dict__, **merge.snapshot["rows"][str(one.pk)]} for one in people]
    since = came_since(merge)
    context = {
        "view": CustomerView(request, survivor),
        "merge": merge,
        "people": [_person(row, words) for row in before],
        "edits": [_edit(one, words, merge) for one in edits_since(merge)],
        "orders": _orders(request, since.get(ORDERS, []), words) if request.staff.may(Permission.SEE_ORDERS) else [],
        "rest": _rest(since),
        "warnings": _overdrawn(merge, before, words),
        "problem": problem,
    }
    return page(request, "customers/merging/unmerge.html", context, status=status)


def _person(row: dict[str, Any], words: Words) -> dict[str, Any]:
    facts = [words.email(row), words.phone(row), words.of_row(row, "group")]
    return {"id": row["id"], "name": row["name"] or facts[0] or facts[1] or f"#{row['id']}",
            "facts": [fact for fact in facts if fact]}  # fmt: skip


def _overdrawn(merge: Merge, rows: list[dict[str, Any]], words: Words) -> list[str]:
    """Whose points were used up by another meanwhile."""
    balances = balances_after(merge)
    said = _("{name} will have {n} points: points of another were used after the merge.")
    return [
        said.format(name=_person(row, words)["name"], n=show_number(balances[row["id"]], words.locale))
        for row in rows
        if balances[row["id"]] < 0
    ]


def _edit(edit: Edit, words: Words, merge: Merge) -> dict[str, Any]:
    """The value of before and the one of now, ready to print."""
    survivor = merge.survivor
    before = merge.snapshot["rows"][str(merge.survivor_id)]
    return {
        "name": edit.name,
        "label": edit.label,
        "before": words.of_row(before, edit.name),
        "now": words.value(survivor, edit.name),
    }


def _orders(request: StaffRequest, ids: list[int], words: Words) -> list[dict[str, Any]]:
    found = Order.objects.of(request.shop).filter(pk__in=ids).order_by("-placed_at", "-pk")
    return [
        {
            "id": order.pk,
            "number": order.number,
            "on": show_day(day_of(order.placed_at, request.shop.timezone), get_language() or "en"),
            "total": show_money(order.total, request.shop.currency, words.locale),
        }
        for order in found
    ]


def _rest(since: dict[str, list[int]]) -> int:
    """How many other rows came since: notes, addresses, words about consent …"""
    return sum(len(ids) for name, ids in since.items() if name != ORDERS)
