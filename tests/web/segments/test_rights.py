"""Who may do what with segments, and where they turn up elsewhere."""

import json

import pytest

from regulars.customers.models import Customer
from regulars.segments.by_hand import set_members
from regulars.segments.members import members
from regulars.segments.models import Segment
from tests.factories import SYSTEM, create_shop, create_staff
from tests.web.segments.desk import at, made, part, text
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


class TestASelection:
    def test_becomes_a_static_segment(self, desk, shop, ann, bob):
        asked = desk.post(at(path="selected/"), {"ids": [ann.pk, bob.pk]}, headers=part("dialog-body"))
        assert "2 customers" in text(asked)

        desk.post(at(path="selected/save"), {"name": "Chosen", "selection": json.dumps({"ids": [ann.pk]})})

        assert list(members(Segment.objects.of(shop).get(name="Chosen"))) == [ann]

    def test_of_all_that_match_is_kept_as_well(self, desk, shop, ann, bob):
        selection = {"where": "city = 'Đà Lạt'", "search": "", "excluded": []}

        desk.post(at(path="selected/save"), {"name": "South", "selection": json.dumps(selection)})

        assert list(members(Segment.objects.of(shop).get(name="South"))) == [bob]

    def test_is_put_into_a_segment_and_taken_back(self, desk, shop, ann, bob):
        segment = made(shop)
        form = {"selection": json.dumps({"ids": [bob.pk]}), "value": segment.pk, "decision": "in"}

        done = desk.post("/s/hoa-sen/customers/bulk/segment/run", form, follow=True)
        assert set(members(segment)) == {ann, bob}
        desk.post(text(done).split('action="/s/hoa-sen/jobs/')[1].split('"')[0].join(("/s/hoa-sen/jobs/", "")))

        assert set(members(segment)) == {ann}


class TestWhoMay:
    def test_a_viewer_sees_and_changes_nothing(self, shop, ann):
        viewer = signed_in(create_staff(shop, role="viewer"))
        segment = made(shop)

        assert "Ann Lê" in text(viewer.get(at(segment)))
        refused = [viewer.get(at(path="new/")), viewer.get(at(segment, "edit/")), viewer.post(at(segment, "delete/"))]
        assert {answer.status_code for answer in refused} == {403}

    def test_an_agent_changes_their_own_only(self, shop, manager, agent):
        theirs, others = made(shop, "Mine", staff=agent), made(shop, "Others", staff=manager)
        client = signed_in(agent)

        assert client.get(at(theirs, "edit/")).status_code == 200
        refused = [
            client.get(at(others, "edit/")),
            client.post(at(others, "convert/")),
            client.post(at(others, "delete/")),
        ]
        assert {answer.status_code for answer in refused} == {403}
        form = {"selection": json.dumps({"ids": []}), "value": others.pk, "decision": "in"}
        assert client.post("/s/hoa-sen/customers/bulk/segment/run", form).status_code == 422

    def test_a_segment_of_another_shop_does_not_exist(self, desk):
        other = made(create_shop("Other"))

        assert desk.get(at(other)).status_code == 404
        assert desk.get(at(other, "edit/")).status_code == 404

    def test_who_sees_only_their_own_learns_of_no_others(self, shop, ann, bob):
        limited = create_staff(shop, role="agent", only_own=True)
        Customer.objects.filter(pk=ann.pk).update(staff=limited)
        segment = made(shop, where="city IS NOT NULL")
        set_members(segment, [bob.pk], False, staff=None, by=SYSTEM)
        client = signed_in(limited)

        pages = [text(client.get(at(segment, path))) for path in ("", "moves/", "by-hand/", "question/")]
        listed = text(client.get(at()))

        assert "1 of your customers" in pages[1]
        assert not any("Bob" in page for page in pages)
        assert "Of yours" in listed and "spark" not in listed
        assert client.get(at(segment, "size/")).status_code == 404
        assert client.get(at(segment, f"why/{bob.pk}/")).status_code == 404
        assert json.loads(client.get(at(path="people?q=bob")).content) == []

    def test_a_question_about_contact_data_is_not_told_to_who_may_not_see_them(self, shop):
        viewer = signed_in(create_staff(shop, role="viewer"))
        segment = made(shop, where="email CONTAINS 'secret'")

        page = text(viewer.get(at(segment, "question/")))

        assert "secret" not in page
        assert "data that your role does not show" in page


class TestElsewhere:
    def test_the_customer_page_tells_of_segments(self, desk, shop, ann):
        made(shop)

        page = text(desk.get(f"/s/hoa-sen/customers/{ann.pk}/?tab=segments"))

        assert "VIPs" in page
        assert "since at least" in page

    def test_the_search_finds_segments_by_name(self, desk, shop):
        segment = made(shop, "Silk lovers")

        assert at(segment) in text(desk.get("/s/hoa-sen/search?q=silk"))
