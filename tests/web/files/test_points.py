"""Points through the pages about files: tried, brought in, taken back, taken out."""

import re

import pytest

from regulars.customers.models import Customer
from regulars.loyalty.models import PointsEntry
from regulars.shops.permissions import Role
from regulars.transfer.models import ExportLog
from tests.factories import create_customer, create_staff
from tests.loyalty.giving import adjust, ledger
from tests.web.files.sending import (
    PEOPLE,
    checked,
    figures,
    home,
    imported,
    rows_of,
    signed_in,
    text_of,
    undone,
    upload,
    uploaded,
)

pytestmark = pytest.mark.django_db

FILE = b"Email,Points\ncara@example.com,120\nbob@example.com,1250 pts\nnobody@example.com,5\n"


@pytest.fixture
def cara(shop):
    return create_customer(shop, name="Cara", email="cara@example.com")


@pytest.fixture
def bob(shop):
    return create_customer(shop, name="Bob", email="bob@example.com")


def told(page):
    return re.sub(r"\s+", " ", text_of(page))


class TestBringingIn:
    def test_shows_the_balances_as_they_will_be_read(self, client, shop, ann, cara, bob):
        page = client.get(uploaded(client, shop, FILE, "points.csv", kind="points") + "columns/")

        assert "1,250" in told(page)
        assert "Programme of all rows" in told(page)

    def test_says_who_would_get_points_and_whose_change(self, client, shop, ann, cara, bob):
        imported(client, uploaded(client, shop, b"Email,Points\ncara@example.com,100\n", "old.csv", kind="points"))

        page = checked(client, uploaded(client, shop, FILE, "points.csv", kind="points"))

        assert figures(page) == {"New": 1, "Changed": 1, "Unchanged": 0, "Rejected": 1}
        assert "1 new, 1 changed: 1 Points balance, 1 rejected." in told(page)
        assert "Cara" in told(page) and "100 120" in told(page)
        assert 'class="is-losing"' not in page.content.decode()
        assert ledger(cara) == [100]

    def test_says_who_would_lose_some(self, client, shop, ann, cara, bob):
        imported(client, uploaded(client, shop, FILE, "points.csv", kind="points"))

        page = checked(client, uploaded(client, shop, FILE.replace(b"120", b"80"), "p.csv", kind="points"))

        assert "1 changed: 1 Points balance, 1 would lose a value, 1 rejected." in told(page)
        assert 'class="is-losing"' in page.content.decode()

    def test_takes_the_programme_for_all_rows(self, client, shop, ann, cara, bob):
        start = uploaded(client, shop, FILE, "points.csv", kind="points")

        report = imported(client, start, origin="Smile", twice="first")

        assert figures(report) == {"New": 2, "Changed": 0, "Unchanged": 0, "Rejected": 1}
        assert set(PointsEntry.objects.values_list("points", "origin")) == {(120, "Smile"), (1250, "Smile")}

    def test_tells_of_points_in_a_list_of_customers(self, client, shop, ann):
        people = PEOPLE.replace(b"Phone\n", b"Phone,Points\n").replace(b"5678\n", b"5678,5\n").replace(b",\n", b",,7\n")

        page = client.get(upload(client, shop, people).url)

        assert "import the same file once more, as points" in told(page)
        assert Customer.objects.of(shop).count() == 0


class TestTakingBack:
    @pytest.fixture
    def start(self, client, shop, ann, cara, bob):
        start = uploaded(client, shop, FILE, "points.csv", kind="points")
        imported(client, start)
        return start

    def test_says_first_what_would_stay_and_why(self, client, shop, start, cara):
        adjust(cara, -100)

        page = told(client.post(start + "undo/", follow=True))

        assert "Points 0 1 1" in page
        assert "Points +120 points were spent since" in page
        assert ledger(cara) == [120, -100]

    def test_leaves_what_was_used(self, client, shop, start, cara, bob):
        adjust(cara, -100)

        report = told(undone(client, start))

        assert "This import was undone" in report
        assert "Points +120 points were spent since" in report
        assert (ledger(cara), ledger(bob)) == ([120, -100], [1250, -1250])


class TestTakingOut:
    def test_writes_what_the_ledger_shows(self, client, shop, ann, cara, bob):
        adjust(cara, 120)
        adjust(bob, 7)
        address = f"{home(shop)}loyalty/export/"

        dialog = client.get(address, {"where": "points > 100"})
        answer = client.post(address, {"where": "points > 100", "which": "all"})
        log = ExportLog.objects.of(shop).get()
        rows = rows_of(client.get(f"{answer.url}download"))

        assert "Export 1 movement of points" in text_of(dialog)
        assert (log.kind, log.rows) == ("points", 1)
        assert [(row["Name"], row["Points moved"]) for row in rows] == [("Cara", "120")]

    def test_writes_the_columns_of_the_ledger(self, client, shop, ann, cara):
        adjust(cara, 120)

        answer = client.post(f"{home(shop)}loyalty/export/", {"which": "view"})
        (row,) = rows_of(client.get(f"{answer.url}download"))

        assert list(row)[:2] == ["Name", "Date"]
        assert {"Reason", "Points moved", "Balance after"} < set(row)
        assert (row["Name"], row["Points moved"]) == ("Cara", "120")

    def test_is_for_who_may_export(self, client, shop):
        signed_in(client, create_staff(shop, role=Role.AGENT, name="Gil"))

        assert client.get(f"{home(shop)}loyalty/export/").status_code == 403
