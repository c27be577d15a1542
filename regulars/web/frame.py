"""What stands around every page: navigation, shops to switch to, running jobs, theme, waiting toasts."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regulars.kit.numbers import show_number
from regulars.shops.models import Shop
from regulars.shops.permissions import Permission, Role
from regulars.shops.queries import places_of
from regulars.web.counts import MOST

THEMES = ("auto", "light", "dark")


class Entry(NamedTuple):
    """One line of the navigation: shown when the page exists and the person may see it."""

    key: str
    label: Any
    icon: str
    path: str
    permissions: tuple[str, ...]


ENTRIES = (
    Entry("customers", _("Customers"), "users", "customers/", (Permission.SEE_CUSTOMERS,)),
    Entry("segments", _("Segments"), "target", "segments/", (Permission.SEE_CUSTOMERS,)),
    Entry("groups", _("Groups"), "stack-2", "groups/", (Permission.SEE_CUSTOMERS,)),
    Entry("orders", _("Orders"), "shopping-bag", "orders/", (Permission.SEE_ORDERS,)),
    Entry("transactions", _("Transactions"), "receipt", "transactions/", (Permission.SEE_ORDERS,)),
    Entry("debts", _("Debts"), "wallet", "debts/", (Permission.SEE_ORDERS,)),
    Entry("tasks", _("Tasks"), "checkbox", "tasks/", (Permission.TASKS,)),
    Entry("loyalty", _("Loyalty"), "gift", "loyalty/", (Permission.SEE_CUSTOMERS,)),
    Entry("files", _("Imports & exports"), "transfer", "files/", (Permission.IMPORT, Permission.EXPORT)),
    Entry("settings", _("Settings"), "settings", "settings/", (Permission.SETTINGS,)),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shop`, `staff` and a lazily built `frame` for every template."""
    return {
        "shop": getattr(request, "shop", None),
        "staff": getattr(request, "staff", None),
        "frame": SimpleLazyObject(lambda: frame(request)),
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """Everything the layouts need; outside a shop the navigation, the search and the jobs are empty.

    The view or a middleware may leave two callables on the request, both asked only for whole pages:
    `nav_counts()`, figures by entry key and `unread`, and `running_jobs()`, rows for components/jobs.html.
    """
    shop: Shop | None = getattr(request, "shop", None)
    home = f"/s/{shop.slug}/" if shop else "/"
    counts: Mapping[str, int] = _called(request, "nav_counts") or {}
    return {
        "home": home,
        "nav": _navigation(request, home, counts) if shop else [],
        "shops": SimpleLazyObject(lambda: _shops(request, shop)),
        "search_url": _existing(f"{home}search") if shop else None,
        "jobs_url": _existing(f"{home}jobs/") if shop else None,
        "jobs": _called(request, "running_jobs"),
        "bell": {"unread": counts.get("unread", 0), "url": f"{home}notifications/"} if shop else None,
        "account": _account(request),
        "theme": theme_of(request),
        "language": get_language() or "en",
        "toasts": SimpleLazyObject(lambda: toasts_of(request)),
        "here": request.get_full_path(),
    }


def bare_frame(request: HttpRequest) -> dict[str, Any]:
    """What a page needs that must come up even when the database does not."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "language": get_language() or "en",
        "toasts": (),
        "here": request.get_full_path(),
    }


def theme_of(request: HttpRequest) -> str:
    """auto, light or dark: the browser's cookie first, then the person's own setting."""
    chosen = request.COOKIES.get("theme") or getattr(getattr(request, "user", None), "theme", "auto")
    return chosen if chosen in THEMES else "auto"


def toasts_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Waiting messages, oldest first, as {"text", "kind", "undo"}; asking takes them away."""
    if not hasattr(request, "_messages"):
        return []
    return [_toast(message) for message in get_messages(request)]


def _toast(message: Any) -> dict[str, Any]:
    extra = {"kind": _KINDS.get(message.level_tag, "info"), "undo": None}
    if message.extra_tags.startswith("{"):
        extra = json.loads(message.extra_tags)
    return {"text": str(message.message), **extra}


_KINDS = {"success": "done", "warning": "warning", "error": "problem"}


def _navigation(request: HttpRequest, home: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    may: Callable[[str], bool] = request.staff.may  # type: ignore[attr-defined]
    return [
        {
            "key": entry.key,
            "label": entry.label,
            "icon": entry.icon,
            "url": url,
            "count": _figure(counts.get(entry.key)),
            "current": request.path.startswith(url),
        }
        for entry in ENTRIES
        if (url := _existing(home + entry.path)) and any(may(permission) for permission in entry.permissions)
    ]


def _figure(count: int | None) -> str | None:
    """A count in the reader's habits; beyond what is counted, so many and more."""
    if count is None:
        return None
    shown = show_number(min(count, MOST), get_language() or "en")
    return f"{shown}+" if count > MOST else shown


def _shops(request: HttpRequest, current: Shop | None) -> list[dict[str, Any]]:
    """The shops this person works in, by name."""
    places = getattr(request, "places", None)
    if places is None:
        places = places_of(request.user) if request.user.is_authenticated else []
    return [
        {
            "name": place.shop.name,
            "url": f"/s/{place.shop.slug}/",
            "current": place.shop == current,
            "role": place.get_role_display(),
            "is_owned": place.role == Role.OWNER,
        }
        for place in places
    ]


def _account(request: HttpRequest) -> dict[str, Any] | None:
    """Who is signed in, and where their own pages are."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated:
        return None
    return {"name": str(user), "email": user.email, "id": user.pk}


def _called(request: HttpRequest, name: str) -> Any:
    given = getattr(request, name, None)
    return given() if callable(given) else None


def _existing(path: str) -> str | None:
    """The path, if a page answers there."""
    return path if _answers(path) else None


@lru_cache(maxsize=4096)
def _answers(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
