"""An open page of a segment follows its members; chips lead to segments from the customer; Undo of a decision."""

import json

import pytest
from django.core.cache import cache

from regulars.segments.by_hand import set_members
from regulars.segments.models import Segment
from regulars.web import counts
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.segments.asked import names_in, segment
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "p#segment-fresh"}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    counts._known.clear()


@pytest.fixture
def shop():
    return create_shop("Hoa Sen", country="VN", slug="hoa-sen")


@pytest.fixture
def desk(shop):
    return signed_in(create_staff(shop, role="manager", name="Mai Trần"))


def version_in(html):
    return html.split("fresh?since=")[1][:16]


class TestAnOpenPage:
    def test_hears_nothing_while_the_members_stay(self, shop, desk):
        vips = segment(shop, "tags CONTAINS 'VIP'") if create_customer(shop, name="Ann", tags="VIP") else None
        home = f"/s/hoa-sen/segments/{vips.pk}/"
        page = desk.get(home).content.decode()

        answer = desk.get(f"{home}fresh?since={version_in(page)}", **PART)

        assert "as of" in page
        assert (answer.status_code, answer.content) == (204, b"")

    def test_fetches_the_rows_as_it_shows_them_when_somebody_joined(self, shop, desk):
        create_customer(shop, name="Ann", tags="VIP")
        vips = segment(shop, "tags CONTAINS 'VIP'")
        home = f"/s/hoa-sen/segments/{vips.pk}/"
        page = desk.get(home).content.decode()
        create_customer(shop, name="Bob", tags="VIP")
        assert names_in(vips) == ["Ann", "Bob"]

        seen = f"http://testserver{home}?sort=name"
        answer = desk.get(f"{home}fresh?since={version_in(page)}", HTTP_HX_CURRENT_URL=seen, **PART)

        html = answer.content.decode()
        assert answer.status_code == 200
        assert version_in(html) != version_in(page)
        assert f'hx-get="{home}?sort=name"' in html
        assert "<html" not in html

    def test_fetches_nothing_but_its_own_list(self, shop, desk):
        vips = segment(shop, "orders = 0")
        home = f"/s/hoa-sen/segments/{vips.pk}/"

        answer = desk.get(f"{home}fresh?since=x", HTTP_HX_CURRENT_URL="http://other/s/hoa-sen/?where=1", **PART)

        assert f'hx-get="{home}"' in answer.content.decode()


class TestADecision:
    def test_about_a_member_of_a_static_segment_is_undone_from_its_toast(self, shop, desk):
        ann = create_customer(shop, name="Ann")
        some = segment(shop, name="Some", kind="static")
        set_members(some, [ann.pk], True, staff=None, by=SYSTEM)
        decide = f"/s/hoa-sen/segments/{some.pk}/decide"

        desk.post(decide, {"customer": ann.pk, "decision": "out"})
        gone = names_in(some)
        undo = toast_of(desk)["undo"]
        desk.post(undo)

        assert gone == []
        assert undo == f"{decide}?customer={ann.pk}&decision=in"
        assert names_in(some) == ["Ann"]

    def test_that_changes_nothing_offers_no_undo(self, shop, desk):
        ann = create_customer(shop, name="Ann")
        some = segment(shop, "orders > 5")

        desk.post(f"/s/hoa-sen/segments/{some.pk}/decide", {"customer": ann.pk, "decision": "conditions"})

        assert toast_of(desk)["undo"] is None


def toast_of(desk):
    """The news that the next page brings."""
    page = desk.get("/s/hoa-sen/segments/")
    return json.loads(next(iter(page.wsgi_request._messages._loaded_messages)).extra_tags)


class TestChips:
    @pytest.fixture
    def ann(self, shop):
        ann = create_customer(shop, name="Ann")
        for number in range(1, 6):
            set_members(segment(shop, name=f"Set {number}", kind="static"), [ann.pk], True, staff=None, by=SYSTEM)
        return ann

    def test_in_the_head_of_a_customer_lead_to_the_first_three_segments(self, shop, desk, ann):
        html = desk.get(f"/s/hoa-sen/customers/{ann.pk}/").content.decode()
        first, fourth = Segment.objects.of(shop).get(name="Set 1"), Segment.objects.of(shop).get(name="Set 4")
        head = html.split('class="who-segments"')[1].split("</header>")[0]

        assert f'href="/s/hoa-sen/segments/{first.pk}/"' in head
        assert f"/segments/{fourth.pk}/" not in head
        assert "2 more" in head

    def test_in_the_list_cost_one_query_however_many_there_are(self, shop, desk, ann, django_assert_max_num_queries):
        address = "/s/hoa-sen/customers/?columns=segment"
        desk.get(address)
        with django_assert_max_num_queries(100) as few:
            html = desk.get(address).content.decode()
        for number in range(20):
            other = create_customer(shop, name=f"N{number}")
            set_members(Segment.objects.of(shop).get(name="Set 1"), [other.pk], True, staff=None, by=SYSTEM)
        with django_assert_max_num_queries(len(few.captured_queries)):
            desk.get(address)

        assert "2 more" in html
        assert 'class="dot is-' in html
