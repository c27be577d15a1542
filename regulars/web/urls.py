"""Addresses of all pages. Each folder of pages lists its own."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from regulars.web.tasks.feeds import calendar_feed


def healthz(request: HttpRequest) -> HttpResponse:
    """Says that the web process answers; `regulars doctor` looks deeper."""
    return HttpResponse("ok", content_type="text/plain")


in_a_shop = [
    path("", include("regulars.web.duplicates.urls")),
    path("", include("regulars.web.customers.urls")),
    path("", include("regulars.web.customers.merging.urls")),
    path("", include("regulars.web.segments.urls")),
    path("", include("regulars.web.groups.urls")),
    path("", include("regulars.web.orders.urls")),
    path("", include("regulars.web.transactions.urls")),
    path("", include("regulars.web.debts.urls")),
    path("", include("regulars.web.loyalty.urls")),
    path("", include("regulars.web.files.urls")),
    path("", include("regulars.web.settings.urls")),
    path("", include("regulars.web.search.urls")),
    path("", include("regulars.web.jobs.urls")),
    path("", include("regulars.web.notifications.urls")),
    path("", include("regulars.web.tasks.urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("regulars.web.accounts.urls")),
    path("calendar/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("s/<slug:shop>/", include(in_a_shop)),
]
