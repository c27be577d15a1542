"""What goes wrong, as problem+json (RFC 9457): one shape for every refusal."""

import json
import logging
import secrets
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.kit.errors import BadValue, DomainError
from regulars.kit.query import BadCondition
from regulars.kit.query.paging import DamagedCursor

log = logging.getLogger("regulars.api")

CONTENT_TYPE = "application/problem+json"


class ApiError(DomainError):
    """A refusal of the door itself; `status` is its HTTP status."""

    status = 400


class NotLetIn(ApiError):
    code = "api.not_let_in"
    sentence = gettext_lazy("Send a working key: “Authorization: Bearer rg_secret_…”.")
    status = 401


class ScopeMissing(ApiError):
    """details: scope."""

    code = "api.scope_missing"
    sentence = gettext_lazy("This key does not hold the scope “{scope}”.")
    status = 403


class WrongOrigin(ApiError):
    """details: origin."""

    code = "api.wrong_origin"
    sentence = gettext_lazy("This public key does not work from “{origin}”.")
    status = 403


class NotThere(ApiError):
    code = "api.not_there"
    sentence = gettext_lazy("There is nothing here, or it is not yours.")
    status = 404


class ValuesRefused(ApiError):
    """details: errors, each with its field and why."""

    code = "api.values_refused"
    sentence = gettext_lazy("Nothing was stored: {reason}")
    status = 422


class TooOften(ApiError):
    """details: seconds."""

    code = "api.too_often"
    sentence = gettext_lazy("This key was used too often; try again in {seconds} seconds.")
    status = 429


def problem(status: int, code: str, detail: Any, **more: Any) -> HttpResponse:
    """A refusal: what it is by its code, why in words, and what else a program can use."""
    title = HTTPStatus(status).phrase
    kind = f"urn:regulars:problem:{code}"
    body = {"type": kind, "title": title, "status": status, "code": code, "detail": str(detail), **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)


def refused(error: DomainError) -> HttpResponse:
    """What a domain, or the door, refused."""
    if isinstance(error, ApiError):
        return _of_the_door(error)
    if isinstance(error, BadCondition):
        status = 400 if isinstance(error, DamagedCursor) else 422
        return problem(status, error.code, error, **where_it_is(error))
    if isinstance(error, BadValue):
        return problem(422, error.code, error, field=error.field)
    return problem(422, error.code, error)


def where_it_is(error: BadCondition) -> dict[str, Any]:
    """The word that is wrong, where it stands (line and column from 1) and what was probably meant."""
    told: dict[str, Any] = {"word": error.details["word"], "suggestion": error.details["suggestion"] or None}
    place = error.details["place"]
    return told | {name: getattr(place, name) if place else None for name in ("line", "column", "length")}


def _of_the_door(error: ApiError) -> HttpResponse:
    more = {name: error.details[name] for name in ("errors",) if name in error.details}
    response = problem(error.status, error.code, error, **more)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(error.details["seconds"])
    return response


# --- what Django asks when no view answered (config/urls.py) --------------------------------------------------
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400: something that no request can mean, as a NUL in the address."""
    return problem(400, "api.unreadable", _("The request has a part that means nothing here."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403."""
    return problem(403, "api.forbidden", _("This is not allowed."))


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404: no such address."""
    return refused(NotThere())


def too_many(request: HttpRequest) -> HttpResponse:
    """429: a limit that is not the key's."""
    return problem(429, "api.too_many", _("Too many tries in a short time."))


def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake, logged under a reference that can be quoted."""
    reference = secrets.token_hex(4)
    log.error("Problem %s for %s", reference, request.path, exc_info=True)
    return problem(500, "api.broken", _("It is our fault; quote the reference."), reference=reference)
