"""What an import would do, row by row, and that nothing is written meanwhile."""

from dataclasses import replace

import pytest

from regulars.customers.models import Customer
from regulars.events.models import Event
from regulars.kit.jobs import run_waiting_jobs
from regulars.shops.models import JobRun
from regulars.transfer import trials
from regulars.transfer.commands import import_file
from regulars.transfer.imports import configure, stage, start
from regulars.transfer.kinds import KINDS
from regulars.transfer.models import ImportRun, ImportTrial
from regulars.transfer.trials import differences_of, start_trial, trial_of, try_now
from tests.factories import create_customer

FILE = b"""Name,Email,Phone,City
Ann New,ann@example.com,0917 123 4567,Makati
Bob,bob@example.com,0917 123 4568,
Bob,bob@example.com,,
Cid,cid@example.com,,Makati
,,,Nowhere
Cid,CID@example.com,,Cebu
"""


@pytest.fixture
def run(shop):
    create_customer(shop, name="Ann", email="ann@example.com")
    create_customer(shop, name="Bob", email="bob@example.com")
    return stage(shop, "customers", [FILE], "people.csv")


def lines(trial, tab):
    return [row["line"] for row in trial.rows[tab]]


@pytest.mark.django_db
class TestATrial:
    def test_tells_each_row_by_what_becomes_of_it_those_who_lose_a_value_first(self, run):
        trial = try_now(run)
        found = differences_of(trial)

        assert (found.created, found.updated, found.unchanged, found.rejected) == (1, 3, 1, 1)
        assert lines(trial, "new") == [5]
        assert lines(trial, "changed")[0] == 2
        assert trial.rows["changed"][0]["columns"]["name"] == ["Ann", "Ann New"]
        assert [row["loses"] for row in trial.rows["changed"]].count(True) == found.losers == 1
        assert lines(trial, "rejected") == [6]

    def test_writes_nothing_about_anybody(self, shop, run):
        before = (Event.objects.count(), list(Customer.objects.of(shop).values_list("pk", "name", "version")))

        try_now(run)

        assert (Event.objects.count(), list(Customer.objects.of(shop).values_list("pk", "name", "version"))) == before

    def test_leaves_those_alone_who_are_here_when_told(self, shop, run):
        configure(run, policy="leave")

        tried = differences_of(try_now(run))
        start(run)
        run_waiting_jobs()
        run.refresh_from_db()

        assert (tried.created, tried.updated, tried.unchanged) == (1, 0, 4)
        assert (run.created, run.updated, run.unchanged) == (1, 0, 4)
        assert Customer.objects.of(shop).get(email="ann@example.com").name == "Ann"

    def test_is_of_what_the_run_is_told_now(self, run):
        try_now(run)
        assert trial_of(run) is not None

        configure(run, policy="fill_empty")

        assert trial_of(run) is None

    def test_is_forgotten_when_the_import_begins(self, run):
        try_now(run)

        start(run)

        assert not ImportTrial.objects.of(run.shop).exists()


@pytest.mark.django_db
class TestATrialInTheBackground:
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch):
        monkeypatch.setitem(KINDS, "customers", replace(KINDS["customers"], batch=2))

    def test_finds_the_same_as_one_that_is_waited_for(self, run):
        start_trial(run)
        run_waiting_jobs()
        trial = trial_of(run)

        assert trial.is_over and trial.is_whole
        assert trial.job_run.state == JobRun.State.DONE
        assert differences_of(trial).stored() == differences_of(try_now(run)).stored()

    def test_goes_on_in_another_process_with_who_stood_before(self, run):
        start_trial(run)
        step = trials.try_next_batch

        job = JobRun.objects.of(run.shop).get()
        more = True
        while more:
            more = step(job)
            job.save()
            trials._under_way.close(job.pk)  # as if each batch had another process

        found = trial_of(run).figures
        assert found == try_now(run).figures
        assert (found["created"], found["duplicates"]) == (1, 1)

    def test_stops_when_the_import_begins_without_waiting_for_it(self, run):
        start_trial(run)
        start(run)
        run_waiting_jobs()
        run.refresh_from_db()

        assert run.state == ImportRun.State.DONE
        assert not ImportTrial.objects.of(run.shop).exists()


@pytest.mark.django_db
class TestAfterTheTrial:
    def test_the_import_does_what_was_said(self, shop, tmp_path):
        create_customer(shop, name="Ann", email="ann@example.com")
        create_customer(shop, name="Bob", email="bob@example.com")
        path = tmp_path / "people.csv"
        path.write_bytes(FILE)

        tried = import_file("customers", path, shop, dry_run=True)
        done = import_file("customers", path, shop)

        counted = ("created", "updated", "unchanged", "rejected")
        assert [tried[name] for name in counted] == [done[name] for name in counted]
