"""Points for each of many customers, by one run that can be undone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.customers.actions import Params, action
from regulars.customers.bulk.performed import Performed
from regulars.events.record import Actor
from regulars.loyalty.entries import today_of
from regulars.loyalty.errors import BadPoints
from regulars.loyalty.operations import adjust_many
from regulars.loyalty.reading import check_days, check_note, check_points
from regulars.shops.models import Shop
from regulars.shops.permissions import Permission


def _read(shop: Shop, params: Mapping[str, Any]) -> Params:
    """`points` (a whole number, less than 0 takes), `note`, `counts_on` and `expires_on` (ISO days, "" for none)."""
    try:
        points = int(str(params.get("points", "")).strip())
    except ValueError:
        raise BadPoints(_("“{value}” is not a whole number."), value=params.get("points"), field="points") from None
    counts_on, expires_on = (_day(params, name) for name in ("counts_on", "expires_on"))
    check_days(check_points(points), counts_on, expires_on, today=today_of(shop))
    return {
        "points": points, "note": check_note(str(params.get("note") or "")),
        "counts_on": counts_on.isoformat() if counts_on else "",
        "expires_on": expires_on.isoformat() if expires_on else "",
    }  # fmt: skip


def _day(params: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(str(params[name])) if params.get(name) else None
    except ValueError:
        raise BadPoints(_("Choose a day."), value=params[name], field=name) from None


def _title(shop: Shop, params: Params) -> str:
    points = params["points"]
    words = _("Give {n} points") if points > 0 else _("Take {n} points")
    return words.format(n=f"{abs(points):,}")


@action("points", gettext_lazy("Give or take points"), needs=Permission.POINTS, read=_read, title=_title)
def move_points(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> Performed:
    """Give each customer the points, or take them. Who has not enough is left out."""
    days = {name: date.fromisoformat(params[name]) if params[name] else None for name in ("counts_on", "expires_on")}
    done = adjust_many(shop, ids, params["points"], note=params["note"], by=by, batch_id=batch_id, **days)
    return Performed(done.changed, done.short)
