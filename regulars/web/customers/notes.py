"""Writing, changing and deleting notes on a customer's page."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.errors import EmptyNote
from regulars.customers.models import Note
from regulars.customers.operations import add_note, delete_note, edit_note
from regulars.customers.operations.notes import may_change
from regulars.kit.errors import DomainError
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView, acted, show
from regulars.web.customers.subject import LARGEST_ID, customer_of, refusals_told
from regulars.web.pages import page, toast


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep the note `text`; what was refused stays in its box."""
    customer = customer_of(request, pk)
    text = request.POST.get("text", "")
    try:
        add_note(customer, text, by=request.actor)
    except DomainError as refusal:
        return show(request, customer, status=422, note_text=text, note_error=str(refusal))
    return acted(request, pk)


@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def edit(request: StaffRequest, pk: int, note: int) -> HttpResponse:
    """The note in a dialog, and its new text."""
    customer = customer_of(request, pk)
    found = _note(request, pk, note)
    text, error = found.text, ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            edit_note(found, text, staff=request.staff)
            return acted(request, pk)
        except EmptyNote as refusal:
            error = str(refusal)
    elif not may_change(found, request.staff):
        raise Http404
    view = CustomerView(request, customer)
    context = {"view": view, "note": found, "text": text, "error": error}
    return page(request, "customers/note.html", context, status=422 if error else 200)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def delete(request: StaffRequest, pk: int, note: int) -> HttpResponse:
    """Take a note away; its text stays in the timeline."""
    customer_of(request, pk)
    delete_note(_note(request, pk, note), staff=request.staff)
    toast(request, _("Note deleted. Its text stays in the timeline."))
    return acted(request, pk)


def _note(request: StaffRequest, pk: int, note: int) -> Note:
    found = Note.objects.of(request.shop).filter(customer_id=pk, pk=note).first() if note <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found
