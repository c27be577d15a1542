"""Addresses of points, below `/s/<shop>/`."""

from django.urls import path

from regulars.shops.permissions import Permission
from regulars.web.lists.urls import list_urls
from regulars.web.loyalty import adjusting, entry, many, overview, why
from regulars.web.loyalty.kind import LEDGER
from regulars.web.loyalty.rows import rows

urlpatterns = [
    *list_urls(
        LEDGER,
        "points",
        may=(Permission.SEE_CUSTOMERS,),
        rows=rows,
        template="loyalty/ledger.html",
        more=overview.overview,
    ),
    path("loyalty/<int:pk>/", entry.entry, name="points_entry"),
    path("loyalty/totals", overview.totals, name="points_totals"),
    path("loyalty/runs/<int:pk>/", many.left_out, name="points_run"),
    path("customers/bulk/points/line", many.line, name="points_line"),
    path("customers/<int:pk>/points/adjust/", adjusting.adjust, name="customer_points_adjust"),
    path("customers/<int:pk>/points/why/<slug:figure>/", why.why, name="customer_points_why"),
]
