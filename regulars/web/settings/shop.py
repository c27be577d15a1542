"""The shop itself: what it is called, where it is, and how it counts."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.kit import money
from regulars.kit.errors import BadValue
from regulars.shops.models import OrderCounter, Shop
from regulars.shops.operations import change_shop
from regulars.shops.operations.shop import CHANGEABLE
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import redirect, toast
from regulars.web.settings.forms import ShopSettingsForm
from regulars.web.settings.frame import home_of, settings_page, status_of

COUNTED_ANEW = ("order_counter", "timezone")


@staff_may(Permission.SETTINGS)
def shop_settings(request: StaffRequest) -> HttpResponse:
    """Show and change the shop."""
    locale = get_language() or "en"
    now = {field: getattr(request.shop, field) for field in CHANGEABLE}
    form = ShopSettingsForm(request.POST or None, initial=now, shop=request.shop, locale=locale)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_shop(request.shop, by=request.actor, **form.cleaned_data)
            toast(request, _what_happens(changed, now))
            return redirect(request, home_of(request))
        except BadValue as fault:
            form.add_error(fault.field or None, str(fault))
    context = {"form": form, "counters": _counters(), "currency": money.currency_name(request.shop.currency, locale)}
    return settings_page(request, "shop.html", context, tab="", status=status_of(request))


def _what_happens(shop: Shop, before: dict[str, Any]) -> str:
    if any(getattr(shop, field) != before[field] for field in COUNTED_ANEW):
        return _("Saved. The figures of all customers are being counted anew.")
    return _("Saved.")


def _counters() -> list[tuple[str, str, str]]:
    """Each way to count with its name and what it means."""
    split = ((value, str(label).partition(": ")) for value, label in OrderCounter.choices)
    return [(value, name, meaning) for value, (name, _colon, meaning) in split]
