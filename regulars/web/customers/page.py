"""The page of one customer: who they are, what they are worth, what happened, what to do next."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpResponse
from django.utils.translation import get_language

from regulars.customers.custom import OwnFields
from regulars.customers.fields import context_for
from regulars.customers.leading import leads_to
from regulars.customers.merging import newest_merge
from regulars.customers.models import Customer
from regulars.customers.own_fields import fields_in_use
from regulars.orders.why import EXPLAINED
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.rows import shown_name
from regulars.web.customers.sections import (
    account,
    addresses,
    debts,
    figures,
    head,
    household,
    notes,
    points,
    segments,
    tabs,
    tasks,
    trade,
    viewed,
)
from regulars.web.customers.sections.history import History
from regulars.web.customers.sections.place import Place
from regulars.web.customers.sections.referred import referred
from regulars.web.customers.sections.related import related
from regulars.web.customers.subject import LARGEST_ID, customer_of
from regulars.web.pages import asked_for_part, page, redirect, target_id, tell

FOLLOW_UP = ("customer_badges", "customer_states", "customer_tabs", "customer_tab", "customer_notes", "customer_facts")
"""Parts that an action on the page may change. Not the box for a new note: nobody's words are swept away."""

UNSAID: dict[str, Any] = {"note_text": "", "note_error": "", "revealed": "", "tags_had": None}
"""What only the answer to an action says: a refused note, a revealed id, the tags that were shown last."""


class CustomerView:
    """What the template asks of one customer; each part is read when it is drawn, and only then."""

    def __init__(self, request: StaffRequest, customer: Customer) -> None:
        self.request, self.shop, self.staff, self.customer = request, request.shop, request.staff, customer
        self.ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
        self.list = request.GET.get("list", "")
        self.home = f"/s/{request.shop.slug}/customers/"
        self.row = {"id": customer.pk, **{name: getattr(customer, name) for name in _NAMING}}

    def may(self, permission: str) -> bool:
        """Whether the reader holds a permission; nothing changes in the bin."""
        return self.staff.may(permission)

    @cached_property
    def is_live(self) -> bool:
        """Neither in the bin nor erased."""
        return self.customer.deleted_at is None

    @cached_property
    def may_edit(self) -> bool:
        return self.is_live and self.may(Permission.EDIT_CUSTOMERS)

    @cached_property
    def may_note(self) -> bool:
        return self.may_edit and self.may(Permission.SEE_NOTES)

    @cached_property
    def may_tag(self) -> bool:
        return self.is_live and self.may(Permission.TAG_CUSTOMERS)

    @cached_property
    def newest_merge_id(self) -> int | None:
        """The merge that this person may take back now."""
        if not (self.is_live and self.may(Permission.MERGE)):
            return None
        newest = newest_merge(self.shop, self.customer.pk)
        return newest.pk if newest else None

    @cached_property
    def may_contact(self) -> bool:
        return self.may(Permission.SEE_CONTACT)

    @cached_property
    def name(self) -> str:
        return shown_name(self.row, self.ctx)

    def url(self, path: str = "", **query: str) -> str:
        """An address below this customer that remembers the list one came from."""
        asked = {name: value for name, value in {**query, "list": self.list}.items() if value}
        return f"{self.home}{self.customer.pk}/{path}" + (f"?{urlencode(asked, quote_via=quote)}" if asked else "")

    def act(self, path: str) -> str:
        """Where an action posts to, so that the answer shows the tab one is on."""
        return self.url(path, tab=self.tab)

    @property
    def here(self) -> str:
        return self.act("")

    @cached_property
    def team(self) -> list[Staff]:
        """Who works in the shop."""
        return list(Staff.objects.of(self.shop).active().select_related("user"))

    @cached_property
    def own(self) -> OwnFields:
        """The fields of the shop's own."""
        return OwnFields.of(self.shop, self.ctx.locale, known=fields_in_use(self.ctx))

    # --- parts --------------------------------------------------------------------------------------------------
    @cached_property
    def tab(self) -> str:
        """The open tab; one this person has not is the first."""
        asked = self.request.GET.get("tab", "")
        known = tabs.names_for(self.staff)
        return asked if asked in known else known[0]

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        return tabs.tabs(self)

    @cached_property
    def place(self) -> Place:
        return Place.of(self)

    @cached_property
    def head(self) -> head.Head:
        return head.Head(self)

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        return figures.figures(self)

    @cached_property
    def household(self) -> dict[str, Any] | None:
        return household.household(self)

    @cached_property
    def likeness(self) -> dict[str, Any] | None:
        return household.likeness(self)

    @cached_property
    def facts(self) -> list[tuple[Any, Any]]:
        return head.facts(self)

    @cached_property
    def history(self) -> History:
        return History.of(self)

    @cached_property
    def orders(self) -> dict[str, Any]:
        return trade.orders(self)

    @cached_property
    def payments(self) -> dict[str, Any]:
        return trade.payments(self)

    @cached_property
    def detach_url(self) -> str:
        """Where an order is sent that is not theirs; "" for who may not do that."""
        may = self.may_edit and self.may(Permission.SEE_ORDERS) and not self.staff.only_own
        return self.act("orders/detach/") if may else ""

    @cached_property
    def returns(self) -> dict[str, Any]:
        return trade.returns(self)

    @cached_property
    def related(self) -> dict[str, Any]:
        return related(self)

    @cached_property
    def debts(self) -> debts.Debts:
        return debts.Debts(self)

    @cached_property
    def over_limit(self) -> str:
        return debts.over_limit(self)

    @cached_property
    def debt_stays(self) -> str:
        return debts.stays(self)

    @cached_property
    def points(self) -> points.Points:
        return points.Points(self)

    @cached_property
    def products(self) -> dict[str, Any]:
        return viewed.products(self)

    @cached_property
    def referred(self) -> dict[str, Any]:
        return referred(self)

    @cached_property
    def tasks(self) -> dict[str, Any]:
        return tasks.tasks(self)

    @cached_property
    def notes(self) -> list[dict[str, Any]]:
        return notes.notes(self)

    @cached_property
    def latest_notes(self) -> list[dict[str, Any]]:
        return notes.at_hand(self)

    @cached_property
    def colleagues(self) -> list[str]:
        return notes.colleagues(self)

    @cached_property
    def addresses(self) -> list[dict[str, Any]]:
        return addresses.addresses(self)

    @cached_property
    def segments(self) -> list[dict[str, Any]]:
        return segments.segments(self)

    @cached_property
    def consents(self) -> list[dict[str, Any]]:
        return account.consents(self)

    @cached_property
    def account(self) -> account.Account:
        return account.Account(self)


_NAMING = ("name", "company", "email", "phone", "phone_raw", "zalo_id", "country")


@staff_may(Permission.SEE_CUSTOMERS)
def customer(request: StaffRequest, pk: int) -> HttpResponse:
    """The page, or the tab that was opened. The id of somebody who was merged leads to whom they became."""
    try:
        found = customer_of(request, pk)
        became = found.merged_into_id
    except Http404:  # an agent may see whom they became, not them
        if not (became := leads_to(request.shop, pk) if pk <= LARGEST_ID else None):
            raise
    if became:
        customer_of(request, became)  # 404 for who may not see them
        asked = request.META.get("QUERY_STRING", "")
        return redirect(request, f"/s/{request.shop.slug}/customers/{became}/{'?' if asked else ''}{asked}")
    return show(request, found, oob=("customer_tabs",))


@staff_may(Permission.SEE_CUSTOMERS, Permission.SEE_ORDERS)
def why(request: StaffRequest, pk: int, figure: str) -> HttpResponse:
    """The orders that add up to a figure."""
    if figure not in EXPLAINED:
        raise Http404
    view = CustomerView(request, customer_of(request, pk))
    return page(request, "customers/why.html", {"view": view, "why": figures.reasons(view, figure)})


def show(
    request: StaffRequest, customer: Customer, *, oob: Iterable[str] = (), status: int = 200, **more: Any
) -> HttpResponse:
    """The customer's page, or the part that was asked for; more: see UNSAID."""
    values = {"view": CustomerView(request, customer), **UNSAID, **more}
    return page(request, "customers/page.html", values, oob=oob, status=status)


def acted(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer to an action on the page: its parts anew for htmx, the page itself for everybody else."""
    fresh = customer_of(request, pk)
    if not asked_for_part(request):
        return redirect(request, CustomerView(request, fresh).here)
    target = target_id(request).replace("-", "_")
    if target == "dialog_body":
        tell(request, "close-dialog")
    return show(request, fresh, oob=[part for part in FOLLOW_UP if part != target])
