"""What happens around every answer of the API: size, methods, other websites, and how often one may still ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from regulars.api.problems import problem

MOST_BYTES = 1024 * 1024
PREFLIGHT_SECONDS = 3600

View = Callable[..., HttpResponse]


def at_the_door(view: View, *, for_websites: bool = False) -> View:
    """A view of the API as the world meets it.

    for_websites: pages of other websites may ask, with a public key of which they are an origin.
    """

    @wraps(view)
    def answer(request: HttpRequest, **rest: Any) -> HttpResponse:
        if for_websites and _is_preflight(request):
            return _preflight(request)
        response = _too_large() if _size(request) > MOST_BYTES else _answered(view, request, rest)
        _tell_use(request, response)
        if for_websites:
            _tell_website(request, response)
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie counts here: a key comes in a header
    answer.reads_no_form = True  # type: ignore[attr-defined]
    return answer


def _answered(view: View, request: HttpRequest, rest: dict[str, Any]) -> HttpResponse:
    response = view(request, **rest)
    if response.status_code == 405:
        allowed = response["Allow"]
        response = problem(405, "api.no_such_method", _("This address understands {methods}.").format(methods=allowed))
        response["Allow"] = allowed
    return response


def _size(request: HttpRequest) -> int:
    """What the request says its body holds, in bytes; Django reads no byte beyond."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else MOST_BYTES + 1


def _too_large() -> HttpResponse:
    return problem(413, "api.too_large", _("A request holds at most {most} bytes.").format(most=f"{MOST_BYTES:,}"))


def _tell_use(request: HttpRequest, response: HttpResponse) -> None:
    """How often the key may be used a minute, how often it still may, and in how many seconds it starts anew."""
    use = getattr(request, "use", None)
    if use is None:
        return
    response["RateLimit-Limit"] = str(use.limit)
    response["RateLimit-Remaining"] = str(max(0, use.left))
    response["RateLimit-Reset"] = str(use.seconds)


def _is_preflight(request: HttpRequest) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _preflight(request: HttpRequest) -> HttpResponse:
    """A browser's question before it sends. It brings no key, so any website may ask; the key decides what counts.

    Nothing is given away: cookies are not let through, and the answer can be read by the key's own websites only.
    """
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "POST"
    response["Access-Control-Allow-Headers"] = "authorization, content-type"
    response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return response


def _tell_website(request: HttpRequest, response: HttpResponse) -> None:
    """Let the website read the answer, if it is one of the key's."""
    origin, key = request.headers.get("Origin", ""), getattr(request, "key", None)
    patch_vary_headers(response, ["Origin"])
    if key is not None and key.is_public and origin in key.origins:
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
