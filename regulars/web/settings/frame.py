"""What stands beside every settings page: its tabs."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from regulars.web.access import StaffRequest
from regulars.web.pages import page

TABS = (
    ("", _("Shop"), "building-store"),
    ("staff/", _("Staff"), "users-group"),
    ("roles/", _("Roles"), "shield-check"),
    ("../groups/", _("Groups"), "stack-2"),
    ("statuses/", _("Statuses"), "status-change"),
    ("tags/", _("Tags"), "tags"),
    ("channels/", _("Channels"), "shopping-cart"),
    ("fields/", _("Fields"), "forms"),
    ("keys/", _("API keys"), "key"),
    ("figures/", _("Figures"), "checks"),
)


def home_of(request: StaffRequest) -> str:
    """Where the settings of this shop begin."""
    return f"/s/{request.shop.slug}/settings/"


def settings_page(
    request: StaffRequest, template: str, context: Mapping[str, Any], *, tab: str, status: int = 200
) -> HttpResponse:
    """A page beside the tabs; `tab` is the part of its address behind /settings/."""
    home = home_of(request)
    tabs = [{"label": label, "icon": icon, "url": home + path, "current": path == tab} for path, label, icon in TABS]
    values = {"settings_tabs": tabs, "settings_home": home, **context}
    return page(request, f"settings/{template}", values, status=status)


def status_of(request: StaffRequest) -> int:
    """A form that comes back was not accepted."""
    return 422 if request.method == "POST" else 200
