"""Words about marketing, and the citizen id in clear."""

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.models import ConsentChannel, ConsentState
from regulars.customers.operations import record_consent, reveal_citizen_id
from regulars.kit.dates import read_moment
from regulars.kit.errors import BadValue
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView, acted, show
from regulars.web.customers.subject import customer_of, refusals_told
from regulars.web.pages import page, toast

STATES = (ConsentState.SUBSCRIBED, ConsentState.PENDING, ConsentState.UNSUBSCRIBED, ConsentState.NOT_SUBSCRIBED)


@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def consent(request: StaffRequest, pk: int) -> HttpResponse:
    """The form for what the customer said about one channel, and its answer."""
    customer = customer_of(request, pk)
    errors: dict[str, str] = {}
    given = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("channel", "state", "at", "source")}
    if request.method == "POST":
        try:
            state, at, source = _state(given["state"]), _moment(request, given["at"]), _source(given["source"])
            won = record_consent(customer, given["channel"], state, source=source, at=at, by=request.actor)
            if not won:
                toast(request, _("A later word is known already, so the state stays as it is."), kind="info")
            return acted(request, pk)
        except BadValue as refusal:
            errors[refusal.field] = str(refusal)
    context = {
        "view": CustomerView(request, customer),
        "given": given,
        "errors": errors,
        "channels": [(one.value, str(one.label)) for one in ConsentChannel],
        "states": [(int(one), str(one.label)) for one in STATES],
    }
    return page(request, "customers/consent.html", context, status=422 if errors else 200)


@require_POST
@staff_may(Permission.SEE_CUSTOMERS, Permission.REVEAL_CITIZEN_ID)
@refusals_told
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """The citizen id in clear, once; that it was seen stands in the timeline."""
    customer = customer_of(request, pk)
    revealed = reveal_citizen_id(customer, staff=request.staff)
    return show(request, customer, revealed=revealed)


def _state(text: str) -> int:
    known = {str(int(one)): int(one) for one in STATES}
    if text not in known:
        raise BadValue(_("Choose what the customer said."), value=text, field="state")
    return known[text]


def _moment(request: StaffRequest, text: str) -> datetime | None:
    """When it was said, in the shop's time; None for now. Raises BadValue."""
    if not text.strip():
        return None
    try:
        at = read_moment(text, request.shop.timezone)
    except BadValue as refusal:
        raise refusal.for_field("at") from None
    if at > timezone.now():
        raise BadValue(_("This lies in the future."), value=text, field="at")
    return at


def _source(text: str) -> str:
    """Proof needs a place: on the phone, a paper form, a chat … (GDPR art. 7.1)."""
    if not text.strip():
        raise BadValue(_("Say where it was said: on the phone, a paper form, a chat …"), value=text, field="source")
    return text
