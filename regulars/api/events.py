"""What customers and visitors do: sent in batches by the shop's website or its server."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from ninja import Router

from regulars.api.auth import Bearer, KeyRequest, actor_of
from regulars.api.schemas import EventProblem, EventsSent, EventsTaken
from regulars.catalog.activity import ActivityDraft, read_activity, record_activity
from regulars.kit.errors import BadValue
from regulars.kit.text import cut
from regulars.shops.models import ApiKey
from regulars.shops.permissions import Scope

HINTS = {"external_id", "channel"}
"""What a browser may say of a customer. More, and everybody could try out whose e-mail address is known."""

router = Router(tags=["Events"], auth=Bearer(Scope.EVENTS))


@router.post("/events", response={202: EventsTaken}, summary="Send events")
def send_events(request: KeyRequest, sent: EventsSent) -> EventsTaken:
    """Take up to 500 events. Each is read by itself: one that cannot be read is told and never stops the others.

    With a public key, from the key's own websites, an event names its `visitor`, and its customer at most by
    `external_id` and `channel`; the answer never says whether anybody knows them.
    """
    key = request.auth
    drafts, problems = _read(key, sent.events, now())
    # ids are compared among events of one sort of sender, so that a browser cannot use up those of the shop's server
    source = "browser" if key.is_public else "api"
    result = record_activity(key.shop, drafts, by=actor_of(key), source=source, adds_products=not key.is_public)
    return EventsTaken(
        accepted=result.accepted,
        duplicates=result.duplicates,
        unknown_customers=result.unknown_customers,
        problems=problems,
    )


def _read(key: ApiKey, events: Sequence[Any], at: datetime) -> tuple[list[ActivityDraft], list[EventProblem]]:
    drafts, problems = [], []
    for index, raw in enumerate(events):
        try:
            drafts.append(_draft(key, raw, at))
        except BadValue as fault:
            problems.append(EventProblem(index=index, id=_id(raw), field=fault.field, detail=str(fault)))
    return drafts, problems


def _draft(key: ApiKey, raw: Any, at: datetime) -> ActivityDraft:
    """One event as a draft. Raises BadValue."""
    if not isinstance(raw, Mapping):
        raise BadValue(_("An event is an object with names and values."))
    if key.is_public:
        _check_hints(raw)
    return read_activity(raw, now=at, country=key.shop.country, tz=key.shop.timezone)


def _check_hints(raw: Mapping[str, Any]) -> None:
    """Raises BadValue for what a browser may not say, and without a visitor, by whom unknown people are kept: the
    answer would tell them apart.
    """
    customer = raw.get("customer")
    told = set(customer) - HINTS if isinstance(customer, Mapping) else set()
    if told:
        raise BadValue(_("A public key names customers by their outside id only."), field=f"customer.{min(told)}")
    if not str(raw.get("visitor") or "").strip():
        raise BadValue(_("With a public key an event needs its visitor."), field="visitor")


def _id(raw: Any) -> str | None:
    sent = raw.get("id") if isinstance(raw, Mapping) else None
    return cut(sent, 100) if isinstance(sent, str) else None
