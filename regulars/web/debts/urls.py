"""Addresses of debts, below `/s/<shop>/`."""

from django.urls import path

from regulars.shops.permissions import Permission
from regulars.web.debts import dialogs
from regulars.web.debts.giving_up import OWE_AGAIN, give_up
from regulars.web.debts.kind import DEBTORS, OWING
from regulars.web.debts.overview import overview
from regulars.web.debts.rows import debtor_rows
from regulars.web.lists.urls import list_urls
from regulars.web.orders.rows import rows as order_rows

MAY = (Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)

urlpatterns = [
    *list_urls(OWING, "debt_orders", may=MAY, rows=order_rows, template="debts/orders.html", more=overview),
    *list_urls(DEBTORS, "debts", may=MAY, rows=debtor_rows, template="debts/customers.html", more=overview),
    path("orders/<int:pk>/write-off/", give_up, name="order_write_off"),
    path("orders/<int:pk>/write-off/back/", give_up, {"deed": OWE_AGAIN}, name="order_write_off_back"),
    path("orders/<int:pk>/due/", dialogs.due, name="order_due"),
    path("customers/<int:pk>/credit-limit/", dialogs.limit, name="customer_credit_limit"),
]
