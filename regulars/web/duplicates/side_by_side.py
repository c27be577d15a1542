"""Two customers beside each other, line by line, ready to print; a line in which they differ is marked."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.changes import Reader, shown
from regulars.customers.fields import context_for
from regulars.customers.likeness.scoring import REASONS
from regulars.customers.models import Customer, PossibleDuplicate, Tag
from regulars.kit import countries, numbers, phones
from regulars.kit.query import Context
from regulars.kit.text import fold
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest
from regulars.web.customers.rows import shown_name
from regulars.web.lists import cells
from regulars.web.markup import initials, tint

Line = tuple[Any, Callable[[Customer], Any], Callable[[Customer], Any]]
"""Its label, what is shown of a customer, and what is compared."""


def compared(request: StaffRequest, pairs: Sequence[PossibleDuplicate]) -> list[dict[str, Any]]:
    """The pairs in their order. Two queries however many."""
    ids = {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
    rows = Customer.objects.of(request.shop).select_related("group").filter(pk__in=ids)
    people = {customer.pk: customer for customer in rows}
    ctx = context_for(request.shop, staff=request.staff, locale=get_language() or "en")
    lines = _lines(request, people.values(), ctx)
    return [
        _pair(request, pair, people, lines, ctx) for pair in pairs if {pair.first_id, pair.second_id} <= set(people)
    ]


def _pair(
    request: StaffRequest, pair: PossibleDuplicate, people: dict[int, Customer], lines: list[Line], ctx: Context
) -> dict[str, Any]:
    both = people[pair.first_id], people[pair.second_id]
    return {
        "id": pair.pk,
        "score": pair.score,
        "reasons": [{"text": REASONS[key], "against": key == "other_name"} for key in pair.reasons if key in REASONS],
        "sides": [_side(request, one, ctx) for one in both],
        "lines": [line for line in (_line(line, both) for line in lines) if any(line["values"])],
        "merge": f"/s/{request.shop.slug}/customers/merge/?ids={pair.first_id},{pair.second_id}",
    }


def _side(request: StaffRequest, customer: Customer, ctx: Context) -> dict[str, Any]:
    name = shown_name({"id": customer.pk, **{one: getattr(customer, one) for one in _NAMING}}, ctx)
    home = f"/s/{request.shop.slug}/customers/{customer.pk}/"
    return {
        "id": customer.pk,
        "name": name,
        "url": home,
        "avatar": f"{home}avatar" if customer.has_avatar else None,
        "initials": initials(name),
        "tint": tint(customer.pk),
    }


_NAMING = ("name", "company", "email", "phone", "phone_raw", "country")


_NOTHING: tuple[Any, ...] = (None, "", ())


def _line(line: Line, both: tuple[Customer, Customer]) -> dict[str, Any]:
    label, show, key = line
    keys = [key(one) for one in both]
    return {
        "label": label,
        "values": [show(one) or "" for one in both],
        "is_same": keys[0] == keys[1] and keys[0] not in _NOTHING,
        "differs": keys[0] != keys[1] and all(value not in _NOTHING for value in keys),
    }


def _lines(request: StaffRequest, people: Any, ctx: Context) -> list[Line]:
    """What this reader may see of customers."""
    tags = _tags(request, people)
    lines: list[Line] = [
        (_("E-mail"), lambda one: one.email or one.email_raw, lambda one: one.email or one.email_raw),
        (_("Phone"), _phone, lambda one: one.phone or one.phone_raw),
        (_("Company"), lambda one: one.company, lambda one: fold(one.company)),
        (_("City"), lambda one: _place(one, ctx), lambda one: fold(one.city or one.region)),
        (_("Birthday"), lambda one: _birthday(one, ctx), _birth),
        (_("Group"), lambda one: one.group.name, lambda one: one.group_id),
        (_("Tags"), lambda one: ", ".join(tags.get(pk, "") for pk in one.tag_ids), lambda one: tuple(one.tag_ids)),
    ]  # fmt: skip
    if ctx.may(Permission.SEE_ORDERS):
        lines += [
            (_("Orders"), lambda one: numbers.show_number(one.orders_count, ctx.locale), lambda one: ""),
            (_("Total spent"), lambda one: cells.show_amount(one.total_spent, ctx), lambda one: ""),
            (_("Last order"), lambda one: _moment(one.last_order_at, ctx), lambda one: ""),
        ]  # fmt: skip
    return [
        *lines,
        (_("Source"), lambda one: one.get_source_display(), lambda one: ""),
        (_("Added"), lambda one: cells.show_moment(one.created_at, ctx), lambda one: ""),
    ]


def _tags(request: StaffRequest, people: Any) -> dict[int, str]:
    ids = {pk for customer in people for pk in customer.tag_ids}
    return dict(Tag.objects.of(request.shop).filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _phone(customer: Customer) -> str:
    return phones.international(customer.phone) if customer.phone else customer.phone_raw


def _place(customer: Customer, ctx: Context) -> str:
    place = customer.city or customer.region
    country = countries.country_name(customer.country, ctx.locale) if customer.country else ""
    return ", ".join(filter(None, [place, country]))


def _birth(customer: Customer) -> Any:
    return (customer.birth_md, customer.birth_year) if customer.birth_md else ""


def _moment(instant: datetime | None, ctx: Context) -> Any:
    return cells.show_moment(instant, ctx) if instant else ""


def _birthday(customer: Customer, ctx: Context) -> str:
    if customer.birth_md is None:
        return ""
    return shown("birth_md", (customer.birth_md, customer.birth_year), Reader(ctx.locale, ctx.tz, True, lambda *_: ""))
