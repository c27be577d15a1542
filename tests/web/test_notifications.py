"""The bell in the frame, its newest lines, and the page with all of them."""

import pytest
from django.utils import timezone

from regulars.customers.jobs import act_on_next_part  # noqa: F401  a kind of work
from regulars.kit.jobs import run_waiting_jobs
from regulars.shops import work as machinery
from regulars.shops.models import JobRun, Notification
from regulars.shops.operations import notify, unread_count
from regulars.shops.work import _fail, start_job, work
from tests.factories import create_shop, create_staff

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOME = "/s/hoa-sen/notifications/"


@pytest.fixture
def linh():
    return create_staff(create_shop("Hoa Sen"), name="Linh")


@pytest.fixture
def desk(client, linh):
    client.force_login(linh.user, backend=BACKEND)
    return client


def told(staff, title="Tags", **facts):
    run = JobRun.objects.create(shop=staff.shop, staff=staff, kind="customers.action", title=title)
    return notify(staff, "job.done", data={"run": run.pk}, **facts)


def part(client, target, url=HOME):
    return client.get(url, headers={"HX-Request": "true", "HX-Target": f"div#{target}"}).content.decode()


class TestTheBell:
    def test_stands_on_every_page_with_what_is_unread(self, desk, linh):
        told(linh)

        shown = desk.get("/s/hoa-sen/customers/").content.decode()

        assert "Notifications: 1 unread" in shown and 'class="bell-number"' in shown

    def test_shows_the_newest_ten(self, desk, linh):
        for number in range(12):
            told(linh, f"Work {number}.")

        shown = part(desk, "bell-list")

        assert "Work 11." in shown and "Work 2." in shown and "Work 1." not in shown
        assert "<nav" not in shown

    def test_asks_for_its_number_alone(self, desk, linh):
        told(linh)

        assert "Notifications: 1 unread" in part(desk, "bell-count")
        assert "<li" not in part(desk, "bell-count")


class TestThePage:
    def test_goes_on_where_a_page_ends(self, desk, linh):
        for number in range(51):
            told(linh, f"Work {number}.")

        first = desk.get(HOME).content.decode()

        assert "Work 1." in first and "Work 0." not in first and "51 are unread" in first
        oldest = Notification.objects.order_by("pk")[1].pk
        assert "Work 0." in desk.get(HOME, {"after": str(oldest)}).content.decode()

    def test_says_when_there_is_nothing(self, desk):
        assert "Nothing to tell you yet" in desk.get(HOME).content.decode()

    def test_shows_nobody_elses(self, desk, linh):
        told(create_staff(linh.shop), "Secret work")

        assert "Secret work" not in desk.get(HOME).content.decode()


class TestReading:
    def test_one(self, desk, linh):
        one, _other = told(linh), told(linh)

        assert desk.post(f"{HOME}read", {"id": one.pk}).status_code == 302

        one.refresh_from_db()
        assert one.read_at and unread_count(linh) == 1

    def test_all(self, desk, linh):
        told(linh), told(linh)

        desk.post(f"{HOME}read")

        assert unread_count(linh) == 0

    def test_nothing_when_the_number_is_none(self, desk, linh):
        told(linh)

        desk.post(f"{HOME}read", {"id": "x"})

        assert unread_count(linh) == 1

    def test_by_going_there(self, desk, linh):
        one = told(linh, url="customers/?where=x")

        assert desk.get(f"{HOME}{one.pk}/").url == "/s/hoa-sen/customers/?where=x"
        assert unread_count(linh) == 0

    def test_not_anothers(self, desk, linh):
        theirs = told(create_staff(linh.shop), url="customers/")

        assert desk.get(f"{HOME}{theirs.pk}/").status_code == 404
        assert not Notification.objects.get().read_at


class TestWorkThatIsOver:
    @pytest.fixture
    def kind(self):
        def begin(step=lambda run: False, **how):
            work("test.tell", **how)(step)
            return "test.tell"

        yield begin
        machinery._kinds.pop("test.tell", None)

    def test_is_told_when_it_took_long(self, linh, kind):
        run = start_job(linh.shop, kind(), "Long work", data={}, staff=linh)
        JobRun.objects.update(created_at=timezone.now() - timezone.timedelta(seconds=11))

        run_waiting_jobs()

        assert Notification.objects.get().data == {"run": run.pk}

    def test_is_not_told_to_somebody_who_still_looks(self, linh, kind):
        start_job(linh.shop, kind(), "Quick work", data={}, staff=linh)
        run_waiting_jobs()
        start_job(linh.shop, "test.tell", "At once", data={}, staff=linh, at_once=True)

        assert not Notification.objects.exists()

    def test_is_told_always_where_one_goes_away(self, linh, kind):
        start_job(linh.shop, kind(told=True), "A file", data={}, staff=linh)

        run_waiting_jobs()

        assert Notification.objects.get().kind == "job.done"

    def test_is_told_when_it_failed(self, desk, linh, kind):
        run = start_job(linh.shop, kind(), "A file", data={}, staff=linh)
        _fail(linh.shop_id, run.pk, "broken")

        assert "Failed: A file" in desk.get(HOME).content.decode()

    def test_is_not_told_when_nobody_started_it(self, linh, kind):
        start_job(linh.shop, kind(told=True), "By itself", data={}, staff=None)

        run_waiting_jobs()

        assert not Notification.objects.exists()
