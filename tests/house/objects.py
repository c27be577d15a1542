"""An object for every parameter that stands in an address: what a new route must be able to name."""

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from regulars.customers.actions import ACTION_RUN
from regulars.customers.merging import merge
from regulars.customers.models import Group, PossibleDuplicate, Status
from regulars.customers.note_files import Upload
from regulars.customers.operations import add_field, add_note, ensure_tags
from regulars.events.record import Actor
from regulars.kit.dates import zone
from regulars.loyalty.operations import adjust_points
from regulars.orders.facts import OrderFacts, PaymentFacts
from regulars.orders.operations import record_order, record_payment
from regulars.segments.models import Segment
from regulars.segments.operations import create_segment
from regulars.segments.saved_views import Look, create_view
from regulars.shops.models import Channel, JobRun, Shop
from regulars.shops.operations import create_api_key, invite, notify
from regulars.shops.scope import ShopModel
from regulars.tasks.due import Due
from regulars.tasks.feeds import create_feed
from regulars.tasks.operations import Facts, add_task
from regulars.transfer.exports import Asked
from regulars.transfer.imports import stage
from regulars.transfer.mappings import save_template
from regulars.transfer.models import ExportLog, ImportRun
from regulars.transfer.schedules import Delivery, Rhythm, save_schedule
from tests.factories import SYSTEM, create_customer, create_staff
from tests.house.routes import Route

_numbers = count(1)  # objects of one kind are several in one shop


def _customer(shop: Shop) -> dict[str, Any]:
    return {"pk": create_customer(shop, name="Ann").pk}


def _field(shop: Shop) -> dict[str, Any]:
    return {"pk": add_field(shop, f"Shoe size {next(_numbers)}", "number", by=SYSTEM).pk}


def _note(shop: Shop) -> dict[str, Any]:
    ann = create_customer(shop, name="Ann")
    return {"pk": ann.pk, "note": add_note(ann, "likes tea", by=SYSTEM).pk}


def _note_file(shop: Shop) -> dict[str, Any]:
    ann = create_customer(shop, name="Ann")
    note = add_note(ann, "the plan", by=SYSTEM, files=[Upload("plan.txt", b"tea")])
    return {"pk": ann.pk, "note": note.pk, "file": note.files.get().pk}


def _address(shop: Shop) -> dict[str, Any]:
    ann = create_customer(shop, name="Ann", address1="1 Lê Lợi")
    return {"pk": ann.pk, "address": ann.addresses.get().pk}


def _job(shop: Shop) -> dict[str, Any]:
    return {"pk": JobRun.objects.create(shop=shop, kind="customers.action", title="Tags").pk}


def _task(shop: Shop) -> dict[str, Any]:
    staff = create_staff(shop)
    return {"pk": add_task(shop, Facts("Call", Due(timezone.localdate()), staff), by=SYSTEM).pk}


def _calendar_feed(shop: Shop) -> dict[str, Any]:
    return {"pk": create_feed(create_staff(shop), "Phone", ["mine"], by=SYSTEM)[0].pk}


def _order(shop: Shop) -> dict[str, Any]:
    facts = OrderFacts(
        channel="website",
        external_id="1001",
        number="#1001",
        placed_at=timezone.now(),
        currency=shop.currency,
        total=Decimal(1000),
    )
    return {"pk": record_order(shop, facts, by=Actor.system()).order_id}


def _movement(shop: Shop) -> dict[str, Any]:
    return {"pk": adjust_points(create_customer(shop, name="Ann"), 50, note="Gift", by=SYSTEM).pk}


def _points_run(shop: Shop) -> dict[str, Any]:
    """One of somebody else."""
    run = JobRun.objects.create(
        shop=shop, kind=ACTION_RUN, title="Take 50 points", data={"action": "points", "params": {"points": -50}},
        result={"changed": 0, "left_out": 1, "named": [create_customer(shop, name="Ann").pk]},
    )  # fmt: skip
    return {"pk": run.pk}


def _transaction(shop: Shop) -> dict[str, Any]:
    facts = PaymentFacts(channel="website", external_id="pay-1", amount=Decimal(1000), at=timezone.now())
    return {"pk": record_payment(shop, facts, by=Actor.system()).pk}


def _two_transactions(shop: Shop) -> dict[str, Any]:
    names = ("pay-a", "pay-b")
    facts = [PaymentFacts(channel="website", external_id=name, amount=Decimal(9), at=timezone.now()) for name in names]
    first, second = (record_payment(shop, one, by=Actor.system()) for one in facts)
    return {"pk": first.pk, "other": second.pk}


def _segment(shop: Shop) -> dict[str, Any]:
    """One that nobody here made; its name is free once."""
    known = Segment.objects.of(shop).filter(name="VIP").first()
    return {"pk": (known or create_segment(shop, name="VIP", where="orders >= 1", by=SYSTEM)).pk}


def _segment_today(shop: Shop) -> dict[str, Any]:
    """A static one: it is known from the first moment on who was in it."""
    known = Segment.objects.of(shop).filter(name="Taken").first()
    made = known or create_segment(shop, name="Taken", kind="static", by=SYSTEM)
    return {"pk": made.pk, "day": timezone.localdate(timezone=zone(shop.timezone)).isoformat()}


def _segment_customer(shop: Shop) -> dict[str, Any]:
    return {**_segment(shop), "customer": create_customer(shop, name="Ann").pk}


def _possible_duplicate(shop: Shop) -> dict[str, Any]:
    first, second = (create_customer(shop, name=f"{name} of one household") for name in ("Ann", "Ben"))
    return {"pk": PossibleDuplicate.objects.create(shop=shop, first=first, second=second, score=70).pk}


def _mapping(shop: Shop) -> dict[str, Any]:
    run = ImportRun.objects.of(shop).get(pk=_import(shop)["pk"])
    return {"pk": save_template(run, "Weekly").pk}


def _first(model: type[ShopModel]) -> Callable[[Shop], dict[str, Any]]:
    """One of what every new shop has."""
    return lambda shop: {"pk": model.objects.of(shop).first().pk}


def _tag(shop: Shop) -> dict[str, Any]:
    return {"pk": ensure_tags(shop, ["VIP"])["vip"].pk}


def _view(list_name: str) -> Callable[[Shop], dict[str, Any]]:
    """A view of the whole team."""
    asked = {"customers": "total_spent > 0", "transactions": "amount > 0"}
    look = Look(where=asked.get(list_name, "total > 0"))
    return lambda shop: {"pk": create_view(create_staff(shop), list_name, "Mine", look, is_team=True).pk}


def _staff(shop: Shop) -> dict[str, Any]:
    return {"pk": create_staff(shop, role="agent").pk}


def _invitation(shop: Shop) -> dict[str, Any]:
    return {"pk": invite(shop, "mai@example.com", "agent", by=SYSTEM)[0].pk}


def _api_key(shop: Shop) -> dict[str, Any]:
    return {"pk": create_api_key(shop, "Till", ["orders.read"], by=SYSTEM)[0].pk}


def _import(shop: Shop) -> dict[str, Any]:
    return {"pk": stage(shop, "customers", [b"Name,Email\nAnn,ann@example.com\n"], "people.csv").pk}


def _export(shop: Shop) -> dict[str, Any]:
    return {"pk": ExportLog.objects.create(shop=shop, kind="customers", format="csv").pk}


def _schedule(shop: Shop) -> dict[str, Any]:
    """One that somebody else made."""
    owner = create_staff(shop, role="manager")
    name = f"Weekly of {owner.pk}"
    return {"pk": save_schedule(owner, name, Asked(), Rhythm(), Delivery("weekly")).pk}


def _merge(shop: Shop) -> dict[str, Any]:
    ann, bea = create_customer(shop, name="Ann"), create_customer(shop, name="Bea")
    return {"merge": merge(shop, ann, [bea], by=SYSTEM).pk}


MAKERS: dict[str, Callable[[Shop], dict[str, Any]]] = {
    **dict.fromkeys(("order_write_off", "order_write_off_back", "order_due"), _order),
    "customer_credit_limit": _customer,
    "customers_bulk": lambda shop: {"action": "tag"},
    "customers_bulk_run": lambda shop: {"action": "tag"},
    **dict.fromkeys(("customer", "customer_edit", "customer_status", "customer_staff", "customer_tags"), _customer),
    "customer_group": _customer,
    "customer_merge": _customer,
    **dict.fromkeys(("customer_status_history", "customers_pipeline_move"), _customer),
    "customers_unmerge": _merge,
    **dict.fromkeys(("customer_account", "customer_follow", "customer_consent", "customer_citizen_id"), _customer),
    **dict.fromkeys(("customer_notes", "customer_addresses", "customer_avatar", "customer_picture"), _customer),
    **dict.fromkeys(("customer_picture_remove", "customer_delete", "customer_restore", "customer_purge"), _customer),
    **dict.fromkeys(("customer_note", "customer_note_delete", "customer_note_pin"), _note),
    "customer_note_restore": _note,
    **dict.fromkeys(("customer_contacted", "customer_referral_code"), _customer),
    **dict.fromkeys(("customer_note_file", "customer_note_file_remove"), _note_file),
    **dict.fromkeys(("customer_address", "customer_address_default", "customer_address_remove"), _address),
    **dict.fromkeys(("customer_household", "customer_household_leave", "customer_household_people"), _customer),
    **dict.fromkeys(("duplicate_apart", "duplicate_household", "duplicate_reopen"), _possible_duplicate),
    "customer_why": lambda shop: {**_customer(shop), "figure": "debt"},
    **dict.fromkeys(("order", "order_payment", "order_refund", "order_return"), _order),
    **dict.fromkeys(("order_cancel", "order_uncancel", "order_delete", "order_restore"), _order),
    **dict.fromkeys(("customer_related_attach", "customer_orders_detach", "customer_orders_undo"), _customer),
    "customer_points_adjust": _customer,
    "customer_points_why": lambda shop: {**_customer(shop), "figure": "points"},
    "points_entry": _movement,
    "points_run": _points_run,
    "transaction": _transaction,
    "transaction_same": _two_transactions,
    **dict.fromkeys(("segment", "segment_count", "segment_filter", "segment_apply", "segment_editor"), _segment),
    **dict.fromkeys(("segment_answer", "segment_suggest", "segment_columns", "segment_conditions"), _segment),
    **dict.fromkeys(("segment_moves", "segment_size", "segment_question", "segment_uses"), _segment),
    **dict.fromkeys(
        ("segment_progress", "segment_fresh", "segment_by_hand", "segment_decide", "segment_edit"), _segment
    ),
    **dict.fromkeys(
        ("segment_duplicate", "segment_convert", "segment_delete", "segment_restore", "segment_export", "segment_then"),
        _segment,
    ),
    **dict.fromkeys(("segment_day", "segment_day_count", "segment_day_filter", "segment_day_apply"), _segment_today),
    **dict.fromkeys(("segment_day_editor", "segment_day_answer", "segment_day_suggest"), _segment_today),
    **dict.fromkeys(("segment_day_columns", "segment_day_conditions"), _segment_today),
    "segment_why": _segment_customer,
    **dict.fromkeys(("import_run", "import_columns", "import_check", "import_start", "import_discard"), _import),
    **dict.fromkeys(("import_cancel", "import_pause", "import_resume", "import_rejected", "import_undo"), _import),
    **dict.fromkeys(("import_mapping_rename", "import_mapping_delete"), _mapping),
    **dict.fromkeys(("export", "export_download"), _export),
    **dict.fromkeys(("schedule", "schedule_rest", "schedule_run", "schedule_remove"), _schedule),
    **dict.fromkeys(("group", "group_remove"), _first(Group)),
    **dict.fromkeys(("view_edit", "view_save", "view_copy", "view_remove"), _view("customers")),
    **dict.fromkeys(
        ("orders_view_edit", "orders_view_save", "orders_view_copy", "orders_view_remove"), _view("orders")
    ),
    **dict.fromkeys(
        ("transactions_view_edit", "transactions_view_save", "transactions_view_copy", "transactions_view_remove"),
        _view("transactions"),
    ),
    **dict.fromkeys(("settings_statuses_edit", "settings_statuses_remove"), _first(Status)),
    **dict.fromkeys(("settings_tags_edit", "settings_tags_remove"), _tag),
    "settings_channels_edit": _first(Channel),
    **dict.fromkeys((f"settings_fields_{act}" for act in ("edit", "remove", "restore")), _field),
    **dict.fromkeys(("settings_staff_member", "settings_staff_access"), _staff),
    "settings_invitation_withdraw": _invitation,
    "settings_key_revoke": _api_key,
    **dict.fromkeys(
        ("task", "task_move", "task_done", "task_reopen", "task_cancel", "task_delete", "task_restore"), _task
    ),
    "calendar_feed_revoke": _calendar_feed,
    "job_cancel": _job,
    "job_undo": _job,
    "notification": lambda shop: {"pk": notify(create_staff(shop), "job.done", data={"run": 1}).pk},
}
"""Route name → a function that makes the object in a shop and answers the address's values."""


NEEDS: dict[str, str] = {
    "customers_bulk": "customers.tag",
    "customers_bulk_run": "customers.tag",
    **dict.fromkeys(
        ("segment_edit", "segment_decide", "segment_convert", "segment_delete", "segment_restore"),
        "customers.segments_all",
    ),
    **{
        f"{of}view_{act}": "shop.settings"
        for of in ("", "orders_", "transactions_")
        for act in ("edit", "save", "remove")
    },
}
"""What a view asks for beyond its guard, with the values above."""

NOT_OBJECTS = {"customers_bulk", "customers_bulk_run"}
"""Routes whose parameters are words, not objects of a shop."""


def values_for(route: Route, shop: Shop) -> dict[str, Any]:
    """Values for all parameters of a route, of objects in this shop."""
    if not route.parameters:
        return {}
    assert route.name in MAKERS, f"say in tests/house/objects.py what {route.name} needs"
    return MAKERS[route.name](shop)
