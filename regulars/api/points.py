"""Points: what a customer has, the ledger behind it, and giving or taking some."""

from typing import Any

from django.http import HttpResponse
from ninja import Query, Router

from regulars.api.auth import Bearer, KeyRequest, actor_of
from regulars.api.customers_sent import customer_called
from regulars.api.lists import answer, check_names, page_by_number
from regulars.api.schemas import Id, PageAsked
from regulars.api.schemas_points import Movement, PointsSent, PointsTold
from regulars.customers.models import Customer
from regulars.kit.text import one_line
from regulars.loyalty.errors import KeyUsed
from regulars.loyalty.lots import expiring
from regulars.loyalty.models import PointsEntry
from regulars.loyalty.operations import adjust_points
from regulars.shops.models import ApiKey
from regulars.shops.permissions import Scope
from regulars.transfer.outgoing.reads import note_read

OURS = "api:"
"""What keys of programs begin with, so that none can be one of ours."""

router = Router(tags=["Points"], auth=Bearer(Scope.CUSTOMERS))


@router.get("/customers/{id}/points", response=PointsTold, summary="Points of a customer")
def points(request: KeyRequest, id: Id, asked: Query[PageAsked]) -> HttpResponse:
    """What the customer can use, what waits and what expires when; and the ledger, newest first, page by page.

    The id of a customer who was merged means the one they became.
    """
    check_names(request, PageAsked)
    key = request.auth
    customer = customer_called(key, id)
    rows = PointsEntry.objects.of(key.shop_id).filter(customer=customer)
    name = f"points of {customer.pk}"
    page = page_by_number(name, key, rows, limit=asked.limit, cursor=asked.cursor, newest_first=True)
    found = rows.in_bulk(page.ids)
    note_read(key, "points", len(found))
    return answer({
        **_figures(customer),
        "entries": [_told(found[pk]) for pk in page.ids if pk in found],
        "next": page.next or None,
    })  # fmt: skip


@router.post(
    "/customers/{id}/points", auth=Bearer(Scope.CUSTOMERS, Scope.POINTS), response={201: Movement},
    summary="Give or take points",
)  # fmt: skip
def move_points(request: KeyRequest, id: Id, sent: PointsSent) -> HttpResponse:
    """Give points, or take some (less than 0). With a `key` it happens once: sent again, it is answered again.

    Refused when more would be taken than there is (`loyalty.not_enough_points`), and when the key was another
    movement's (`loyalty.key_used`).
    """
    entry = _moved(customer_called(request.auth, id), sent, request.auth)
    return answer(_told(entry), status=201)


def _moved(customer: Customer, sent: PointsSent, key: ApiKey) -> PointsEntry:
    """Raises KeyUsed, by the key as it was sent, also for what only differs in its words or its day."""
    try:
        entry = adjust_points(
            customer, sent.points, note=sent.note, by=actor_of(key), counts_on=sent.counts_on,
            expires_on=sent.expires_on, key=f"{OURS}{sent.key}" if sent.key else "",
        )  # fmt: skip
    except KeyUsed:
        raise KeyUsed(key=sent.key) from None
    if entry.note != one_line(sent.note) or sent.counts_on not in (None, entry.counts_on):
        raise KeyUsed(key=sent.key)
    return entry


def _figures(customer: Customer) -> dict[str, Any]:
    return {
        "customer_id": customer.pk,
        "balance": customer.points,
        "earned": customer.points_earned,
        "pending": customer.points_pending,
        "expiring": [{"expires_on": day, "points": number} for day, number in expiring(customer)],
    }


def _told(entry: PointsEntry) -> dict[str, Any]:
    """An entry as `Movement`: without its note, which is the team's."""
    columns = (
        "id", "customer_id", "points", "reason", "created_at", "counts_on", "expires_on", "is_pending", "balance_after",
        "reverses_id",
    )  # fmt: skip
    key = entry.key.removeprefix(OURS) if entry.key.startswith(OURS) else ""
    return {**{name: getattr(entry, name) for name in columns}, "programme": entry.origin, "key": key}
