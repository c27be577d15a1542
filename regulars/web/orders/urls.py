"""Addresses of orders, below `/s/<shop>/`."""

from django.urls import path

from regulars.shops.permissions import Permission
from regulars.web.lists.saved.urls import view_urls
from regulars.web.lists.urls import list_urls
from regulars.web.orders import deeds, page, recording
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
    path("orders/<int:pk>/payment/", recording.payment, name="order_payment"),
    path("orders/<int:pk>/refund/", recording.refund, name="order_refund"),
    path("orders/<int:pk>/return/", recording.goods, name="order_return"),
    path("orders/<int:pk>/cancel/", deeds.cancel, name="order_cancel"),
    path("orders/<int:pk>/uncancel/", deeds.uncancel, name="order_uncancel"),
    path("orders/<int:pk>/delete/", deeds.delete, name="order_delete"),
    path("orders/<int:pk>/restore/", deeds.restore, name="order_restore"),
]
