"""The rows of the customers list, ready to print: one function, a fixed number of queries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from markupsafe import Markup

from regulars.customers.models import Group, Status
from regulars.kit import countries
from regulars.kit.query.context import Context
from regulars.kit.query.paging import in_order
from regulars.shops.permissions import Permission
from regulars.web.customers.contact import contact_links
from regulars.web.customers.segment_chips import segments_cell
from regulars.web.icons import flag, icon
from regulars.web.lists import cells
from regulars.web.lists.state import ListState, heading
from regulars.web.markup import Pattern, initials, tint

Formatter = Callable[[Mapping[str, Any]], Any]


def rows(state: ListState, ids: list[int]) -> list[dict[str, Any]]:
    """Rows of the given customers in their order: {id, url, name, sub, group, avatar, cells}."""
    kind = state.kind
    simple = [name for name in state.columns if name not in kind.composite]
    reads = [column for name in state.columns if name in kind.composite for column in kind.composite[name].reads]
    shown = kind.fields.fetch(state.everyone.filter(pk__in=ids), simple, state.ctx, also=[*kind.always, *reads])
    found = in_order(shown, ids)
    columns = [
        cells.column(_formatter(state, name), heading(kind, name), _classes(state, name)) for name in state.columns
    ]
    groups = {group.pk: group.name for group in Group.objects.of(state.shop) if group.key != "standard"}
    list_of = _list_of(state)
    return [_row(state, row, columns, groups, list_of) for row in found]


def _row(
    state: ListState,
    row: Mapping[str, Any],
    columns: Sequence[cells.Column],
    groups: Mapping[int, str],
    list_of: str,
) -> dict[str, Any]:
    name = shown_name(row, state.ctx)
    return {
        "id": row["id"],
        "url": f"{state.home_of_customers}{row['id']}/?{list_of}",
        "edit_url": f"{state.home_of_customers}{row['id']}/edit/",
        "name": name,
        "sub": second_line(row, state.ctx),
        "group": groups.get(row["group_id"], ""),
        "initials": initials(name),
        "tint": tint(row["id"]),
        "avatar": f"{state.home_of_customers}{row['id']}/avatar" if row["has_avatar"] else "",
        "cells": cells.printed(columns, row),
    }


def _list_of(state: ListState) -> str:
    """The list and page one comes from, for "previous", "next" and "back" on the customer's page."""
    query = state.query(where=state.whole, at="" if state.kind.within else state.at)
    return "list=" + quote(query) if query else ""


def shown_name(row: Mapping[str, Any], ctx: Context) -> str:
    """What a customer is called: the name, else the company, else what they can be reached by."""
    may_contact = ctx.may(Permission.SEE_CONTACT)
    reached = (row["email"] or row["phone"] or row["phone_raw"]) if may_contact else ""
    return row["name"] or row["company"] or reached or _("Customer {id}").format(id=row["id"])


def second_line(row: Mapping[str, Any], ctx: Context) -> str:
    """The quiet line under the name: the e-mail, else the phone."""
    if not ctx.may(Permission.SEE_CONTACT):
        return ""
    line = row["email"] or row["phone"] or row["phone_raw"]
    return line if line and line != shown_name(row, ctx) else ""


def _classes(state: ListState, name: str) -> str:
    return "" if name in state.kind.composite else cells.classes(state.kind.fields[name])


def _formatter(state: ListState, name: str) -> Formatter:
    if make := _MAKERS.get(name):
        return make(state)
    return cells.formatter(state.kind.fields[name], state.ctx)


def _contact(state: ListState) -> Formatter:
    one = Pattern('<a class="contact" href="{}" data-way="{}" aria-label="{}" title="{}"{}>{}</a>')
    all_of_them = Pattern('<span class="contacts" data-contacted="{}">{}</span>')
    home = f"/s/{state.shop.slug}/customers"
    outside = Markup(' target="_blank" rel="noopener noreferrer"')

    def show(row: Mapping[str, Any]) -> Any:
        links = contact_links(row, state.shop.country)
        if not links:
            return ""
        parts = [
            one(
                link["url"], link["kind"], link["label"], link["label"], outside if link["outside"] else "",
                icon(link["icon"]),
            )
            for link in links
        ]  # fmt: skip
        return all_of_them(f"{home}/{row['id']}/contacted/", Markup("").join(parts))

    return show


def _location(state: ListState) -> Formatter:
    locale = state.ctx.locale
    pattern = Pattern('<span class="place">{} {}</span>')

    def show(row: Mapping[str, Any]) -> Any:
        country = row["country"]
        place = row["city"] or row["region"] or (countries.country_name(country, locale) if country else "")
        if not place:
            return cells.nothing()
        return pattern(flag(country) if country else "", place)

    return show


def _last_order(state: ListState) -> Formatter:
    prefix = f"/s/{state.shop.slug}/orders/"
    link = Pattern('<a href="{}{}/">{}</a> <span class="muted">{}</span>')

    def show(row: Mapping[str, Any]) -> Any:
        if row["last_order_at"] is None:
            return cells.nothing()
        ago = cells.show_moment(row["last_order_at"], state.ctx)
        return link(prefix, row["last_order_id"], row["last_order_number"], ago)

    return show


def _status(state: ListState) -> Formatter:
    known = {one.pk: cells.show_status(one.name, one.colour) for one in Status.objects.of(state.shop)}
    nothing = cells.nothing()
    return lambda row: known.get(row["status_id"], nothing)


def _deleted(state: ListState) -> Formatter:
    return lambda row: cells.show_moment(row["deleted_at"], state.ctx)


_MAKERS: dict[str, Callable[[ListState], Formatter]] = {
    "contact": _contact,
    "location": _location,
    "last_order": _last_order,
    "status": _status,
    "segment": segments_cell,
    "deleted": _deleted,
}
