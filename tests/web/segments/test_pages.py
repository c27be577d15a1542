"""The pages of segments: the list, one segment, making and changing them, and who may."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from regulars.customers.models import Customer
from regulars.kit.jobs import run_waiting_jobs
from regulars.segments.by_hand import set_members
from regulars.segments.members import members
from regulars.segments.models import Override, Segment, SegmentSize
from regulars.segments.operations import create_segment
from regulars.web import counts
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    counts._known.clear()


@pytest.fixture
def shop():
    return create_shop("Hoa Sen", country="VN", slug="hoa-sen")


@pytest.fixture
def manager(shop):
    return create_staff(shop, role="manager", name="Mai Trần")


@pytest.fixture
def agent(shop):
    return create_staff(shop, role="agent", name="Bảo Lê")


@pytest.fixture
def desk(manager):
    return signed_in(manager)


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann Lê", city="Huế", tags="VIP")


@pytest.fixture
def bob(shop):
    return create_customer(shop, name="Bob Võ", city="Đà Lạt")


def signed_in(staff):
    client = Client()
    client.force_login(staff.user)
    return client


def made(shop, name="VIPs", where="city = 'Huế'", *, staff=None, **facts):
    """A segment whose first answer is found."""
    by = actor(staff) if staff else SYSTEM
    segment = create_segment(shop, name=name, where=where, staff=staff, by=by, **facts)
    run_waiting_jobs()
    segment.refresh_from_db()
    return segment


def at(segment=None, path=""):
    return f"/s/hoa-sen/segments/{f'{segment.pk}/' if segment else ''}{path}"


def text(response):
    return response.content.decode()


def part(target):
    return {"HX-Request": "true", "HX-Target": f"div#{target}"}


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
