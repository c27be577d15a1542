"""Addresses outside a shop: first run, links, invitations."""

urlpatterns: list = []
