"""A customer's picture: shown, uploaded, taken away."""

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.customers.avatars import MOST_BYTES
from regulars.customers.errors import BadPicture
from regulars.customers.models import Avatar
from regulars.customers.operations import remove_avatar, set_avatar
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.page import CustomerView
from regulars.web.customers.subject import customer_of, refusals_told
from regulars.web.pages import page, redirect

KEPT_SECONDS = 300  # by the browser; the customer's own page asks by digest and sees a new picture at once


@require_safe
@staff_may(Permission.SEE_CUSTOMERS)
def avatar(request: StaffRequest, pk: int) -> HttpResponse:
    """The image itself; the browser asks again with its digest."""
    picture = Avatar.objects.of(request.shop).filter(customer=customer_of(request, pk)).first()
    if picture is None:
        raise Http404
    tag = f'"{picture.digest}"'
    if _knows(request, tag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(bytes(picture.image), content_type=picture.content_type)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def picture(request: StaffRequest, pk: int) -> HttpResponse:
    """The form for a new picture, and its answer."""
    customer, error = customer_of(request, pk), ""
    view = CustomerView(request, customer)
    if request.method == "POST":
        try:
            set_avatar(customer, _uploaded(request), by=request.actor)
            return redirect(request, view.here)
        except BadPicture as refusal:
            error = str(refusal)
    return page(request, "customers/picture.html", {"view": view, "error": error}, status=422 if error else 200)


@require_POST
@staff_may(Permission.EDIT_CUSTOMERS)
@refusals_told
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Initials again."""
    customer = customer_of(request, pk)
    remove_avatar(customer, by=request.actor)
    return redirect(request, CustomerView(request, customer).here)


def _uploaded(request: HttpRequest) -> bytes:
    """Raises BadPicture: nothing was chosen. One byte more than allowed is enough to be refused."""
    chosen = request.FILES.get("picture")
    if not isinstance(chosen, UploadedFile):
        raise BadPicture(reason=_("Choose a picture first."))
    return chosen.read(MOST_BYTES + 1)


def _knows(request: HttpRequest, tag: str) -> bool:
    known = request.headers.get("If-None-Match", "")
    return tag in (one.strip().removeprefix("W/") for one in known.split(","))
