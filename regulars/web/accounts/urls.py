"""Addresses outside a shop: the door, first run, links, invitations, oneself."""

from django.urls import path

from regulars.web.accounts import views

urlpatterns = [
    path("", views.door, name="door"),
    path("s/<slug:shop>/", views.shop_door, name="shop_door"),
    path("start/link/<str:packed>/", views.one_time, name="one_time_link"),
    path("start/first/<str:token>/", views.first_run, name="first_run_link"),
    path("start/owner/", views.owner, name="start_owner"),
    path("start/shop/", views.shop, name="start_shop"),
    path("start/<slug:slug>/customers/", views.bring_customers, name="start_customers"),
    path("join/<str:token>/", views.join, name="join"),
    path("me/", views.me, name="me"),
    path("me/theme", views.theme, name="my_theme"),
]
