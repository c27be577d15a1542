"""The figure of an export that still runs."""

import pytest

from regulars.shops.models import JobRun
from regulars.transfer.outgoing import progress
from regulars.transfer.outgoing.progress import watched
from tests.transfer.conftest import make_shop


@pytest.fixture
def lives_forgotten(monkeypatch):
    """How often it was said that the export got further than in the lives it lost."""
    said = []
    monkeypatch.setattr(progress, "got_on", said.append)
    monkeypatch.setattr(progress, "PAUSE", 0)
    return said


@pytest.mark.django_db(transaction=True)
class TestAnExportWhoseWorkerDied:
    @pytest.fixture
    def job(self):
        return JobRun.objects.create(shop=make_shop(), kind="export", title="All", done=5000)

    def test_stays_where_it_was_until_it_gets_further(self, job, lives_forgotten):
        with watched(job) as told:
            told(3000)

        assert JobRun.objects.get(pk=job.pk).done == 5000
        assert lives_forgotten == []

    def test_that_gets_further_has_lost_no_life(self, job, lives_forgotten):
        with watched(job) as told:
            told(3000)
            told(6000)

        assert JobRun.objects.get(pk=job.pk).done == 6000
        assert len(lives_forgotten) == 1
