"""Addresses of groups, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.groups import editing, listing

urlpatterns = [
    path("groups/", listing.groups, name="groups"),
    path("groups/new", editing.new, name="group_rule_new"),
    path("groups/order", listing.arrange, name="groups_order"),
    path("groups/<int:pk>/", editing.edit, name="group"),
    path("groups/<int:pk>/remove", editing.remove, name="group_remove"),
]
