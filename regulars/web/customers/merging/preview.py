"""Several customers side by side: where they differ, what they will be together, and what speaks against it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from regulars.customers.merging.choosing import HAS_ACCOUNT, fields_of, is_filled, sources_of, values_of
from regulars.customers.merging.errors import AccountUnclear
from regulars.customers.models import Customer, Decision, Identity, PossibleDuplicate
from regulars.kit.dates import day_of, show_day
from regulars.kit.money import show_money
from regulars.kit.numbers import show_number
from regulars.shops.models import Channel
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest
from regulars.web.customers.merging.words import Words
from regulars.web.customers.owing import owing_words
from regulars.web.customers.page import CustomerView


class Preview:
    """What the page shows. people: the survivor first."""

    def __init__(self, request: StaffRequest, people: Sequence[Customer], chosen: Mapping[str, int]) -> None:
        self.request, self.people, self.shop = request, people, request.shop
        self.words = Words(request.shop, request.staff)
        self.sources = _sources(people, chosen)
        self.chosen = chosen

    @property
    def heads(self) -> list[dict[str, Any]]:
        """One a customer: who they are, and what they are worth."""
        return [self._head(place, one) for place, one in enumerate(self.people)]

    def _head(self, place: int, one: Customer) -> dict[str, Any]:
        view = CustomerView(self.request, one)
        facts = [self.words.email(one.__dict__), self.words.phone(one.__dict__)]
        if self._may_see_orders:
            facts.append(_("Orders: {count} · spent {amount}").format(
                count=show_number(one.orders_count), amount=self._money(one.total_spent)))  # fmt: skip
        return {
            "id": one.pk, "name": view.name, "url": view.url(), "is_survivor": place == 0,
            "facts": [fact for fact in facts if fact],
        }  # fmt: skip

    @property
    def differing(self) -> list[dict[str, Any]]:
        """Fields in which at least two have something, and not the same."""
        return [self._field(name) for name in fields_of(self.people) if self._differ(name)]

    def _differ(self, name: str) -> bool:
        if name == "avatar":
            return sum(one.has_avatar for one in self.people) > 1
        if name == "account":
            return sum(one.account_state in HAS_ACCOUNT for one in self.people) > 1
        filled = [values_of(one, name) for one in self.people if is_filled(one, name)]
        return len({repr(value) for value in filled}) > 1

    def _field(self, name: str) -> dict[str, Any]:
        sides = [
            {"id": one.pk, "who": head["name"], "value": self.words.value(one, name),
             "checked": self.sources.get(name) == one.pk}
            for one, head in zip(self.people, self.heads, strict=True)
            if is_filled(one, name)
        ]  # fmt: skip
        return {"name": name, "label": self.words.label(name), "sides": sides}

    @property
    def agreed(self) -> list[tuple[str, str]]:
        """What is the same, or known of one of them only: (label, value)."""
        by_id = {one.pk: one for one in self.people}
        found = [
            (self.words.label(name), self.words.value(by_id[self.sources[name]], name))
            for name in fields_of(self.people)
            if name in self.sources and not self._differ(name)
        ]
        return [pair for pair in found if pair[1]]

    @property
    def figures(self) -> list[tuple[str, str]]:
        """What they will be worth together."""
        points = show_number(sum(one.points for one in self.people), self.words.locale)
        of_points = [(_("Points"), points)] if any(one.points for one in self.people) else []
        return [*self._trade, *of_points]

    @property
    def _trade(self) -> list[tuple[str, str]]:
        if not self._may_see_orders:
            return []
        orders, spent = (sum(getattr(one, name) for one in self.people) for name in ("orders_count", "total_spent"))
        first = min((one.first_order_at for one in self.people if one.first_order_at), default=None)
        pairs = [
            (_("Orders"), show_number(orders)),
            (_("Total spent"), self._money(spent)),
            (_("Debt"), self._money(sum(one.debt for one in self.people))),
            (_("Average order"), self._money(round(spent / orders)) if orders else ""),
        ]
        if first:
            ctx = CustomerView(self.request, self.people[0]).ctx
            pairs.append((_("First order"), show_day(day_of(first, ctx.tz), ctx.locale)))
        return [pair for pair in pairs if pair[1]]

    @property
    def warnings(self) -> list[str]:
        """What speaks against it; nothing of it forbids it."""
        among = Customer.objects.of(self.shop).filter(pk__in=[one.pk for one in self.people])
        taken_over = _("Whoever stays takes it over.")
        found = [f"{said} {taken_over}" for said in owing_words(among, self.request.staff)]
        if self._are_told_apart():
            found.append(_("Somebody decided that they are not the same person."))
        if any(self._differ(name) for name in ("birthday", "citizen_id")):
            found.append(_("Their birthdays or citizen ids differ: they may be two people."))
        found += [
            _("{channel} knows them by several ids: there they are several people.").format(channel=channel)
            for channel in self._channels_with_several()
        ]
        if self._differ("account"):
            found.append(_("More than one of them has an account. Choose whose account stays, and tell the customer: "
                           "no mail is sent to them from here."))  # fmt: skip
        return found

    def _are_told_apart(self) -> bool:
        ids = [one.pk for one in self.people]
        pairs = PossibleDuplicate.objects.of(self.shop).filter(first_id__in=ids, second_id__in=ids)
        return pairs.filter(decision=Decision.DIFFERENT).exists()

    def _channels_with_several(self) -> list[str]:
        known = Identity.objects.of(self.shop).filter(customer_id__in=[one.pk for one in self.people])
        several = known.values("channel").annotate(people=Count("customer_id", distinct=True)).filter(people__gt=1)
        names = dict(Channel.objects.of(self.shop).values_list("key", "name"))
        return sorted(names.get(key, key) for key in several.values_list("channel", flat=True))

    @property
    def _may_see_orders(self) -> bool:
        return self.request.staff.may(Permission.SEE_ORDERS)

    def _money(self, minor: int) -> str:
        return show_money(minor, self.shop.currency, self.words.locale)


def _sources(people: Sequence[Customer], chosen: Mapping[str, int]) -> dict[str, int]:
    """Whose value each field gets; nobody's where only a person can say."""
    try:
        return sources_of(people, chosen)
    except AccountUnclear:
        sources = sources_of(people, {**chosen, "account": people[0].pk})
        return {name: pk for name, pk in sources.items() if name != "account"}
