"""What members of staff are told: a mention, a reminder, a file that is ready. Kept for 90 days after it
was read or, while nobody reads it, after it was said.

The floor that owns a kind declares its sentence once, in a module its app imports at start:

    @wording("note.mentioned", icon="at")
    def _mentioned(data: Mapping[str, Any]) -> str:
        return _("{by} mentioned you in a note about {customer}").format_map(data)

    notify(colleague, "note.mentioned", data={"by": "Linh", "customer": 17}, url="customers/17/", key="note:5")

`data` is JSON and never holds contact data nor names of customers: an object is named by its id, and the floor that
knows it says by `@finder("customer")` how ids become names for one reader. So a notification tells nobody of a
customer they may not see any more, and nothing must be erased from it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.timezone import now

from regulars.kit.query.prepared import prepared
from regulars.shops.models import Notification, Staff

KEPT = timedelta(days=90)
AT_ONCE = 200

Sentence = Callable[[Mapping[str, Any]], str]
Finder = Callable[[Staff, set[int]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Wording:
    """How a kind of notification is shown: its picture and its sentence."""

    icon: str
    sentence: Sentence


_wordings: dict[str, Wording] = {}
_finders: dict[str, Finder] = {}


def wording(kind: str, *, icon: str = "bell") -> Callable[[Sentence], Sentence]:
    """Register `sentence(data)` → plain text in the active language. icon: one of static/vendor/icons."""

    def register(sentence: Sentence) -> Sentence:
        if kind in _wordings:
            raise ValueError(f"There are already words for {kind!r}.")
        _wordings[kind] = Wording(icon, sentence)
        return sentence

    return register


def finder(name: str) -> Callable[[Finder], Finder]:
    """Register `find(staff, ids)` → names by id, of what `data[name]` holds the id of and this reader may see."""

    def register(find: Finder) -> Finder:
        if name in _finders:
            raise ValueError(f"There is already a finder for {name!r}.")
        _finders[name] = find
        return find

    return register


def kinds() -> list[str]:
    """Every kind with words."""
    return sorted(_wordings)


def notify(staff: Staff, kind: str, *, data: Mapping[str, Any], url: str = "", key: str = "") -> Notification | None:
    """Tell one member of staff something, in the current transaction.

    kind: one with a `wording`. data: JSON for its sentence, see above. url: a path below the shop's address, such as
    "customers/17/". key: at most 80 characters of what is said once only to this person.
    Returns None when that was said before, or the person has left the shop.
    """
    if kind not in _wordings:
        raise ValueError(f"There are no words for {kind!r}.")
    if not staff.is_active:
        return None
    facts = {"kind": kind, "data": dict(data), "url": url}
    if not key:
        return Notification.objects.create(shop_id=staff.shop_id, staff=staff, **facts)
    said, is_new = Notification.objects.get_or_create(shop_id=staff.shop_id, staff=staff, key=key, defaults=facts)
    return said if is_new else None


def unread_count(staff: Staff) -> int:
    """How much this person has not read."""
    return _unread_of(staff.shop_id, staff.pk).count()


def _unread_of(shop: Any, staff: Any) -> Any:
    return Notification.objects.of(shop).filter(staff_id=staff, read_at__isnull=True)


@prepared
def unread(shop: Any, staff: Any) -> Any:
    """Ids of what somebody has not read, to be counted with other things."""
    return _unread_of(shop, staff).order_by().values("pk")


def notifications_of(staff: Staff) -> Any:
    """Everything one person was told, newest first, as a queryset."""
    return Notification.objects.of(staff.shop_id).filter(staff_id=staff.pk).order_by("-id")


def mark_read(staff: Staff, ids: Iterable[int] | None = None) -> int:
    """Mark some of a person's notifications read, or all (None). Returns how many were unread until now."""
    found = _unread_of(staff.shop_id, staff.pk)
    if ids is not None:
        found = found.filter(pk__in=list(ids))
    return int(found.update(read_at=now()))


def worded(staff: Staff, notifications: Sequence[Notification]) -> list[dict[str, Any]]:
    """Ready to print, in the same order: id, kind, icon, text, url (below the shop), at, is_read.

    A query for each sort of object that is named, however many notifications.
    """
    names = _names(staff, notifications)
    return [_worded(notification, names) for notification in notifications]


def forget_notifications(shop_id: int, name: str, ids: Iterable[int]) -> None:
    """Take away what was said about objects that are gone: those whose `data[name]` is one of the ids."""
    known = sorted(ids)
    for start in range(0, len(known), AT_ONCE):
        # each by itself, as the index finds them; of a list of values every notification would be read
        about = (Q(data__contains={name: pk}) for pk in known[start : start + AT_ONCE])
        Notification.objects.of(shop_id).filter(reduce(or_, about)).delete()


def remove_old_notifications() -> int:
    """Remove, in every shop, what was read more than 90 days ago, or said then and never read. Returns how many."""
    limit = now() - KEPT
    unread = Q(read_at__isnull=True, created_at__lt=limit)
    removed, _tables = Notification.objects.filter(Q(read_at__lt=limit) | unread).delete()
    return removed


Names = Mapping[str, Mapping[int, str]]


def _names(staff: Staff, notifications: Sequence[Notification]) -> Names:
    wanted: dict[str, set[int]] = defaultdict(set)
    for notification in notifications:
        for name, value in notification.data.items():
            if name in _finders and isinstance(value, int):
                wanted[name].add(value)
    return {name: _finders[name](staff, ids) for name, ids in wanted.items()}


def _worded(notification: Notification, names: Names) -> dict[str, Any]:
    known = _wordings.get(notification.kind)
    data = {name: _said(name, value, names) for name, value in notification.data.items()}
    return {
        "id": notification.pk,
        "kind": notification.kind,
        "icon": known.icon if known else "bell",
        "text": known.sentence(data) if known else notification.kind,
        "url": notification.url,
        "at": notification.created_at,
        "is_read": notification.read_at is not None,
    }


def _said(name: str, value: Any, names: Names) -> Any:
    return names[name].get(value, "…") if name in names and isinstance(value, int) else value
