"""Notes of the team about a customer."""

from django.db import transaction
from django.utils import timezone

from regulars.customers.errors import EmptyNote, NotYourNote
from regulars.customers.models import Customer, Note
from regulars.customers.profile import NOTE_LENGTH
from regulars.customers.writing import locked
from regulars.events.record import Actor, record
from regulars.kit.text import clean
from regulars.shops.models import Staff
from regulars.shops.permissions import Role

MAY_CHANGE_ANY = frozenset({Role.OWNER, Role.MANAGER})


@transaction.atomic
def add_note(customer: Customer, text: str, *, by: Actor) -> Note:
    """Keep a note, cut at 10,000 characters. Raises EmptyNote, InTheBin."""
    customer = locked(customer)
    note = Note.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        text=_said(text),
        author_id=by.id if by.kind == "staff" else None,
        author_name=by.name[:120],
    )
    _record(note, "customer.note_added", {}, by)
    return note


@transaction.atomic
def edit_note(note: Note, text: str, *, staff: Staff) -> Note:
    """Change the text; the earlier one stays in the trail. Raises NotYourNote, EmptyNote."""
    note = _locked(note, staff)
    old, new = note.text, _said(text)
    if new != old:
        note.text, note.edited_at = new, timezone.now()
        note.save(update_fields=["text", "edited_at"])
        _record(note, "customer.note_changed", {"changes": {"note": [old, new]}}, _acting(staff))
    return note


@transaction.atomic
def delete_note(note: Note, *, staff: Staff) -> None:
    """Take a note away; its text stays in the trail. Raises NotYourNote."""
    note = _locked(note, staff)
    _record(note, "customer.note_deleted", {"changes": {"note": [note.text, ""]}}, _acting(staff))
    note.delete()


def may_change(note: Note, staff: Staff) -> bool:
    """Whether this person may change or delete the note."""
    is_theirs = note.author_id == staff.pk or staff.role in MAY_CHANGE_ANY
    return note.shop_id == staff.shop_id and staff.is_active and is_theirs


def _locked(note: Note, staff: Staff) -> Note:
    if not may_change(note, staff):
        raise NotYourNote
    return Note.objects.of(note.shop_id).select_for_update(of=["self"]).get(pk=note.pk)


def _said(text: str) -> str:
    text = clean(text)[:NOTE_LENGTH]
    if not text:
        raise EmptyNote
    return text


def _acting(staff: Staff) -> Actor:
    return Actor("staff", staff.pk, str(staff.user))


def _record(note: Note, kind: str, data: dict, by: Actor) -> None:
    about, data = ("note", note.pk), {"note": note.pk, **data}
    record(note.shop_id, kind, about=about, customer_id=note.customer_id, by=by, data=data)
