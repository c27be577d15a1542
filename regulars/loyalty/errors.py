"""Why a movement of points was refused."""

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import BadValue, DomainError


class NotEnoughPoints(DomainError):
    """details: needed, balance, in points."""

    code = "loyalty.not_enough_points"
    sentence = _("{needed} points are needed, the balance is {balance}.")


class BadPoints(BadValue):
    """A number of points, a day or a note that makes no movement."""

    code = "loyalty.bad_points"


class KeyUsed(DomainError):
    """details: key."""

    code = "loyalty.key_used"
    sentence = _("The key “{key}” belongs to another movement of points.")


class SeveralBalances(DomainError):
    """details: origin, points (stated), known (what was stated of each of them, in words)."""

    code = "loyalty.several_balances"
    sentence = _(
        "Several customers with balances of their own ({known}) became one: {points} says of none what it was. "
        "Give or take the difference by hand."
    )
