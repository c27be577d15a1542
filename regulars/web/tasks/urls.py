"""Addresses of tasks and the calendar, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.tasks import calendar, doing, editing, feeds, listing

urlpatterns = [
    path("tasks/", listing.tasks, name="tasks"),
    path("tasks/new/", editing.new, name="task_new"),
    path("tasks/add", editing.quick, name="task_quick"),
    path("tasks/calendar/", calendar.calendar, name="calendar"),
    path("tasks/calendar/entries", calendar.entries, name="calendar_entries"),
    path("tasks/feeds/", feeds.feeds, name="calendar_feeds"),
    path("tasks/feeds/new", feeds.make, name="calendar_feed_make"),
    path("tasks/feeds/habit", feeds.habit, name="task_habit"),
    path("tasks/feeds/<int:pk>/revoke", feeds.revoke, name="calendar_feed_revoke"),
    path("tasks/<int:pk>/", editing.edit, name="task"),
    path("tasks/<int:pk>/move", calendar.move, name="task_move"),
    path("tasks/<int:pk>/done", doing.done, name="task_done"),
    path("tasks/<int:pk>/reopen", doing.reopen, name="task_reopen"),
    path("tasks/<int:pk>/cancel", doing.cancel, name="task_cancel"),
    path("tasks/<int:pk>/delete", doing.delete, name="task_delete"),
    path("tasks/<int:pk>/restore", doing.restore, name="task_restore"),
]
