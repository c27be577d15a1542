"""Which values customers can get back when a batch is undone: those that are still there, and nobody else's by now.

What cannot come back stays as it is, and so does what goes with it; the rest of the batch is undone all the same.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet

from regulars.customers.bulk.applying import Columns
from regulars.customers.models import Customer, Group, Status, Tag
from regulars.customers.referrals import circling, referrals_locked
from regulars.shops.models import Shop

Back = dict[int, Columns]
"""Customer id → column → [what is there now, what was before]."""

_ALONG = {"email": ("email_raw",), "group_id": ("group_by_hand",)}
"""Columns that stay with another one."""


def leave_what_cannot_come_back(shop: Shop, back: Back) -> set[int]:
    """Take out of `back` what cannot come back; of which customers that was."""
    left = _leave_gone(shop, back) | _leave_circles(shop, back)
    for column in _FREE:
        left |= _leave_taken(shop, back, column)
    return left


def make_room(shop: Shop, back: Back) -> None:
    """Empty what another one of them gets back: PostgreSQL compares each row as soon as it is written."""
    for column, free in _FREE.items():
        wanted = {columns[column][1] for columns in back.values() if column in columns}
        has = {pk: columns[column][0] for pk, columns in back.items() if column in columns}
        giving = [pk for pk, value in has.items() if value and value in wanted]
        Customer.objects.of(shop).filter(pk__in=giving).update(**{column: free})


def leave_tags_that_are_gone(shop: Shop, add: dict[int, set[int]]) -> set[int]:
    """Take tags (customer id → ids) that were removed from the shop out of `add`; of which customers that was."""
    here = _ids(Tag.objects.of(shop), {tag for tags in add.values() for tag in tags})
    left = {pk for pk, tags in add.items() if not tags <= here}
    for pk in left:
        add[pk] &= here
    return left


# --- how it is done ---------------------------------------------------------------------------------------------

_FREE: dict[str, str | None] = {"email": None, "referral_code": ""}
"""Columns of which no two customers have the same value, and what any number of them may have."""

_THERE: dict[str, Callable[[Shop, Collection[int]], set[int]]] = {
    "group_id": lambda shop, ids: _ids(Group.objects.of(shop), ids),
    "status_id": lambda shop, ids: _ids(Status.objects.of(shop), ids),
    "referred_by_id": lambda shop, ids: _ids(Customer.objects.of(shop).filter(merged_into=None), ids),
}
"""Columns that name a row that may be removed: which can be named. Staff only leave, and may be given back."""


def _ids(rows: "QuerySet[Any]", ids: Collection[int]) -> set[int]:
    return set(rows.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _leave(back: Back, pk: int, column: str) -> None:
    for one in (column, *_ALONG.get(column, ())):
        back[pk].pop(one, None)
    if column == "email" and "name" not in back[pk]:  # who has no name is sorted by it
        back[pk].pop("name_key", None)


def _leave_gone(shop: Shop, back: Back) -> set[int]:
    """Who would name a label that was removed, or somebody who was merged or removed for good."""
    left = set()
    for column, there in _THERE.items():
        named = {pk: columns[column][1] for pk, columns in back.items() if column in columns and columns[column][1]}
        here = there(shop, set(named.values()))
        for pk in [pk for pk, one in named.items() if one not in here]:
            _leave(back, pk, column)
            left.add(pk)
    return left


def _leave_circles(shop: Shop, back: Back) -> set[int]:
    """Who would have been sent by somebody whom they sent themselves by now."""
    links = {pk: columns["referred_by_id"][1] for pk, columns in back.items() if "referred_by_id" in columns}
    if not any(links.values()):
        return set()
    referrals_locked(shop.pk)
    closing = circling(shop.pk, dict(sorted(links.items(), key=lambda link: link[1] is not None)))
    for pk in closing:
        _leave(back, pk, "referred_by_id")
    return closing


def _leave_taken(shop: Shop, back: Back, column: str) -> set[int]:
    """Who had what another one has by now and keeps; so whoever waits for what these keep."""
    wanted = {columns[column][1]: pk for pk, columns in back.items() if column in columns and columns[column][1]}
    people = Customer.objects.of(shop).filter(**{f"{column}__in": list(wanted)})
    if column == "email":  # in the bin a code is still somebody's, an address is not
        people = people.alive()
    waiting = {wanted[value]: owner for value, owner in people.values_list(column, "pk") if wanted[value] != owner}
    left: set[int] = set()
    while stuck := {pk for pk, owner in waiting.items() if column in back[pk] and column not in back.get(owner, {})}:
        for pk in stuck:
            _leave(back, pk, column)
        left |= stuck
    return left
