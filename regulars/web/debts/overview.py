"""What stands above both lists of debts: the total, what it is made of, and the ages as a bar."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.kit import money, numbers
from regulars.orders.ageing import Aged, Owed, owed_to
from regulars.orders.debt_fields import AGE_WORDS
from regulars.orders.debts import DebtAge
from regulars.web.access import StaffRequest

TONES = {
    DebtAge.NOT_DUE: "", DebtAge.DAYS_30: "warn", DebtAge.DAYS_60: "orange", DebtAge.DAYS_90: "bad",
    DebtAge.OLDER: "worst",
}  # fmt: skip


def overview(request: StaffRequest, **_values: Any) -> Mapping[str, Any]:
    """For the template of a list of debts."""
    locale, currency = get_language() or "en", request.shop.currency
    owed, home = owed_to(request.shop, request.staff), f"/s/{request.shop.slug}/"
    show = lambda minor: money.show_money(minor, currency, locale)  # noqa: E731
    return {
        "owed": show(owed.total),
        "owed_late": show(owed.late) if owed.late else "",
        "owed_of": _made_of(owed, show),
        "ages": [_age(one, owed, show, home, locale) for one in owed.ages],
        "debt_tabs": [
            {"label": label, "url": home + path, "current": request.path == home + path}
            for path, label in (("debts/", _("By customer")), ("debts/orders/", _("By order")))
        ],
        "payment_days": _usual(request.shop.payment_days, locale),
    }


def _made_of(owed: Owed, show: Any) -> list[tuple[str, str]]:
    """Of whom it is, where it is not only of customers; the amounts add up to the total."""
    if not owed.former and not owed.nobody:
        return []
    parts = [(_("Customers"), owed.customers), (_("Former customers"), owed.former), (_("Nobody known"), owed.nobody)]
    return [(word, show(minor)) for word, minor in parts if minor]


def _age(one: Aged, owed: Owed, show: Any, home: str, locale: str) -> dict[str, Any]:
    words = ngettext("{n} order", "{n} orders", one.orders).format(n=numbers.show_number(one.orders, locale))
    where = quote(f"debt_age = '{AGE_WORDS[one.age]}'")
    return {
        "label": one.age.label,
        "amount": show(one.owed),
        "orders": words,
        "share": round(100 * one.owed / owed.total, 2) if owed.total else 0,
        "tone": TONES[one.age],
        "url": f"{home}debts/orders/?where={where}",
    }


def _usual(days: int, locale: str) -> str:
    """The rule for orders without a day of their own."""
    if not days:
        return _("Orders without a due date of their own are due on the day they are placed.")
    words = ngettext(
        "Orders without a due date of their own are due {n} day after they were placed.",
        "Orders without a due date of their own are due {n} days after they were placed.",
        days,
    )
    return words.format(n=numbers.show_number(days, locale))
