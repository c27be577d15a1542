"""Editing customers in the browser, also by two at once and by those who may not see everything."""

import pytest

from regulars.customers.models import Customer
from regulars.customers.operations import update_customer
from regulars.web.customers.form import tag_names
from tests.factories import SYSTEM, create_customer, create_staff
from tests.web.customers.desk import text
from tests.web.customers.form import edit, inputs
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


class TestEditingACustomer:
    def test_changes_what_differs_and_nothing_else(self, desk, shop, manager):
        ann = create_customer(
            shop, name="Nguyễn Thị Đào", phone="12", email="ann@example.com", birthday="29/02", tags="VIP",
            citizen_id="001099012345", country="PH", staff=manager.user.email, oa_state="followed",
            source_channel="Shopee",
        )  # fmt: skip
        before = Customer.objects.filter(pk=ann.pk).values().get()

        assert edit(desk, ann).status_code == 302
        assert Customer.objects.filter(pk=ann.pk).values().get() == before

        assert edit(desk, ann, company="Hoa Sen").status_code == 302
        after = Customer.objects.filter(pk=ann.pk).values().get()
        assert {name for name in after if after[name] != before[name]} == {"company", "version", "updated_at"}

    def test_a_new_name_brings_its_parts_along(self, desk, shop):
        ann = create_customer(shop, name="Nguyễn Đào")

        edit(desk, ann, name="Trần Thị Mai")

        ann.refresh_from_db()
        assert (ann.name, ann.given_name, ann.family_name) == ("Trần Thị Mai", "Thị Mai", "Trần")

    def test_an_emptied_field_is_emptied_and_a_citizen_id_left_blank_stays(self, desk, shop):
        ann = create_customer(shop, name="Ann", company="Old Co", citizen_id="001099012345", birthday="1990-05-15")

        edit(desk, ann, company="", birth_day="", birth_month="", birth_year="", tags=[])

        ann.refresh_from_db()
        assert (ann.company, ann.birth_md, ann.birth_year) == ("", None, None)
        assert ann.citizen_id_sealed

    def test_tags_are_added_and_taken_away(self, desk, shop):
        ann = create_customer(shop, name="Ann", tags="VIP, old")

        edit(desk, ann, tags=["VIP", "new"])

        ann.refresh_from_db()
        assert set(tag_names(ann)) == {"VIP", "new"}

    def test_nobody_may_be_left_without_a_name_and_an_address(self, desk, shop):
        ann = create_customer(shop, name="Ann")

        response = edit(desk, ann, name="")

        assert response.status_code == 422
        ann.refresh_from_db()
        assert ann.name == "Ann"

    def test_a_member_of_staff_who_left_may_stay_responsible(self, desk, shop):
        gone = create_staff(shop, role="agent")
        ann = create_customer(shop, name="Ann", staff=gone.user.email)
        gone.is_active = False
        gone.save()

        assert edit(desk, ann, company="Hoa Sen").status_code == 302
        ann.refresh_from_db()
        assert (ann.company, ann.staff_id) == ("Hoa Sen", gone.pk)

    def test_customers_of_others_and_of_other_shops_are_not_there(self, shop):
        agent = signed_in(create_staff(shop, role="agent", only_own=True))
        ann, stranger = create_customer(shop, name="Ann"), create_customer(name="Stranger")

        for pk in (ann.pk, stranger.pk, 10**25):
            assert agent.get(f"/s/hoa-sen/customers/{pk}/edit/").status_code == 404
            assert agent.post(f"/s/hoa-sen/customers/{pk}/edit/", {"name": "x"}).status_code == 404

    def test_who_lies_in_the_bin_is_shown_and_not_edited(self, desk, shop):
        ann = create_customer(shop, name="Ann")
        desk.post(f"/s/hoa-sen/customers/{ann.pk}/delete/")

        assert desk.post(f"/s/hoa-sen/customers/{ann.pk}/edit/", {"name": "Other"}).status_code == 302
        ann.refresh_from_db()
        assert ann.name == "Ann"


class TestTwoPeopleEditingOneCustomer:
    def test_different_fields_are_both_kept(self, desk, shop):
        ann = create_customer(shop, name="Ann", company="Old", tax_code="1")
        opened = desk.get(f"/s/hoa-sen/customers/{ann.pk}/edit/")
        update_customer(ann, {"company": "Theirs"}, by=SYSTEM)

        assert edit(desk, ann, opened, language="vi").status_code == 302

        ann.refresh_from_db()
        assert (ann.company, ann.language) == ("Theirs", "vi")

    def test_the_same_field_asks_and_saves_nothing(self, desk, shop):
        ann = create_customer(shop, name="Ann", company="Old")
        opened = desk.get(f"/s/hoa-sen/customers/{ann.pk}/edit/")
        update_customer(ann, {"company": "Theirs & Co"}, by=SYSTEM)

        asked = edit(desk, ann, opened, company="Mine & Co", language="vi", tags=["new"])

        assert asked.status_code == 409
        for word in ("Before: Old", "Mine &amp; Co", "Theirs &amp; Co"):
            assert word in text(asked)
        ann.refresh_from_db()
        assert (ann.company, ann.language, ann.tag_ids) == ("Theirs & Co", "", [])

    @pytest.mark.parametrize("choice, kept", [("mine", "Mine"), ("theirs", "Theirs")])
    def test_the_chosen_value_is_saved_with_all_else_that_was_typed(self, desk, shop, choice, kept):
        ann = create_customer(shop, name="Ann", company="Old")
        opened = desk.get(f"/s/hoa-sen/customers/{ann.pk}/edit/")
        update_customer(ann, {"company": "Theirs"}, by=SYSTEM)
        asked = edit(desk, ann, opened, company="Mine", language="vi", tags=["new"])

        assert edit(desk, ann, asked, **{"keep-company": choice}).status_code == 302

        ann.refresh_from_db()
        assert (ann.company, ann.language, tag_names(ann)) == (kept, "vi", ["new"])

    def test_a_choice_of_names_part_by_part(self, desk, shop):
        ann = create_customer(shop, given_name="Đào", family_name="Nguyễn")
        opened = desk.get(f"/s/hoa-sen/customers/{ann.pk}/edit/")
        update_customer(ann, {"given_name": "Mai"}, by=SYSTEM)
        asked = edit(desk, ann, opened, name="", given_name="Lan", family_name="Trần")

        assert asked.status_code == 409
        assert edit(desk, ann, asked, **{"keep-given_name": "theirs"}).status_code == 302

        ann.refresh_from_db()
        assert (ann.given_name, ann.family_name, ann.name) == ("Mai", "Trần", "Trần Mai")

    def test_back_to_the_form_shows_what_was_typed(self, desk, shop):
        ann = create_customer(shop, name="Ann", company="Old", birthday="15/05")
        opened = desk.get(f"/s/hoa-sen/customers/{ann.pk}/edit/")
        update_customer(ann, {"company": "Theirs", "birthday": "16/06"}, by=SYSTEM)
        asked = edit(desk, ann, opened, company="Mine", birth_day="17")

        form = edit(desk, ann, asked, then="form", **{"keep-birth_md": "theirs"})

        assert form.status_code == 200
        assert (inputs(form)["company"], inputs(form)["birth_day"], inputs(form)["birth_month"]) == (
            ["Mine"], ["16"], ["6"],
        )  # fmt: skip

    def test_a_third_change_meanwhile_asks_again(self, desk, shop):
        ann = create_customer(shop, name="Ann", company="Old")
        opened = desk.get(f"/s/hoa-sen/customers/{ann.pk}/edit/")
        update_customer(ann, {"company": "Theirs"}, by=SYSTEM)
        asked = edit(desk, ann, opened, company="Mine")
        update_customer(ann, {"company": "Third"}, by=SYSTEM)

        again = edit(desk, ann, asked, **{"keep-company": "mine"})

        assert again.status_code == 409
        assert "Third" in text(again)


class TestWithoutTheRightToSeeContactData:
    @pytest.fixture
    def blind(self, shop, monkeypatch):
        """An agent of a role that edits without seeing contact data."""
        from regulars.shops import permissions

        rest = permissions.ALLOWED["agent"] - {permissions.Permission.SEE_CONTACT}
        monkeypatch.setitem(permissions.ALLOWED, "agent", rest)
        return signed_in(create_staff(shop, role="agent"))

    def test_the_inputs_are_not_there_and_sending_them_does_nothing(self, blind, shop):
        ann = create_customer(shop, name="Ann", email="ann@example.com", phone="0912345678", zalo_id="z7")
        form = blind.get(f"/s/hoa-sen/customers/{ann.pk}/edit/")

        assert not inputs(form).keys() & {"email", "phone", "zalo_id"}
        assert "ann@example.com" not in text(form)

        edit(blind, ann, form, company="Hoa Sen", email="other@example.com", phone="", zalo_id="")
        ann.refresh_from_db()
        assert (ann.company, ann.email, ann.phone, ann.zalo_id) == (
            "Hoa Sen", "ann@example.com", "+84912345678", "z7",
        )  # fmt: skip

    def test_the_name_may_go_while_an_address_that_is_not_shown_stays(self, blind, shop):
        ann = create_customer(shop, name="Ann", email="ann@example.com")

        assert edit(blind, ann, name="").status_code == 302
