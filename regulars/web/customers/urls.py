"""Addresses of customers, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.customers import listing
from regulars.web.lists.urls import list_urls

urlpatterns = [
    *list_urls("customers/", "customers", listing),
    path("customers/bin/", listing.bin_list, name="customers_bin"),
]
