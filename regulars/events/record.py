"""Writing the trail, and who did it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.utils import timezone

from regulars.events.handlers import announce
from regulars.events.models import Event
from regulars.kit.copying import cell, copy_lines


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: kind is staff, system, import, api, bot or customer; the id is of that kind."""

    kind: str
    id: int | None = None
    name: str = ""

    @classmethod
    def system(cls) -> Self:
        """Regulars itself."""
        return cls("system")


class Happening(NamedTuple):
    """One event that is about to be written."""

    kind: str
    about: str
    about_id: int
    customer_id: int | None = None
    data: Mapping[str, Any] | None = None
    at: datetime | None = None


def record(
    shop_id: int,
    kind: str,
    *,
    about: tuple[str, int],
    by: Actor,
    customer_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    batch_id: int | None = None,
    also: Iterable[int] = (),
) -> Event:
    """Write one event in the current transaction and tell the handlers.

    about: what it happened to, for example ("customer", 17). `customer_id` is filled in for customers.
    also: further customers whom it touches, for the handlers.
    """
    if about[0] == "customer" and customer_id is None:
        customer_id = about[1]
    event = Event.objects.create(
        shop_id=shop_id,
        kind=kind,
        about=about[0],
        about_id=about[1],
        customer_id=customer_id,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name[:120],
        data=dict(data or {}),
        at=at or timezone.now(),
        batch_id=batch_id,
    )
    announce(shop_id, kind, {*also, *([customer_id] if customer_id else [])}, batch_id=batch_id)
    return event


def record_many(shop_id: int, happenings: Iterable[Happening], *, by: Actor, batch_id: int | None = None) -> int:
    """Write many events by one COPY in the current transaction; the handlers are told once a kind.

    Returns how many were written.
    """
    touched: dict[str, set[int]] = {}
    lines = _lines(shop_id, happenings, touched, by, batch_id)
    columns = (
        "shop_id", "actor_kind", "actor_id", "actor_name", "batch_id", "kind", "about", "about_id", "customer_id", "at",
        "data",
    )  # fmt: skip
    written = copy_lines(Event._meta.db_table, columns, lines)
    for kind, customers in touched.items():
        announce(shop_id, kind, customers, batch_id=batch_id)
    return written


def _lines(
    shop_id: int, happenings: Iterable[Happening], touched: dict[str, set[int]], by: Actor, batch_id: int | None
) -> Iterator[str]:
    """The events as COPY reads them; whom they touch is noted by kind. Many in a row tell the same."""
    always = "\t".join(map(cell, (shop_id, by.kind, by.id, by.name[:120], batch_id)))
    now, told, data = cell(timezone.now()), None, "{}"
    for one in happenings:
        customer_id = one.about_id if one.about == "customer" and one.customer_id is None else one.customer_id
        kinds = touched.setdefault(one.kind, set())
        if customer_id:
            kinds.add(customer_id)
        if one.data is not told:
            told, data = one.data, cell(dict(one.data or {}))
        at = cell(one.at) if one.at else now
        yield f"{always}\t{one.kind}\t{one.about}\t{one.about_id}\t{cell(customer_id)}\t{at}\t{data}"
