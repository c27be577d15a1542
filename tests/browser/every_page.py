"""Every page there is, and a shop in which each of them has something to show."""

from datetime import timedelta
from typing import Any

from django.urls import resolve
from django.utils.timezone import localdate

from regulars.customers.actions import run_action
from regulars.customers.merging import merge
from regulars.customers.models import Address, Customer, Group, Status, Tag
from regulars.customers.operations import add_field, add_note, delete_customer
from regulars.customers.selection import Selection
from regulars.kit.dates import zone
from regulars.loyalty.operations import adjust_points
from regulars.orders.models import Order, Payment
from regulars.segments.operations import create_segment, set_members
from regulars.segments.saved_views import Look, create_view
from regulars.shops.models import Channel, JobRun, Staff
from regulars.shops.operations import invite
from regulars.tasks.due import Due
from regulars.tasks.operations import Facts, add_task
from regulars.transfer.exports import Asked, start_export
from regulars.transfer.imports import stage, start
from regulars.transfer.schedules import Delivery, Rhythm, save_schedule
from regulars.web.accounts.links import one_time_link
from tests.browser.scene import colleague_of, customer, lively_shop
from tests.browser.visiting import work
from tests.factories import actor, create_user

IN_A_SHOP = {
    "customers": "customers/",
    "customers, filtered": "customers/?where=tags CONTAINS VIP AND orders >= 1&search=a",
    "customers, nobody matches": "customers/?search=nobody is called this",
    "customers, filter not understood": "customers/?where=shoe_size > 40",
    "filter: fields": "customers/filter/",
    "filter: money": "customers/filter/?field=total_spent",
    "filter: days": "customers/filter/?field=created_at",
    "filter: tags": "customers/filter/?field=tags&op=IN",
    "filter: refused": "customers/filter/apply?field=total_spent&op=>&value=much",
    "filter editor": "customers/filter/editor/",
    "filter editor: nested": "customers/filter/editor/?where=orders >= 1 AND (tags CONTAINS VIP OR "
    "NOT city = Hue OR orders_placed MATCHES (date >= -90d, sum_amount > 100))",
    "filter editor: not understood": "customers/filter/editor/?where=ordrs >= 1",
    "columns": "customers/columns/",
    "conditions": "customers/conditions/?where=orders >= 1",
    "pipeline": "customers/pipeline/",
    "pipeline: filter": "customers/pipeline/filter/",
    "pipeline: filter editor": "customers/pipeline/filter/editor/",
    "pipeline: columns": "customers/pipeline/columns/",
    "pipeline: conditions": "customers/pipeline/conditions/?where=orders >= 1",
    "team": "customers/team/",
    "duplicates": "customers/duplicates/",
    "duplicates of one": "customers/duplicates/?customer={dao}",
    "customer: household": "customers/{dao}/household/",
    "bin": "customers/bin/",
    "bin: filter": "customers/bin/filter/",
    "bin: filter editor": "customers/bin/filter/editor/",
    "bin: columns": "customers/bin/columns/",
    "bin: conditions": "customers/bin/conditions/?where=orders >= 1",
    "tag many": "customers/bulk/tag/?ids={dao}",
    "delete many": "customers/bulk/delete/?ids={dao}",
    "new customer": "customers/new/",
    "customer: timeline": "customers/{dao}/",
    "customer: orders": "customers/{dao}/?tab=orders",
    "customer: transactions": "customers/{dao}/?tab=transactions",
    "customer: returns": "customers/{dao}/?tab=returns",
    "customer: related orders": "customers/{dao}/?tab=related",
    "customer: viewed products": "customers/{dao}/?tab=products",
    "customer: referred": "customers/{dao}/?tab=referred",
    "customer: log a call": "customers/{dao}/contacted/",
    "customer: notes": "customers/{dao}/?tab=notes",
    "customer: addresses": "customers/{dao}/?tab=addresses",
    "customer: account": "customers/{dao}/?tab=account",
    "customer: status history": "customers/{dao}/status/history/",
    "customer: why": "customers/{dao}/why/{figure}/",
    "customer: edit": "customers/{dao}/edit/",
    "customer: note": "customers/{dao}/notes/{note}/",
    "customer: new address": "customers/{dao}/addresses/",
    "customer: address": "customers/{dao}/addresses/{address}/",
    "customer: consent": "customers/{dao}/consent/",
    "customer: picture": "customers/{dao}/picture/",
    "customer in the bin": "customers/{binned}/",
    "bin: remove for good": "customers/{binned}/purge/",
    "merge customers": "customers/merge/?ids={dao},{other}",
    "merge with": "customers/{dao}/merge/?q=an",
    "make them several": "customers/merges/{merge}/",
    "customer: segments": "customers/{dao}/?tab=segments",
    "segments": "segments/",
    "segments, none is called so": "segments/?search=nothing is called this",
    "segment templates": "segments/templates/",
    "new segment": "segments/new/?template=best",
    "new segment of chosen customers": "segments/new/?ids={dao}",
    "segment": "segments/{segment}/",
    "segment: filter": "segments/{segment}/filter/",
    "segment: editor": "segments/{segment}/filter/editor/?where=orders >= 1",
    "segment: then, editor": "segments/{segment}/then/{day}/filter/editor/",
    "segment: columns": "segments/{segment}/columns/",
    "segment: conditions of the list": "segments/{segment}/conditions/?where=orders >= 1",
    "segment: moves": "segments/{segment}/moves/",
    "segment: size": "segments/{segment}/size/",
    "segment: question": "segments/{segment}/question/",
    "segment: by hand": "segments/{segment}/by-hand/",
    "segment: used by": "segments/{used}/uses/",
    "segment: why": "segments/{segment}/why/{dao}/",
    "segment: why not": "segments/{used}/why/{dao}/",
    "segment: edit": "segments/{segment}/edit/",
    "segment: duplicate": "segments/{segment}/duplicate/",
    "segment: convert": "segments/{segment}/convert/",
    "segment: delete": "segments/{used}/delete/",
    "segment: then": "segments/{segment}/then/{day}/",
    "segment: then, filter": "segments/{segment}/then/{day}/filter/",
    "segment: then, columns": "segments/{segment}/then/{day}/columns/",
    "segment: then, conditions": "segments/{segment}/then/{day}/conditions/",
    "static segment": "segments/{static}/",
    "orders": "orders/",
    "orders: filter": "orders/filter/",
    "orders: filter editor": "orders/filter/editor/?where=total > 1",
    "orders: columns": "orders/columns/",
    "orders: conditions": "orders/conditions/?where=total > 1",
    "order": "orders/{order}/",
    "debts": "debts/",
    "debts, filtered": "debts/?where=overdue > 0",
    "debts: filter": "debts/filter/",
    "debts: editor": "debts/filter/editor/?where=debt > 1",
    "debts: columns": "debts/columns/",
    "debts: conditions": "debts/conditions/?where=debt > 1",
    "debts by order": "debts/orders/",
    "debts by order: filter": "debts/orders/filter/",
    "debts by order: editor": "debts/orders/filter/editor/?where=owed > 1",
    "debts by order: columns": "debts/orders/columns/",
    "debts by order: conditions": "debts/orders/conditions/?where=debt_age = 'older'",
    "order: write off": "orders/{order}/write-off/",
    "order: take a write-off back": "orders/{order}/write-off/back/",
    "order: due date": "orders/{order}/due/",
    "customer: debts": "customers/{dao}/?tab=debts",
    "customer: credit limit": "customers/{dao}/credit-limit/",
    "order: payment": "orders/{order}/payment/",
    "order: refund": "orders/{order}/refund/",
    "order: return": "orders/{order}/return/",
    "transactions": "transactions/",
    "transactions: filter": "transactions/filter/",
    "transactions: filter editor": "transactions/filter/editor/?where=amount > 1",
    "transactions: columns": "transactions/columns/",
    "transactions: conditions": "transactions/conditions/?where=amount > 1",
    "transactions: export": "transactions/export/?where=amount > 1",
    "transactions: views": "transactions/views/",
    "transactions: new view": "transactions/views/new?where=amount > 1",
    "transactions: view": "transactions/views/{payment_view}/",
    "transaction": "transactions/{payment}/",
    "points": "loyalty/",
    "points: filter": "loyalty/filter/",
    "points: filter editor": "loyalty/filter/editor/?where=points > 1",
    "points: columns": "loyalty/columns/",
    "points: conditions": "loyalty/conditions/?where=points > 1",
    "points: whom a run left out": "loyalty/runs/{points_run}/",
    "points for many": "customers/bulk/points/?ids={dao}",
    "customer: points": "customers/{dao}/?tab=points",
    "customer: adjust points": "customers/{dao}/points/adjust/",
    "customer: why so many points": "customers/{dao}/points/why/points/",
    "tasks": "tasks/",
    "tasks of the team": "tasks/?view=team&kind=call",
    "new task": "tasks/new/",
    "task": "tasks/{task}/",
    "calendar": "tasks/calendar/",
    "reminders and feeds": "tasks/feeds/",
    "customer: tasks": "customers/{dao}/?tab=tasks",
    "files": "files/",
    "import customers": "files/import/customers/",
    "import orders": "files/import/orders/",
    "import products": "files/import/products/",
    "import visits": "files/import/activity/",
    "import notes": "files/import/notes/",
    "import consents": "files/import/consents/",
    "import points": "files/import/points/",
    "import: columns": "files/imports/{waiting}/columns/",
    "import: check": "files/imports/{waiting}/check/",
    "saved mappings": "files/mappings/",
    "import: report": "files/imports/{done}/",
    "import: undo": "files/imports/{done}/undo/",
    "exports": "files/exports/",
    "export": "files/exports/{export}/",
    "export entries": "files/exports/entries/",
    "export of the log": "files/export/log/",
    "read through the API": "files/api/",
    "scheduled exports": "files/schedules/",
    "new scheduled export": "files/schedules/new/",
    "scheduled export": "files/schedules/{schedule}/",
    "export customers": "customers/export/",
    "export orders": "orders/export/?where=total > 1",
    "export transactions": "files/export/transactions/",
    "export points": "loyalty/export/?where=points > 1",
    "settings": "settings/",
    "figures": "settings/figures/",
    "roles": "settings/roles/",
    "staff": "settings/staff/",
    "invite": "settings/staff/invite/",
    "staff member": "settings/staff/{colleague}/",
    "groups": "groups/",
    "new group": "groups/new?where=orders >= 1",
    "group": "groups/{group}/",
    "remove a group": "groups/{group}/remove",
    "views": "customers/views/",
    "new view": "customers/views/new?where=orders >= 1&sort=name",
    "view": "customers/views/{view}/",
    "views of orders": "orders/views/",
    "new view of orders": "orders/views/new?where=total > 1",
    "view of orders": "orders/views/{order_view}/",
    "statuses": "settings/statuses/",
    "status": "settings/statuses/{status}/",
    "tags": "settings/tags/",
    "tag": "settings/tags/{tag}/",
    "channels": "settings/channels/",
    "channel": "settings/channels/{channel}/",
    "fields": "settings/fields/",
    "field": "settings/fields/{field}/",
    "API keys": "settings/keys/",
    "key for a program": "settings/keys/new/",
    "key for a website": "settings/keys/new/?for=website",
    "search": "search?q=dao",
    "jobs": "jobs/",
    "notifications": "notifications/",
}

OF_A_PERSON = {
    "me": "/me/",
    "another shop": "/start/shop/",
    "bring customers": "/start/{slug}/customers/",
    "security": "/accounts/2fa/",
    "authenticator off": "/accounts/2fa/totp/deactivate/",
    "recovery codes": "/accounts/2fa/recovery-codes/generate/",
    "passkeys": "/accounts/2fa/webauthn/",
    "sessions": "/accounts/sessions/",
    "change password": "/accounts/password/change/",
    "not found": "/nowhere/",
}

OUTSIDE = {
    "sign in": "/accounts/login/",
    "forgotten password": "/accounts/password/reset/",
    "forgotten password, sent": "/accounts/password/reset/done/",
    "one-time link": "{link}",
    "dead link": "/start/link/dead/",
    "join": "/join/{invitation}/",
}

NOT_PAGES = {
    "debts_count", "debts_apply", "debts_answer", "debts_suggest", "debt_orders_count", "debt_orders_apply",
    "debt_orders_answer", "debt_orders_suggest", "settings_figures_check",
    "task_quick", "task_move", "task_done", "task_reopen", "task_cancel", "task_delete", "task_restore", "task_habit",
    "calendar_entries", "calendar_feed_make", "calendar_feed_revoke",
    "customers_pipeline_more", "customers_pipeline_totals", "customers_pipeline_move", "customers_pipeline_count",
    "customers_pipeline_apply", "customers_pipeline_answer", "customers_pipeline_suggest",
    "transaction_same", "points_count", "points_apply", "points_answer", "points_suggest", "points_entry",
    "points_line", "points_totals",
    "shop_door", "customers_count", "customers_bin_count", "customers_bin_apply", "customers_bulk_run",
    "customers_similar", "duplicates_search", "duplicates_progress", "duplicate_apart", "duplicate_household",
    "duplicate_reopen", "customer_household_leave", "customer_household_people", "customer_status", "customer_staff",
    "customer_tags", "customer_account", "customer_follow",
    "customer_citizen_id", "customer_notes", "customer_note_delete", "customer_note_pin", "customer_note_restore",
    "customer_note_file", "customer_note_file_remove", "customers_referrers", "customers_places",
    "customers_place_notes",
    "customer_referral_code", "customer_address_default",
    "customer_address_remove", "customer_avatar", "customer_picture_remove", "customer_delete", "customer_restore",
    "orders_count", "orders_apply", "import_start", "import_discard", "import_cancel",
    "import_pause", "import_resume", "import_mapping_rename", "import_mapping_delete",
    "schedule_rest", "schedule_run", "schedule_remove", "import_rejected", "export_download", "template_customers",
    "template_orders", "template_activity", "template_products", "template_notes", "template_consents",
    "template_points",
    "settings_staff_access", "settings_invitation_withdraw", "groups_order", "customer_group", "view_order",
    "view_save", "view_copy", "view_remove", "orders_view_order", "orders_view_save", "orders_view_copy",
    "orders_view_remove", "settings_statuses_remove", "settings_statuses_order", "settings_tags_remove",
    "settings_fields_order", "settings_fields_remove", "settings_fields_restore",
    "settings_key_revoke", "job_cancel", "job_undo", "notification", "notifications_read",
    "segment_people", "segment_selected", "segment_save", "segment_count", "segment_apply", "segment_answer",
    "segment_suggest", "segment_then", "segment_day_count", "segment_day_apply", "segment_day_answer",
    "segment_day_suggest", "segment_progress", "segment_fresh", "segment_decide", "segment_export",
    "segment_restore",
    "customers_merge_selected",
    "customers_answer", "customers_suggest", "customers_bin_answer", "customers_bin_suggest",
    "orders_answer", "orders_suggest", "transactions_count", "transactions_apply", "transactions_answer",
    "transactions_suggest", "transactions_view_order", "transactions_view_save", "transactions_view_copy",
    "transactions_view_remove", "order_cancel", "order_uncancel", "order_delete", "order_restore",
    "customer_related_attach", "customer_orders_detach", "customer_orders_undo",
}  # fmt: skip
"""Addresses that answer with a part, a file or a redirect, or only take something."""

FILE = b"Name,Email\nThu Minh,thu@example.com\n,\nSon Ca,son@example.com\n,\n"


def names_of(paths: dict[str, str]) -> set[str]:
    """The routes behind paths of a shop."""
    filled = (path.partition("?")[0].replace("{figure}", "orders") for path in paths.values())
    return {_route(path) for path in filled}


def _route(path: str) -> str:
    parts = ["1" if part.startswith("{") else part for part in path.split("/")]
    return resolve("/s/shop/" + "/".join(parts)).url_name or ""


def furnished_shop() -> tuple[Staff, dict[str, Any]]:
    """A shop with an object for every page: its owner, and the words that fill the paths."""
    lan = lively_shop(12)
    shop, dao, binned = lan.shop, customer(lan, "Nguyễn Thị Đào"), customer(lan, "Guest 12")
    delete_customer(binned, by=actor(lan))
    objects = {
        "dao": dao,
        "binned": binned,
        "other": customer(lan, "Guest 10"),
        "merge": merge(shop, customer(lan, "Guest 08"), [customer(lan, "Guest 09")], by=actor(lan)),
        "note": add_note(dao, "Likes blue.", by=actor(lan)),
        "address": Address.objects.of(shop).get(customer=dao),
        "order": Order.objects.of(shop).get(number="#1007"),
        "colleague": colleague_of(lan),
        "group": Group.objects.of(shop).last(),
        "view": create_view(lan, "customers", "Buyers", Look(where="orders >= 1"), is_team=True),
        "order_view": create_view(lan, "orders", "Large", Look(where="total > 1")),
        "payment": Payment.objects.of(shop).get(reference="MM0007"),
        "payment_view": create_view(lan, "transactions", "Large", Look(where="amount > 1")),
        "status": Status.objects.of(shop).first(),
        "field": add_field(shop, "Shoe size", "number", by=actor(lan)),
        "tag": Tag.objects.of(shop).first(),
        "channel": Channel.objects.of(shop).first(),
        "task": add_task(shop, Facts("Call Đào", Due(localdate()), lan, customer=dao), by=actor(lan)),
        "points_run": _points(lan, dao, customer(lan, "Guest 11")),
        **_segments(lan),
        **_files(lan),
    }
    words = {name: found.pk for name, found in objects.items()}
    day = localdate(timezone=zone(shop.timezone)).isoformat()
    return lan, {**words, "day": day, "slug": shop.slug, "figure": "total_spent", **_ways_in(lan)}


def _points(lan: Staff, dao: Customer, poor: Customer) -> JobRun:
    """Some that count, some that wait, some that end; and a run that left out who had too few."""
    today = localdate(timezone=zone(lan.shop.timezone))
    adjust_points(dao, 500, note="Gift", by=actor(lan), expires_on=today + timedelta(days=20))
    adjust_points(dao, 50, note="Birthday", by=actor(lan), counts_on=today + timedelta(days=9))
    chosen = Selection.of_ids(lan.shop, [dao.pk, poor.pk])
    return run_action(chosen, "points", {"points": -100, "note": "Paid with points"}, staff=lan)


def _segments(lan: Staff) -> dict[str, Any]:
    """One that follows its conditions, with somebody put in by hand; one that another asks for; one that stays."""
    facts = {"staff": lan, "by": actor(lan)}
    where = "orders >= 1 AND NOT (city = 'Hue')"
    buyers = create_segment(lan.shop, name="Buyers", where=where, folder="Trade", **facts)
    used = create_segment(lan.shop, name="Newcomers", where="orders = 0", description="Not yet bought.", **facts)
    create_segment(lan.shop, name="Everybody", where="segment = 'buyers' OR segment = 'newcomers'", **facts)
    set_members(buyers, [customer(lan, "Guest 11").pk], True, staff=lan, by=actor(lan))
    return {"segment": buyers, "used": used, "static": create_segment(lan.shop, name="Taken", kind="static", **facts)}


def _files(lan: Staff) -> dict[str, Any]:
    """One file that waits, one that is in with rejected rows, one that went out."""
    waiting, done = (stage(lan.shop, "customers", [FILE], f"people-{n}.csv", staff=lan) for n in (1, 2))
    start(done, staff=lan)
    export = start_export(lan.shop, Asked(where="orders >= 1"), staff=lan, by=actor(lan))
    schedule = save_schedule(lan, "Every Monday", Asked(where="orders >= 1"), Rhythm(), Delivery("weekly", (lan.pk,)))
    work()
    return {"waiting": waiting, "done": done, "export": export, "schedule": schedule}


def _ways_in(lan: Staff) -> dict[str, str]:
    _made, token = invite(lan.shop, "new@example.com", "agent", by=actor(lan))
    return {"invitation": token, "link": one_time_link(create_user(name="Thảo Ngô"), "/")}
