"""Who may be the same person, and making one customer of several."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from ninja import Query, Router

from regulars.api.auth import Bearer, KeyRequest, actor_of
from regulars.api.customers import customers_of, whole
from regulars.api.customers_sent import customer_called
from regulars.api.lists import answer, check_names, page_by_number
from regulars.api.problems import NotThere
from regulars.api.schemas import Id
from regulars.api.schemas_sent import DuplicatePage, DuplicatesAsked, Merged, MergeSent
from regulars.customers.leading import leads_to
from regulars.customers.merging import merge
from regulars.customers.models import Decision, PossibleDuplicate
from regulars.shops.models import ApiKey
from regulars.shops.permissions import Scope
from regulars.transfer.outgoing.reads import note_read

router = Router(tags=["Customers"], auth=Bearer(Scope.CUSTOMERS, Scope.MERGE))


@router.get("/duplicates", response=DuplicatePage, summary="Who may be the same person")
def duplicates(request: KeyRequest, asked: Query[DuplicatesAsked]) -> HttpResponse:
    """Pairs of customers about whom nobody has decided yet, oldest first."""
    check_names(request, DuplicatesAsked)
    key = request.auth
    rows = _open_pairs(key)
    if asked.customer is not None:
        pk = leads_to(key.shop_id, asked.customer) or asked.customer
        rows = rows.filter(Q(first_id=pk) | Q(second_id=pk))
    page = page_by_number("duplicates", key, rows, limit=asked.limit, cursor=asked.cursor)
    found = rows.in_bulk(page.ids)
    note_read(key, "duplicates", len(found))
    return answer({
        "duplicates": [_told(found[pk]) for pk in page.ids if pk in found],
        "next": page.next or None,
    })  # fmt: skip


@router.post("/customers/{id}/merge", response=Merged, summary="Merge customers")
def merge_customers(request: KeyRequest, id: Id, sent: MergeSent) -> HttpResponse:
    """Make one customer of two to five; the one in the address keeps the number, and the others' numbers lead there.

    As on the page: everything that hangs on them comes together, and staff can take it back.
    """
    key = request.auth
    survivor = customer_called(key, id)
    people = customers_of(key).in_bulk(sent.ids)
    if set(sent.ids) - people.keys():
        raise NotThere
    made = merge(key.shop, survivor, [people[pk] for pk in sent.ids], choices=sent.choices, by=actor_of(key))
    return answer({"merge_id": made.pk, "customer": whole(key, survivor.pk)})


def _open_pairs(key: ApiKey) -> QuerySet:
    """Both of them customers still."""
    rows: QuerySet = PossibleDuplicate.objects.of(key.shop_id).filter(decision=Decision.OPEN)
    for side in ("first_id", "second_id"):
        rows = rows.filter(Exists(customers_of(key).filter(shop_id=OuterRef("shop_id"), pk=OuterRef(side))))
    return rows


def _told(pair: PossibleDuplicate) -> dict[str, Any]:
    ids = [pair.first_id, pair.second_id]
    return {"id": pair.pk, "customer_ids": ids, "score": pair.score, "reasons": list(pair.reasons)}
