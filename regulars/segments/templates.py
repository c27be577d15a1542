"""Segments to begin with: questions every shop asks, with thresholds from the shop's own figures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import context_for, customer_fields
from regulars.kit.query import BadCondition, parse, sentence
from regulars.kit.query.context import Context
from regulars.kit.query.language import quoted
from regulars.segments.benchmarks import Benchmarks, benchmarks
from regulars.shops.models import Shop, Staff

SECTIONS = {
    "worth": _("What they are worth"),
    "rhythm": _("How they come and go"),
    "chance": _("Who could buy"),
    "moment": _("A reason to write"),
    "care": _("What needs care"),
}

Question = Callable[[Benchmarks], str]


@dataclass(frozen=True, slots=True)
class Template:
    """One question of every shop. idea: a sentence that says what it is good for. where: the question with figures."""

    key: str
    name: Any
    idea: Any
    section: str
    where: Question
    colour: str = "grey"


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with one shop's figures: the question as text and as a sentence."""

    template: Template
    where: str
    sentence: str


def fill(shop: Shop, *, staff: Staff | None = None, locale: str = "") -> list[Filled]:
    """All templates whose fields exist for the asker, in order."""
    ctx, figures = context_for(shop, staff=staff, locale=locale), benchmarks(shop)
    return [filled for one in TEMPLATES if (filled := _filled(one, figures, ctx))]


def fill_one(shop: Shop, key: str, *, staff: Staff | None = None, locale: str = "") -> Filled | None:
    """The template of that key, None when there is none for the asker."""
    return next((one for one in fill(shop, staff=staff, locale=locale) if one.template.key == key), None)


def _filled(template: Template, figures: Benchmarks, ctx: Context) -> Filled | None:
    where = template.where(figures)
    try:
        node = customer_fields.check(parse(where), ctx)
    except BadCondition:  # a field or event that this person may not ask about
        return None
    return Filled(template, where, sentence(node, customer_fields, ctx))


def _always(text: str) -> Question:
    return lambda figures: text


def _best_city(figures: Benchmarks) -> str:
    place = f"city = {quoted(figures.best_city)}" if figures.best_city else "city IS NOT NULL"
    return f"{place} AND total_spent >= {figures.spent_good}"


def _between(least: int, most: int) -> Question:
    """Two orders or more, the last between so and so many usual gaps ago."""

    def question(figures: Benchmarks) -> str:
        gap = figures.gap_days
        return f"orders >= 2 AND last_order_date BETWEEN -{most * gap - 1}d AND -{least * gap}d"

    return question


_NEVER_ASKED = " AND ".join(f"consent_{one} = 'unknown'" for one in ("email", "sms", "zalo", "whatsapp"))
_SUBSCRIBED = " OR ".join(f"consent_{one} = 'subscribed'" for one in ("email", "sms", "zalo", "whatsapp"))

TEMPLATES: tuple[Template, ...] = (
    Template(
        "best", _("Best customers"), _("The tenth of your buyers who spent the most: thank them first."), "worth",
        lambda f: f"total_spent >= {f.spent_most}", "yellow",
    ),
    Template(
        "loyal", _("Loyal customers"), _("They order more often than three quarters of your buyers."), "worth",
        lambda f: f"orders >= {f.orders_many}", "green",
    ),
    Template(
        "big_baskets", _("Big baskets"), _("Their usual order is larger than most: offer sets and the better make."),
        "worth", lambda f: f"average_order >= {f.basket_large}", "orange",
    ),
    Template(
        "best_city", _("Good customers in your best city"),
        _("Where most of your money comes from: for events and same-day delivery."), "worth", _best_city, "azure",
    ),
    Template(
        "discount_hunters", _("Discount hunters"), _("They buy only at a reduced price: tell them of sales, no more."),
        "worth", _always("orders >= 2 AND discount_only = true"), "pink",
    ),
    Template(
        "rising", _("Rising"), _("They spend clearly more than in the months before: keep it going."), "worth",
        _always("spending_trend = 'rising'"), "lime",
    ),
    Template(
        "falling", _("Falling"), _("They spend clearly less than in the months before: ask what changed."), "worth",
        _always("spending_trend = 'falling'"), "red",
    ),
    Template(
        "first_order", _("Just bought for the first time"),
        _("One order, and it is recent: the second one makes a customer."), "rhythm",
        lambda f: f"orders = 1 AND first_order_date >= -{f.gap_days}d", "cyan",
    ),
    Template(
        "active", _("Active regulars"), _("Two orders or more, and the last within their usual time."), "rhythm",
        lambda f: f"orders >= 2 AND last_order_date >= -{2 * f.gap_days - 1}d", "green",
    ),
    Template(
        "at_risk", _("At risk"), _("They used to come back sooner than this: a good moment to be heard."), "rhythm",
        _between(2, 3), "orange",
    ),
    Template(
        "almost_lost", _("Almost lost"), _("Long overdue, but they still know you: win them back now."), "rhythm",
        _between(3, 6), "red",
    ),
    Template(
        "lost", _("Lost"), _("Regulars who have not ordered for six times their usual time."), "rhythm",
        lambda f: f"orders >= 2 AND last_order_date < -{6 * f.gap_days - 1}d",
    ),
    Template(
        "one_time", _("Bought once, long ago"), _("One order, then nothing: was it a gift, or a disappointment?"),
        "rhythm", lambda f: f"orders = 1 AND last_order_date < -{2 * f.gap_days}d",
    ),
    Template(
        "new", _("New this month"), _("Everybody added since the first of the month: a welcome."), "chance",
        _always("created_at = this_month"), "blue",
    ),
    Template(
        "subscribed_no_order", _("Subscribed, never ordered"),
        _("They want to hear from you and have not bought yet: the first offer goes here."), "chance",
        _always(f"orders = 0 AND ({_SUBSCRIBED})"), "teal",
    ),
    Template(
        "followers_no_order", _("Zalo followers without an order"),
        _("They follow your official account and have not bought yet."), "chance",
        _always("oa_follow = 'followed' AND orders = 0"), "azure",
    ),
    Template(
        "account_no_order", _("Account, no order"), _("They registered and then left: something held them back."),
        "chance", _always("account_type = 'with_account' AND orders = 0"), "indigo",
    ),
    Template(
        "viewed_not_bought", _("Looked, did not buy"),
        _("They viewed products in the last 30 days and ordered nothing in them."), "chance",
        _always("products_viewed MATCHES (date >= -30d) AND orders_placed NOT MATCHES (date >= -30d)"), "purple",
    ),
    Template(
        "often_here", _("Often here, nothing bought"), _("Three visits or more in 30 days without ever an order."),
        "chance", _always("visits_30d >= 3 AND orders = 0"), "purple",
    ),
    Template(
        "birthday", _("Birthday soon"), _("Within the next two weeks: time to prepare a card."), "moment",
        _always("birthday BETWEEN today AND +14d"), "pink",
    ),
    Template(
        "anniversary", _("A year with you"), _("The day they joined comes round within two weeks."), "moment",
        _always("joined_anniversary BETWEEN today AND +14d AND created_at < -300d"), "purple",
    ),
    Template(
        "debt", _("With debt"), _("Confirmed orders that are not paid in full: remind them kindly."), "care",
        _always("debt > 0"), "red",
    ),
    Template(
        "no_staff", _("Buyers nobody looks after"), _("They ordered, and no colleague is responsible for them."),
        "care", _always("staff IS NULL AND orders >= 1"), "orange",
    ),
    Template(
        "never_asked", _("Never asked for consent"),
        _("Nobody asked whether they want to hear from you; until then nothing may be sent."), "care",
        _always(_NEVER_ASKED), "yellow",
    ),
    Template(
        "unreachable", _("Cannot be reached"), _("Neither a valid phone nor an e-mail address: ask at the next order."),
        "care", _always("has_phone = false AND has_email = false"),
    ),
    Template(
        "wrong_phone", _("Wrong phone number"), _("What stands as their phone is no valid number."), "care",
        _always("phone_type = 'invalid'"), "red",
    ),
    Template(
        "returns", _("Return again and again"), _("Goods came back from two orders or more: look at size and quality."),
        "care", _always("orders_returned >= 2"), "orange",
    ),
    Template(
        "cancels", _("Cancel often"), _("Two cancelled orders or more: confirm the next one by phone."), "care",
        _always("orders_cancelled >= 2"), "orange",
    ),
)  # fmt: skip
