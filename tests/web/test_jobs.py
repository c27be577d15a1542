"""All background work of a shop on a page of its own."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regulars.customers.actions import run_action
from regulars.customers.models import Customer
from regulars.customers.selection import Selection
from regulars.customers.undo_trials import try_undo
from regulars.shops.models import JobRun
from regulars.shops.permissions import Role
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def mai():
    return create_staff(role=Role.MANAGER, name="Mai")


def tagged(staff, *people, tag="VIP"):
    """A run of this person that tags customers."""
    ids = [one.pk for one in people]
    return run_action(Selection.of_ids(staff.shop, ids), "tag", {"add": [tag]}, staff=staff)


def work(shop, **facts):
    return JobRun.objects.create(shop=shop, **{"kind": "test", "title": "Some work"} | facts)


def home(staff):
    return f"/s/{staff.shop.slug}/jobs/"


def shown(staff, query=""):
    html = signed_in(staff).get(home(staff) + query).content.decode()
    return unescape(html.partition("<main")[2].partition("</main>")[0])


class TestThePage:
    def test_says_what_was_done_by_whom_and_what_became_of_it(self, mai):
        tagged(mai, create_customer(mai.shop, name="Ann"))
        work(mai.shop, title="A broken one", state="failed", error="The disk is full.", staff=mai)

        page = shown(mai)

        assert "Add the tag VIP" in page and "1 of 1" in page and "Done" in page and "Mai" in page
        assert "A broken one" in page and "The disk is full." in page and "Failed" in page

    def test_undoes_and_comes_back(self, mai):
        ann = create_customer(mai.shop, name="Ann")
        run = tagged(mai, ann)
        assert f'action="{home(mai)}{run.pk}/undo"' in shown(mai)

        answer = signed_in(mai).post(f"{home(mai)}{run.pk}/undo", {"back": home(mai)})

        assert answer.url == home(mai)
        assert Customer.objects.get(pk=ann.pk).tag_ids == []
        assert "Undone" in shown(mai) and f"{run.pk}/undo" not in shown(mai)

    def test_says_why_something_can_no_longer_be_undone(self, mai):
        run = tagged(mai, create_customer(mai.shop, name="Ann"))
        JobRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(days=91))

        page = shown(mai)

        assert "It can no longer be undone" in page and "/undo" not in page

    def test_shows_how_far_it_is_and_looks_again(self, mai):
        busy = work(mai.shop, state="running", done=30, total=120, started_at=timezone.now())

        page = shown(mai)

        assert 'hx-trigger="every 2s"' in page and "30 of 120" in page and "25\u00a0%" in page
        assert f'action="{home(mai)}{busy.pk}/cancel"' in page

    def test_leads_to_the_report_and_to_what_undoing_would_do(self, mai):
        ended = {"state": "done", "finished_at": timezone.now(), "can_undo": True, "done": 5}
        work(mai.shop, kind="import", data={"import": 17}, **ended)
        report = f"/s/{mai.shop.slug}/files/imports/17/"

        page = shown(mai)

        assert f'href="{report}"' in page and f'href="{report}undo/"' in page and 'action="' not in page

    def test_leaves_out_checks_that_are_over(self, mai):
        run = tagged(mai, create_customer(mai.shop, name="Ann"))
        try_undo(run, staff=mai, by=SYSTEM)

        assert "Check before undoing" not in shown(mai)

    def test_shows_agents_only_what_they_did(self, mai):
        agent = create_staff(mai.shop, role=Role.AGENT, name="Ann")
        work(mai.shop, title="Mai did it", staff=mai, state="done")
        work(mai.shop, title="Ann did it", staff=agent, state="done")
        work(create_shop("Elsewhere"), title="Another shop", state="done")

        assert [word in shown(agent) for word in ("Mai did it", "Ann did it", "Another shop")] == [False, True, False]
        assert [word in shown(mai) for word in ("Mai did it", "Ann did it", "Another shop")] == [True, True, False]

    def test_says_when_there_is_nothing(self, mai):
        assert "Nothing was done in the background yet" in shown(mai)

    def test_goes_on_where_a_page_ends(self, mai):
        for number in range(60):
            work(mai.shop, title=f"Work {number}.", state="done")

        first = shown(mai)
        following = re.search(r'href="(\?after=[^"]+)"', first)[1]

        assert "Work 59." in first and "Work 9." not in first
        assert "Work 9." in shown(mai, following)

    def test_asks_as_often_for_many_as_for_few(self, mai):
        shown(mai)  # what is looked up once is known then
        counts = []
        for number in (2, 30):
            for _n in range(number):
                run = tagged(mai, create_customer(mai.shop))
                JobRun.objects.filter(pk=run.pk).update(undone_by=work(mai.shop, state="done", staff=mai))
            with CaptureQueriesContext(connection) as asked:
                shown(mai)
            counts.append(len(asked))

        assert counts[0] == counts[1]


class TestTheRing:
    def test_is_a_part_of_it(self, mai):
        tagged(mai, create_customer(mai.shop, name="Ann"))
        headers = {"HX-Request": "true", "HX-Target": "div#jobs"}

        part = signed_in(mai).get(home(mai), headers=headers).content.decode()

        assert part.lstrip().startswith('<div id="jobs"') and "Add the tag VIP" in part
        assert f'href="{home(mai)}"' in part and "<table" not in part
