"""Which shop is meant, and who works where."""

from regulars.events.record import Actor
from regulars.shops.errors import NoShopYet, NoSuchShop, WhichShop
from regulars.shops.models import Shop, Staff, User


def the_only_shop_or(slug: str | None) -> Shop:
    """The shop with this slug, or the only one when no slug is given: what every command asks first.

    Raises NoSuchShop, NoShopYet, WhichShop (naming them).
    """
    if slug:
        shop = Shop.objects.filter(slug=slug).first()
        if shop is None:
            raise NoSuchShop(slug=slug)
        return shop
    shops = list(Shop.objects.order_by("slug")[:10])
    if not shops:
        raise NoShopYet
    if len(shops) > 1:
        raise WhichShop(slugs=", ".join(shop.slug for shop in shops))
    return shops[0]


def places_of(user: User) -> list[Staff]:
    """Wherever a person works, with the shops, by their names: one query."""
    places = Staff.objects.active().filter(user=user).select_related("shop")
    return sorted(places, key=lambda place: (place.shop.name.casefold(), place.shop_id))


def shops_of(user: User) -> list[Shop]:
    """The shops a person works in, by name."""
    return [place.shop for place in places_of(user)]


def staff_of(shop: Shop, user: User) -> Staff | None:
    """This person's active place in the shop, if any."""
    return Staff.objects.of(shop).active().filter(user=user).select_related("user").first()


def acting(staff: Staff) -> Actor:
    """A staff member as the one who does something."""
    return Actor("staff", staff.pk, str(staff.user))
