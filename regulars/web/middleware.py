"""What happens around every page."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from django.utils import translation

from regulars.kit.errors import DomainError

Handler = Callable[[HttpRequest], HttpResponse]

PUBLIC_PREFIXES = ("/static/", "/healthz")

NOTED_SECONDS = 60
MOST_NOTED = 10_000


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


class LastSeen:
    """Note when and from where each session was last used, for "Where you are signed in".

    Once a minute and process is often enough: it is a transaction that waits for the disk, and somebody who types in
    the search box asks ten times a second. A new address or browser is noted at once.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._noted: dict[tuple[str | None, ...], float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_news(request):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _is_news(self, request: HttpRequest) -> bool:
        came = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT")
        visit = (request.session.session_key, *(request.META.get(name) for name in came))
        now = time.monotonic()
        if now - self._noted.get(visit, -NOTED_SECONDS) < NOTED_SECONDS:
            return False
        if len(self._noted) >= MOST_NOTED:
            self._noted.clear()
        self._noted[visit] = now
        return True


class Readable:
    """No text that PostgreSQL cannot hold reaches a view: a NUL in an address or a form is a 400.

    It looks when the view is known, behind the check against forged forms, which has read the form already. A view
    that `reads_no_form` measures and reads its body itself.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Handler, *args: object) -> HttpResponse | None:
        has_form = request.method == "POST" and not getattr(view, "reads_no_form", False)
        sent = [request.GET, request.POST] if has_form else [request.GET]
        texts = (text for given in sent for name, values in given.lists() for text in (name, *values))
        if "\0" in request.path or any("\0" in text for text in texts):
            return bad_request(request)
        return None


class Refusals:
    """A domain's refusal that no view translated becomes a readable answer instead of a fault."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """400 with the domain's own sentence; other exceptions go on to the 500 page."""
        return bad_request(request, exception) if isinstance(exception, DomainError) else None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, in the words of the face that was asked (`config.urls`)."""
    answer: Callable[..., HttpResponse] = get_resolver().resolve_error_handler(400)
    return answer(request, exception=exception)
