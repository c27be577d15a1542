"""Addresses: accounts, everything inside a shop below `/s/<shop>/`, and the API."""

from django.urls import include, path

from regulars.api import problems
from regulars.config.faces import API, by_face
from regulars.web import errors

handler400 = by_face(errors.bad_request, problems.bad_request)
handler403 = by_face(errors.forbidden, problems.forbidden)
handler404 = by_face(errors.not_found, problems.not_found)
handler429 = by_face(errors.too_many, problems.too_many)
handler500 = by_face(errors.broken, problems.broken)

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path(f"{API}v1/", include("regulars.api.urls")),
    path("", include("regulars.web.urls")),
]
