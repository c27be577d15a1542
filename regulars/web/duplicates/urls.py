"""Addresses of the duplicates queue, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.duplicates import deciding, queue

urlpatterns = [
    path("customers/duplicates/", queue.queue, name="duplicates"),
    path("customers/duplicates/search", queue.search, name="duplicates_search"),
    path("customers/duplicates/progress", queue.progress, name="duplicates_progress"),
    path("customers/duplicates/<int:pk>/apart", deciding.apart, name="duplicate_apart"),
    path("customers/duplicates/<int:pk>/household", deciding.household, name="duplicate_household"),
    path("customers/duplicates/<int:pk>/reopen", deciding.open_again, name="duplicate_reopen"),
]
