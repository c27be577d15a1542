"""Two people, one form: what did others change since it was opened, and is it the same?"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from regulars.customers.custom import held
from regulars.customers.drafts import TOGETHER
from regulars.customers.errors import EditConflict
from regulars.customers.models import Customer
from regulars.customers.writing import told
from regulars.events.models import Event
from regulars.kit.text import display_name

COUNTED = ("customer.changed", "customer.tagged", "customer.merged", "customer.unmerged")
"""Each of these events counts the customer's version up by one, and nothing else does."""


class Since(NamedTuple):
    """What others did after a version: each column as it was before, who changed it last, and the tags of then."""

    olds: dict[str, Any]
    who: dict[str, str]
    tag_ids: frozenset[int]


def changed_since(customer: Customer, version: int | None) -> Since:
    """What happened to a `locked` customer after a version, from the trail; None asks for nothing."""
    olds: dict[str, Any] = {}
    who: dict[str, str] = {}
    tags = set(customer.tag_ids)
    for event in _events_after(customer, version):
        tags = (tags - set(event.data.get("added", ()))) | set(event.data.get("removed", ()))
        for column, (old, _new) in event.data.get("changes", {}).items():
            olds[column] = old
            who.setdefault(column, event.actor_name)
    return Since(olds, who, frozenset(tags))


def without_stale(customer: Customer, wanted: Mapping[str, Any], since: Since, country: str) -> dict[str, Any]:
    """What a form really changes: a field it shows as it was then is not a change, and what others made of it stays.

    country: decides in which order a name made of its parts is written.
    Raises EditConflict for fields that both changed, to different values.
    """
    if since.olds.keys().isdisjoint(wanted):
        return dict(wanted)
    mine, clashes = dict(wanted), {}
    whole_is_made = _whole_name_is_made(wanted, country)
    for columns in _units(wanted, apart=whole_is_made):
        if since.olds.keys().isdisjoint(columns):
            continue
        now = {column: told(column, held(customer, column)) for column in columns}
        old = {column: since.olds.get(column, now[column]) for column in columns}
        new = {column: told(column, mine[column]) for column in columns}
        if new in (old, now):
            for column in columns:
                del mine[column]
        elif old != now:
            clashes[columns[0]] = _clash(columns, old, now, new, since)
    if clashes:
        raise EditConflict(fields=clashes, version=customer.version)
    return mine | _whole_name(customer, mine, country) if whole_is_made else mine


def _events_after(customer: Customer, version: int | None) -> list[Event]:
    """Newest first."""
    behind = customer.version - version if version is not None else 0
    if behind <= 0:
        return []
    events = Event.objects.filter(shop_id=customer.shop_id, customer_id=customer.pk, kind__in=COUNTED)
    return list(events.order_by("-id")[:behind])


def _units(wanted: Iterable[str], *, apart: bool) -> list[tuple[str, ...]]:
    """Columns that stand or fall together. apart: given and family name do by themselves, the whole name follows."""
    left = [column for column in wanted if not (apart and column in ("name", "name_key"))]
    units = []
    for group in TOGETHER:
        if group[0] == "name" and apart:
            continue
        if unit := tuple(column for column in group if column in left):
            units.append(unit)
            left = [column for column in left if column not in unit]
    return units + [(column,) for column in left]


def _clash(columns: tuple[str, ...], old: dict, now: dict, new: dict, since: Since) -> dict[str, Any]:
    """Shown by the column a reader knows: the first that differs (an e-mail, or how it was written)."""
    shown = next((column for column in columns if new[column] != now[column]), columns[0])
    by = next((since.who[column] for column in columns if column in since.who), "")
    return {"old": old[shown], "new": now[shown], "mine": new[shown], "by": by}


def _whole_name_is_made(wanted: Mapping[str, Any], country: str) -> bool:
    parts = wanted.get("given_name"), wanted.get("family_name")
    return None not in parts and wanted.get("name") == display_name(*parts, country)  # type: ignore[arg-type]


def _whole_name(customer: Customer, mine: Mapping[str, Any], country: str) -> dict[str, str]:
    given = mine.get("given_name", customer.given_name)
    family = mine.get("family_name", customer.family_name)
    return {"name": display_name(given, family, country)}
