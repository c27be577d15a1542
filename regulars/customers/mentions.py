"""Colleagues named in a note by "@": who may be named, who is, and how they are told."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from regulars.customers.models import Customer, Note
from regulars.events.record import Actor
from regulars.shops.models import Staff
from regulars.shops.operations import notify
from regulars.shops.operations.notifications import finder, wording
from regulars.shops.permissions import Permission


def who_may_be_mentioned(customer: Customer, team: Iterable[Staff] | None = None) -> list[Staff]:
    """Who works in the shop, reads notes and may see this customer, by name. team: whoever works there, if known."""
    if team is None:
        team = Staff.objects.of(customer.shop_id).active().select_related("user")
    able = [staff for staff in team if staff.may(Permission.SEE_NOTES) and _sees(staff, customer)]
    return sorted(able, key=lambda staff: (str(staff).casefold(), staff.pk))


def mentioned_in(text: str, customer: Customer) -> list[int]:
    """Ids of the staff whose whole name follows an "@". Two of one name are both meant: nobody is passed over."""
    if "@" not in text:
        return []
    team = who_may_be_mentioned(customer)
    said = {name.casefold() for name in _pattern(map(str, team)).findall(text)}
    return [staff.pk for staff in team if str(staff).casefold() in said]


def names_of(notes: Iterable[Note]) -> dict[int, str]:
    """The names of everybody who is mentioned in some notes of one shop, also of those who left."""
    notes = list(notes)
    ids = {pk for note in notes for pk in note.mentioned_ids}
    if not ids:
        return {}
    staff = Staff.objects.of(notes[0].shop_id).filter(pk__in=ids).select_related("user")
    return {one.pk: str(one) for one in staff}


def parts_of(note: Note, names: Mapping[int, str]) -> list[tuple[str, bool]]:
    """The text in pieces, in order: (words, whether they are the mention of a colleague). names: see `names_of`."""
    mine = [names[pk] for pk in note.mentioned_ids if pk in names]
    parts, at = [], 0
    for found in _pattern(mine).finditer(note.text) if mine else ():
        parts += [(note.text[at : found.start()], False), (found.group(), True)]
        at = found.end()
    return [(words, is_mention) for words, is_mention in (*parts, (note.text[at:], False)) if words]


def tell_mentioned(note: Note, ids: Iterable[int], *, by: Actor) -> None:
    """Tell colleagues that a note mentions them: each once a note, its author never."""
    ids = set(ids) - ({by.id} if by.kind == "staff" else set())
    for staff in Staff.objects.of(note.shop_id).active().filter(pk__in=ids):
        data = {"by": by.name, "customer": note.customer_id, "note": note.pk}
        url = f"customers/{note.customer_id}/?tab=notes#note-{note.pk}"
        notify(staff, "note.mentioned", data=data, url=url, key=f"note:{note.pk}")


@wording("note.mentioned", icon="at")
def _mentioned(data: Mapping[str, Any]) -> str:
    return _("{by} mentioned you in a note about {customer}").format_map(data)


@finder("customer")
def _customers(staff: Staff, ids: set[int]) -> dict[int, str]:
    people = Customer.objects.of(staff.shop_id).alive().visible_to(staff).filter(pk__in=ids)
    return {pk: name or company or f"#{pk}" for pk, name, company in people.values_list("pk", "name", "company")}


def _sees(staff: Staff, customer: Customer) -> bool:
    """As `visible_to`, of one row that is known: asked for each colleague it would be a query each."""
    return not staff.only_own or staff.pk in customer.responsible_ids


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Finds "@" and a whole name, the longest first; an "@" inside a word is an address, no mention."""
    longest_first = sorted(set(names), key=len, reverse=True)
    return re.compile(rf"(?<![\w.@])@({'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\w)", re.IGNORECASE)
