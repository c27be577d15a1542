"""What can be asked, shown and exported of debts and credits, of orders and of their customers."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import customer_fields
from regulars.kit.query import Context
from regulars.kit.query.kinds import Money
from regulars.kit.query.kinds_derived import Cases, OneCase, Verdict
from regulars.kit.query.kinds_linked import RelatedMoney
from regulars.kit.query.kinds_worked import WorkedCount, WorkedDay, WorkedMoney
from regulars.orders.ageing import BEYOND, LEFT, due_in, late_in, of_age, overdue_in
from regulars.orders.debts import DebtAge
from regulars.orders.fields import order_fields
from regulars.orders.models import Order
from regulars.orders.queries import OVERPAID, OWING
from regulars.shops.permissions import Permission

SEE = Permission.SEE_ORDERS

AGE_WORDS = {
    DebtAge.NOT_DUE: "not_due", DebtAge.DAYS_30: "late_30", DebtAge.DAYS_60: "late_60", DebtAge.DAYS_90: "late_90",
    DebtAge.OLDER: "older",
}  # fmt: skip


def _ages(ctx: Context) -> list[OneCase]:
    late = late_in(ctx)
    return [OneCase(word, age.label, of_age(age, late)) for age, word in AGE_WORDS.items()]


def _overdue(ctx: Context) -> QuerySet:
    return Order.objects.filter(overdue_in(ctx))


def _overpaid(ctx: Context) -> QuerySet:
    return Order.objects.filter(OVERPAID)


order_fields.add(
    WorkedMoney(
        "owed", _("Owed"), of=lambda ctx: LEFT, only=lambda ctx: OWING, aliases=["outstanding"],
        help=_("Total minus paid, credited returns and what was written off; nothing of drafts and cancelled orders."),
    ),
    WorkedDay(
        "due_on", _("Due date"), of=due_in, aliases=["due"],
        help=_("Until when it should be paid: its own day, or the shop's usual days after it was placed."),
    ),
    WorkedCount(
        "days_late", _("Days late"), of=late_in, only=overdue_in, aliases=["days_overdue"],
        help=_("Days since an order that owes should have been paid; 0 while it is not late."),
    ),
    Cases(
        "debt_age", _("Age of the debt"), of=_ages, unknown=~OWING, aliases=["age_bucket"],
        help=_("Of orders that owe, by the days they are late."),
    ),
    Money("written_off", _("Written off"), sortable=False, help=_("What was given up of it.")),
    WorkedMoney(
        "overpaid", _("Paid too much"), of=lambda ctx: BEYOND, only=lambda ctx: OVERPAID, aliases=["credit"],
        help=_("What was paid beyond the order and not paid back: a credit of the customer."),
    ),
)  # fmt: skip

customer_fields.add(
    RelatedMoney(
        "overdue", _("Overdue"), rows=_overdue, of=LEFT, section="trade", needs=SEE,
        help=_("What of the debt should have been paid before today, in the shop's time zone."),
    ),
    RelatedMoney(
        "credit", _("Credit"), rows=_overpaid, of=BEYOND, aliases=["overpaid"], section="trade", needs=SEE,
        help=_("What was paid beyond orders and not paid back. It lowers no debt by itself."),
    ),
    Money(
        "credit_limit", _("Credit limit"), nullable=True, section="trade", needs=SEE, sortable=False,
        help=_("How much the customer may owe; empty: as much as the shop allows."),
    ),
    Verdict(
        "over_credit_limit", _("Over the credit limit"), section="trade", needs=SEE,
        when=Q(credit_limit__isnull=False, debt__gt=F("credit_limit")),
        help=_("Owes more than the credit limit."),
    ),
)  # fmt: skip
