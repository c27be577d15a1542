"""The demo shop itself: Linh Beauty in Hồ Chí Minh City, its staff, tags and products.

Its currency is the dong: four of ten customers are Vietnamese, and it has no decimals, so that orders in pesos,
rupiah and lei can be priced to be whole in both currencies.
"""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from regulars.catalog.models import Product
from regulars.customers.models import Customer, Group, Status, Tag
from regulars.customers.operations import ensure_tags
from regulars.customers.profile import tag_key
from regulars.events.models import Event
from regulars.events.record import Actor, record
from regulars.kit.errors import DomainError
from regulars.shops.models import Shop, Staff, User
from regulars.shops.operations import add_staff, create_person, create_shop, ensure_channels
from regulars.shops.permissions import Role
from regulars.transfer.demo import habits
from regulars.transfer.demo.cast import Cast
from regulars.transfer.demo.goods import GOODS
from regulars.transfer.demo.people import TAGS

NAME, COUNTRY, CURRENCY = "Linh Beauty", "VN", "VND"

STAFF = (
    ("linh", "Nguyễn Thùy Linh", Role.OWNER),
    ("duc", "Trần Minh Đức", Role.MANAGER),
    ("maya", "Maya Santoso", Role.AGENT),
    ("jun", "Jun Reyes", Role.AGENT),
    ("ioana", "Ioana Popescu", Role.VIEWER),
)
"""They have no passwords: one-time links let them in (`regulars link --email linh@SHOP.example`)."""

MARK = "shop.demo_filled"
"""The event that makes a shop a demo shop; one for each load, written before its first row."""


class NotADemoShop(DomainError):
    code = "demo.not_a_demo_shop"
    sentence = _("The shop “{slug}” has customers of its own. Invented ones only go into an empty shop or a demo shop.")


class NotInDong(DomainError):
    code = "demo.not_in_dong"
    sentence = _("Invented orders are in Vietnamese dong, but the shop “{slug}” sells in {currency}.")


def open_shop(slug: str) -> Shop:
    """The shop to fill, made with its staff when there is none. Raises NotADemoShop, NotInDong."""
    shop = Shop.objects.filter(slug=slug).first()
    if shop is None:
        return _new_shop(slug)
    if shop.currency != CURRENCY:
        raise NotInDong(slug=slug, currency=shop.currency)
    if not _marks(shop).exists() and Customer.objects.of(shop).exists():
        raise NotADemoShop(slug=slug)
    return shop


def prepare(
    shop: Shop, *, customers: int, orders: int, seed: int, until: dt.date, first_customer_id: int, first_order_id: int
) -> Cast:
    """Give the shop its tags and products, mark it as a demo shop, and say what this load is made of."""
    before = list(_marks(shop).values_list("data__orders", flat=True))
    by = Actor.system()
    channels = ensure_channels(shop, habits.CHANNELS, by=by)
    _add_products(shop)
    told = {"customers": customers, "orders": orders, "seed": seed, "until": until.isoformat()}
    told |= {"first_customer_id": first_customer_id}
    record(shop.pk, MARK, about=("shop", shop.pk), by=by, data=told)
    return Cast(
        shop_id=shop.pk, timezone=shop.timezone, customers=customers, orders=orders, seed=seed,
        edition=len(before), until=until, first_customer_id=first_customer_id, first_order_id=first_order_id,
        first_number=1001 + sum(before),
        groups=dict(Group.objects.of(shop).values_list("key", "pk")),
        statuses=dict(Status.objects.of(shop).values_list("key", "pk")),
        channels={key: channel.pk for key, channel in channels.items()},
        channel_names={key: channel.name for key, channel in channels.items()},
        tags=_tags(shop), agents=_agents(shop),
    )  # fmt: skip


def products(shop: Shop) -> list[tuple[int, str, str]]:
    """Id, name and SKU of each good, in the order of GOODS."""
    known = dict(Product.objects.of(shop).filter(channel="", external_id="").values_list("sku", "pk"))
    return [(known[good.sku], good.name, good.sku) for good in GOODS]


def killed_loads(shop: Shop) -> list[tuple[int, int]]:
    """First and last customer id of loads that ended before their customers were there."""
    found = _marks(shop).values_list("data__first_customer_id", "data__customers")
    customers = Customer.objects.of(shop)
    return [(first, first + count - 1) for first, count in found if not customers.filter(pk=first).exists()]


def _marks(shop: Shop) -> QuerySet[Event]:
    return Event.objects.filter(shop_id=shop.pk, about="shop", about_id=shop.pk, customer_id=None, kind=MARK)


def _new_shop(slug: str) -> Shop:
    by = Actor.system()
    shop = create_shop(NAME, country=COUNTRY, currency=CURRENCY, language="en", slug=slug, by=by)
    for first, name, role in STAFF:
        email = f"{first}@{slug}.example"
        user = User.objects.filter(email=email).first() or create_person(email, name=name)
        add_staff(shop, user, role, by=by)
    return shop


def _tags(shop: Shop) -> dict[str, int]:
    """Tag name → id, new ones with their colours."""
    known = set(Tag.objects.of(shop).values_list("key", flat=True))
    tags = ensure_tags(shop, TAGS)
    ids = {}
    for name, colour in TAGS.items():
        tag = tags[tag_key(name)]
        ids[name] = tag.pk
        if tag.key not in known:
            tag.colour = colour
            tag.save(update_fields=["colour"])
    return ids


def _agents(shop: Shop) -> tuple[tuple[int, str], ...]:
    """Who takes care of customers: the agents, or whoever there is."""
    members = list(Staff.objects.of(shop).active().select_related("user").order_by("pk"))
    chosen = [one for one in members if one.role == Role.AGENT] or members
    return tuple((one.pk, str(one.user)) for one in chosen)


def _add_products(shop: Shop) -> None:
    known = set(Product.objects.of(shop).filter(channel="", external_id="").values_list("sku", flat=True))
    Product.objects.bulk_create(
        Product(
            shop=shop, sku=good.sku, name=good.name, category=good.category, price=good.price,
            is_service=good.is_service,
        )
        for good in GOODS
        if good.sku not in known
    )  # fmt: skip
