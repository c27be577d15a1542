"""Which face answers when no view did: pages for people, problem+json below /api/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

API = "api/"

Answer = Callable[..., HttpResponse]


def by_face(for_people: Answer, for_programs: Answer) -> Answer:
    """An error handler that answers in the words of the face that was asked."""

    @wraps(for_people)
    def answer(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        face = for_programs if request.path_info.startswith(f"/{API}") else for_people
        return face(request, *args, **options)

    return answer
