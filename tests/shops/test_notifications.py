"""What staff are told: once, in their language, about what they may see, and not for ever."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from regulars.shops.jobs import forget_old_notifications
from regulars.shops.models import Notification
from regulars.shops.operations import deactivate_staff, mark_read, notify, unread_count
from regulars.shops.operations import notifications as machinery
from regulars.shops.operations.notifications import forget_notifications, worded
from tests.factories import SYSTEM, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_kind():
    """A kind of notification, and things with names, that exist for one test."""
    machinery.wording("test.ready", icon="check")(lambda data: f"{_('Customers')}: {data.get('thing', '')}")
    machinery.finder("thing")(lambda staff, ids: {1: "One"} if 1 in ids else {})
    yield
    del machinery._wordings["test.ready"]
    del machinery._finders["thing"]


@pytest.fixture
def linh():
    return create_staff(name="Linh")


class TestTellingSomebody:
    def test_is_unread_until_it_is_read(self, linh):
        told = notify(linh, "test.ready", data={}, url="customers/")

        assert (told.staff_id, told.url, unread_count(linh)) == (linh.pk, "customers/", 1)

        assert mark_read(linh, [told.pk]) == 1
        assert unread_count(linh) == 0
        assert mark_read(linh) == 0

    def test_says_a_key_once_to_each(self, linh):
        mai = create_staff(linh.shop)

        assert notify(linh, "test.ready", data={}, key="a")
        assert notify(linh, "test.ready", data={}, key="a") is None
        assert notify(mai, "test.ready", data={}, key="a")
        assert notify(linh, "test.ready", data={}) and notify(linh, "test.ready", data={})

        assert (unread_count(linh), unread_count(mai)) == (3, 1)

    def test_tells_nobody_who_left(self, linh):
        gone = deactivate_staff(linh, by=SYSTEM)

        assert notify(gone, "test.ready", data={}) is None
        assert not Notification.objects.exists()

    def test_knows_only_kinds_with_words(self, linh):
        with pytest.raises(ValueError):
            notify(linh, "test.unheard", data={})

    def test_reads_only_ones_own(self, linh):
        mai = create_staff(linh.shop)
        told = notify(mai, "test.ready", data={})

        assert mark_read(linh, [told.pk]) == 0
        assert unread_count(mai) == 1


class TestItsWords:
    def test_are_in_the_language_of_the_reader(self, linh):
        told = notify(linh, "test.ready", data={"thing": 1})

        with translation.override("ro"):
            assert worded(linh, [told])[0]["text"] == "Clienți: One"
        assert worded(linh, [told])[0]["text"] == "Customers: One"

    def test_do_not_name_what_the_reader_may_not_see(self, linh):
        told = notify(linh, "test.ready", data={"thing": 2})

        assert worded(linh, [told])[0]["text"] == "Customers: …"

    def test_ask_once_for_many(self, linh, django_assert_num_queries):
        asked = []
        machinery._finders["thing"] = lambda staff, ids: asked.append(ids) or {}
        many = [notify(linh, "test.ready", data={"thing": n}) for n in range(5)]

        worded(linh, many)

        assert asked == [{0, 1, 2, 3, 4}]

    def test_exist_for_what_an_older_version_said(self, linh):
        old = Notification.objects.create(shop=linh.shop, staff=linh, kind="test.gone")

        assert worded(linh, [old])[0]["text"] == "test.gone"


class TestForgetting:
    def test_removes_what_was_read_ninety_days_ago_or_never(self, linh):
        old, fresh, unread, new = (notify(linh, "test.ready", data={}) for _n in range(4))
        now = timezone.now()
        Notification.objects.filter(pk=old.pk).update(read_at=now - timedelta(days=91))
        Notification.objects.filter(pk=fresh.pk).update(read_at=now - timedelta(days=89))
        Notification.objects.filter(pk=unread.pk).update(created_at=now - timedelta(days=200))

        Notification.objects.filter(pk=new.pk).update(created_at=now - timedelta(days=89))

        forget_old_notifications()

        assert set(Notification.objects.values_list("pk", flat=True)) == {fresh.pk, new.pk}

    def test_takes_away_what_was_about_something_gone(self, linh):
        kept = notify(linh, "test.ready", data={"thing": 1})
        notify(linh, "test.ready", data={"thing": 2})
        elsewhere = notify(create_staff(), "test.ready", data={"thing": 2})

        forget_notifications(linh.shop_id, "thing", [2])

        assert set(Notification.objects.values_list("pk", flat=True)) == {kept.pk, elsewhere.pk}

    def test_finds_it_by_an_index(self, linh):
        said = (Notification(shop=linh.shop, staff=linh, kind="test.ready", data={"thing": n}) for n in range(5000))
        Notification.objects.bulk_create(said)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE shops_notification")
        with CaptureQueriesContext(connection) as forget:
            forget_notifications(linh.shop_id, "thing", [1, 2])
        [asked] = forget.captured_queries

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # so few rows are read through as fast on old servers
            cursor.execute(f"EXPLAIN {asked['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())

        assert plan.count("Bitmap Index Scan on notification_data") == 2
        assert Notification.objects.count() == 4998
