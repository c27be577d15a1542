"""A shop full of one word: wherever the word turns up, something of this shop was told."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from django.utils import timezone
from PIL import Image

from regulars.catalog.activity import ActivityDraft, read_activity, record_activity
from regulars.customers.merging import merge
from regulars.customers.models import Customer, PossibleDuplicate
from regulars.customers.note_files import Upload
from regulars.customers.operations import add_group, add_note, add_status, add_tag, set_avatar
from regulars.customers.operations.fields import add_field
from regulars.customers.operations.households import link_household
from regulars.events.record import Actor
from regulars.orders.facts import LineFacts, OrderFacts, PaymentFacts, ReturnFacts
from regulars.orders.models import Order
from regulars.orders.operations import record_order, write_off
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.operations import invite
from regulars.shops.operations.channels import add_channel
from regulars.tasks.due import Due
from regulars.tasks.feeds import create_feed
from regulars.tasks.operations import Facts, add_task
from regulars.transfer.imports import stage
from regulars.transfer.models import ExportLog, ImportRun, RejectedRow
from tests.factories import SYSTEM, create_customer, create_shop, create_staff, create_user


def picture() -> bytes:
    """A small PNG."""
    out = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


def marked_customer(shop: Shop, mark: str, **raw: str) -> Customer:
    """A customer every text of whom holds the mark, with a note, an address, a picture, an order and a view."""
    facts = {
        "name": f"{mark} Ann", "email": f"{mark}@example.com", "company": f"{mark} Ltd", "tax_code": f"T-{mark}",
        "zalo_id": f"zalo-{mark}", "referrer": f"{mark} sent me", "address1": f"1 {mark} Street",
        "city": f"{mark}ville", "recipient": f"{mark} Lê", "note": f"{mark} likes tea", "tags": f"{mark}tag",
        "language": "vi", "birthday": "2000-02-29", "citizen_id": "001099012345", **raw,
    }  # fmt: skip
    customer = create_customer(shop, **facts)
    add_note(customer, f"{mark} again", by=Actor("api", None, f"{mark} Mai"))
    set_avatar(customer, picture(), by=SYSTEM)
    record_order(shop, marked_order(shop, mark, customer), by=SYSTEM)
    record_activity(shop, [marked_view(mark, customer)], by=Actor("api"))
    customer.refresh_from_db()
    return customer


def marked_view(mark: str, customer: Customer) -> ActivityDraft:
    """A product they looked at."""
    raw = {
        "type": "product_viewed", "id": f"{mark}-{customer.pk}", "customer": {"id": customer.pk},
        "visitor": f"{mark}-browser", "url": f"/{mark}",
        "product": {"sku": f"VIEWED-{mark}", "name": f"{mark} Cup", "category": f"{mark} Kitchen"},
    }  # fmt: skip
    return read_activity(raw, now=timezone.now())


def marked_order(shop: Shop, mark: str, customer: Customer, **facts: object) -> OrderFacts:
    """A part-paid order of theirs with everything an order can have."""
    at = timezone.now() - timedelta(days=3)
    number = f"{mark}-{customer.pk}"
    given = {
        "channel": "website", "external_id": number, "number": number, "placed_at": at, "currency": shop.currency,
        "total": Decimal(1000), "note": f"{mark} gift", "customer_id": customer.pk,
        "lines": [LineFacts(title=f"{mark} Tea", sku=f"SKU-{mark}", unit_price=Decimal(1000))],
        "payments": [PaymentFacts(external_id=f"p{number}", amount=Decimal(300), at=at, reference=f"R-{mark}")],
        "returns": [ReturnFacts(external_id=f"r{number}", at=at, amount=Decimal(10), note=f"{mark} broke")],
        "shipping_address": {"recipient": f"{mark} Lê", "address1": f"1 {mark} Street", "city": f"{mark}ville"},
    }  # fmt: skip
    return OrderFacts(**{**given, **facts})  # type: ignore[arg-type]


def marked_shop(mark: str) -> Shop:
    """A shop whose every word holds the mark: labels, people, customers, orders, files, runs."""
    shop = create_shop(f"{mark} Shop")
    add_group(shop, f"{mark} group", by=SYSTEM)
    add_status(shop, f"{mark} status", by=SYSTEM)
    add_tag(shop, f"{mark} tag", by=SYSTEM)
    add_channel(shop, f"{mark} channel", by=SYSTEM)
    mai = create_staff(shop, role="owner", user=create_user(f"{mark}.mai@example.com", name=f"{mark} Mai"))
    invite(shop, f"{mark}.new@example.com", "agent", by=SYSTEM)
    marked_customer(shop, mark, staff=mai.user.email)
    run = stage(shop, "customers", [f"Name,Email\n{mark},{mark}@x.vn\n".encode()], f"{mark}.csv", staff=mai)
    RejectedRow.objects.create(shop=shop, run=run, line=2, value=mark, reason=f"{mark} is wrong", cells=[mark])
    stage(shop, "orders", [f"Order,Date\n{mark},2026-01-01\n".encode()], f"{mark} orders.csv", staff=mai)
    ExportLog.objects.create(shop=shop, kind="customers", format="csv", search=mark, actor_name=mark, staff=mai)
    JobRun.objects.create(shop=shop, kind="customers.action", title=f"{mark} run", staff=mai, idempotency_key=mark)
    _mark_around(shop, mark, mai)
    assert ImportRun.objects.of(shop).count() == 2
    return shop


def _mark_around(shop: Shop, mark: str, mai: Staff) -> None:
    """What hangs between people: a merge, a household, a doubt, a field of the shop's own, tasks, files, the bell."""
    ann = Customer.objects.of(shop).get()
    bea, cy = (create_customer(shop, name=f"{mark} {name}", email=f"{mark}.{name}@x.vn") for name in ("Bea", "Cy"))
    merge(shop, ann, [bea], by=SYSTEM)
    link_household([ann, cy], name=f"{mark} home", by=SYSTEM)
    PossibleDuplicate.objects.create(shop=shop, first=ann, second=cy, score=90, reasons=["email"])
    add_field(shop, f"{mark} field", "text", by=SYSTEM)
    add_task(shop, Facts(f"{mark} call", Due(timezone.localdate()), mai, note=mark, customer=ann), by=SYSTEM)
    create_feed(mai, f"{mark} phone", ["mine"], by=SYSTEM)
    author = Actor("api", None, f"{mark} Mai")
    add_note(cy, f"{mark} @{mai}", by=author, files=[Upload(f"{mark}.txt", mark.encode())])
    write_off(Order.objects.of(shop).get(), Decimal(1), reason=mark, by=author)
