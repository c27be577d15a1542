"""Addresses, consent, the citizen id and the picture on a customer's page."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from regulars.customers.drafts import AddressDraft
from regulars.customers.models import Avatar, ConsentEntry, Customer
from regulars.customers.operations import add_address
from tests.factories import SYSTEM, create_customer, create_staff
from tests.web.customers.desk import at, kinds_of, part, text
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


class TestAddresses:
    def test_are_added_changed_and_removed(self, desk, ann):
        given = {"address_country": "PH", "address1": "5 Mabini", "ward": "Poblacion", "city": "Makati", "billing": "1"}
        desk.post(at(ann, "addresses/"), given)
        home = ann.addresses.get()
        assert (home.ward, home.is_default_billing, home.is_default_shipping) == ("Poblacion", True, True)

        desk.post(at(ann, f"addresses/{home.pk}/"), {**given, "city": "Manila"})
        home.refresh_from_db()
        assert home.city == "Manila"

        desk.post(at(ann, f"addresses/{home.pk}/remove/"))
        assert not ann.addresses.exists()

    def test_the_default_moves(self, desk, ann):
        first, second = (add_address(ann, AddressDraft(line1=f"{n} Lê Lợi"), by=SYSTEM) for n in (1, 2))

        desk.post(at(ann, f"addresses/{second.pk}/default/"), {"use": "shipping"})

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.is_default_shipping, first.is_default_billing, second.is_default_shipping) == (False, True, True)

    def test_one_that_says_no_place_is_refused_with_what_was_typed(self, desk, ann):
        answer = desk.post(at(ann, "addresses/"), {"recipient": "Chị Đào"}, headers=part("dialog-body"))

        assert answer.status_code == 422
        assert "needs at least a street" in text(answer) and "Chị Đào" in text(answer)

    def test_the_same_twice_is_refused(self, desk, ann):
        add_address(ann, AddressDraft(line1="1 Lê Lợi"), by=SYSTEM)
        second = add_address(ann, AddressDraft(line1="2 Lê Lợi"), by=SYSTEM)

        answer = desk.post(at(ann, f"addresses/{second.pk}/"), {"address1": "1 le loi"})

        assert answer.status_code == 422
        assert "already has this address" in text(answer)


class TestConsent:
    def test_a_change_is_recorded_with_its_proof(self, desk, ann):
        said = {"channel": "sms", "state": "1", "source": "On the phone", "at": "2024-05-01T10:00"}
        desk.post(at(ann, "consent/"), said)

        word, ann = ConsentEntry.objects.get(), Customer.objects.get()
        assert (word.source, word.at, ann.consent_sms) == ("On the phone", datetime(2024, 5, 1, 3, tzinfo=UTC), 1)
        assert "On the phone" in text(desk.get(at(ann), {"tab": "account"}))

    @pytest.mark.parametrize(
        "wrong",
        [{"source": " "}, {"state": "0"}, {"state": "9"}, {"channel": "fax"}, {"at": "x"}, {"at": "2999-01-01T00:00"}],
    )
    def test_without_proof_or_sense_nothing_is_recorded(self, desk, ann, wrong):
        given = {"channel": "sms", "state": "1", "source": "Paper", "at": "", **wrong}

        assert desk.post(at(ann, "consent/"), given).status_code == 422
        assert not ConsentEntry.objects.exists()


class TestTheCitizenId:
    def test_is_revealed_to_those_who_may_and_that_is_recorded(self, desk, shop):
        ann = create_customer(shop, name="Ann", citizen_id="001099012345")
        assert "001099012345" not in text(desk.get(at(ann), {"tab": "account"}))

        shown = text(desk.post(at(ann, "citizen-id/?tab=account"), headers=part("citizen-id")))

        assert "001099012345" in shown
        assert kinds_of(ann)[0] == "customer.citizen_id_revealed"

    def test_agents_may_not(self, shop):
        ann = create_customer(shop, name="Ann", citizen_id="001099012345")
        agent = signed_in(create_staff(shop, role="agent"))

        assert "Reveal" not in text(agent.get(at(ann), {"tab": "account"}))
        assert agent.post(at(ann, "citizen-id/")).status_code == 403
        assert kinds_of(ann) == ["customer.created"]


class TestThePicture:
    def test_is_uploaded_served_and_removed(self, desk, ann):
        assert upload(desk, ann, png()).status_code == 302

        shown = desk.get(at(ann, "avatar"))
        assert shown.content == bytes(Avatar.objects.get().image)
        assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/webp", "nosniff")
        assert "sandbox" in shown["Content-Security-Policy"] and "private" in shown["Cache-Control"]
        assert desk.get(at(ann, "avatar"), headers={"If-None-Match": shown["ETag"]}).status_code == 304
        assert f'src="{at(ann, "avatar")}?' in text(desk.get(at(ann)))

        desk.post(at(ann, "picture/remove/"))
        assert desk.get(at(ann, "avatar")).status_code == 404

    def test_what_is_no_picture_is_refused_in_words(self, desk, ann):
        answer = upload(desk, ann, b"<svg onload=alert(1)>")

        assert answer.status_code == 422
        assert "not a picture we can read" in text(answer)
        assert desk.post(at(ann, "picture/")).status_code == 422
        assert not Avatar.objects.exists()

    def test_of_another_shops_customer_is_not_there(self, desk):
        stranger = create_customer(name="Stranger")

        assert desk.get(at(stranger, "avatar")).status_code == 404
        assert upload(desk, stranger, png()).status_code == 404


def png():
    out = BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 200)).save(out, "PNG")
    return out.getvalue()


def upload(client, customer, content):
    return client.post(at(customer, "picture/"), {"picture": SimpleUploadedFile("me.png", content, "image/png")})
