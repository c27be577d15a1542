"""The API as one thing: its parts, what it answers to faults, and its OpenAPI document."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation

import regulars
from regulars.api import (
    customers,
    customers_sent,  # noqa: F401  joins the addresses of customers
    events,
    merging,
    orders,
    points,
    registry,
    segments,
    tasks,
)
from regulars.api.document import documented
from regulars.api.problems import NotLetIn, NotThere, problem, refused
from regulars.kit.errors import DomainError

ABOUT = """Customers, orders, segments, points and tasks of one shop, for its own programs.

Send a key of the shop with every request: `Authorization: Bearer rg_secret_…` (Settings → API keys). A key holds
scopes; a field they do not reach does not exist for it. Amounts are decimal texts in the shop's currency, instants
ISO 8601. Every refusal is `application/problem+json`. How often a key may be used a minute is told by the headers
`RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds).
"""


class Api(NinjaAPI):
    """Ninja's API, with the document completed."""

    def get_openapi_schema(self, **options: Any) -> Any:
        return documented(super().get_openapi_schema(**options))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Api(
    title="Regulars",
    version=regulars.__version__,
    description=ABOUT,
    docs_url=None,
    urls_namespace="api",
)
for part in (customers, merging, points, orders, registry, segments, tasks, events):
    api.add_router("", part.router)


@api.exception_handler(DomainError)
def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return refused(error)


@api.exception_handler(AuthenticationError)
def _not_let_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return refused(NotLetIn())


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return refused(NotThere())


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter or body of the wrong shape: each fault with its place, "query.limit", "body.sent.events"."""
    faults = [{"where": ".".join(map(str, one["loc"])), "detail": one["msg"]} for one in error.errors]
    return problem(422, "api.not_valid", "; ".join(f"{one['where']}: {one['detail']}" for one in faults), errors=faults)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "api.unreadable", error)
