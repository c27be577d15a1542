"""Addresses of orders, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.lists.urls import list_urls
from regulars.web.orders import listing, page

urlpatterns = [
    *list_urls("orders/", "orders", listing),
    path("orders/<int:pk>/", page.order, name="order"),
]
