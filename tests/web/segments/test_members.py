"""Who is in a segment, on pages: the list, coming and going, by hand, why."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.customers.models import Customer
from regulars.segments.by_hand import set_members
from regulars.segments.members import members
from regulars.segments.models import Override, Segment, SegmentSize
from tests.factories import SYSTEM, create_customer
from tests.web.segments.desk import at, made, part, text

pytestmark = pytest.mark.django_db


class TestTheMembers:
    def test_are_a_list_that_can_be_filtered(self, desk, shop, ann):
        create_customer(shop, name="Cam", city="Huế")
        segment = made(shop)

        page = text(desk.get(at(segment, "?where=tags CONTAINS VIP")))

        assert "Ann Lê" in page
        assert ">Cam<" not in page

    def test_selected_all_are_those_of_the_segment_only(self, desk, shop, ann, bob):
        segment = made(shop)

        page = text(desk.get(at(segment)))

        assert 'form="selection" name="where" value="segment = &#39;vips&#39;"' in page

    def test_lead_to_customers_who_know_the_way_back(self, desk, shop, ann):
        segment = made(shop)

        page = text(desk.get(at(segment)))

        assert f"customers/{ann.pk}/?list=where%3Dsegment%2B%253D%2B%2527vips%2527" in page

    def test_can_be_asked_for_an_earlier_day_as_far_as_the_history_reaches(self, desk, shop, ann, bob):
        segment = made(shop)
        long_ago = timezone.now() - timedelta(days=9)
        Segment.objects.filter(pk=segment.pk).update(defined_at=long_ago)
        set_members(segment, [bob.pk], True, staff=None, by=SYSTEM)
        day = timezone.localdate() - timedelta(days=3)

        then = text(desk.get(at(segment, f"then/{day.isoformat()}/")))

        assert "Ann Lê" in then
        assert "Bob Võ" not in then
        assert desk.get(at(segment, f"then/{(day - timedelta(days=30)).isoformat()}/")).status_code == 404
        assert desk.get(at(segment, "then/yesterday/")).status_code == 404
        assert desk.get(at(segment, f"then/?day={day.isoformat()}")).url == at(segment, f"then/{day.isoformat()}/")

    def test_go_to_the_export_of_customers(self, desk, shop):
        segment = made(shop)

        assert desk.get(at(segment, "export/")).url == "/s/hoa-sen/customers/export/?where=segment+%3D+%27vips%27"


class TestComingAndGoing:
    def test_is_told_newest_first_with_the_way_to_the_reason(self, desk, shop, ann, bob):
        segment = made(shop)
        Customer.objects.filter(pk=bob.pk).update(city="Huế")
        set_members(segment, [bob.pk], None, staff=None, by=SYSTEM)
        set_members(segment, [ann.pk], False, staff=None, by=SYSTEM)

        page = text(desk.get(at(segment, "moves/")))

        assert page.index("Ann Lê") < page.index("Bob Võ")
        assert at(segment, f"why/{ann.pk}/") in page
        joined = text(desk.get(at(segment, "moves/?way=joined")))
        assert "Bob Võ" in joined
        assert "Ann Lê" not in joined

    def test_goes_on_page_by_page(self, desk, shop, monkeypatch):
        segment = made(shop)
        monkeypatch.setattr("regulars.web.segments.history.SIZE", 2)
        people = [create_customer(shop, name=f"Guest {n}").pk for n in range(5)]
        for pk in people:
            set_members(segment, [pk], True, staff=None, by=SYSTEM)

        first = text(desk.get(at(segment, "moves/")))
        before = first.split("moves/?before=")[1].split('"')[0].replace("&amp;", "&")
        second = text(desk.get(at(segment, f"moves/?before={before}"), headers=part("moves-rest")))

        assert "Guest 4" in first and "Guest 3" in first and "Guest 2" not in first
        assert "Guest 2" in second and "Guest 1" in second and "Guest 3" not in second

    def test_has_a_chart_and_the_same_as_a_table(self, desk, shop, ann):
        segment = made(shop)
        SegmentSize.objects.create(
            shop=shop, segment=segment, day=timezone.localdate() - timedelta(days=2), size=7, left=3
        )

        page = text(desk.get(at(segment, "size/?days=90")))

        assert '<svg class="chart"' in page
        assert page.count("<tr>") == 1 + 3


class TestByHand:
    def test_puts_somebody_in_and_lets_conditions_decide_again(self, desk, shop, manager, ann, bob):
        segment = made(shop)

        desk.post(at(segment, "decide"), {"customer": bob.pk, "decision": "in"})
        assert set(members(segment)) == {ann, bob}
        assert "Mai Trần" in text(desk.get(at(segment, "by-hand/")))

        desk.post(at(segment, "decide"), {"customer": bob.pk, "decision": "conditions"})
        assert set(members(segment)) == {ann}
        assert not Override.objects.of(shop).exists()

    def test_finds_customers_to_choose_from(self, desk, ann, bob):
        found = json.loads(desk.get(at(path="people?q=bob")).content)

        assert [one["value"] for one in found] == [str(bob.pk)]

    def test_of_nobody_changes_nothing(self, desk, shop, ann):
        segment = made(shop)

        desk.post(at(segment, "decide"), {"customer": "", "decision": "out"})

        assert set(members(segment)) == {ann}


class TestWhy:
    def test_says_condition_by_condition_what_the_customer_has(self, desk, shop, ann, bob):
        segment = made(shop, where="city = 'Huế' AND orders = 0")

        page = text(desk.get(at(segment, f"why/{bob.pk}/")))

        assert "Why Bob Võ is not in" in page
        assert "City is Huế" in page
        assert "has: Đà Lạt" in page

    def test_names_who_decided_by_hand(self, desk, shop, bob):
        segment = made(shop)
        desk.post(at(segment, "decide"), {"customer": bob.pk, "decision": "in"})

        page = text(desk.get(at(segment, f"why/{bob.pk}/")))

        assert "Put in by hand" in page
        assert "Mai Trần" in page
