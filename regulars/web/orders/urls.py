"""Addresses of orders, below `/s/<shop>/`."""

from django.urls import path

from regulars.shops.permissions import Permission
from regulars.web.lists.saved.urls import view_urls
from regulars.web.lists.urls import list_urls
from regulars.web.orders import page
from regulars.web.orders.kind import ORDERS
from regulars.web.orders.rows import rows

urlpatterns = [
    *list_urls(
        ORDERS,
        "orders",
        may=(Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS),
        rows=rows,
        template="orders/list.html",
    ),
    *view_urls(ORDERS, "orders_view", may=(Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)),
    path("orders/<int:pk>/", page.order, name="order"),
]
