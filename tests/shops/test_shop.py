"""Opening shops and changing their settings."""

import pytest

from regulars.customers.models import Group, Status
from regulars.events.models import Event
from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.shops.errors import AddressTaken, NoShopYet, NoSuchShop, WhichShop
from regulars.shops.models import Channel, Shop, Staff, User
from regulars.shops.operations import add_channel, change_shop, create_shop, ensure_channels, rename_channel
from regulars.shops.queries import shops_of, the_only_shop_or
from tests.factories import create_shop as some_shop

pytestmark = pytest.mark.django_db
system = Actor.system()


class TestOpeningAShop:
    def test_brings_channels_groups_and_statuses_in_the_shop_s_language(self):
        shop = create_shop("Hoa Sen", country="VN", by=system)

        assert (shop.currency, shop.timezone, shop.language) == ("VND", "Asia/Ho_Chi_Minh", "vi")
        assert Channel.objects.of(shop).filter(key="website").exists()
        assert [group.key for group in Group.objects.of(shop)] == ["standard", "business"]
        assert Status.objects.of(shop).count() == 6
        assert Event.objects.filter(shop_id=shop.pk, kind="shop.created").count() == 1

    def test_makes_the_owner_its_first_staff_member(self):
        ann = User.objects.create_user("Ann@Example.com", name="Ann")

        shop = create_shop("Ann's", country="PH", owner=ann, by=system)

        assert Staff.objects.of(shop).get().role == "owner"
        assert shops_of(ann) == [shop]

    def test_finds_a_free_address_for_a_name_that_is_taken(self):
        first, second = (create_shop("Hoa Sẽn", country="VN", by=system) for _ in range(2))

        assert (first.slug, second.slug) == ("hoa-sen", "hoa-sen-2")

    def test_refuses_an_address_that_is_taken(self):
        some_shop(slug="hoa")

        with pytest.raises(AddressTaken):
            create_shop("Hoa", country="VN", slug="hoa", by=system)

        assert Shop.objects.count() == 1

    @pytest.mark.parametrize("name", ["", " ", "\x00", "​"[:0]])
    def test_needs_a_name(self, name):
        with pytest.raises(BadValue) as refusal:
            create_shop(name, country="VN", by=system)

        assert refusal.value.field == "name"

    @pytest.mark.parametrize(
        ("field", "value"),
        [("country", "XX"), ("currency", "XXX"), ("timezone", "Mars/Base"), ("language", "tlh")],
    )
    def test_refuses_what_it_does_not_know_and_names_the_field(self, field, value):
        with pytest.raises(BadValue) as refusal:
            create_shop("Hoa", **{"country": "VN", field: value}, by=system)

        assert (refusal.value.field, refusal.value.value) == (field, value)

    def test_a_name_without_letters_still_gets_an_address(self):
        assert create_shop("!!!", country="VN", by=system).slug == "shop"


class TestChangingSettings:
    def test_is_recorded_with_old_and_new(self):
        shop = some_shop(name="Hoa")

        change_shop(shop, name="Hoa Sen", order_counter="delivered", language=shop.language, by=system)

        event = Event.objects.get(kind="shop.changed")
        assert event.data["changes"] == {"name": ["Hoa", "Hoa Sen"], "order_counter": ["placed", "delivered"]}

    def test_to_what_they_are_is_no_event(self):
        shop = some_shop(name="Hoa")

        change_shop(shop, name=" Hoa ", by=system)

        assert not Event.objects.filter(kind="shop.changed").exists()

    def test_does_not_include_the_currency(self):
        with pytest.raises(TypeError):
            change_shop(some_shop(), currency="USD", by=system)


class TestChannels:
    def test_are_known_by_any_of_their_names(self):
        shop = some_shop()

        found = ensure_channels(shop, ["TikTok Shop", "tiktok", "POS", "Sổ tay", ""], by=system)

        assert found["TikTok Shop"] == found["tiktok"]
        assert found["POS"].key == "counter"
        assert (found["Sổ tay"].key, found["Sổ tay"].name) == ("so-tay", "Sổ tay")
        assert Event.objects.filter(kind="channel.added").count() == 1

    def test_keep_their_key_when_renamed(self):
        channel = add_channel(some_shop(), "Chợ Lớn", by=system)

        rename_channel(channel, "Chợ", by=system)

        channel.refresh_from_db()
        assert (channel.key, channel.name) == ("cho-lon", "Chợ")


class TestTheOnlyShop:
    def test_needs_no_name(self):
        shop = some_shop()

        assert the_only_shop_or(None) == the_only_shop_or(shop.slug) == shop

    def test_of_several_is_asked_for(self):
        some_shop(slug="one")
        some_shop(slug="two")

        with pytest.raises(WhichShop, match="one, two"):
            the_only_shop_or(None)
        with pytest.raises(NoSuchShop):
            the_only_shop_or("three")

    def test_is_missing_in_a_new_house(self):
        with pytest.raises(NoShopYet):
            the_only_shop_or("")
