"""Pages for what goes wrong: what happened, what was kept, what to do.

`regulars.config.urls` names these as handler400 to handler500, the settings name csrf_failure.
"""

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from regulars.web.frame import bare_frame
from regulars.web.pages import nothing, page, toast

log = logging.getLogger("regulars.web")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400: the address or the form says something we do not understand."""
    reason = str(exception) if exception and str(exception) else _("The address has a part that means nothing here.")
    return _answer(request, 400, _("We could not read this request"), reason)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: signed in, but not allowed."""
    text = _("Your role in this shop does not include this. Nothing was changed. An owner or a manager can help.")
    return _answer(request, 403, _("You may not do this"), text)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: not there, or another shop's; the answer is the same on purpose."""
    text = _("It may have been deleted or merged, or the link is not complete. Nothing was changed.")
    return _answer(request, 404, _("There is nothing here"), text)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake. Logged under a reference that the person can quote."""
    reference = secrets.token_hex(4)
    log.error("Error page %s for %s", reference, request.path, exc_info=True)
    text = _(
        "It is our fault, not yours. What was saved before is safe; this last step was not carried out. "
        "Try again, and if it happens once more, quote the reference."
    )
    return _answer(request, 500, _("Something broke"), text, reference=reference)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: a limit against guessing passwords or flooding was reached."""
    text = _("Too many tries in a short time, from here or for this account. Nothing was changed. Wait a few minutes.")
    return _answer(request, 429, _("Slow down a little"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or came from another site."""
    text = _(
        "The form was open for a long time, or you signed in again meanwhile. Nothing was saved. "
        "Go back, reload the page and send it once more."
    )
    return _answer(request, 403, _("This form is no longer valid"), text)


def _answer(request: HttpRequest, status: int, title: str, text: str, *, reference: str = "") -> HttpResponse:
    """A page of its own, or for htmx a toast that leaves the page as it is."""
    if request.headers.get("HX-Request") == "true" and hasattr(request, "_messages"):
        toast(request, f"{title}. {text}", kind="problem")
        response = nothing(request)
        response.status_code = status
        response["HX-Reswap"] = "none"
        return response
    shop = getattr(request, "shop", None)
    values = {"status": status, "heading": title, "text": text, "reference": reference}
    values |= {"home": f"/s/{shop.slug}/" if shop else "/", "frame": bare_frame(request)}
    return page(request, "layout/error.html", values, status=status, title=title)
