"""How long a run can be taken back, and what is forgotten when it no longer can."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from regulars.customers.actions import TooLateToUndo, run_action, undo_run
from regulars.customers.jobs import forget_what_cannot_be_undone
from regulars.customers.models import Customer
from regulars.customers.selection import Selection
from regulars.customers.undo_limits import UNDO_DAYS, can_still_undo, is_too_late, undo_until
from regulars.customers.undo_trials import try_undo
from regulars.events.footprints import Print, keep
from regulars.events.models import Event, Footprint
from regulars.shops.models import JobRun
from regulars.shops.permissions import Role
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db
TZ = "Asia/Ho_Chi_Minh"


@pytest.fixture
def shop():
    return create_shop()


@pytest.fixture
def run(shop):
    """Ann was tagged as one of many; an order of the same run left a footprint."""
    boss = create_staff(shop, role=Role.MANAGER, name="Boss")
    ann = create_customer(shop, name="Ann")
    run = run_action(Selection.of_ids(shop, [ann.pk]), "tag", {"add": ["VIP"]}, staff=boss)
    keep(shop.pk, run.pk, "order", [Print(1, is_new=True, before={}, after={})])
    return run


def ended(run, days):
    """As if the run had ended so many days ago."""
    run.finished_at = timezone.now() - timedelta(days=days)
    run.save(update_fields=["finished_at"])
    return run


class TestTheLastDay:
    def test_is_the_ninetieth_after_the_one_it_ended_on_where_the_shop_is(self, run):
        run.finished_at = datetime(2026, 1, 1, 20, tzinfo=UTC)  # already the 2nd in Vietnam

        assert undo_until(run, TZ) == date(2026, 1, 2) + timedelta(days=UNDO_DAYS)

    def test_counts_whole(self, run):
        assert not is_too_late(ended(run, UNDO_DAYS), TZ)
        assert can_still_undo(run, TZ)

    def test_is_followed_by_none_on_which_it_can_be_undone(self, run):
        ended(run, UNDO_DAYS + 1)

        with pytest.raises(TooLateToUndo, match="90 days"):
            undo_run(run, staff=None, by=SYSTEM)
        with pytest.raises(TooLateToUndo):
            try_undo(run, staff=None, by=SYSTEM)

        assert not can_still_undo(run, TZ)
        assert Customer.objects.get(name="Ann").tag_ids

    def test_is_none_of_what_is_under_way(self, run):
        run.state, run.finished_at = JobRun.State.RUNNING, None

        assert undo_until(run, TZ) is None
        assert not is_too_late(run, TZ)


class TestForgetting:
    def test_takes_the_footprints_of_runs_that_are_too_old_and_leaves_the_trail(self, run):
        told = Event.objects.filter(batch_id=run.pk).count()
        ended(run, UNDO_DAYS + 4)

        forget_what_cannot_be_undone()

        assert not Footprint.objects.exists()
        assert Event.objects.filter(batch_id=run.pk).count() == told > 0

    @pytest.mark.parametrize("days", [0, UNDO_DAYS, UNDO_DAYS + 2])
    def test_leaves_those_that_somebody_may_need(self, run, days):
        ended(run, days)

        forget_what_cannot_be_undone()

        assert Footprint.objects.count() == 1

    def test_leaves_those_whose_undoing_is_under_way(self, run):
        undoing = JobRun.objects.create(shop=run.shop, kind="customers.undo", title="Undo", state=JobRun.State.PAUSED)
        run.undone_by = undoing
        run.save(update_fields=["undone_by"])
        ended(run, UNDO_DAYS + 4)

        forget_what_cannot_be_undone()

        assert Footprint.objects.count() == 1
