"""Notes of the team about a customer: none is lost, whoever else writes at the same time."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from regulars.customers.errors import EmptyNote, NoteChanged, NoteGone, NotYourNote
from regulars.customers.mentions import mentioned_in, tell_mentioned
from regulars.customers.models import Customer, Note, NoteFile
from regulars.customers.note_files import Upload, checked, file_name, keep_files, lay_aside, put_back
from regulars.customers.profile import NOTE_LENGTH
from regulars.customers.writing import locked
from regulars.events.models import Event
from regulars.events.record import Actor, record
from regulars.kit.text import clean
from regulars.shops.models import Staff
from regulars.shops.operations.notifications import forget_notifications
from regulars.shops.permissions import Role
from regulars.shops.queries import acting

MAY_CHANGE_ANY = frozenset({Role.OWNER, Role.MANAGER})


@transaction.atomic
def add_note(
    customer: Customer, text: str, *, by: Actor, files: Sequence[Upload] = (), is_pinned: bool = False
) -> Note:
    """Keep a note, cut at 10,000 characters, with at most 5 files; colleagues named in it by "@" are told.

    Raises EmptyNote, InTheBin, TooManyFiles, FileTooLarge, EmptyFile.
    """
    customer = locked(customer)
    text, files = _said(text), checked(files)
    note = Note.objects.create(
        shop_id=customer.shop_id,
        customer=customer,
        text=text,
        author_id=by.id if by.kind == "staff" else None,
        author_name=by.name[:120],
        is_pinned=is_pinned,
        mentioned_ids=mentioned_in(text, customer),
    )
    keep_files(note, files)
    _record(note, "customer.note_added", {}, by)
    tell_mentioned(note, note.mentioned_ids, by=by)
    return note


@transaction.atomic
def edit_note(note: Note, text: str, *, staff: Staff, seen: str | None = None, files: Sequence[Upload] = ()) -> Note:
    """Change the text and add files; the earlier text stays in the trail, who is newly named in it is told.

    seen: the `edition` of the note that the new text was made from; None: whatever it is now.
    Raises NotYourNote, EmptyNote, NoteChanged (somebody else wrote since; details: `text`, what stands there now),
    NoteGone, TooManyFiles, FileTooLarge, EmptyFile.
    """
    note = _locked(note, staff)
    old, new = note.text, _said(text)
    if seen is not None and seen != edition(note) and new != old:
        raise NoteChanged(text=old)
    if files:
        _attach(note, files, by=acting(staff))
    if new == old:
        return note
    named = mentioned_in(new, note.customer)
    newly = set(named) - set(note.mentioned_ids)
    note.text, note.edited_at, note.mentioned_ids = new, timezone.now(), named
    note.save(update_fields=["text", "edited_at", "mentioned_ids"])
    _record(note, "customer.note_changed", {"changes": {"note": [old, new]}}, acting(staff))
    tell_mentioned(note, newly, by=acting(staff))
    return note


@transaction.atomic
def pin_note(note: Note, is_pinned: bool, *, by: Actor) -> Note:
    """Keep a note at hand, on top of the others, or let it go. Raises NoteGone."""
    note = _found(note)
    if note.is_pinned != is_pinned:
        note.is_pinned = is_pinned
        note.save(update_fields=["is_pinned"])
        _record(note, "customer.note_pinned" if is_pinned else "customer.note_unpinned", {}, by)
    return note


@transaction.atomic
def delete_note(note: Note, *, staff: Staff) -> None:
    """Take a note away; its text stays in the trail, its files for a day. Raises NotYourNote, NoteGone."""
    note = _locked(note, staff)
    lay_aside(note)
    data = {"changes": {"note": [note.text, ""]}, "was": {name: _plain(getattr(note, name)) for name in _KEPT}}
    _record(note, "customer.note_deleted", data, acting(staff))
    forget_notifications(note.shop_id, "note", [note.pk])
    note.delete()


@transaction.atomic
def restore_note(customer: Customer, note_id: int, *, staff: Staff) -> Note:
    """Put a deleted note back as it was, by who deleted it or a manager; nobody is told again.

    Raises NoteGone (never deleted, put back already, or forgotten), NotYourNote, InTheBin.
    """
    customer = locked(customer)
    deleted = _deletion(customer, note_id)
    known = Note.objects.of(customer.shop_id).filter(pk=note_id)
    if deleted is None or "was" not in deleted.data or known.exists():
        raise NoteGone
    if deleted.actor_id != staff.pk and staff.role not in MAY_CHANGE_ANY:
        raise NotYourNote
    was = dict(deleted.data["was"])
    was |= {name: parse_datetime(was[name]) if was[name] else None for name in ("created_at", "edited_at")}
    text = deleted.data["changes"]["note"][0]
    note = Note.objects.create(shop_id=customer.shop_id, pk=note_id, customer=customer, text=text, **was)
    put_back(note)
    _record(note, "customer.note_restored", {}, acting(staff))
    return note


@transaction.atomic
def remove_note_file(file: NoteFile, *, staff: Staff) -> None:
    """Take a file off a note, for good. Raises NotYourNote, NoteGone."""
    if file.note is None:
        raise NoteGone
    note = _locked(file.note, staff)
    gone, _tables = NoteFile.objects.of(note.shop_id).filter(pk=file.pk, note=note).delete()
    if gone:
        _record(note, "customer.note_file_removed", {"file": file.name}, acting(staff))


def edition(note: Note) -> str:
    """What tells one text of a note from another: who edits it says from which one they started."""
    return hashlib.sha256(note.text.encode()).hexdigest()[:16]


def was_deleted(customer: Customer, note_id: int) -> bool:
    """Whether this was a note about the customer that somebody deleted."""
    return _deletion(customer, note_id) is not None


def may_change(note: Note, staff: Staff) -> bool:
    """Whether this person may change or delete the note."""
    is_theirs = note.author_id == staff.pk or staff.role in MAY_CHANGE_ANY
    return note.shop_id == staff.shop_id and staff.is_active and is_theirs


_KEPT = ("author_id", "author_name", "created_at", "edited_at", "is_pinned", "mentioned_ids")


def _attach(note: Note, files: Sequence[Upload], *, by: Actor) -> None:
    """More files; the note counts as changed, so that undoing an import leaves it alone."""
    keep_files(note, checked(files, has=NoteFile.objects.of(note.shop_id).filter(note=note).count()))
    note.edited_at = timezone.now()
    note.save(update_fields=["edited_at"])
    _record(note, "customer.note_file_added", {"files": [file_name(file.name) for file in files]}, by)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _deletion(customer: Customer, note_id: int) -> Event | None:
    trail = Event.objects.filter(shop_id=customer.shop_id, customer_id=customer.pk, kind="customer.note_deleted")
    return trail.filter(about="note", about_id=note_id).order_by("-id").first()


def _locked(note: Note, staff: Staff) -> Note:
    if not may_change(note, staff):
        raise NotYourNote
    return _found(note)


def _found(note: Note) -> Note:
    rows = Note.objects.of(note.shop_id).filter(pk=note.pk)
    if not rows.select_for_update():  # joined, one whose customer is merged meanwhile would not be found
        raise NoteGone
    fresh: Note = rows.select_related("customer").get()
    return fresh


def _said(text: str) -> str:
    text = clean(text)[:NOTE_LENGTH]
    if not text:
        raise EmptyNote
    return text


def _record(note: Note, kind: str, data: dict, by: Actor) -> None:
    about, data = ("note", note.pk), {"note": note.pk, **data}
    record(note.shop_id, kind, about=about, customer_id=note.customer_id, by=by, data=data)
