"""Addresses of notifications, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read", views.read, name="notifications_read"),
    path("notifications/<int:pk>/", views.follow, name="notification"),
]
