"""Writing the trail, and who did it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import connection
from django.utils import timezone

from regulars.events.handlers import announce
from regulars.events.models import Event


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


@dataclass(frozen=True, slots=True)
class Happening:
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
    from psycopg.types.json import Jsonb

    now, written = timezone.now(), 0
    touched: dict[str, set[int]] = {}
    with (
        connection.cursor() as cursor,
        cursor.copy(  # type: ignore[attr-defined]
            "COPY events_event (shop_id, kind, about, about_id, customer_id, actor_kind, actor_id, actor_name, "
            "data, at, batch_id) FROM STDIN"
        ) as copy,
    ):
        for one in happenings:
            customer_id = one.about_id if one.about == "customer" and one.customer_id is None else one.customer_id
            copy.write_row(
                (
                    shop_id,
                    one.kind,
                    one.about,
                    one.about_id,
                    customer_id,
                    by.kind,
                    by.id,
                    by.name[:120],
                    Jsonb(dict(one.data or {})),
                    one.at or now,
                    batch_id,
                )
            )
            kinds = touched.setdefault(one.kind, set())
            if customer_id:
                kinds.add(customer_id)
            written += 1
    for kind, customers in touched.items():
        announce(shop_id, kind, customers, batch_id=batch_id)
    return written
