"""What some customers owe and what they paid too much, in words: said before they go away or become one."""

from django.db.models import QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from regulars.customers.models import Customer
from regulars.kit import money, numbers
from regulars.orders.standing import Standing, standing_of
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission


def owing_words(people: QuerySet[Customer], staff: Staff, *, many: bool = True) -> list[str]:
    """One sentence for debts and one for credits; none where there are none, or for who may not see orders.

    people: of this person's shop, those they may see. many: more than one was chosen, whoever of them owes.
    """
    if not staff.may(Permission.SEE_ORDERS):
        return []
    found = standing_of(staff.shop, people)
    words = _of_many(found) if many else _of_one()
    amounts = ((words[0], found.debtors, found.owed), (words[1], found.creditors, found.credit))
    locale, currency = get_language() or "en", staff.shop.currency
    return [
        said.format(n=numbers.show_number(number, locale), amount=money.show_money(minor, currency, locale))
        for said, number, minor in amounts
        if number
    ]


def stays_words() -> str:
    """What becomes of it when they are deleted."""
    return _("Deleting changes nothing of it: a debt stays until it is paid or written off, a credit until it is "
             "paid back.")  # fmt: skip


def _of_many(found: Standing) -> tuple[str, str]:
    return (
        ngettext("{n} of them owes {amount}.", "{n} of them owe {amount} together.", found.debtors),
        ngettext(
            "{n} of them paid {amount} too much, which is not paid back.",
            "{n} of them paid {amount} too much together, which is not paid back.",
            found.creditors,
        ),
    )


def _of_one() -> tuple[str, str]:
    return _("This customer owes {amount}."), _("This customer paid {amount} too much, which is not paid back.")
