"""Who a sign-in link is for."""

from typing import TYPE_CHECKING

from regulars.runtime.faults import RuntimeFault

if TYPE_CHECKING:
    from regulars.shops.models import Shop, User


def owner_of(shop: "Shop") -> "User":
    """Answer the shop's longest-standing owner. Raises RuntimeFault when it has none."""
    from regulars.shops.models import Staff
    from regulars.shops.permissions import Role

    first = Staff.objects.of(shop).active().filter(role=Role.OWNER).select_related("user").order_by("pk").first()
    if not first:
        raise RuntimeFault(f"The shop {shop.slug} has no owner who could sign in.")
    return first.user


def user_by_email(email: str) -> "User":
    """Answer the person with this e-mail address. Raises RuntimeFault."""
    from regulars.shops.models import User

    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if not found:
        raise RuntimeFault(f"Nobody signs in as {email}.")
    return found


def person(email: str) -> "User":
    """Answer whoever has this e-mail address, making a person without a password if nobody does yet."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from regulars.shops.models import User
    from regulars.shops.operations import create_person

    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise RuntimeFault(f"{email} is not an e-mail address.") from None
    return User.objects.filter(email=email).first() or create_person(email)


def the_only_user() -> "User":
    """Answer the one active person, or the one shop's owner. Raises RuntimeFault if others could be meant."""
    from regulars.shops.models import Shop, User

    people = User.objects.filter(is_active=True)[:2]
    if len(people) == 1:
        return people[0]
    shops = Shop.objects.all()[:2]
    if len(shops) == 1:
        return owner_of(shops[0])
    raise RuntimeFault("Several people could be meant. Say who with --email.")
