"""The dialog in which points are given to one customer, or taken [S2.46, S4.28]."""

from datetime import timedelta

import pytest

from regulars.customers.operations import delete_customer
from regulars.kit.dates import show_day
from regulars.loyalty.models import PointsEntry
from tests.factories import SYSTEM, create_customer, create_staff
from tests.loyalty.giving import adjust, figures, ledger, today
from tests.web.customers.desk import at
from tests.web.loyalty.counter import PART, line, send, text, toasts
from tests.web.signing import signed_in

pytestmark = pytest.mark.django_db


def newest(customer):
    return PointsEntry.objects.of(customer.shop_id).filter(customer=customer).order_by("-pk").first()


class TestGivingAndTaking:
    def test_keeps_the_reason_the_staff_and_the_days(self, desk, manager, ann):
        until = today(ann) + timedelta(days=30)

        answer = send(desk, ann, "1.050", note="Birthday gift", expires_on=until.isoformat())

        entry = newest(ann)
        assert answer.headers["HX-Redirect"].endswith(f"/customers/{ann.pk}/?tab=points")
        assert (entry.points, entry.note, entry.staff, entry.expires_on) == (1050, "Birthday gift", manager, until)
        assert entry.counts_on == today(ann)
        assert figures(ann) == (1170, 1170, 0)
        assert "1,050 points given to Ann Lê." in toasts(desk)

    def test_takes(self, desk, ann):
        send(desk, ann, 20, way="take", note="Coffee mug")

        assert ledger(ann) == [120, -20]
        assert "20 points taken of Ann Lê." in toasts(desk)

    def test_of_a_later_day_wait_for_it(self, desk, ann):
        day = today(ann) + timedelta(days=9)

        send(desk, ann, 50, counts_on=day.isoformat())

        assert figures(ann) == (120, 120, 50)
        assert f"50 points for Ann Lê count from {show_day(day)} on." in toasts(desk)

    def test_of_an_earlier_day_count_at_once(self, desk, ann):
        day = today(ann) - timedelta(days=9)

        send(desk, ann, 50, counts_on=day.isoformat())

        assert (newest(ann).counts_on, figures(ann)[0]) == (day, 170)

    def test_pressed_twice_is_done_once(self, desk, ann):
        send(desk, ann, 50, key="one-dialog")
        again = send(desk, ann, 50, key="one-dialog")

        assert "HX-Redirect" in again.headers
        assert ledger(ann) == [120, 50]

    def test_with_other_points_from_the_same_dialog_is_refused(self, desk, ann):
        send(desk, ann, 50, key="one-dialog")

        again = send(desk, ann, 60, key="one-dialog")

        assert again.status_code == 422
        assert "moved from here already" in text(again)
        assert ledger(ann) == [120, 50]

    def test_ends_on_the_ledger_without_scripts_too(self, desk, ann):
        answer = desk.post(at(ann, "points/adjust/"), {"way": "give", "points": "5", "note": "Gift"})

        assert answer.status_code == 302
        assert answer["Location"].endswith("?tab=points")


class TestRefusals:
    """Each stands at its input, keeps what was written, and changes nothing."""

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"points": ""}, "Say how many points."),
            ({"points": "0"}, "Say how many points."),
            ({"points": "much"}, "“much” is not a whole number."),
            ({"points": "1.5"}, "“1.5” is not a whole number."),
            ({"points": "-5"}, "Write a number above 0"),
            ({"points": "99999999999"}, "more than 1,000,000,000"),
            ({"points": "5", "note": " "}, "Say why."),
            ({"points": "5", "counts_on": "soon"}, "“soon” is not a date."),
            ({"points": "5", "expires_on": "2001-01-01"}, "Points expire later than they count."),
            ({"points": "121", "way": "take"}, "121 points are needed, the balance is 120."),
            ({"points": "5", "way": "take", "counts_on": "2039-01-01"}, "Points are taken today or on an earlier day."),
        ],
    )
    def test_are_said(self, desk, ann, given, words):
        answer = send(desk, ann, **{"note": "Because", **given})

        assert answer.status_code == 422
        assert words in text(answer)
        assert 'aria-invalid="true"' in answer.content.decode()
        assert f'value="{given["points"]}"' in answer.content.decode()
        assert ledger(ann) == [120]

    def test_take_no_notice_of_an_end_of_what_is_taken(self, desk, ann):
        send(desk, ann, 20, way="take", expires_on="2001-01-01")

        assert ledger(ann) == [120, -20]


class TestTheLine:
    def test_tells_the_balance_before_and_after(self, desk, ann):
        assert line(desk, ann, 50) == "Balance 120 → 170"
        assert line(desk, ann, 50, way="take") == "Balance 120 → 70"
        assert line(desk, ann, "") == "Balance 120"
        assert ledger(ann) == [120]

    def test_tells_what_is_missing(self, desk, ann):
        assert line(desk, ann, 150, way="take") == "Balance 120 · 30 too few"

    def test_tells_until_when_points_wait(self, desk, ann):
        day = today(ann) + timedelta(days=3)

        said = line(desk, ann, 50, counts_on=day.isoformat())

        assert said == f"Balance 120 · 170 from {show_day(day)} on, pending until then"

    def test_reads_and_writes_numbers_as_the_reader_does(self, manager, ann):
        manager.user.language = "vi"
        manager.user.save(update_fields=["language"])

        assert "1.120" in line(signed_in(manager), ann, "1.000")


class TestRights:
    def test_viewers_see_points_and_give_none(self, shop, ann):
        desk = signed_in(create_staff(shop, role="viewer"))

        page = desk.get(at(ann, "?tab=points"))

        assert "Welcome" in text(page)
        assert "Adjust points" not in text(page)
        assert send(desk, ann, 50).status_code == 403
        assert ledger(ann) == [120]

    def test_who_is_limited_to_their_own_reaches_only_those(self, shop, ann):
        ben = create_staff(shop, role="manager", only_own=True)
        his = create_customer(shop, name="Bình", staff=ben.user.email)
        desk = signed_in(ben)

        assert send(desk, ann, 50).status_code == 404
        assert "HX-Redirect" in send(desk, his, 50).headers
        assert (ledger(ann), ledger(his)) == ([120], [50])

    def test_nobody_gives_points_to_the_bin(self, desk, ann):
        delete_customer(ann, by=SYSTEM)

        assert "Adjust points" not in text(desk.get(at(ann, "?tab=points")))
        assert send(desk, ann, 50).status_code == 422
        assert ledger(ann) == [120]


def test_the_dialog_begins_with_today_and_nothing_else(desk, ann):
    page = desk.get(at(ann, "points/adjust/"), headers=PART).content.decode()

    assert f'value="{today(ann).isoformat()}"' in page
    assert 'name="key"' in page


def test_a_balance_that_fell_meanwhile_is_told_anew(desk, ann):
    adjust(ann, -100)

    answer = send(desk, ann, 50, way="take")

    assert "50 points are needed, the balance is 20." in text(answer)
    assert "Balance 20 · 30 too few" in text(answer)
