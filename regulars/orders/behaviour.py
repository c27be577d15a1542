"""How customers spend, as cases of their stored figures: docs/reference/figures.md defines each of them."""

from collections.abc import Sequence

from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from regulars.kit.query import Context
from regulars.kit.query.kinds_derived import OneCase
from regulars.orders.models import FigureWindow
from regulars.orders.windows import basket_limits

_BOTH = Q(spent_3m__gt=0, spent_before_3m__gt=0)
# In fifths, so that whole minor units are compared: 20 % more or above, 20 % less or below.
_ROSE = Q(GreaterThanOrEqual(F("spent_3m") * 5, F("spent_before_3m") * 6))
_FELL = Q(LessThanOrEqual(F("spent_3m") * 5, F("spent_before_3m") * 4))


def trends(_ctx: Context) -> Sequence[OneCase]:
    """The last three months against the three before."""
    return [
        OneCase("rising", _("Rising"), _BOTH & _ROSE),
        OneCase("steady", _("Steady"), _BOTH & ~_ROSE & ~_FELL),
        OneCase("falling", _("Falling"), _BOTH & _FELL),
        OneCase("started", _("Started"), Q(spent_3m__gt=0, spent_before_3m__lte=0)),
        OneCase("stopped", _("Stopped"), Q(spent_3m__lte=0, spent_before_3m__gt=0)),
        OneCase("none", _("Spent nothing"), Q(spent_3m__lte=0, spent_before_3m__lte=0)),
    ]


def baskets(ctx: Context) -> Sequence[OneCase]:
    """The average order against those of the shop's other customers."""
    low, high = _limits(ctx)
    known = Q(average_order__isnull=False)
    return [
        OneCase("low", _("Low"), known & Q(average_order__lte=low)),
        OneCase("middle", _("Middle"), known & Q(average_order__gt=low, average_order__lte=high)),
        OneCase("high", _("High"), known & Q(average_order__gt=high)),
    ]


def _limits(ctx: Context) -> tuple[int, int]:
    """As stored at the last midnight or big load; a shop that is too young for one is asked."""
    window = FigureWindow.objects.of(ctx.shop_id).first()
    if window and window.basket_high:
        return window.basket_low, window.basket_high
    return basket_limits(ctx.shop_id)
