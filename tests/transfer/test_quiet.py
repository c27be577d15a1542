"""What an import writes sets off only what was chosen: segments are true, but nobody acts on it."""

import pytest

from regulars.customers.operations import ensure_tags
from regulars.events.models import Event
from regulars.segments.jobs import refresh_pending
from regulars.shops.models import Notification
from regulars.shops.work import carry_on, is_quiet
from regulars.transfer import imports
from tests.factories import create_customer, create_staff
from tests.segments.asked import segment

pytestmark = pytest.mark.django_db
ROWS = b"Name,Email,Tags,Note\nAnn,ann@example.com,vip,@Mia look\nBo,bo@example.com,vip,\n"


@pytest.fixture
def vips(shop):
    ensure_tags(shop, ["vip"])
    return segment(shop, "tags CONTAINS 'vip'", "VIPs")


def bring(shop, *, quiet):
    run = imports.configure(imports.stage(shop, "customers", [ROWS], "file.csv"), quiet=quiet)
    job = imports.start(run)
    carry_on(shop_id=shop.pk, run_id=job.pk)
    refresh_pending(shop_id=shop.pk)
    return job


def entered(shop):
    return list(Event.objects.filter(shop_id=shop.pk, kind="segment.entered").order_by("id"))


class TestAQuietImport:
    def test_lets_segments_be_true_and_sets_nothing_off(self, shop, vips):
        bring(shop, quiet=True)

        vips.refresh_from_db()
        events = Event.objects.filter(shop_id=shop.pk, customer_id__isnull=False)
        assert vips.size == len(entered(shop)) == 2
        assert all(is_quiet(shop.pk, event.batch_id) for event in events)

    def test_tells_nobody(self, shop, vips):
        create_staff(shop, name="Mia")

        bring(shop, quiet=True)

        assert not Notification.objects.of(shop).exists()

    def test_leaves_what_somebody_does_afterwards_alone(self, shop, vips):
        bring(shop, quiet=True)
        create_customer(shop, name="Cy", tags="vip")
        refresh_pending(shop_id=shop.pk)

        *_, last = entered(shop)
        assert not is_quiet(shop.pk, last.batch_id)


def test_another_import_sets_off_what_there_is(shop, vips):
    bring(shop, quiet=False)

    assert not any(is_quiet(shop.pk, event.batch_id) for event in entered(shop))
