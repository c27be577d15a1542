"""What happens around every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from regulars.kit.errors import DomainError
from regulars.web import errors

Handler = Callable[[HttpRequest], HttpResponse]

PUBLIC_PREFIXES = ("/static/", "/healthz")


def private_pages(get_response: Handler) -> Handler:
    """Keep pages out of shared and browser caches; say what the browser may not do."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(PUBLIC_PREFIXES) and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        return response

    return answer


def language_of_the_reader(get_response: Handler) -> Handler:
    """Speak the language the signed-in person chose, else the browser's."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "")
        language = chosen or translation.get_language_from_request(request)
        with translation.override(language):
            response = get_response(request)
        response.setdefault("Content-Language", language)
        return response

    return answer


class Refusals:
    """A domain's refusal that no view translated becomes a readable answer instead of a fault."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """400 with the domain's own sentence; other exceptions go on to the 500 page."""
        return errors.bad_request(request, exception) if isinstance(exception, DomainError) else None
