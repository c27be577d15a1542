"""A small shop that looks lived in: five people with habits, and guests enough for three pages of the list."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import Locator, Page

from regulars.customers.bulk import create_many
from regulars.customers.models import Customer, Source
from regulars.customers.profile import read_profile
from regulars.orders.facts import LineFacts, OrderFacts, PaymentFacts
from regulars.orders.operations import record_orders
from regulars.shops.models import Shop, Staff
from tests.factories import SYSTEM, create_shop, create_staff, create_user

DAO = {
    "name": "Nguyễn Thị Đào",
    "phone": "0912 345 678",
    "email": "dao@example.com",
    "gender": "female",
    "city": "Hà Nội",
    "address1": "12 Hàng Bông",
    "tags": "VIP, Silk",
    "status": "Active",
    "note": "Prefers to be called in the evening.",
    "accepts_email": "yes",
}
MINH = {"name": "Trần Văn Minh", "phone": "0987 654 321", "email": "minh@example.com", "tags": "VIP"}
ANH = {"name": "Lê Hoàng Anh", "email": "anh@example.com", "city": "Đà Nẵng", "company": "Lụa Việt"}
BUDI = {"name": "Budi Santoso", "phone": "+62 812 3456 7890", "country": "ID", "city": "Jakarta"}
ANDREI = {"name": "Andrei Țurcanu", "email": "andrei@example.com", "country": "RO", "gender": "male"}
CAST = (DAO, MINH, ANH, BUDI, ANDREI)
GUESTS = 55
EVERYBODY = len(CAST) + GUESTS


def open_shop(name: str = "Hoa Sen", *, role: str = "owner", person: str = "Lan Phạm", **facts: str) -> Staff:
    """A new shop without customers, and somebody who works there."""
    return create_staff(create_shop(name, **facts), role=role, user=create_user(name=person))


def colleague_of(staff: Staff, person: str = "Quân Đỗ", *, role: str = "manager") -> Staff:
    """Somebody else in the same shop."""
    return create_staff(staff.shop, role=role, user=create_user(name=person))


def lively_shop(count: int = GUESTS) -> Staff:
    """A shop with the cast, their orders and so many guests; answers its owner."""
    staff = open_shop()
    people = fill(staff.shop, [*CAST, *guests(count)])
    trade(staff.shop, people["Nguyễn Thị Đào"], people["Trần Văn Minh"])
    return staff


def guests(count: int) -> list[dict[str, str]]:
    """People with nothing special: Guest 01, Guest 02 …; every fifth is tagged Newsletter."""
    return [
        {"name": f"Guest {n:02}", "email": f"guest{n:02}@example.com", "tags": "Newsletter" if n % 5 == 0 else ""}
        for n in range(1, count + 1)
    ]


def fill(shop: Shop, people: Sequence[dict[str, str]]) -> dict[str, int]:
    """Create customers from raw profile fields; name → id."""
    drafts = [read_profile(raw, country=shop.country, tz=shop.timezone) for raw in people]
    ids = create_many(shop, drafts, by=SYSTEM, source=Source.IMPORT)
    return dict(zip((raw["name"] for raw in people), ids, strict=True))


def trade(shop: Shop, dao: int, minh: int) -> None:
    """Đào bought six times for 500,000 ₫ each and paid; Minh bought once for 300,000 ₫ and paid 100,000 of it."""
    now = timezone.now()
    paid = [_order(n, dao, 500_000, 500_000, now - timezone.timedelta(days=9 * n)) for n in range(1, 7)]
    record_orders(shop, [*paid, _order(7, minh, 300_000, 100_000, now - timezone.timedelta(days=2))], by=SYSTEM)


def _order(n: int, buyer: int, total: int, paid: int, at: timezone.datetime) -> OrderFacts:
    payment = PaymentFacts(external_id=f"pay-{n}", amount=Decimal(paid), at=at, method="momo", reference=f"MM{n:04}")
    return OrderFacts(
        channel="website",
        external_id=f"web-{n}",
        number=f"#10{n:02}",
        placed_at=at,
        currency="VND",
        total=Decimal(total),
        lines=[LineFacts(title="Silk scarf", sku="SILK-1", unit_price=Decimal(total))],
        payments=[payment],
        customer_id=buyer,
        shipping_address={"recipient": "Nguyễn Thị Đào", "address1": "12 Hàng Bông", "city": "Hà Nội"},
    )


def customer(staff: Staff, name: str) -> Customer:
    """The customer of this name, as stored now."""
    return Customer.objects.of(staff.shop).get(name=name)


def alive(staff: Staff) -> int:
    """How many customers the shop has outside the bin."""
    return Customer.objects.of(staff.shop).alive().count()


# --- what is on the page ----------------------------------------------------------------------------------------------


def rows(page: Page) -> Locator:
    """The rows of a list."""
    return page.locator("[data-list] tbody tr[data-key]")


def names(page: Page) -> list[str]:
    """Whom the list shows, from top to bottom."""
    return page.locator("[data-list] .person-name").all_inner_texts()


def row(page: Page, name: str) -> Locator:
    """The row of one customer."""
    return rows(page).filter(has=page.get_by_role("link", name=name, exact=True))


def figures(page: Page) -> Locator:
    """The line under the title that says how many."""
    return page.locator("#list-figures")


def list_search(page: Page) -> Locator:
    """The search field of the list."""
    return page.get_by_role("searchbox", name="Search this list")


def toast(page: Page) -> Locator:
    """News in the corner."""
    return page.locator("#toasts [data-toast]")


def panel(page: Page) -> Locator:
    """The filter drawer."""
    return page.locator("dialog#drawer")


def dialog(page: Page) -> Locator:
    """The dialog that the page filled."""
    return page.locator("dialog#dialog")


def field(place: Page | Locator, label: str) -> Locator:
    """A text field by its label, be it optional or not."""
    return place.get_by_role("textbox", name=re.compile(f"^{re.escape(label)}( optional)?$"))


def pick(place: Locator, label: str, *values: str) -> None:
    """Choose values in a select with search."""
    field = place.locator(".ts-wrapper input").and_(place.get_by_label(label))
    for value in values:
        field.fill(value)
        place.get_by_role("option", name=value).first.click()
    field.blur()
