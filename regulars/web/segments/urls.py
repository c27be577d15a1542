"""Addresses of segments, below `/s/<shop>/`."""

from django.urls import path

from regulars.web.segments import by_hand, deeds, details, editing, history, members, overview, saving

ONE = "segments/<int:pk>/"

urlpatterns = [
    path("segments/", overview.segments, name="segments"),
    path("segments/templates/", overview.templates, name="segment_templates"),
    path("segments/new/", editing.new, name="segment_new"),
    path("segments/people", by_hand.people, name="segment_people"),
    path("segments/selected/", saving.ask, name="segment_selected"),
    path("segments/selected/save", saving.save, name="segment_save"),
    *members.member_urls(),
    path(f"{ONE}moves/", history.joined_and_left, name="segment_moves"),
    path(f"{ONE}size/", history.size, name="segment_size"),
    path(f"{ONE}question/", details.question, name="segment_question"),
    path(f"{ONE}uses/", details.uses, name="segment_uses"),
    path(f"{ONE}fresh", details.fresh, name="segment_fresh"),
    path(f"{ONE}progress", details.progress, name="segment_progress"),
    path(f"{ONE}by-hand/", by_hand.by_hand, name="segment_by_hand"),
    path(f"{ONE}decide", by_hand.decide_one, name="segment_decide"),
    path(f"{ONE}why/<int:customer>/", by_hand.why, name="segment_why"),
    path(f"{ONE}edit/", editing.edit, name="segment_edit"),
    path(f"{ONE}duplicate/", deeds.duplicate, name="segment_duplicate"),
    path(f"{ONE}convert/", deeds.convert, name="segment_convert"),
    path(f"{ONE}delete/", deeds.delete, name="segment_delete"),
    path(f"{ONE}restore/", deeds.restore, name="segment_restore"),
    path(f"{ONE}export/", deeds.export, name="segment_export"),
]
