"""Writing, changing, pinning and deleting notes on a customer's page, and the files on them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.customers.errors import NoteChanged, NoteGone
from regulars.customers.models import Customer, Note, NoteFile
from regulars.customers.note_files import MOST_BYTES, MOST_FILES, Upload
from regulars.customers.operations import (
    add_note,
    delete_note,
    edit_note,
    pin_note,
    remove_note_file,
    restore_note,
)
from regulars.customers.operations.notes import edition, may_change, was_deleted
from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView, acted, show
from regulars.web.customers.sections.notes import file_lines
from regulars.web.customers.subject import LARGEST_ID, customer_of, refusals_told
from regulars.web.files.downloads import sent
from regulars.web.pages import page, redirect, toast


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS, Permission.SEE_NOTES)
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep the note `text` with its `files`; what was refused stays in its box."""
    customer = customer_of(request, pk)
    text = request.POST.get("text", "")
    try:
        add_note(customer, text, by=request.actor, files=_uploads(request))
    except DomainError as refusal:
        return show(request, customer, status=422, note_text=text, note_error=str(refusal))
    return acted(request, pk)


@staff_may(Permission.EDIT_CUSTOMERS, Permission.SEE_NOTES)
@refusals_told
def edit(request: StaffRequest, pk: int, note: int) -> HttpResponse:
    """The note in a dialog, and its new text.

    What somebody else wrote meanwhile stands beside it. If the note is gone, what was typed can become a new one.
    """
    customer = customer_of(request, pk)
    if request.method == "POST" and _is_gone(customer, note):
        return _typed(request, customer, None, request.POST.get("text", ""), error=str(NoteGone()), status=409)
    found = _note(request, pk, note)
    if request.method != "POST":
        if not may_change(found, request.staff):
            raise Http404
        return _typed(request, customer, found, found.text)
    text, seen = request.POST.get("text", ""), request.POST.get("seen") or None
    try:
        edit_note(found, text, staff=request.staff, seen=seen, files=_uploads(request))
    except NoteChanged as clash:
        found.refresh_from_db()
        theirs = clash.details["text"]
        return _typed(request, customer, found, text, error=str(clash), theirs=theirs, status=409)
    except DomainError as refusal:
        return _typed(request, customer, found, text, error=str(refusal), seen=seen, status=422)
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS, Permission.SEE_NOTES)
@refusals_told
def pin(request: StaffRequest, pk: int, note: int) -> HttpResponse:
    """Keep a note at hand (`pinned`), or let it go."""
    customer_of(request, pk)
    pin_note(_note(request, pk, note), bool(request.POST.get("pinned")), by=request.actor)
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS, Permission.SEE_NOTES)
@refusals_told
def delete(request: StaffRequest, pk: int, note: int) -> HttpResponse:
    """Take a note away; Undo puts it back."""
    view = CustomerView(request, customer_of(request, pk))
    delete_note(_note(request, pk, note), staff=request.staff)
    toast(request, _("Note deleted."), undo_url=view.act(f"notes/{note}/restore/"))
    return acted(request, pk)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS, Permission.SEE_NOTES)
@refusals_told
def restore(request: StaffRequest, pk: int, note: int) -> HttpResponse:
    """Put a deleted note back."""
    customer = customer_of(request, pk)
    if note > LARGEST_ID:
        raise Http404
    try:
        restore_note(customer, note, staff=request.staff)
    except NoteGone:
        raise Http404
    toast(request, _("The note is back."))
    return redirect(request, CustomerView(request, customer).here)


@require_safe
@staff_may(Permission.SEE_CUSTOMERS, Permission.SEE_NOTES)
def file(request: StaffRequest, pk: int, note: int, file: int) -> HttpResponse:
    """A file on a note, to keep: never opened in the browser as a page of ours."""
    customer_of(request, pk)
    found = _file(request, pk, note, file)
    return sent(HttpResponse(bytes(found.content)), found.name, found.content_type)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS, Permission.SEE_NOTES)
@refusals_told
def remove_file(request: StaffRequest, pk: int, note: int, file: int) -> HttpResponse:
    """Take a file off a note, for good."""
    customer_of(request, pk)
    remove_note_file(_file(request, pk, note, file), staff=request.staff)
    return acted(request, pk)


def _typed(
    request: StaffRequest, customer: Customer, note: Note | None, text: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The dialog with what was typed. note: None when it is gone. more: error, theirs, seen."""
    view = CustomerView(request, customer)
    seen = more.pop("seen", None) or (edition(note) if note else "")
    files = file_lines(view, [note])[note.pk] if note else []
    context = {
        "view": view,
        "note": note,
        "text": text,
        "seen": seen,
        "files": files,
        "error": "",
        "theirs": "",
        **more,
    }
    return page(request, "customers/note.html", context, status=status)


def _uploads(request: StaffRequest) -> list[Upload]:
    """What was sent; one file and one byte more than allowed are enough to be refused."""
    chosen = request.FILES.getlist("files")[: MOST_FILES + 1]
    return [Upload(one.name or "", one.read(MOST_BYTES + 1)) for one in chosen]


def _is_gone(customer: Customer, note: int) -> bool:
    if note > LARGEST_ID or Note.objects.of(customer.shop_id).filter(pk=note).exists():
        return False
    return was_deleted(customer, note)


def _note(request: StaffRequest, pk: int, note: int) -> Note:
    found = Note.objects.of(request.shop).filter(customer_id=pk, pk=note).first() if note <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


def _file(request: StaffRequest, pk: int, note: int, file: int) -> NoteFile:
    rows = NoteFile.objects.of(request.shop).select_related("note")
    small = max(note, file) <= LARGEST_ID
    found = rows.filter(note_id=note, note__customer_id=pk, pk=file).first() if small else None
    if found is None:
        raise Http404
    return found
