"""The queue: the surest pairs first, page by page, narrowed to a reason or to one customer."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.fields import context_for
from regulars.customers.likeness import REASONS, open_pairs, running_search, start_finding
from regulars.customers.likeness.finding import last_search
from regulars.customers.models import Customer, Decision, PossibleDuplicate
from regulars.kit import numbers
from regulars.kit.query.paging import count_up_to
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.rows import shown_name
from regulars.web.duplicates.side_by_side import compared
from regulars.web.lists import cells
from regulars.web.pages import asked_for_part, page, redirect, tell, toast

SIZE = 20
MOST_COUNTED = 1000
SEES = (Permission.SEE_CUSTOMERS, Permission.SEE_CONTACT)
_REASONS = tuple(reason for reason in REASONS if reason != "other_name")
_NAMING = ("name", "company", "email", "phone", "phone_raw", "country")


@staff_may(*SEES)
def queue(request: StaffRequest) -> HttpResponse:
    """The pairs that wait for a decision."""
    return show(request)


@require_POST
@staff_may(*SEES, Permission.EDIT_CUSTOMERS)
def search(request: StaffRequest) -> HttpResponse:
    """Compare everybody with everybody again."""
    start_finding(request.shop, staff=request.staff)
    tell(request, "jobs")
    toast(request, _("All customers are being compared. You can go on; this page follows."), kind="info")
    return redirect(request, home(request))


@staff_may(*SEES)
def progress(request: StaffRequest) -> HttpResponse:
    """How far the search is; the page anew when it is over."""
    run = running_search(request.shop)
    if run is None or not asked_for_part(request):
        return redirect(request, home(request))
    return page(request, "duplicates/queue.html", {**_nothing(request), "percent": _percent(run)})


def upper_first(words: str) -> str:
    """Words as they begin a line."""
    return words[:1].upper() + words[1:]


def home(request: StaffRequest) -> str:
    """The address of the queue."""
    return f"/s/{request.shop.slug}/customers/duplicates/"


def show(request: StaffRequest) -> HttpResponse:
    """The page, or its pairs."""
    asked = _Asked(request)
    rows = list(asked.page(open_pairs(request.shop, request.staff))[: SIZE + 1])
    shown = rows[:SIZE]
    run = running_search(request.shop)
    context = {
        **_nothing(request),
        "pairs": compared(request, shown),
        "asked": asked,
        "figures": _figures(request),
        "more": asked.url(after=f"{shown[-1].score}.{shown[-1].pk}") if len(rows) > SIZE else "",
        "percent": _percent(run) if run else None,
        "running": run is not None,
        "last": _last(request),
    }
    return page(request, "duplicates/queue.html", context, oob=("duplicates_figures",))


class _Asked:
    """What the address narrows the queue to."""

    def __init__(self, request: StaffRequest) -> None:
        given = request.GET
        self.request = request
        self.home = home(request)
        self.reason = given.get("reason", "") if given.get("reason") in _REASONS else ""
        self.customer = self._customer(given.get("customer", ""))
        self.after = given.get("after", "")

    def _customer(self, text: str) -> Customer | None:
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            return None
        return Customer.objects.of(self.request.shop).visible_to(self.request.staff).filter(pk=int(text)).first()

    def page(self, pairs: QuerySet[PossibleDuplicate]) -> QuerySet[PossibleDuplicate]:
        """The pairs from where the address stands, surest first."""
        if self.reason:
            pairs = pairs.filter(reasons__contains=[self.reason])
        if self.customer:
            pairs = pairs.filter(Q(first=self.customer) | Q(second=self.customer))
        score, _dot, pk = self.after.partition(".")
        if score.isascii() and score.isdigit() and pk.isascii() and pk.isdigit() and len(self.after) < 20:
            pairs = pairs.filter(Q(score=int(score), pk__lt=int(pk)) | Q(score__lt=int(score)), score__lte=int(score))
        return pairs.order_by("-score", "-pk")

    @property
    def customer_name(self) -> str:
        """Whose pairs are shown, "" for everybody's."""
        if not self.customer:
            return ""
        ctx = context_for(self.request.shop, staff=self.request.staff, locale=get_language() or "en")
        return shown_name({"id": self.customer.pk} | {name: getattr(self.customer, name) for name in _NAMING}, ctx)

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The reasons as chips; a click on the chosen one takes it away."""
        return [
            {
                "label": upper_first(str(REASONS[reason])),
                "url": self.url(reason="" if reason == self.reason else reason, after=""),
                "on": reason == self.reason,
            }
            for reason in _REASONS
        ]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.reason or self.customer or self.after)

    @property
    def here(self) -> str:
        return self.url()

    def url(self, **changed: str) -> str:
        """This page with something changed."""
        customer = str(self.customer.pk) if self.customer else ""
        asked = {"reason": self.reason, "customer": customer, "after": self.after, **changed}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.home}?{query}" if query else self.home


def _nothing(request: StaffRequest) -> dict[str, Any]:
    """What the template may ask of any answer."""
    return {
        "home": home(request),
        "customers": f"/s/{request.shop.slug}/customers/",
        "may_decide": request.staff.may(Permission.EDIT_CUSTOMERS),
        "may_merge": request.staff.may(Permission.MERGE),
        "pairs": [], "asked": None, "figures": "", "more": "", "percent": None, "running": True, "last": "",
    }  # fmt: skip


def _figures(request: StaffRequest) -> str:
    """How many pairs wait, counted up to a thousand."""
    if request.staff.only_own:
        count = count_up_to(open_pairs(request.shop, request.staff), MOST_COUNTED)
    else:
        everybodys = PossibleDuplicate.objects.of(request.shop).filter(decision=Decision.OPEN)
        count = count_up_to(everybodys, MOST_COUNTED)
    shown = numbers.show_number(min(count, MOST_COUNTED), get_language() or "en")
    words = ngettext("{n} pair to look at", "{n} pairs to look at", count)
    return words.format(n=f"{shown}+" if count > MOST_COUNTED else shown)


def _percent(run: JobRun) -> int | None:
    return min(99, round(100 * run.done / run.total)) if run.total and run.done else None


def _last(request: StaffRequest) -> Any:
    """When everybody was compared last, "" for never."""
    run = last_search(request.shop)
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    return cells.show_moment(run.finished_at, ctx) if run else ""
