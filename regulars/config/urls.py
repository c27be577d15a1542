"""Addresses: accounts, then everything inside a shop below `/s/<shop>/`."""

from django.urls import include, path

from regulars.web import errors

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.broken

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("regulars.web.urls")),
]
