"""Private feeds: what calendars of other makers read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now
from icalendar import Calendar

from regulars.kit.errors import BadValue
from regulars.orders.operations import record_order
from regulars.shops.operations import change_staff, deactivate_staff
from regulars.tasks.due import Due, today_of
from regulars.tasks.errors import FeedRevoked
from regulars.tasks.feeds import LIMIT, create_feed, feed_behind, revoke_feed
from regulars.tasks.models import CalendarFeed
from regulars.tasks.operations import complete_task, move_task
from regulars.tasks.repeating import Rule
from tests.factories import SYSTEM, actor, create_customer, create_shop, create_staff
from tests.orders.trade import order
from tests.tasks.working import create_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def linh():
    return create_staff(name="Linh")


def make(staff, **options):
    options.setdefault("layers", ["mine", "follow_ups"])
    return create_feed(staff, "Phone", options.pop("layers"), by=actor(staff), **options)


def read(client, token, **headers):
    return client.get(f"/calendar/{token}.ics", headers=headers)


def events(client, token):
    response = read(client, token)
    assert response.status_code == 200
    return Calendar.from_ical(response.content).events


class TestAFeed:
    def test_is_read_by_calendars(self, linh, client):
        day = today_of(linh) + timedelta(days=1)
        create_task(linh, "Visit", day=day, hour="09:30", minutes=90, remind_before=60)
        create_task(linh, "Count", day=day)
        _feed, token = make(linh)

        visit, count = sorted(events(client, token), key=lambda one: str(one["summary"]), reverse=True)

        assert visit.start.astimezone(UTC).time() == datetime(2026, 1, 1, 2, 30).time()
        assert visit.duration == timedelta(minutes=90)
        assert visit.alarms.times[0].trigger == visit.start - timedelta(hours=1)
        assert (count.start, count.end) == (day, day + timedelta(days=1))

    def test_tells_the_rule_and_the_exception_from_it(self, linh, client):
        today = today_of(linh)
        task = create_task(linh, "Plan", day=today, hour="08:00", minutes=30, rule=Rule("weekly", count=4))
        _feed, token = make(linh)
        [plan] = events(client, token)
        uid = plan["uid"]
        assert plan["rrule"] == {"FREQ": ["WEEKLY"], "INTERVAL": [1], "COUNT": [4]}

        move_task(task, Due(today + timedelta(days=1)), by=actor(linh))
        master, moved = sorted(events(client, token), key=lambda one: "recurrence-id" in one)

        assert master["uid"] == moved["uid"] == uid
        assert moved["recurrence-id"].dt == master.start
        assert moved.start == today + timedelta(days=1)

        complete_task(task, by=actor(linh))
        [following] = events(client, token)
        assert following["uid"] == uid
        assert following["rrule"]["COUNT"] == [3]

    def test_is_the_same_bytes_until_something_changes(self, linh, client):
        task = create_task(linh, day=today_of(linh))
        _feed, token = make(linh)
        first = read(client, token)

        assert read(client, token, **{"If-None-Match": first["ETag"]}).status_code == 304

        complete_task(task, by=actor(linh))
        again = read(client, token, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again["ETag"] != first["ETag"]) == (200, True)

    def test_keeps_contact_data_to_itself(self, linh, client):
        ann = create_customer(linh.shop, name="Ann", phone="0912345678", email="ann@example.com")
        create_task(linh, "Call +84 912 345 678 or ann@example.com", day=today_of(linh), customer=ann,
                    note="Second number 0987654321")  # fmt: skip
        _feed, token = make(linh)
        _feed, open_token = make(linh, with_contacts=True)

        closed = read(client, token).content.decode().replace("\r\n ", "")
        opened = read(client, open_token).content.decode().replace("\r\n ", "")

        assert "Customer: Ann" in closed
        assert not [word for word in ("345", "@example.com", "0987") if word in closed]
        assert "+84912345678" in opened
        assert "0987654321" in opened

    def test_keeps_the_days_and_amounts_of_titles(self, linh, client):
        create_task(linh, "Collect 1.250.000 ₫ by 31.12.2026, 0912345678", day=today_of(linh))
        _feed, token = make(linh)

        [collect] = events(client, token)

        assert str(collect["summary"]) == "Collect 1.250.000 ₫ by 31.12.2026, …"

    def test_takes_no_amount_and_no_order_for_a_phone_number(self, linh, client):
        sold = order(total=1_250_000, number="DH-100000001", placed_at=now(), customer_id=create_customer(linh.shop).pk)
        record_order(linh.shop, sold, by=SYSTEM)
        linh.user.language = "vi"
        linh.user.save()
        _feed, token = make(linh, layers=["debts"])

        [debt] = events(client, token)

        assert "1.250.000" in str(debt["summary"])
        assert "DH-100000001" in str(debt["summary"])

    def test_shows_what_its_owner_may_see(self, linh, client):
        agent = create_staff(linh.shop, role="agent", only_own=True)
        bob = create_customer(linh.shop, name="Bob Secret")
        create_task(linh, "Given", day=today_of(agent), assignee=agent, customer=bob)
        create_task(linh, "Not theirs", day=today_of(agent))
        _feed, token = make(agent, layers=["mine", "team", "birthdays"])

        [given] = events(client, token)
        assert str(given["summary"]) == "Given"
        assert "Secret" not in str(given.get("description", ""))


class TestAnAddressOfAFeed:
    def test_is_stored_nowhere(self, linh):
        feed, token = make(linh)

        assert token not in str(CalendarFeed.objects.filter(pk=feed.pk).values())

    @pytest.mark.parametrize("wrong", ["x", "rgc_1_" + "a" * 43, "rgc_999999999999999999_" + "a" * 43])
    def test_that_is_made_up_leads_nowhere(self, linh, client, wrong):
        assert read(client, wrong).status_code == 404

    def test_ends_when_it_is_revoked(self, linh, client):
        feed, token = make(linh)
        revoke_feed(feed, by=actor(linh))

        assert read(client, token).status_code == 404
        with pytest.raises(FeedRevoked):
            revoke_feed(feed, by=actor(linh))

    def test_ends_when_the_person_leaves_or_loses_the_right(self, linh, client):
        _feed, token = make(linh)
        other = create_staff(linh.shop)
        _feed, others = make(other)

        deactivate_staff(linh, by=SYSTEM)
        change_staff(other, role="viewer", by=SYSTEM)

        assert (read(client, token).status_code, read(client, others).status_code) == (404, 404)

    def test_is_asked_so_often_a_minute_and_no_more(self, linh, client):
        feed, token = make(linh)
        CalendarFeed.objects.filter(pk=feed.pk).update(minute=int(datetime.now(UTC).timestamp()) // 60, used=LIMIT)

        response = read(client, token)

        assert (response.status_code, "Retry-After" in response) == (429, True) or response.status_code == 200
        assert feed_behind(token).used in (1, LIMIT + 1)

    def test_of_another_shop_is_not_ours_to_revoke(self, linh, client):
        feed, _token = make(create_staff(create_shop("There")))
        client.force_login(linh.user, backend="allauth.account.auth_backends.AuthenticationBackend")

        assert client.post(f"/s/{linh.shop.slug}/tasks/feeds/{feed.pk}/revoke").status_code == 404

    def test_needs_a_name_and_something_to_show(self, linh):
        for name, layers in (("", ["mine"]), ("Phone", ["nothing"])):
            with pytest.raises(BadValue):
                create_feed(linh, name, layers, by=SYSTEM)
