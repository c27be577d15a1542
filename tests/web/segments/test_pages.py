"""The pages of segments: the list, one segment, making and changing them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from regulars.customers.models import Customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.segments.members import members
from regulars.segments.models import Segment, SegmentSize
from tests.factories import create_customer, create_shop
from tests.web.segments.desk import at, made, part, text
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


class TestTheList:
    def test_teaches_with_templates_while_it_is_empty(self, desk):
        page = text(desk.get(at()))

        assert "Ask once, and always have the answer" in page
        assert "?template=best" in page

    def test_shows_count_share_and_users(self, desk, shop, ann, bob):
        made(shop)
        made(shop, "Others", "NOT segment = 'vips'")

        page = text(desk.get(at()))

        assert "2 segments" in page
        assert "50 %" in page
        assert 'title="the segment “Others”"' in page

    def test_draws_how_a_size_went_with_words_beside_it(self, desk, shop, ann):
        segment = made(shop)
        day = timezone.localdate() - timedelta(days=5)
        SegmentSize.objects.create(shop=shop, segment=segment, day=day, size=4)

        page = text(desk.get(at()))

        assert 'aria-label="From 4 to 1 in 6 days"' in page

    def test_keeps_those_whose_name_or_folder_holds_the_words(self, desk, shop):
        made(shop, "Loyal ones", folder="Spring")
        made(shop, "Lost ones")

        rows = text(desk.get(at(path="?search=spring"), headers=part("segment-rows")))

        assert "Loyal ones" in rows
        assert "Lost ones" not in rows

    def test_asks_as_often_for_many_segments_as_for_two(self, desk, shop, django_assert_max_num_queries):
        for n in range(12):
            made(shop, f"Segment {n}")

        with django_assert_max_num_queries(24):
            desk.get(at())


class TestTheTemplates:
    def test_begin_a_segment_with_name_reason_and_question(self, desk):
        page = text(desk.get(at(path="new/?template=debt")))

        assert 'value="With debt"' in page
        assert "debt &gt; 0" in page

    def test_stand_by_what_they_are_good_for(self, desk):
        page = text(desk.get(at(path="templates/")))

        assert page.index("What they are worth") < page.index("How they come and go") < page.index("What needs care")


class TestMakingASegment:
    def test_goes_to_its_page(self, desk, shop, manager, ann):
        answer = desk.post(
            at(path="new/"), {"name": "Huế", "where": "city = 'Huế'", "colour": "pink", "kind": "dynamic"}
        )

        segment = Segment.objects.of(shop).get()
        assert answer.url == at(segment)
        assert (segment.created_by, segment.colour, segment.where) == (manager, "pink", "city = 'Huế'")

    def test_shows_that_it_is_being_built_and_then_who_is_in_it(self, desk, shop, ann):
        desk.post(at(path="new/"), {"name": "Huế", "where": "city = 'Huế'", "colour": "grey", "kind": "dynamic"})
        segment = Segment.objects.of(shop).get()

        assert "Finding the members" in text(desk.get(at(segment)))
        assert "Finding the members" in text(desk.get(at(segment, "progress"), headers=part("progress")))
        assert "0 % of all" not in text(desk.get(at(segment))) and ">0 %<" not in text(desk.get(at()))
        run_waiting_jobs()

        assert desk.get(at(segment, "progress"), headers=part("progress"))["HX-Redirect"] == at(segment)
        assert "Ann Lê" in text(desk.get(at(segment)))

    def test_keeps_what_was_typed_when_the_question_is_wrong(self, desk, shop):
        answer = desk.post(
            at(path="new/"), {"name": "Feet", "where": "shoe_size > 40", "colour": "grey", "kind": "dynamic"}
        )

        assert answer.status_code == 422
        assert "shoe_size" in text(answer)
        assert 'value="Feet"' in text(answer)
        assert not Segment.objects.of(shop).exists()

    def test_says_that_a_name_is_taken(self, desk, shop):
        made(shop, "VIPs")

        answer = desk.post(at(path="new/"), {"name": "vips", "where": "", "colour": "grey", "kind": "dynamic"})

        assert answer.status_code == 422
        assert "There is already a segment “VIPs”." in text(answer)

    def test_of_chosen_customers_keeps_exactly_these(self, desk, shop, ann, bob):
        form = {
            "name": "Two",
            "ids": [ann.pk, create_customer(create_shop("Other")).pk],
            "colour": "grey",
            "kind": "static",
        }

        desk.post(at(path="new/"), form)

        segment = Segment.objects.of(shop).get()
        assert (segment.kind, list(members(segment))) == ("static", [ann])


class TestChangingASegment:
    def test_with_another_question_finds_its_members_anew(self, desk, shop, ann, bob):
        segment = made(shop)

        desk.post(at(segment, "edit/"), {"name": "South", "where": "city = 'Đà Lạt'", "colour": "red"})
        run_waiting_jobs()

        segment.refresh_from_db()
        assert (segment.name, segment.key, list(members(segment))) == ("South", "vips", [bob])

    def test_refuses_a_question_that_asks_for_itself(self, desk, shop):
        segment = made(shop)

        answer = desk.post(at(segment, "edit/"), {"name": "VIPs", "where": "segment = 'vips'", "colour": "grey"})

        assert answer.status_code == 422
        assert "in a circle" in text(answer)

    def test_duplicates_under_a_name_of_its_own(self, desk, shop, manager):
        segment = made(shop)

        desk.post(at(segment, "duplicate/"), {"name": ""})

        copy = Segment.objects.of(shop).exclude(pk=segment.pk).get()
        assert (copy.name, copy.where, copy.created_by) == ("VIPs (copy)", segment.where, manager)

    def test_says_what_converting_means_and_does_it(self, desk, shop, ann):
        segment = made(shop)

        assert "stay in it, whatever happens" in text(desk.get(at(segment, "convert/")))
        desk.post(at(segment, "convert/"))
        Customer.objects.of(shop).update(city="Hội An")
        run_waiting_jobs()

        segment.refresh_from_db()
        assert (segment.kind, list(members(segment))) == ("static", [ann])

    def test_deletes_it_and_leaves_its_customers(self, desk, shop, ann):
        segment = made(shop)

        answer = desk.post(at(segment, "delete/"))

        assert answer.url == at()
        assert not Segment.objects.of(shop).exists()
        assert Customer.objects.of(shop).filter(pk=ann.pk).exists()

    def test_brings_a_deleted_one_back(self, desk, shop, ann):
        segment = made(shop)
        restoring = at(segment, "restore/")

        assert f'action="{restoring}" data-undo' in text(desk.post(at(segment, "delete/"), follow=True))
        assert f'action="{restoring}"' in text(desk.get(at()))
        assert desk.get(at(segment)).status_code == 404

        assert desk.post(restoring).url == at(segment)
        run_waiting_jobs()

        assert list(members(segment)) == [ann]
        assert restoring not in text(desk.get(at()))

    def test_offers_nobody_to_restore_what_they_may_not_change(self, desk, shop, agent):
        segment = made(shop)
        desk.post(at(segment, "delete/"))

        assert "Deleted segments" not in text(signed_in(agent).get(at()))
        assert signed_in(agent).post(at(segment, "restore/")).status_code == 403

    def test_does_not_delete_what_is_used_and_names_by_what(self, desk, shop):
        segment = made(shop)
        made(shop, "Others", "NOT segment = 'vips'")

        answer = desk.post(at(segment, "delete/"))

        assert answer.status_code == 422
        assert "Others" in text(answer)
        assert Segment.objects.of(shop).count() == 2
