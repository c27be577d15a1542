"""Addresses of customers, below `/s/<shop>/`."""

from django.urls import path

from regulars.shops.permissions import Permission
from regulars.web.customers import (
    account,
    addresses,
    avatar,
    belonging,
    board,
    bulk,
    editing,
    households,
    notes,
    page,
    removal,
    states,
    team,
)
from regulars.web.customers.kind import BIN, CUSTOMERS, PIPELINE
from regulars.web.customers.rows import rows
from regulars.web.lists.saved.urls import view_urls
from regulars.web.lists.urls import list_urls

urlpatterns = [
    *list_urls(
        CUSTOMERS,
        "customers",
        may=(Permission.SEE_CUSTOMERS,),
        rows=rows,
        template="customers/list.html",
        more=lambda request: {"bulk_actions": bulk.bulk_actions(request.staff)},
        saves=True,
    ),
    path("customers/pipeline/", board.board, name="customers_pipeline"),
    path("customers/team/", team.team, name="customers_team"),
    path("customers/pipeline/more", board.more_cards, name="customers_pipeline_more"),
    path("customers/pipeline/totals", board.show_totals, name="customers_pipeline_totals"),
    path("customers/pipeline/<int:pk>/move", board.move_card, name="customers_pipeline_move"),
    *list_urls(
        PIPELINE,
        "customers_pipeline",
        may=(Permission.SEE_CUSTOMERS,),
        rows=rows,
        template="customers/board.html",
        saves=True,
    )[1:],
    *view_urls(CUSTOMERS, "view", may=(Permission.SEE_CUSTOMERS,)),
    *list_urls(BIN, "customers_bin", may=(Permission.DELETE_CUSTOMERS,), rows=rows, template="customers/bin.html"),
    path("customers/bulk/<slug:action>/", bulk.dialog, name="customers_bulk"),
    path("customers/bulk/<slug:action>/run", bulk.run, name="customers_bulk_run"),
    path("customers/new/", editing.new, name="customer_new"),
    path("customers/similar/", editing.similar, name="customers_similar"),
    path("customers/<int:pk>/", page.customer, name="customer"),
    path("customers/<int:pk>/why/<slug:figure>/", page.why, name="customer_why"),
    path("customers/<int:pk>/edit/", editing.edit, name="customer_edit"),
    path("customers/<int:pk>/status/", states.change_status, name="customer_status"),
    path("customers/<int:pk>/status/history/", states.status_history, name="customer_status_history"),
    path("customers/<int:pk>/group/", states.change_group, name="customer_group"),
    path("customers/<int:pk>/staff/", states.change_staff, name="customer_staff"),
    path("customers/<int:pk>/tags/", states.change_tags, name="customer_tags"),
    path("customers/<int:pk>/account/", states.change_account, name="customer_account"),
    path("customers/<int:pk>/follow/", states.change_follow, name="customer_follow"),
    path("customers/<int:pk>/consent/", account.consent, name="customer_consent"),
    path("customers/<int:pk>/citizen-id/", account.reveal, name="customer_citizen_id"),
    path("customers/<int:pk>/notes/", notes.add, name="customer_notes"),
    path("customers/<int:pk>/notes/<int:note>/", notes.edit, name="customer_note"),
    path("customers/<int:pk>/notes/<int:note>/pin/", notes.pin, name="customer_note_pin"),
    path("customers/<int:pk>/notes/<int:note>/delete/", notes.delete, name="customer_note_delete"),
    path("customers/<int:pk>/notes/<int:note>/restore/", notes.restore, name="customer_note_restore"),
    path("customers/<int:pk>/notes/<int:note>/files/<int:file>/", notes.file, name="customer_note_file"),
    path(
        "customers/<int:pk>/notes/<int:note>/files/<int:file>/remove/",
        notes.remove_file,
        name="customer_note_file_remove",
    ),
    path("customers/<int:pk>/household/", households.household, name="customer_household"),
    path("customers/<int:pk>/household/leave", households.leave, name="customer_household_leave"),
    path("customers/<int:pk>/household/people", households.people, name="customer_household_people"),
    path("customers/<int:pk>/addresses/", addresses.add, name="customer_addresses"),
    path("customers/<int:pk>/addresses/<int:address>/", addresses.edit, name="customer_address"),
    path(
        "customers/<int:pk>/addresses/<int:address>/default/", addresses.make_default, name="customer_address_default"
    ),
    path("customers/<int:pk>/addresses/<int:address>/remove/", addresses.remove, name="customer_address_remove"),
    path("customers/<int:pk>/related/attach/", belonging.attach, name="customer_related_attach"),
    path("customers/<int:pk>/orders/detach/", belonging.detach, name="customer_orders_detach"),
    path("customers/<int:pk>/orders/undo/", belonging.undo, name="customer_orders_undo"),
    path("customers/<int:pk>/avatar", avatar.avatar, name="customer_avatar"),
    path("customers/<int:pk>/picture/", avatar.picture, name="customer_picture"),
    path("customers/<int:pk>/picture/remove/", avatar.remove, name="customer_picture_remove"),
    path("customers/<int:pk>/delete/", removal.delete, name="customer_delete"),
    path("customers/<int:pk>/restore/", removal.restore, name="customer_restore"),
    path("customers/<int:pk>/purge/", removal.purge_now, name="customer_purge"),
]
