"""Choosing what becomes of several customers, and making them one."""

from collections.abc import Sequence

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.merging import MOST, merge
from regulars.customers.merging.choosing import HAS_ACCOUNT
from regulars.customers.merging.errors import WrongNumber
from regulars.customers.models import Customer
from regulars.customers.search import find
from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.bulk import chosen
from regulars.web.customers.merging.preview import Preview
from regulars.web.customers.page import CustomerView
from regulars.web.customers.subject import customer_of
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect, toast

MAY = (Permission.SEE_CUSTOMERS, Permission.MERGE)
FIELD = "field-"
MOST_FOUND = 12


@require_POST
@staff_may(*MAY)
def selected(request: StaffRequest) -> HttpResponse:
    """From the selection of a list to the page."""
    selection = chosen(request)
    count = selection.count(request.staff)
    if not 2 <= count <= MOST:
        toast(request, str(WrongNumber()), kind="problem")
        return HttpResponse(status=204) if request.headers.get("HX-Request") else redirect(request, _home(request))
    ids = selection.queryset(request.staff).order_by("pk").values_list("pk", flat=True)
    return redirect(request, f"{_home(request)}merge/?ids={','.join(map(str, ids))}")


@staff_may(*MAY)
def merging(request: StaffRequest) -> HttpResponse:
    """The customers side by side; posted, one of them."""
    given = request.POST if request.method == "POST" else request.GET
    people = _people(request, given)
    if not 2 <= len(people) <= MOST:
        toast(request, str(WrongNumber()), kind="problem")
        return redirect(request, _home(request))
    choices = {
        name.removeprefix(FIELD): number
        for name in given
        if name.startswith(FIELD) and (number := whole_number(given[name])) is not None
    }
    if request.method != "POST":
        return _page(request, people, choices)
    try:
        made = merge(request.shop, people[0], people[1:], choices=choices, by=request.actor)
    except DomainError as refusal:
        return _page(request, people, choices, problem=str(refusal), status=422)
    survivor = customer_of(request, made.survivor_id)
    view = CustomerView(request, survivor)
    toast(request, _("{name}: they are one customer now.").format(name=view.name),
          undo_url=f"{_home(request)}merges/{made.pk}/")  # fmt: skip
    return redirect(request, view.url())


@staff_may(*MAY)
def other(request: StaffRequest, pk: int) -> HttpResponse:
    """With whom? A search whose hits lead to the page."""
    customer = customer_of(request, pk)
    text = request.GET.get("q", "").strip()[:200]
    hits = find(request.shop, text, limit=MOST_FOUND, visible_to=request.staff) if text else []
    rows = Customer.objects.of(request.shop).in_bulk([hit.customer_id for hit in hits])
    found = [
        {"url": f"{_home(request)}merge/?ids={pk},{hit.customer_id}", "id": hit.customer_id, "why": hit.reason,
         "name": CustomerView(request, rows[hit.customer_id]).name}
        for hit in hits
        if hit.customer_id in rows and hit.customer_id != pk
    ]  # fmt: skip
    context = {"view": CustomerView(request, customer), "text": text, "found": found}
    return page(request, "customers/merging/other.html", context)


def _page(
    request: StaffRequest, people: Sequence[Customer], choices: dict[str, int], problem: str = "", status: int = 200
) -> HttpResponse:
    preview = Preview(request, people, choices)
    context = {"preview": preview, "ids": ",".join(str(one.pk) for one in people), "problem": problem,
               "home": _home(request)}  # fmt: skip
    return page(request, "customers/merging/merge.html", context, status=status)


def _people(request: StaffRequest, given: QueryDict) -> list[Customer]:
    """Those named, the survivor first: the one that was chosen, else who has an account, most orders, the oldest id."""
    numbers = [whole_number(part) for text in given.getlist("ids") for part in text.split(",")]
    ids = list(dict.fromkeys(number for number in numbers if number is not None))
    if len(ids) > MOST:
        return []
    people = [customer_of(request, pk) for pk in ids]
    survivor = whole_number(given.get("survivor", ""))
    people.sort(key=lambda one: (one.pk != survivor, one.account_state not in HAS_ACCOUNT, -one.orders_count, one.pk))
    return people


def _home(request: StaffRequest) -> str:
    return f"/s/{request.shop.slug}/customers/"
