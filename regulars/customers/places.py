"""Provinces and cities over all addresses of a customer, named plainly or by the codes of ISO and Shopify."""

import re
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from regulars.customers.models import Address
from regulars.kit.query.conditions import Literal, Place
from regulars.kit.query.context import Context
from regulars.kit.query.kinds_linked import Several
from regulars.kit.regions import codes_of, place_key, regions

Wanted = frozenset[tuple[str, str]]
"""(country, place key) of everything that a value means; "" is any country."""


class Places(Several):
    """A column of all addresses that holds the name of a place.

    One value is "country:name". How names are spelled is found first: then an accent, a blank or a point matters in
    neither SQL nor Python.
    """

    def __init__(self, name: str, label: Any, *, of: str, **options: Any) -> None:
        super().__init__(name, label, table=Address, item=Concat("country", Value(":"), of), **options)
        self._name = of

    def among(self, values: list[Any], ctx: Context) -> Q:
        spelled: dict[str, list[str]] = {}
        for country, name in self._spellings(ctx):
            if any(_means(value, country, name) for value in values):
                spelled.setdefault(country, []).append(name)
        question = Q(pk__in=[])
        for country, names in spelled.items():
            question |= Q(country=country, **{f"{self._name}__in": names})
        return question

    def holds(self, item: Any, value: Any) -> bool:
        country, _mark, name = item.partition(":")
        return _means(value, country, name)

    def said(self, item: Any, ctx: Context) -> str:
        return str(item).partition(":")[2]

    def _items(self) -> Any:
        return super()._items().exclude(**{self._name: ""})

    def _spellings(self, ctx: Context) -> list[tuple[str, str]]:
        whose = None if ctx.only is None else tuple(ctx.only)
        names = self.related(ctx).values_list("country", self._name).distinct()
        found: list[tuple[str, str]] = ctx.once(("spellings", self, whose), lambda: list(names))
        return found


class Regions(Places):
    """Provinces: by name, by ISO 3166-2 (`US-NY`)."""

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> Wanted:
        if coded := _REGION.fullmatch(value.text.strip()):
            return self._coded(coded[1].upper(), coded[2].upper(), value, place)
        key = place_key(value.text)
        return frozenset({("", key), *((country, place_key(code)) for country, code in codes_of(key))})

    def _coded(self, country: str, code: str, value: Literal, place: Place | None) -> Wanted:
        known = regions(country)
        if country in _WHOLE and code not in known:
            raise self.bad(_("there is no “{value}”.").format(value=value.text), value, place)
        names = {code, f"{country}-{code}", known.get(code, code)}
        return frozenset((country, place_key(name)) for name in names)


class Cities(Places):
    """Cities: by name, or as Shopify writes them (`US-NY-NewYorkCity`), where the province says nothing more."""

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> Wanted:
        if coded := _CITY.fullmatch(value.text.strip()):
            return frozenset({(coded[1].upper(), place_key(coded[2]))})
        return frozenset({("", place_key(value.text))})


def _means(wanted: Wanted, country: str, name: str) -> bool:
    key = place_key(name)
    return ("", key) in wanted or (country, key) in wanted


_REGION = re.compile(r"([A-Za-z]{2})-([A-Za-z0-9]{1,3})")
_CITY = re.compile(r"([A-Za-z]{2})-[A-Za-z0-9]{1,3}-(.+)")
_WHOLE = frozenset({"US", "CA", "AU", "RO"})  # all their codes are listed
