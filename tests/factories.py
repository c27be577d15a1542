"""Shops, people and customers for tests: each test states only what it depends on."""

from itertools import count
from typing import Any

from regulars.customers import operations as customers
from regulars.customers.models import Customer, Source
from regulars.customers.profile import read_profile
from regulars.events.record import Actor
from regulars.shops import operations as shops
from regulars.shops.models import Shop, Staff, User

SYSTEM = Actor.system()
_numbers = count(1)


def create_shop(name: str = "Hoa Sen", *, country: str = "VN", **facts: Any) -> Shop:
    """A shop in Vietnam that speaks English, unless said otherwise."""
    facts.setdefault("language", "en")
    return shops.create_shop(name, country=country, by=SYSTEM, **facts)


def create_user(email: str = "", *, name: str = "", password: str | None = None, **facts: Any) -> User:
    """A person who can sign in, with an address of their own."""
    email = email or f"person{next(_numbers)}@example.com"
    return User.objects.create_user(email, password, name=name, **facts)


def create_staff(
    shop: Shop | None = None, *, role: str = "manager", name: str = "", only_own: bool = False, user: User | None = None
) -> Staff:
    """A staff member; of a new shop when none is given."""
    user = user or create_user(name=name)
    return shops.add_staff(shop or create_shop(), user, role, only_own=only_own, by=SYSTEM)


def actor(staff: Staff) -> Actor:
    """The staff member as the one who does something."""
    return Actor("staff", staff.pk, str(staff.user))


def create_customer(
    shop: Shop | None = None, *, by: Actor = SYSTEM, source: str = Source.MANUAL, **raw: str
) -> Customer:
    """A customer from raw profile fields (see customers.profile.FIELDS); of a new shop when none is given.

    Without a name, an e-mail address or a phone they are called Ann.
    """
    shop = shop or create_shop()
    raw = (
        raw
        if raw.keys() & {"name", "given_name", "email", "phone", "company", "external_id"}
        else {"name": "Ann", **raw}
    )
    draft = read_profile(raw, country=shop.country, tz=shop.timezone)
    return customers.create_customer(shop, draft, by=by, source=source)
