"""Within one shop: an agent limited to their own customers, and a viewer who may not see contact data."""

import base64
import json
import re
from urllib.parse import quote, unquote, urlencode

import pytest
from django.utils.timezone import localdate

from regulars.catalog.activity import record_activity
from regulars.customers.models import Address, Customer, Note, PossibleDuplicate
from regulars.customers.note_files import Upload, keep_files
from regulars.customers.operations import add_note, set_referrer, set_staff, update_customer
from regulars.customers.operations.households import link_household
from regulars.orders.models import Order
from regulars.orders.operations import record_order
from regulars.segments.operations import create_segment
from regulars.shops.models import JobRun
from regulars.tasks.due import Due
from regulars.tasks.operations import Facts, add_task
from regulars.web.customers.sections.tabs import NAMES
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.house.asking import pages_for, said, signed_in
from tests.house.canary import marked_customer, marked_order, marked_view
from tests.house.objects import MAKERS
from tests.house.routes import routes_in_a_shop

pytestmark = pytest.mark.django_db

MARK = "OTHERX"
TABS = [f"tab={name}" for name in NAMES]
OF_ONE = [route for route in routes_in_a_shop() if route.path.startswith(("customers/<int:pk>/", "orders/<int:pk>/"))]


@pytest.fixture(scope="class")
def shop(kept):
    return create_shop("Here")


def loaded(customer):
    """The customer as stored: what is made once for a class is shared, and tests change what they hold."""
    return Customer.objects.get(pk=customer.pk)


class TestAnAgentLimitedToTheirOwn:
    @pytest.fixture(scope="class")
    def agent(self, shop):
        return create_staff(shop, role="agent", only_own=True)

    @pytest.fixture(scope="class")
    def pages(self, agent):
        return list(pages_for(agent))

    @pytest.fixture
    def desk(self, agent):
        return signed_in(agent)

    @pytest.fixture(scope="class")
    def kept_other(self, shop):
        """Somebody else's customer; shared words of the shop, such as tags, are not theirs."""
        return marked_customer(shop, MARK, tags="")

    @pytest.fixture(scope="class")
    def kept_own(self, shop, agent):
        return marked_customer(shop, "MINE", staff=agent.user.email, tags="", citizen_id="", email="mine@example.com")

    @pytest.fixture(autouse=True)
    def other(self, kept_other):
        return loaded(kept_other)

    @pytest.fixture
    def own(self, kept_own):
        return loaded(kept_own)

    @pytest.mark.parametrize("route", OF_ONE, ids=[route.name for route in OF_ONE])
    def test_has_no_page_of_somebody_elses_customer(self, desk, agent, shop, other, route):
        order = Order.objects.of(shop).get(customer=other)
        ids = {"pk": order.pk if route.path.startswith("orders/") else other.pk, "figure": "debt"}
        note = Note.objects.of(shop).filter(customer=other).first()
        keep_files(note, [Upload("plan.txt", b"x")])
        ids |= {"note": note.pk, "file": note.files.get().pk}
        ids |= {"address": Address.objects.of(shop).get(customer=other).pk}
        url = route.url(shop.slug, **{name: ids[name] for name in route.parameters})

        gone = 404 if all(map(agent.may, route.permissions)) else 403
        assert desk.get(url).status_code in (gone, 405)
        assert desk.post(url, {"text": "x", "status": "", "staff": ""}).status_code in (gone, 405)
        assert Customer.objects.of(shop).get(pk=other.pk).version == other.version

    @pytest.mark.parametrize("asked", ["", "search=OTHERX", "q=OTHERX", "search=OTHERX-1", "sort=name&size=100",
                                       "where=name IS NOT NULL", "where=total_spent >= 0", "everyone=1"])  # fmt: skip
    def test_is_told_nothing_of_somebody_elses(self, desk, pages, own, shop, other, asked):
        told = []
        order = Order.objects.of(shop).get(customer=other)
        for route, url in [*pages, *((r, f"/s/{shop.slug}/customers/{own.pk}/") for r in OF_ONE[:1])]:
            body = said(desk.get(f"{url}?{quote(asked, safe='=&')}"))
            if route.name not in MAKERS:
                body = body.replace(f"/customers/{own.pk}/", "")
            body = body.replace(asked.partition("=")[2] or "-", "")
            if MARK in body or f"/customers/{other.pk}/" in body or f"/orders/{order.pk}/" in body:
                told.append(url)
        assert told == []

    @pytest.mark.parametrize("tab", TABS)
    def test_is_told_nothing_of_those_who_are_beside_their_own(self, desk, shop, own, other, tab):
        """Who sent whom, who lives with whom, who may be whom, whose order names whose address."""
        beside = create_customer(shop, name=f"{MARK} Bea", email=f"{MARK}.bea@example.com")
        set_referrer(own, f"#{other.pk}", by=SYSTEM)
        set_referrer(beside, f"#{own.pk}", by=SYSTEM)
        link_household([own, other], by=SYSTEM)
        PossibleDuplicate.objects.create(shop=shop, first=other, second=own, score=90, reasons=["email"])
        facts = marked_order(shop, MARK, other, external_id="related", number=f"{MARK}-2", email="mine@example.com")
        order = Order.objects.of(shop).get(pk=record_order(shop, facts, by=SYSTEM).order_id)

        body = said(desk.get(f"/s/{shop.slug}/customers/{own.pk}/?{tab}"))

        assert "MINE" in body
        assert MARK not in body and f"/customers/{other.pk}/" not in body and f"/orders/{order.pk}/" not in body

    @pytest.mark.parametrize("text", ["OTHERX", "OTHERX@example.com", "R-OTHERX", "T-OTHERX", "zalo-OTHERX"])
    @pytest.mark.parametrize("path", ["search?q=", "customers/?search=", "orders/?search=", "customers/count?search="])
    def test_finds_nobody_elses(self, desk, shop, own, other, path, text):
        body = said(desk.get(f"/s/{shop.slug}/{path}{text}"))

        assert f"/customers/{other.pk}/" not in body
        assert f"{MARK} Ann" not in body
        assert f"/orders/{Order.objects.of(shop).get(customer=other).pk}/" not in body

    def test_sees_those_they_share_wherever_they_see_their_own(self, desk, agent, shop, other):
        """Responsible beside somebody else is responsible: nothing of it stays hidden."""
        mia = create_staff(shop, role="agent")
        set_staff(other, [mia.pk, agent.pk], by=SYSTEM)
        order = Order.objects.of(shop).get(customer=other)

        for path in ("customers/", "customers/pipeline/", "orders/", f"customers/{other.pk}/", "search?q=OTHERX"):
            assert MARK in said(desk.get(f"/s/{shop.slug}/{path}")), path
        assert desk.get(f"/s/{shop.slug}/orders/{order.pk}/").status_code == 200
        assert f"/customers/{other.pk}/" in said(desk.get(f"/s/{shop.slug}/customers/?where=staff = me"))

    def test_changes_only_their_own_of_many(self, desk, shop, own, other):
        before = list(JobRun.objects.of(shop).values_list("pk", flat=True))
        selections = ({"ids": [own.pk, other.pk]}, {"where": "", "search": "", "expected": 2})
        for number, selection in enumerate(selections):
            given = {"selection": json.dumps(selection), "add": f"t{number}", "key": f"k{number}"}
            desk.post(f"/s/{shop.slug}/customers/bulk/tag/run", given)

        own.refresh_from_db()
        other.refresh_from_db()
        assert (len(own.tag_ids), other.tag_ids) == (2, [])
        assert [run.total for run in JobRun.objects.of(shop).exclude(pk__in=before)] == [1, 1]

    def test_sees_nobody_elses_among_the_similar(self, desk, shop, other):
        given = {"name": other.name, "email": other.email, "company": other.company}

        assert f"/customers/{other.pk}/" not in said(desk.post(f"/s/{shop.slug}/customers/similar/", given))

    def test_is_refused_an_address_in_use_without_learning_whose(self, desk, shop, other):
        body = said(desk.post(f"/s/{shop.slug}/customers/new/", {"name": "Eve", "email": other.email}))

        assert f"/customers/{other.pk}/" not in body
        assert f"{MARK} Ann" not in body


class TestAViewerWithoutContactData:
    EMAIL, PHONE = "hiddenmail", "912345678"

    @pytest.fixture(scope="class")
    def viewer(self, shop):
        return create_staff(shop, role="viewer")

    @pytest.fixture(scope="class")
    def pages(self, viewer, kept_ann):
        return list(pages_for(viewer))

    @pytest.fixture
    def desk(self, viewer):
        return signed_in(viewer)

    @pytest.fixture
    def ann(self, kept_ann):
        return loaded(kept_ann)

    @pytest.fixture(scope="class")
    def kept_ann(self, shop):
        """Contact data in every place that holds some, and in what changed of them."""
        ann = create_customer(
            shop, name="Ann", email=f"{self.EMAIL}@example.com", phone=f"0{self.PHONE}", address1="1 Lê Lợi",
            address_phone=f"0{self.PHONE}", zalo_id=f"{self.EMAIL}z", referrer=f"{self.EMAIL}@friends.example",
        )  # fmt: skip
        place = {"recipient": "Ann", "address1": "1 Lê Lợi", "address_phone": f"0{self.PHONE}"}
        record_order(shop, marked_order(shop, "A", ann, shipping_address=place, billing_address=place), by=SYSTEM)
        update_customer(ann, {"email": f"{self.EMAIL}2@example.com", "phone": f"+84{self.PHONE}"}, by=SYSTEM)
        add_note(ann, "likes tea", by=SYSTEM)
        self.put_beside(ann)
        return ann

    def put_beside(self, ann):
        """Those who are known by their contact data only, whatever they are to Ann, and something in every tab."""
        shop = ann.shop
        ben, cy, dao = (
            create_customer(shop, email=f"{self.EMAIL}.{name}@example.com") for name in ("ben", "cy", "dao")
        )
        set_referrer(ann, f"#{ben.pk}", by=SYSTEM)
        set_referrer(cy, f"#{ann.pk}", by=SYSTEM)
        link_household([ann, dao], by=SYSTEM)
        PossibleDuplicate.objects.create(shop=shop, first=ann, second=cy, score=90, reasons=["email"])
        facts = marked_order(shop, "B", ben, external_id="related", phone=f"0{self.PHONE}", email=ann.email)
        record_order(shop, facts, by=SYSTEM)
        add_task(shop, Facts("Ring them", Due(localdate()), create_staff(shop), customer=ann), by=SYSTEM)
        segment = create_segment(shop, name="Taken", kind="static", customer_ids=[ann.pk], by=SYSTEM)
        assert segment.size == 1
        record_activity(shop, [marked_view("A", ann)], by=SYSTEM)

    def is_told(self, response):
        body = unquote(said(response)).lower()
        return self.EMAIL in body or self.PHONE in re.sub(r"[^0-9a-z<>/\"]", "", body)

    @pytest.mark.parametrize("asked", ["", "search=Ann", "q=Ann", "sort=name", "columns=name", TABS[-1]])
    def test_sees_none(self, desk, pages, shop, ann, asked):
        (order,) = Order.objects.of(shop).filter(customer=ann)
        homes = [url for _route, url in pages]
        homes += [f"/s/{shop.slug}/customers/{ann.pk}/", f"/s/{shop.slug}/orders/{order.pk}/"]
        homes += [f"/s/{shop.slug}/customers/{ann.pk}/why/debt/", f"/s/{shop.slug}/customers/?where=name='Ann'"]

        told = [url for url in homes if self.is_told(desk.get(f"{url}{'&' if '?' in url else '?'}{asked}"))]

        assert told == []

    @pytest.mark.parametrize("tab", TABS)
    def test_sees_none_in_a_tab(self, desk, shop, ann, tab):
        assert not self.is_told(desk.get(f"/s/{shop.slug}/customers/{ann.pk}/?{tab}"))

    def test_is_spared_what_an_agent_sees(self, shop, ann):
        """Else the test above would look for the wrong thing."""
        agent = signed_in(create_staff(shop, role="agent"))

        tabs = (f"customers/{ann.pk}/?tab={name}" for name in ("timeline", "related", "referred", "account"))
        for tail in ("customers/", f"customers/{ann.pk}/", *tabs):
            assert self.is_told(agent.get(f"/s/{shop.slug}/{tail}"))

    @pytest.mark.parametrize("field", ["email", "phone", "phone_written", "zalo_id", "customer_email", "contact"])
    @pytest.mark.parametrize("name", ["where", "sort", "columns"])
    def test_cannot_ask_sort_or_show_by_it(self, desk, shop, ann, name, field):
        value = f"{field} CONTAINS 'a'" if name == "where" else field

        assert desk.get(f"/s/{shop.slug}/customers/?{urlencode({name: value})}").status_code == 400

    @pytest.mark.parametrize(
        "text", ["hiddenmail", "hiddenmail2@example.com", "0912345678", "+84912345678", "912345678"]
    )
    @pytest.mark.parametrize("path", ["search?q=", "customers/?search=", "orders/?search="])
    def test_finds_nobody_by_it(self, desk, shop, ann, path, text):
        body = said(desk.get(f"/s/{shop.slug}/{path}{quote(text)}"))

        assert f"/customers/{ann.pk}/" not in body

    def test_reads_none_in_the_address_of_the_next_page(self):
        """Those without a name are sorted by what they can be reached by."""
        shop = create_shop("Nameless")
        desk = signed_in(create_staff(shop, role="viewer"))
        for number in range(26):
            create_customer(shop, email=f"{self.EMAIL}{number}@example.com")

        body = said(desk.get(f"/s/{shop.slug}/customers/?sort=name&size=25"))

        cursors = set(re.findall(r"at=([^\"&]+)", body))
        assert cursors
        for at in cursors:
            parts = (part + "=" * (-len(part) % 4) for part in unquote(at).split(":"))
            assert self.EMAIL.encode() not in b"".join(base64.urlsafe_b64decode(part) for part in parts)
        assert self.EMAIL not in body
