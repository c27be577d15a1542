"""Addresses of merging, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.customers.merging import parting, views

urlpatterns = [
    path("customers/merge/", views.merging, name="customers_merge"),
    path("customers/merge/selected/", views.selected, name="customers_merge_selected"),
    path("customers/merges/<int:merge>/", parting.parting, name="customers_unmerge"),
    path("customers/<int:pk>/merge/", views.other, name="customer_merge"),
]
