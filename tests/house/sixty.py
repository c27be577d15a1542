"""Sixty customers of whom little is known, and their orders: the same shop as facts in Python and as rows.

Instants lie around the borders of days, months and years of New York, where the clocks change in between.
"""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from regulars.catalog.models import Product
from regulars.customers.models import AccountState, ConsentState, Customer, Gender, Group, Status, Tag
from regulars.customers.operations import add_field
from regulars.kit.text import fold, name_key
from regulars.orders.lines import follow_orders
from regulars.orders.models import FulfilmentState, Line, Order
from regulars.shops.models import Channel, Shop
from tests.factories import SYSTEM, create_shop, create_staff
from tests.house.plain_model import Event, What, World

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 16, 2, 30, tzinfo=UTC)
TODAY = date(2026, 3, 15)
NAMES = ("Đào Thị Ánh", "dao van", "O'Brien", "Ștefan", "ANN", "100% _real_", "\\", "", "", "")
TAGS = ("VIP", "wholesale", 'a, "b"', "giày dép", "🧧|x")
EMAILS = (None, None, "ann@example.com", "bo+x@example.org", "o_brien@shop.test")
COMPANIES = ("", "", "Acme", "ACME Ltd", "Ünal")
BIRTHDAYS = (None, None, (None, 2, 29), (1990, 3, 1), (1985, 12, 31), (None, 1, 1), (2001, 3, 15), (1999, 4, 14))
METHODS = ("", "cod", "Card")
OWN = {
    "Nick": "text", "Shoe size": "number", "Deposit": "money", "Next visit": "date", "Skin": "choice", "VIP": "flag",
}  # fmt: skip
SKINS = ("Dry", "Oily", "Normal")
DAYS_AGO = (0, 1, 2, 7, 14, 15, 29, 30, 31, 74, 75, 90, 365, 400)
HOURS = (0, 1, 11, 23)


class Sixty(NamedTuple):
    """The shop, the facts of every customer and of every order by id, and the worlds they are asked in."""

    shop: Shop
    customers: dict[int, dict[str, Any]]
    orders: dict[int, dict[str, Any]]


def made() -> Sixty:
    """A new shop with its sixty customers."""
    dice = random.Random(1997)
    shop = create_shop("Sixty", country="US", currency="USD", timezone="America/New_York")
    staff = [create_staff(shop), create_staff(shop)]
    things = {
        "groups": list(Group.objects.of(shop)),
        "statuses": list(Status.objects.of(shop)),
        "channels": list(Channel.objects.of(shop)),
        "tags": [Tag.objects.create(shop=shop, name=name, key=fold(name)) for name in TAGS],
        "staff": staff,
        "products": [
            Product.objects.create(shop=shop, sku=sku, name=name, category=category)
            for sku, name, category in (("CD-1", "Disc one", "Music"), ("cd-2", "Disc two", ""), ("", "Mug", "Kitchen"))
        ],
    }  # fmt: skip
    people = [_person(dice, things, number) for number in range(60)]
    _ask_more(shop, people)
    rows = Customer.objects.bulk_create(Customer(shop=shop, **_columns(facts, things)) for facts in people)
    customers = dict(zip((row.pk for row in rows), people, strict=True))
    orders = {}
    for key in [*customers, None]:
        mine = [_order(dice, things) for _number in range(dice.choice((0, 0, 1, 1, 2, 5)) if key else 4)]
        for facts in mine:
            facts["customer"] = key
            orders[_recorded(shop, facts, things, len(orders))] = facts
        if key:
            customers[key]["orders"] = mine
    return Sixty(shop, customers, orders)


def _person(dice: random.Random, things: dict[str, Any], number: int) -> dict[str, Any]:
    orders = dice.choice((0, 0, 1, 2, 5, 10))
    email = EMAILS[number] if number < len(EMAILS) else dice.choice([None, f"{number}{dice.choice(EMAILS[2:])}"])
    return {
        "name": dice.choice(NAMES), "email": email, "company": dice.choice(COMPANIES),
        "gender": dice.choice(list(Gender)), "account": dice.choice(list(AccountState)),
        "consent_email": dice.choice(list(ConsentState)), "group": dice.choice(things["groups"]),
        "status": dice.choice([None, *things["statuses"]]), "staff": dice.choice([None, *things["staff"]]),
        "first_channel": dice.choice([None, *things["channels"][:2]]),
        "tags": dice.sample(things["tags"], dice.choice((0, 0, 1, 2, 3))),
        "birthday": dice.choice(BIRTHDAYS), "orders_placed": orders,
        "total_spent": dice.choice((0, 1, 9_999, 10_000, 10_001, 123_456)) if orders else 0,
        "average_order": dice.choice((None, None, 5_000, 10_000)),
        "created_at": _instant(dice), "registered_at": dice.choice((None, _instant(dice))),
        "first_order_date": dice.choice((None, _instant(dice))),
        "last_order_date": dice.choice((None, _instant(dice))) if orders else None,
    }  # fmt: skip


def _ask_more(shop: Shop, people: list[dict[str, Any]]) -> None:
    """Fields of the shop's own, one of each kind, of which little is known."""
    for name, kind in OWN.items():
        add_field(shop, name, kind, options=SKINS if kind == "choice" else (), by=SYSTEM)
    dice = random.Random(2026)
    for facts in people:
        facts["own"] = {
            "nick": dice.choice([None, *(name for name in NAMES if name)]),
            "shoe_size": dice.choice([None, "0", "2", "-1", "40.5", "99.99", "100.005"]),
            "deposit": dice.choice([None, 0, 1, 5_000, 9_999, 10_000, 10_001]),
            "next_visit": dice.choice([None, *((TODAY - timedelta(days=ago - 30)).isoformat() for ago in DAYS_AGO)]),
            "skin": dice.choice([None, *(name.lower() for name in SKINS)]),
            "vip": dice.choice([None, True, False]),
        }


def _columns(facts: dict[str, Any], things: dict[str, Any]) -> dict[str, Any]:
    year, month, day = facts["birthday"] or (None, None, None)
    return {
        **{name: facts[name] for name in (
            "name", "email", "company", "gender", "group", "status", "staff", "consent_email", "orders_placed",
            "total_spent", "average_order", "created_at", "registered_at",
        )},
        "custom": {key: value for key, value in facts["own"].items() if value is not None},
        "name_key": name_key(facts["name"], 300), "account_state": facts["account"],
        "channel_first": facts["first_channel"],
        "first_order_at": facts["first_order_date"], "last_order_at": facts["last_order_date"],
        "tag_ids": sorted(tag.pk for tag in facts["tags"]),
        "birth_year": year, "birth_md": month and month * 100 + day,
    }  # fmt: skip


def _instant(dice: random.Random) -> datetime:
    local = datetime(2026, 3, 15, dice.choice(HOURS), 30, dice.choice((0, 59))) - timedelta(days=dice.choice(DAYS_AGO))
    return local.replace(tzinfo=ZONE)


def _order(dice: random.Random, things: dict[str, Any]) -> dict[str, Any]:
    return {
        "placed_at": _instant(dice), "total": dice.choice((0, 1, 5_000, 10_000, 10_001)),
        "channel": dice.choice(things["channels"][:3]), "payment_method": dice.choice(METHODS),
        "location": dice.choice(("", "Main street")), "fulfilment": dice.choice(list(FulfilmentState)),
        "items": dice.choice((0, 1, 2)), "is_test": dice.random() < 0.1,
        "cancelled_at": _instant(dice) if dice.random() < 0.15 else None, "is_deleted": dice.random() < 0.1,
        "lines": [
            {"product": dice.choice([None, *things["products"]]), "title": dice.choice(("Disc", "mug", "Gift 🧧")),
             "quantity": dice.choice((1, 2, 10))}
            for _number in range(dice.choice((0, 1, 2, 3)))
        ],
    }  # fmt: skip


def _recorded(shop: Shop, facts: dict[str, Any], things: dict[str, Any], number: int) -> int:
    order = Order.objects.create(
        shop=shop, customer_id=facts["customer"], external_id=f"o{number}", number=f"#{number}", currency="USD",
        placed_at=facts["placed_at"], total=facts["total"], channel=facts["channel"], location=facts["location"],
        payment_method=facts["payment_method"], fulfilment_state=facts["fulfilment"], items_count=facts["items"],
        is_test=facts["is_test"], cancelled_at=facts["cancelled_at"], deleted_at=NOW if facts["is_deleted"] else None,
    )  # fmt: skip
    facts["number"] = order.number
    Line.objects.bulk_create(Line(shop=shop, order=order, **line) for line in facts["lines"])
    follow_orders(shop, [order.pk])
    return order.pk


# --- the same, as it is asked -----------------------------------------------------------------------------------


def _local(name: str) -> What:
    return What("moment", lambda facts: facts[name] and facts[name].astimezone(ZONE).replace(tzinfo=None))


def _money(name: str) -> What:
    return What("number", lambda facts: None if facts[name] is None else Decimal(facts[name]) / 100)


def _plain(name: str, kind: str = "text") -> What:
    return What(kind, lambda facts: facts[name])


def _own(key: str, kind: str, read: Callable[[Any], Any] = lambda value: value) -> What:
    """A field of the shop's own."""
    return What(kind, lambda facts: None if facts["own"][key] is None else read(facts["own"][key]))


def _key(name: str) -> What:
    return What("choice", lambda facts: facts[name] and facts[name].key)


def _word(name: str) -> What:
    """A state by its word; the first of gender and consent is that nothing is known."""
    silent = name in ("gender", "consent_email")
    return What("choice", lambda facts: None if silent and facts[name] == 0 else facts[name].name.lower())


def _counts(order: dict[str, Any]) -> bool:
    return not (order["is_test"] or order["is_deleted"] or order["cancelled_at"])


def _placed(facts: Any) -> list[Any]:
    return [order for order in facts["orders"] if _counts(order)]


def _bought(facts: Any) -> list[Any]:
    return [
        line | {"order": id(order), "placed_at": order["placed_at"]}
        for order in _placed(facts)
        for line in order["lines"]
    ]


def _of_product(name: str) -> What:
    return What("text", lambda line: line["product"] and getattr(line["product"], name))


CUSTOMERS = World(
    {
        "name": _plain("name", "name"), "email": _plain("email"), "company": _plain("company"),
        "account": _word("account"), "group": _key("group"), "status": _key("status"),
        "staff": What("choice", lambda facts: facts["staff"] and facts["staff"].user.email),
        "first_channel": _key("first_channel"), "tags": What("tags", lambda facts: [tag.name for tag in facts["tags"]]),
        "gender": _word("gender"),
        "consent_email": _word("consent_email"),
        "birthday": What("birthday", lambda facts: facts["birthday"] and facts["birthday"][1:]),
        "orders_placed": _plain("orders_placed", "number"), "total_spent": _money("total_spent"),
        "average_order": _money("average_order"), "created_at": _local("created_at"),
        "registered_at": _local("registered_at"), "first_order_date": _local("first_order_date"),
        "last_order_date": _local("last_order_date"),
        "has_email": What("flag", lambda facts: facts["email"] is not None),
        "nick": _own("nick", "text"), "skin": _own("skin", "choice"), "vip": _own("vip", "flag"),
        "shoe_size": _own("shoe_size", "number", Decimal),
        "deposit": _own("deposit", "number", lambda minor: Decimal(minor) / 100),
        "next_visit": _own("next_visit", "moment", datetime.fromisoformat),
    },
    {
        "orders_placed": Event(
            _placed,
            {"date": _local("placed_at"), "amount": _money("total"), "channel": _key("channel"),
             "payment_method": _plain("payment_method"), "location": _plain("location")},
            {"count": len, "sum_amount": lambda orders: Decimal(sum(order["total"] for order in orders)) / 100},
        ),
        "products_purchased": Event(
            _bought,
            {"date": _local("placed_at"), "sku": _of_product("sku"), "name": _plain("title"),
             "category": _of_product("category"), "quantity": _plain("quantity", "number")},
            {"count": lambda lines: len({line["order"] for line in lines}),
             "sum_quantity": lambda lines: sum(line["quantity"] for line in lines)},
        ),
    },
    TODAY,
)  # fmt: skip
ORDERS = World(
    {
        "number": _plain("number"), "placed_at": _local("placed_at"), "total": _money("total"),
        "channel": _key("channel"),
        "payment_method": _plain("payment_method"), "location": _plain("location"),
        "items": _plain("items", "number"), "cancelled_at": _local("cancelled_at"),
        "fulfilment_state": _word("fulfilment"),
        "test": What("flag", lambda order: order["is_test"]),
        "cancelled": What("flag", lambda order: order["cancelled_at"] is not None),
        "has_customer": What("flag", lambda order: order["customer"] is not None),
    },
    {},
    TODAY,
)  # fmt: skip
