"""Addresses of customers, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.customers import bulk, listing
from regulars.web.lists.urls import list_urls

urlpatterns = [
    *list_urls("customers/", "customers", listing),
    path("customers/bulk/<slug:action>/", bulk.dialog, name="customers_bulk"),
    path("customers/bulk/<slug:action>/run", bulk.run, name="customers_bulk_run"),
    path("customers/bin/", listing.bin_list, name="customers_bin"),
]
