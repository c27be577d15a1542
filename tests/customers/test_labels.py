"""The shop's own groups, statuses and tags."""

import pytest

from regulars.customers.errors import LabelExists, LabelInUse, LabelIsBuiltIn
from regulars.customers.models import Customer, Group, Tag
from regulars.customers.operations import (
    add_group,
    add_status,
    change_label,
    change_tag,
    ensure_tags,
    remove_group,
    remove_status,
    remove_tag,
    set_group,
)
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from tests.factories import SYSTEM, create_customer, create_shop

pytestmark = pytest.mark.django_db


class TestGroups:
    def test_of_the_shop_s_own_come_last(self):
        shop = create_shop()

        wholesale = add_group(shop, "Đại lý", colour="teal", by=SYSTEM)

        assert list(Group.objects.of(shop))[-1] == wholesale
        with pytest.raises(LabelExists):
            add_group(shop, "ĐẠI LÝ", by=SYSTEM)

    def test_that_every_shop_has_stay(self):
        standard = Group.objects.of(create_shop()).get(key="standard")

        with pytest.raises(LabelIsBuiltIn):
            remove_group(standard, by=SYSTEM)

    def test_with_somebody_in_them_stay(self):
        ann = create_customer()
        wholesale = add_group(ann.shop, "Wholesale", by=SYSTEM)
        set_group(ann, wholesale, by=SYSTEM)

        with pytest.raises(LabelInUse):
            remove_group(wholesale, by=SYSTEM)

        assert Group.objects.filter(pk=wholesale.pk).exists()

    def test_can_be_renamed_but_not_to_another_s_name(self):
        shop = create_shop()
        wholesale = add_group(shop, "Wholesale", by=SYSTEM)

        change_label(wholesale, name="Partners", colour="red", by=SYSTEM)
        with pytest.raises(LabelExists):
            change_label(wholesale, name=Group.objects.of(shop).get(key="business").name, by=SYSTEM)
        with pytest.raises(BadValue):
            change_label(wholesale, colour="infrared", by=SYSTEM)

        changes = Event.objects.get(kind="group.changed").data["changes"]
        assert changes == {"name": ["Wholesale", "Partners"], "colour": ["grey", "red"]}


def test_a_status_nobody_is_at_can_be_removed():
    remove_status(add_status(create_shop(), "Waiting", by=SYSTEM), by=SYSTEM)

    assert Event.objects.filter(kind="status.removed").exists()


class TestTags:
    def test_are_one_in_any_spelling(self):
        shop = create_shop()

        tags = ensure_tags(shop, ["VIP", "vip", " Vip ", "Khách sỉ", "🍵", ""])

        assert [tag.name for tag in Tag.objects.of(shop)].count("VIP") == 1
        assert len(tags) == 3
        assert ensure_tags(shop, ["KHÁCH SỈ"]).popitem()[1] == tags["khach si"]

    def test_can_be_renamed_but_not_to_another_s_name(self):
        vip, tea = ensure_tags(create_shop(), ["VIP", "tea"]).values()

        change_tag(vip, name="Vip!", by=SYSTEM)
        with pytest.raises(LabelExists):
            change_tag(vip, name=tea.name.upper(), by=SYSTEM)

        vip.refresh_from_db()
        assert vip.name == "Vip!"

    def test_when_removed_leave_everybody_with_an_event_each(self):
        ann = create_customer(tags="vip, tea")
        bo = create_customer(ann.shop, name="Bo", tags="vip")
        vip = ensure_tags(ann.shop, ["vip"])["vip"]
        number = vip.pk

        assert remove_tag(vip, by=SYSTEM) == 2

        assert not Customer.objects.tagged(number).exists()
        bo.refresh_from_db()
        assert (bo.tag_ids, bo.version) == ([], 2)
        assert Event.objects.filter(kind="customer.tagged", data={"added": [], "removed": [number]}).count() == 2
