"""Addresses of background work, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.jobs import views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<int:pk>/cancel", views.cancel, name="job_cancel"),
    path("jobs/<int:pk>/undo", views.undo, name="job_undo"),
]
