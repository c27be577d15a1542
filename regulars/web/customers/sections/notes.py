"""What the team wrote about a customer, ready to print."""

from typing import TYPE_CHECKING, Any

from regulars.customers.models import Note
from regulars.customers.operations.notes import may_change
from regulars.shops.permissions import Permission
from regulars.web.lists import cells

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

AT_HAND = 3  # beside every tab
MOST = 200  # on the tab


def notes(view: "CustomerView", most: int = MOST) -> list[dict[str, Any]]:
    """The newest notes, newest first."""
    found = Note.objects.of(view.shop).filter(customer=view.customer).order_by("-id")[:most]
    may_edit = view.is_live and view.may(Permission.EDIT_CUSTOMERS)
    return [
        {
            "id": note.pk,
            "text": note.text,
            "author": note.author_name,
            "at": cells.show_moment(note.created_at, view.ctx),
            "edited": cells.show_moment(note.edited_at, view.ctx) if note.edited_at else "",
            "may_change": may_edit and may_change(note, view.staff),
        }
        for note in found
    ]
