"""Adding customers in the browser, whatever they are called."""

import json
from pathlib import Path

import pytest
from markupsafe import escape

from regulars.customers.models import Customer, Identity
from tests.factories import create_customer, create_staff
from tests.web.customers.desk import part, text
from tests.web.customers.form import add, inputs, one_line
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db
STRINGS = Path(__file__).parents[2] / "samples" / "strings" / "blns.json"


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

        shown = text(desk.post(self.URL, {"phone": "+84 912 345 678"}, headers=part("similar")))

        assert f"/customers/{ben.pk}/" in shown
        assert "same phone" in shown

    def test_does_not_tell_of_the_customer_being_edited(self, desk, shop):
        ben = create_customer(shop, name="Ben", phone="0912345678")

        shown = text(desk.post(self.URL, {"phone": "0912345678", "but": ben.pk}, headers=part("similar")))

        assert shown.strip() == ""

    def test_does_not_tell_agents_of_customers_of_others(self, shop):
        create_customer(shop, name="Ben", phone="0912345678")
        agent = signed_in(create_staff(shop, role="agent", only_own=True))

        assert text(agent.post(self.URL, {"phone": "0912345678"}, headers=part("similar"))).strip() == ""

    def test_is_only_posted_so_that_no_phone_lands_in_a_log(self, desk):
        assert desk.get(self.URL).status_code == 405


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
