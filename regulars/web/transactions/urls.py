"""Addresses of transactions, below `/s/<shop>/`."""

from django.urls import path

from regulars.shops.permissions import Permission
from regulars.web.lists.saved.urls import view_urls
from regulars.web.lists.urls import list_urls
from regulars.web.transactions import page
from regulars.web.transactions.kind import TRANSACTIONS
from regulars.web.transactions.rows import rows

MAY = (Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)

urlpatterns = [
    *list_urls(TRANSACTIONS, "transactions", may=MAY, rows=rows, template="transactions/list.html"),
    *view_urls(TRANSACTIONS, "transactions_view", may=MAY),
    path("transactions/<int:pk>/", page.transaction, name="transaction"),
    path("transactions/<int:pk>/same/<int:other>/", page.same, name="transaction_same"),
]
