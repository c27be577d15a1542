"""Who sent whom on the pages, and contact buttons that leave a line in the timeline."""

import pytest

from regulars.customers.models import Customer, Note
from regulars.customers.operations import set_referral_code, set_referrer
from regulars.events.models import Event
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def desk(client, shop):
    client.force_login(create_staff(shop, role="manager").user, backend=BACKEND)
    return client


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê", email="ann@example.com", phone="0912345678")


def at(customer, path=""):
    return f"/s/hoa-sen/customers/{customer.pk}/{path}"


def text(response):
    return response.content.decode()


def sent_by(customer, shop, **raw):
    person = create_customer(shop, **raw)
    return set_referrer(person, f"#{customer.pk}", by=SYSTEM)


class TestTheTab:
    def test_lists_whom_they_sent(self, desk, shop, ann):
        ben = sent_by(ann, shop, name="Ben Trần")
        create_customer(shop, name="Cara")

        shown = text(desk.get(at(ann), {"tab": "referred"}))

        assert at(ben) in shown and "Ben Trần" in shown and "Cara" not in shown
        assert f'href="{at(ann)}">Ann Lê</a>' in text(desk.get(at(ben)))

    def test_shows_an_agent_only_their_own(self, client, shop, ann):
        own = create_staff(shop, role="agent", only_own=True)
        Customer.objects.filter(pk=ann.pk).update(staff=own)
        sent_by(ann, shop, name="Ben Trần")
        client.force_login(own.user, backend=BACKEND)

        assert "Ben Trần" not in text(client.get(at(ann), {"tab": "referred"}))

    def test_goes_on(self, desk, shop, ann):
        people = [sent_by(ann, shop, name=f"Guest {n:02}.") for n in range(31)]

        first = text(desk.get(at(ann), {"tab": "referred"}))

        assert "Guest 01." in first and "Guest 00." not in first
        older = desk.get(at(ann), {"tab": "referred", "before": people[1].pk})
        assert "Guest 00." in text(older)


class TestTheCode:
    def test_is_given_and_shown(self, desk, ann):
        desk.post(at(ann, "referral-code/"))

        code = Customer.objects.get(pk=ann.pk).referral_code
        assert f'data-copy="{code}"' in text(desk.get(at(ann), {"tab": "referred"}))

    def test_of_ones_choice_may_be_taken(self, desk, shop, ann):
        set_referral_code(create_customer(shop, name="Ben"), "TEA", by=SYSTEM)

        assert "Another customer has the code TEA" in text(
            desk.post(at(ann, "referral-code/"), {"code": "tea"}, follow=True)
        )
        desk.post(at(ann, "referral-code/"), {"code": "milk"})
        assert Customer.objects.get(pk=ann.pk).referral_code == "MILK"


class TestTheForm:
    def edit(self, desk, customer, referrer):
        version = Customer.objects.get(pk=customer.pk).version
        given = {"name": customer.name, "referrer": referrer, "version": version, "country": "", "group": "standard"}
        return desk.post(at(customer, "edit/"), given)

    def test_takes_a_code(self, desk, shop, ann):
        set_referral_code(ann, "TEA", by=SYSTEM)
        ben = create_customer(shop, name="Ben")

        assert self.edit(desk, ben, "tea").status_code == 302
        assert Customer.objects.get(pk=ben.pk).referred_by_id == ann.pk

    def test_says_of_a_circle_at_its_field(self, desk, shop, ann):
        ben = sent_by(ann, shop, name="Ben")

        answer = self.edit(desk, ann, f"#{ben.pk}")

        assert answer.status_code == 422 and "Ben was sent by this customer" in text(answer)
        assert Customer.objects.get(pk=ann.pk).referred_by_id is None

    def test_finds_people_as_one_types(self, desk, shop, ann):
        answer = text(desk.post("/s/hoa-sen/customers/referrers/", {"referrer": "ann l"}))

        assert f'<option value="#{ann.pk}">Ann Lê</option>' in answer

    def test_finds_an_agent_only_their_own(self, client, shop, ann):
        client.force_login(create_staff(shop, role="agent", only_own=True).user, backend=BACKEND)

        assert "Ann" not in text(client.post("/s/hoa-sen/customers/referrers/", {"referrer": "ann l"}))


class TestContacting:
    def test_a_click_is_written_down_and_answers_nothing(self, desk, ann):
        answer = desk.post(at(ann, "contacted/"), {"way": "zalo"})

        assert (answer.status_code, answer.content) == (204, b"")
        assert Event.objects.get(kind="customer.contacted").data == {"way": "zalo"}
        assert "Contacted: Zalo" in text(desk.get(at(ann)))

    def test_the_buttons_work_without_it(self, desk, ann):
        shown = text(desk.get(at(ann)))

        assert 'href="https://zalo.me/84912345678" data-way="zalo"' in shown
        assert f'data-contacted="{at(ann, "contacted/")}' in text(desk.get("/s/hoa-sen/customers/"))

    def test_a_call_with_a_note(self, desk, ann):
        given = {"way": "phone", "outcome": "call_back", "note": "After lunch"}

        assert desk.post(at(ann, "contacted/"), given).status_code == 302
        assert Note.objects.get().text == "After lunch"
        assert "To call back" in text(desk.get(at(ann)))

    def test_nonsense_is_said(self, desk, ann):
        assert desk.post(at(ann, "contacted/"), {"way": "pigeon"}).status_code == 422

    def test_is_not_for_viewers(self, client, shop, ann):
        client.force_login(create_staff(shop, role="viewer").user, backend=BACKEND)

        assert client.post(at(ann, "contacted/"), {"way": "zalo"}).status_code == 403
        assert not Event.objects.filter(kind="customer.contacted").exists()
