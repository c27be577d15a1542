"""Address of the search, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.search import views

urlpatterns = [path("search", views.search, name="search")]
