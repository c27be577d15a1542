"""What the team wrote about a customer, ready to print."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from babel.units import format_unit
from django.db.models import QuerySet

from regulars.customers.mentions import names_of, parts_of, who_may_be_mentioned
from regulars.customers.models import Note, NoteFile
from regulars.customers.operations.notes import may_change
from regulars.kit.numbers import locale_of
from regulars.kit.query.prepared import loaded, prepared
from regulars.shops.permissions import Permission
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

AT_HAND = 3  # beside every tab, and all that are pinned
MOST_PINNED = 10  # one more note is beside them, whatever it is
MOST = 200  # on the tab


def notes(view: "CustomerView") -> list[dict[str, Any]]:
    """The notes, pinned ones first, then newest first."""
    return _shown(view, _of(view).order_by("-is_pinned", "-id")[:MOST])


def at_hand(view: "CustomerView") -> list[dict[str, Any]]:
    """What is pinned and the newest others."""
    found = loaded(Note, _newest(view.shop.pk, view.customer.pk)) if view.may(Permission.SEE_NOTES) else []
    pinned = [note for note in found if note.is_pinned]
    return _shown(view, found[: max(len(pinned) + 1, AT_HAND)])


def colleagues(view: "CustomerView") -> list[str]:
    """Names of whom a note about this customer may mention, besides oneself."""
    return [str(staff) for staff in who_may_be_mentioned(view.customer, view.team) if staff.pk != view.staff.pk]


def file_lines(view: "CustomerView", found: Sequence[Note]) -> dict[int, list[dict[str, Any]]]:
    """The files on some notes, by note, in the order they came: name, size, address. Their contents are not read."""
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = NoteFile.objects.of(view.shop).filter(note_id__in=[note.pk for note in found]).order_by("pk")
    for pk, note_id, name, size in rows.values_list("pk", "note_id", "name", "size"):
        path = f"notes/{note_id}/files/{pk}/"
        shown = {"id": pk, "name": name, "size": show_size(size, view.ctx.locale)}
        lines[note_id].append({**shown, "url": view.url(path), "remove_url": view.act(f"{path}remove/")})
    return lines


def show_size(size: int, locale: str) -> str:
    """Bytes as kB or MB, in the reader's habits."""
    unit, divisor = ("megabyte", 1_000_000) if size >= 1_000_000 else ("kilobyte", 1000)
    amount = max(round(size / divisor, 1 if size >= 1_000_000 else 0), 0.1 if size >= 1_000_000 else 1)
    return format_unit(amount, unit, length="short", locale=locale_of(locale))


def _of(view: "CustomerView") -> Any:
    rows = Note.objects.of(view.shop).filter(customer=view.customer)
    return rows if view.may(Permission.SEE_NOTES) else rows.none()


@prepared
def _newest(shop: Any, customer: Any) -> QuerySet[Any, Any]:
    return Note.objects.of(shop).filter(customer_id=customer).order_by("-is_pinned", "-id")[: MOST_PINNED + 1]


def _shown(view: "CustomerView", rows: Any) -> list[dict[str, Any]]:
    found = list(rows)
    names, files = names_of(found), file_lines(view, found) if found else {}
    may_edit = view.is_live and view.may(Permission.EDIT_CUSTOMERS)
    return [
        {
            "id": note.pk,
            "parts": parts_of(note, names),
            "author": note.author_name,
            "at": cells.show_moment(note.created_at, view.ctx),
            "edited": cells.show_moment(note.edited_at, view.ctx) if note.edited_at else "",
            "is_pinned": note.is_pinned,
            "files": files.get(note.pk, []),
            "may_pin": may_edit,
            "may_change": may_edit and may_change(note, view.staff),
        }
        for note in found
    ]
