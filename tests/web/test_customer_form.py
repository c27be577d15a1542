"""Adding and editing customers in the browser."""

import html
import json
import re
from pathlib import Path

import pytest
from markupsafe import escape

from regulars.customers.models import Customer, Identity
from regulars.customers.operations import update_customer
from regulars.kit.text import clean
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db
STRINGS = Path(__file__).parents[1] / "samples" / "strings" / "blns.json"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen", country="VN", slug="hoa-sen")


@pytest.fixture
def manager(shop):
    return create_staff(shop, role="manager", name="Mai Trần")


@pytest.fixture
def desk(manager):
    return signed_in(manager)


def text(response):
    return response.content.decode()


def inputs(response):
    """Name → values of all inputs, selects and text areas, as a browser would send them back."""
    page = text(response).split('class="profile-form"')[1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or " checked" in tag):
            found.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
    for name, body in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        found.setdefault(name, []).extend(map(html.unescape, chosen))
    for name, body in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found.setdefault(name, []).append(html.unescape(body))
    return {name: values for name, values in found.items() if name != "csrfmiddlewaretoken"}


def add(desk, **given):
    return desk.post("/s/hoa-sen/customers/new/", given)


def edit(desk, customer, response=None, **changes):
    """Send the edit form as it opened, with changes."""
    address = f"/s/hoa-sen/customers/{customer.pk}/edit/"
    return desk.post(address, {**inputs(response or desk.get(address)), **changes})


class TestAddingACustomer:
    def test_keeps_everything_the_form_has(self, desk, shop, manager):
        response = add(
            desk, name="Nguyễn Thị Đào", phone="0912 345 678", email="Dao@Example.com", zalo_id="z7", gender="female",
            birth_day="15", birth_month="5", birth_year="", company="Hoa Sen", tax_code="0100233488",
            citizen_id="001099012345", country="VN", language="vi", group="business", status="potential",
            staff=manager.user.email, source_channel="Shopee", referrer="the neighbour", account_state="registered",
            oa_state="followed", tags=["VIP", "sỉ"], accepts_email="yes", accepts_sms="no",
            consent_source="Paper form", note="likes tea", address1="12 Lê Lợi", ward="Bến Nghé", district="Quận 1",
            city="Hồ Chí Minh", address_country="VN", recipient="Chị Đào", address_label="Home",
        )  # fmt: skip

        dao = Customer.objects.of(shop).get()
        assert response.status_code == 302
        assert response.url == f"/s/hoa-sen/customers/{dao.pk}/"
        assert (dao.name, dao.given_name, dao.family_name) == ("Nguyễn Thị Đào", "Thị Đào", "Nguyễn")
        assert (dao.email, dao.phone, dao.birth_md, dao.birth_year) == ("dao@example.com", "+84912345678", 515, None)
        assert (dao.group.key, dao.status.key, dao.staff, dao.channel_first.name) == (
            "business", "potential", manager, "Shopee",
        )  # fmt: skip
        assert (dao.account_state, dao.oa_state, dao.referrer_text) == (2, 2, "the neighbour")
        assert (dao.consent_email, dao.consent_sms, dao.consents.first().source) == (1, 4, "Paper form")
        assert dao.citizen_id_sealed and "001099012345" not in dao.citizen_id_sealed
        assert (dao.city, dao.addresses.get().ward, dao.notes.get().text) == ("Hồ Chí Minh", "Bến Nghé", "likes tea")

    def test_somebody_must_be_named(self, desk):
        response = add(desk, company="", note="who?")

        assert response.status_code == 422
        assert "Give a name" in text(response)
        assert "who?" in text(response)
        assert not Customer.objects.exists()

    def test_an_invalid_phone_is_kept_as_text_once_it_was_seen(self, desk):
        warned = add(desk, name="Ann", phone="12", email="ann(at)example")

        assert warned.status_code == 422
        assert "not a valid phone number" in text(warned)
        assert not Customer.objects.exists()

        saved = desk.post("/s/hoa-sen/customers/new/", inputs(warned))
        ann = Customer.objects.get()
        assert saved.status_code == 302
        assert (ann.phone, ann.phone_raw, ann.email, ann.email_raw) == (None, "12", None, "ann(at)example")

    def test_another_wrong_phone_warns_again(self, desk):
        warned = inputs(add(desk, name="Ann", phone="12"))

        again = desk.post("/s/hoa-sen/customers/new/", {**warned, "phone": "13"})

        assert again.status_code == 422
        assert not Customer.objects.exists()

    @pytest.mark.parametrize(
        "day, month, year", [("31", "2", ""), ("", "5", "1990"), ("15", "5", "199"), ("x", "1", "")]
    )
    def test_a_birthday_that_is_none_is_refused_and_stays_in_its_inputs(self, desk, day, month, year):
        response = add(desk, name="Ann", birth_day=day, birth_month=month, birth_year=year)

        assert response.status_code == 422
        assert inputs(response)["birth_day"] == [day]
        assert not Customer.objects.exists()

    def test_a_taken_email_names_the_other_and_leads_there(self, desk, shop):
        ben = create_customer(shop, name="Ben", email="ben@example.com")

        response = add(desk, name="Benny", email="BEN@example.com")

        assert response.status_code == 422
        assert f'<a href="/s/hoa-sen/customers/{ben.pk}/">Ben</a>' in text(response)
        assert Customer.objects.count() == 1

    def test_a_yes_to_marketing_needs_the_place_where_it_was_said(self, desk):
        response = add(desk, name="Ann", accepts_email="yes")

        assert response.status_code == 422
        assert "Say where it was said" in text(response)

    def test_an_agent_limited_to_their_own_becomes_responsible(self, shop):
        agent = create_staff(shop, role="agent", only_own=True)
        other = create_staff(shop, role="agent")

        add(signed_in(agent), name="Ann", staff=other.user.email)

        assert Customer.objects.get().staff == agent

    def test_viewers_may_not(self, shop):
        desk = signed_in(create_staff(shop, role="viewer"))

        assert desk.get("/s/hoa-sen/customers/new/").status_code == 403
        assert add(desk, name="Ann").status_code == 403
        assert not Customer.objects.exists()

    def test_another_country_draws_its_parts_of_an_address_and_keeps_what_is_typed(self, desk):
        response = desk.post(
            "/s/hoa-sen/customers/new/",
            {"redraw": "1", "address_country": "PH", "address1": "5 Mabini St"},
            headers={"HX-Request": "true", "HX-Target": "div#address-fields"},
        )

        assert "Barangay" in text(response)
        assert "5 Mabini St" in text(response)
        assert "<form" not in text(response)
        assert not Customer.objects.exists()


class TestTheDuplicateWarning:
    URL = "/s/hoa-sen/customers/similar/"

    def test_tells_who_has_the_phone_in_another_spelling(self, desk, shop):
        ben = create_customer(shop, name="Ben", phone="0912345678")

        shown = text(desk.post(self.URL, {"phone": "+84 912 345 678"}, headers=asking("similar")))

        assert f"/customers/{ben.pk}/" in shown
        assert "same phone" in shown

    def test_does_not_tell_of_the_customer_being_edited(self, desk, shop):
        ben = create_customer(shop, name="Ben", phone="0912345678")

        shown = text(desk.post(self.URL, {"phone": "0912345678", "but": ben.pk}, headers=asking("similar")))

        assert shown.strip() == ""

    def test_does_not_tell_agents_of_customers_of_others(self, shop):
        create_customer(shop, name="Ben", phone="0912345678")
        agent = signed_in(create_staff(shop, role="agent", only_own=True))

        assert text(agent.post(self.URL, {"phone": "0912345678"}, headers=asking("similar"))).strip() == ""

    def test_is_only_posted_so_that_no_phone_lands_in_a_log(self, desk):
        assert desk.get(self.URL).status_code == 405


def asking(target):
    return {"HX-Request": "true", "HX-Target": f"div#{target}"}


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


def tag_names(customer):
    from regulars.web.customers.form import tag_names

    return tag_names(customer)


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


class TestNaughtyStrings:
    """Each in every text field of its own customer; all at once would take minutes."""

    PLAIN = {"company": 200, "referrer": 200, "address1": 250, "city": 120, "recipient": 200, "address_label": 40}
    CHECKED = {"tax_code": 40, "phone": 60, "email": 300, "zalo_id": 60}  # these warn, so the form is sent twice

    def test_are_saved_as_typed(self, desk):
        for naughty in json.loads(STRINGS.read_text()):
            given = {name: naughty[:length] for name, length in self.PLAIN.items()}

            response = add(desk, name=f"Ann {naughty}"[:300], note=naughty, **given)

            assert response.status_code == 302, naughty
            ann = Customer.objects.latest("id")
            assert ann.name == one_line(f"Ann {naughty}"[:300]), naughty
            assert ann.company == one_line(given["company"]), naughty

    def test_are_kept_as_text_where_they_are_no_number_and_shown_escaped(self, desk):
        for naughty in json.loads(STRINGS.read_text())[::8]:
            given = {name: naughty[:length] for name, length in self.CHECKED.items()}

            response = add(desk, name=f"Ann {naughty}"[:300], note=naughty, tags=[naughty], **given)
            if response.status_code == 422:
                response = desk.post("/s/hoa-sen/customers/new/", inputs(response))

            assert response.status_code == 302, naughty
            ann = Customer.objects.latest("id")
            assert ann.tax_code == one_line(given["tax_code"]), naughty
            shown = desk.get(f"{response.url}?tab=notes")
            assert shown.status_code == 200, naughty
            assert str(escape(ann.name)) in text(shown)
            assert str(escape(ann.tax_code)) in text(shown)
            Identity.objects.all().delete()  # a Zalo id belongs to one customer only
            Customer.objects.update(email=None)


def one_line(typed):
    return clean(typed).replace("\n", " ")
