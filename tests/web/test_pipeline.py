"""The pipeline over HTTP: columns, cards, moving, and who sees what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.customers.models import Customer, Status
from regulars.customers.operations import set_staff, set_status
from regulars.customers.pipeline import SIZE
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def shop():
    return create_shop("Hoa Sen")


@pytest.fixture
def lan(shop):
    return create_staff(shop, role="manager", name="Lan")


def status(shop, key):
    return Status.objects.of(shop).get(key=key)


def desk(staff):
    client = Client()
    client.force_login(staff.user, backend=BACKEND)
    return client


def at(staff, path=""):
    return f"/s/{staff.shop.slug}/customers/pipeline/{path}"


def moved(staff, customer, to, was, **headers):
    given = {"to": to.pk if to else "", "was": was.pk if was else ""}
    return desk(staff).post(at(staff, f"{customer.pk}/move"), given, headers={"Accept": "application/json", **headers})


class TestTheBoard:
    def test_has_a_column_for_each_status_and_one_for_none(self, shop, lan):
        set_status(create_customer(shop, name="Bảo"), status(shop, "potential"), by=SYSTEM)
        create_customer(shop, name="Châu")

        page = desk(lan).get(at(lan)).content.decode()

        assert page.count("data-stage=") == 7
        potential, nobody = (page.split(f'data-stage="{key}"')[1] for key in (status(shop, "potential").pk, ""))
        assert "Bảo" in potential.split("</section>")[0]
        assert "Châu" in nobody

    @pytest.mark.parametrize(("days", "words"), [(0, "since today"), (1, "1 day"), (40, "40 days")])
    def test_says_how_long_somebody_is_there(self, shop, lan, days, words):
        ann = set_status(create_customer(shop, name="Ann"), status(shop, "potential"), by=SYSTEM)
        Customer.objects.filter(pk=ann.pk).update(status_at=ann.status_at - timedelta(days=days))

        page = desk(lan).get(at(lan)).content.decode()

        assert f"{words}</span>" in page and "At this status since" in page
        assert ("tone-warn" in page) == (days == 40)

    def test_shows_some_and_then_more(self, shop, lan):
        for number in range(SIZE + 3):
            create_customer(shop, name=f"Person {number:02}")

        client = desk(lan)
        page = client.get(at(lan)).content.decode()
        assert page.count("data-card=") == SIZE
        more = page.split('hx-get="')[-1]
        address = next(part for part in page.split('hx-get="') if "/more?" in part.split('"')[0]).split('"')[0]
        rest = client.get(address.replace("&amp;", "&")).content.decode()

        assert more
        assert rest.count("data-card=") == 3
        assert "Person 00" in rest

    def test_asks_as_often_for_many_as_for_few(self, shop, lan):
        stages = list(Status.objects.of(shop))
        client = desk(lan)

        def queries(people):
            for number in range(people):
                set_status(create_customer(shop, tags=f"t{number}"), stages[number % 6], by=SYSTEM)
            client.get(at(lan))
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(at(lan))
            return len(asked)

        assert queries(3) == queries(40)

    def test_takes_the_filter_and_the_search_of_the_list(self, shop, lan):
        create_customer(shop, name="Ann", company="Vuna")
        create_customer(shop, name="Ben")

        client = desk(lan)
        for query in ({"where": "company = 'Vuna'"}, {"search": "ann"}):
            page = client.get(at(lan), query).content.decode()
            assert 'data-name="Ann"' in page
            assert 'data-name="Ben"' not in page
        assert client.get(at(lan), {"where": "wrong = 1"}).status_code == 400

    def test_says_how_many_and_how_much(self, shop, lan):
        set_status(create_customer(shop), status(shop, "closed"), by=SYSTEM)

        totals = desk(lan).get(at(lan, "totals")).json()

        assert totals[str(status(shop, "closed").pk)]["count"] == "1"

    def test_shows_each_only_whom_they_may_see(self, shop):
        leo = create_staff(shop, role="agent", name="Leo", only_own=True)
        mia = create_staff(shop, role="agent", name="Mia")
        set_staff(create_customer(shop, name="Shared"), [mia.pk, leo.pk], by=SYSTEM)
        hidden = create_customer(shop, name="Hidden")

        page = desk(leo).get(at(leo)).content.decode()

        assert "Shared" in page
        assert "Hidden" not in page
        assert desk(leo).get(at(leo, "totals")).json()[""]["count"] == "1"
        assert moved(leo, hidden, status(shop, "closed"), None).status_code == 404

    def test_is_read_only_for_a_viewer(self, shop):
        viewer = create_staff(shop, role="viewer")
        ann = create_customer(shop, name="Ann", phone="0901234567")

        page = desk(viewer).get(at(viewer)).content.decode()

        assert "data-movable" not in page
        assert "901234567" not in page
        assert moved(viewer, ann, status(shop, "closed"), None).status_code == 403


class TestMovingACard:
    def test_changes_the_status_and_offers_to_undo(self, shop, lan):
        ann, closing = create_customer(shop, name="Ann"), status(shop, "closing")

        answer = moved(lan, ann, closing, None)

        ann.refresh_from_db()
        assert ann.status == closing
        (toast,) = answer.json()["toasts"]
        assert desk(lan).post(toast["undo"]).status_code == 302
        ann.refresh_from_db()
        assert ann.status is None

    def test_is_refused_when_somebody_was_faster(self, shop, lan):
        ann = create_customer(shop, name="Ann")
        set_status(ann, status(shop, "contacted"), by=SYSTEM)

        answer = moved(lan, ann, status(shop, "closed"), None)

        assert answer.status_code == 409
        assert "Contacted" in answer.json()["toasts"][0]["text"] or "Ann" in answer.json()["toasts"][0]["text"]
        ann.refresh_from_db()
        assert ann.status == status(shop, "contacted")

    def test_is_refused_to_a_status_of_another_shop(self, shop, lan):
        ann, theirs = create_customer(shop, name="Ann"), status(create_shop("Other"), "closed")

        assert moved(lan, ann, theirs, None).status_code == 409
        ann.refresh_from_db()
        assert ann.status is None
