"""Groups: how many are in them, the rule that fills one, what they are promised, and how one goes."""

import re
from decimal import Decimal
from urllib.parse import unquote

import pytest
from django.test import Client

from regulars.customers.models import Customer, Group
from regulars.customers.operations import add_group, set_group
from regulars.kit.jobs import run_waiting_jobs
from regulars.segments.models import GroupRule
from regulars.segments.rules import apply_rules, set_rule
from regulars.segments.saved_views import Look, create_view
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def lan(shop):
    return create_staff(shop, role="manager", name="Lan")


@pytest.fixture
def gold(shop):
    return add_group(shop, "Gold", colour="yellow", by=SYSTEM)


def desk(staff):
    client = Client()
    client.force_login(staff.user, backend=BACKEND)
    return client


def at(staff, path=""):
    return f"/s/{staff.shop.slug}/groups/{path}"


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def form(**given):
    return {"name": "Huế", "colour": "teal", **given}


def saved(client, path, given):
    """Look at what the rule would do, then save it."""
    page = text(client.post(path, given))
    checked = re.search(r'name="checked" value="([^"]*)"', page)
    assert checked, "nothing was said before saving"
    return client.post(path, {**given, "checked": checked[1].replace("&#39;", "'").replace("&gt;", ">")})


class TestTheList:
    def test_shows_how_many_are_in_each_and_leads_to_them(self, shop, lan, gold):
        create_customer(shop)
        set_group(create_customer(shop, name="Ben"), gold, by=SYSTEM)

        page = text(desk(lan).get(at(lan)))

        link = re.search(r'href="([^"]*)">1 customer<', page.partition("Gold")[2])
        assert unquote(link[1]).endswith("customers/?where=group = 'gold'")
        assert desk(lan).get(link[1]).status_code == 200

    def test_says_how_each_is_filled_and_what_it_is_promised(self, shop, lan, gold):
        set_rule(gold, "total_spent >= 5000000", by=SYSTEM)
        Group.objects.filter(pk=gold.pk).update(discount=Decimal("7.50"), free_shipping_from=200000)

        page = text(desk(lan).get(at(lan)))

        assert "Total spent" in page
        assert "7.5 % off" in page
        assert "Free shipping from" in page
        assert page.index("Filled by rules") < page.index("Gold") < page.index("Filled by hand")

    def test_counts_only_whom_one_may_see_and_leaves_rules_one_may_not_ask_unsaid(self, shop, gold):
        agent = create_staff(shop, role="viewer", only_own=True)
        set_group(create_customer(shop, email="ann@example.com"), gold, by=SYSTEM)
        set_rule(gold, "email = 'ann@example.com'", by=SYSTEM)

        page = text(desk(agent).get(at(agent)))

        assert "0 customers" in page.partition("Gold")[2]
        assert "ann@example.com" not in page
        assert "Remove" not in page

    def test_puts_rules_in_another_order(self, shop, lan, gold):
        silver = add_group(shop, "Silver", by=SYSTEM)
        set_rule(gold, "total_spent > 2", by=SYSTEM)
        set_rule(silver, "total_spent > 1", by=SYSTEM)

        desk(lan).post(at(lan, "order"), {"which": "rules", "ids": [gold.pk, silver.pk], "down": gold.pk})

        assert list(GroupRule.objects.of(shop).values_list("group__name", flat=True)) == ["Silver", "Gold"]


class TestANewGroup:
    def test_is_filled_by_hand_without_a_rule(self, shop, lan):
        desk(lan).post(at(lan, "new"), form(discount="12.5", free_shipping_from="500.000"))

        group = Group.objects.get(name="Huế")
        assert (group.colour, group.discount, group.free_shipping_from) == ("teal", Decimal("12.50"), 500000)
        assert not GroupRule.objects.exists()

    def test_from_a_filter_says_first_what_it_would_do(self, shop, lan, gold):
        create_customer(shop, city="Huế")
        set_group(create_customer(shop, name="Ben", city="Huế"), gold, by=SYSTEM)

        page = text(desk(lan).get(at(lan, "new?where=city = 'Huế'")))

        assert "Answering to it now: 2 customers." in page
        assert "1 customer from Standard" in page
        assert "Staying where they were put by hand: 1 customer." in page
        assert "dynamic" in page
        assert not GroupRule.objects.exists()

    def test_from_a_filter_takes_its_customers(self, shop, lan):
        ann = create_customer(shop, city="Huế")

        response = saved(desk(lan), at(lan, "new"), form(where="city = 'Huế'"))
        run_waiting_jobs()

        assert response.status_code == 302
        assert Customer.objects.get(pk=ann.pk).group.name == "Huế"

    def test_is_not_saved_before_its_rule_was_explained(self, shop, lan):
        response = desk(lan).post(at(lan, "new"), form(where="city = 'Huế'"))

        assert response.status_code == 200
        assert not Group.objects.filter(name="Huế").exists()

    @pytest.mark.parametrize("where", ["shoe_size > 4", "group = 'business'", "city ="])
    def test_with_a_rule_that_cannot_be_is_refused(self, shop, lan, where):
        response = desk(lan).post(at(lan, "new"), form(where=where, checked=f" {where}"))

        assert response.status_code == 422
        assert not Group.objects.filter(name="Huế").exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"discount": "101"},
            {"discount": "much"},
            {"discount": "1.234"},
            {"free_shipping_from": "-1"},
            {"name": "Gold"},
        ],
    )
    def test_that_is_wrong_is_refused_whole(self, shop, lan, gold, wrong):
        before = Group.objects.of(shop).count()

        response = desk(lan).post(at(lan, "new"), form(**wrong))

        assert response.status_code == 422
        assert "field-error" in text(response)
        assert Group.objects.of(shop).count() == before

    def test_is_for_those_who_change_settings(self, shop):
        agent = create_staff(shop, role="agent")

        assert desk(agent).get(at(agent, "new")).status_code == 403


class TestChangingAGroup:
    def test_keeps_its_rule_without_asking_everybody_again(self, shop, lan, gold):
        set_rule(gold, "total_spent > 2", by=SYSTEM)
        run_waiting_jobs()

        given = {"name": "Golden", "colour": "red", "where": "total_spent > 2"}
        response = desk(lan).post(at(lan, f"{gold.pk}/"), given)

        assert response.status_code == 302
        gold.refresh_from_db()
        assert (gold.name, gold.key) == ("Golden", "gold")
        assert GroupRule.objects.get().where == "total_spent > 2"

    def test_says_who_leaves_when_its_rule_changes(self, shop, lan, gold):
        create_customer(shop, city="Huế")
        set_rule(gold, "city = 'Huế'", by=SYSTEM)
        apply_rules(shop)

        page = text(desk(lan).post(at(lan, f"{gold.pk}/"), form(name="Gold", where="city = 'Hà Nội'")))

        assert "1 customer to Standard" in page

    def test_takes_the_rule_away_when_it_is_emptied(self, shop, lan, gold):
        set_rule(gold, "city = 'Huế'", by=SYSTEM)

        desk(lan).post(at(lan, f"{gold.pk}/"), form(name="Gold", where=""))

        assert not GroupRule.objects.exists()

    def test_places_a_rule_among_the_others(self, shop, lan, gold):
        set_rule(add_group(shop, "Silver", by=SYSTEM), "total_spent > 1", by=SYSTEM)

        saved(desk(lan), at(lan, f"{gold.pk}/"), form(name="Gold", where="total_spent > 2", position="0"))

        assert list(GroupRule.objects.of(shop).values_list("group__name", flat=True)) == ["Gold", "Silver"]

    def test_shows_prices_as_they_were_typed(self, shop, lan, gold):
        client = desk(lan)
        client.post(at(lan, f"{gold.pk}/"), form(name="Gold", discount="7.5", free_shipping_from="500000"))

        page = text(client.get(at(lan, f"{gold.pk}/")))
        values = re.findall(r'name="(?:discount|free_shipping_from)"[^>]*', page)
        again = client.post(at(lan, f"{gold.pk}/"), form(name="Gold", discount="7.5", free_shipping_from="₫500,000"))

        assert len(values) == 2
        assert again.status_code == 302
        gold.refresh_from_db()
        assert gold.free_shipping_from == 500000

    def test_leaves_standard_without_a_rule(self, shop, lan):
        standard = Group.objects.of(shop).get(key="standard")

        assert 'name="where"' not in text(desk(lan).get(at(lan, f"{standard.pk}/")))


class TestRemovingAGroup:
    def test_says_who_falls_where_and_what_asks_for_it(self, shop, lan, gold):
        set_group(create_customer(shop), gold, by=SYSTEM)
        create_view(lan, "customers", "Golden", Look(where="group = 'gold'"))

        page = text(desk(lan).get(at(lan, f"{gold.pk}/remove")))

        assert "Falling to “Standard”, or to where rules put them: 1 customer." in page
        assert "the view “Golden”" in page

    def test_never_removes_its_members(self, shop, lan, gold):
        ann = create_customer(shop)
        set_group(ann, gold, by=SYSTEM)

        desk(lan).post(at(lan, f"{gold.pk}/remove"))

        assert not Group.objects.filter(pk=gold.pk).exists()
        assert Customer.objects.get(pk=ann.pk).group.key == "standard"

    def test_refuses_what_every_shop_has(self, shop, lan):
        business = Group.objects.of(shop).get(key="business")

        assert desk(lan).post(at(lan, f"{business.pk}/remove")).status_code == 422
        assert Group.objects.filter(pk=business.pk).exists()


class TestAtACustomer:
    def test_a_group_is_chosen_and_let_go(self, shop, lan, gold):
        ann = create_customer(shop)
        set_rule(gold, "total_spent > 2", by=SYSTEM)
        client, path = desk(lan), f"/s/{shop.slug}/customers/{ann.pk}/"

        client.post(f"{path}group/", {"group": gold.pk})
        assert Customer.objects.get(pk=ann.pk).group_by_hand
        assert "Let the rules decide" in text(client.get(path))

        client.post(f"{path}group/", {"group": "rules"})
        assert not Customer.objects.get(pk=ann.pk).group_by_hand
        assert "Let the rules decide" not in text(client.get(path))

    def test_many_are_let_go_at_once(self, shop, lan, gold):
        ann = create_customer(shop)
        set_group(ann, gold, by=SYSTEM)
        set_rule(gold, "total_spent > 2", by=SYSTEM)
        client, path = desk(lan), f"/s/{shop.slug}/customers/bulk/group/"

        page = text(client.get(f"{path}?ids={ann.pk}"))
        selection = re.search(r'name="selection" value="([^"]*)"', page)[1].replace("&#34;", '"')
        client.post(f"{path}run", {"selection": selection, "key": "k", "value": "rules"})

        assert "Let the rules decide" in page
        assert not Customer.objects.get(pk=ann.pk).group_by_hand
