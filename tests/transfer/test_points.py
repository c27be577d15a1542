"""Files of points balances: what a programme says becomes opening entries, once (T71)."""

import csv
from datetime import date

import pytest

from regulars.customers.merging import merge
from regulars.customers.models import Customer
from regulars.loyalty.models import PointsEntry
from regulars.transfer.commands import import_file
from regulars.transfer.errors import BadMapping
from regulars.transfer.rejected import rejected_file
from tests.factories import SYSTEM, create_customer
from tests.loyalty.giving import adjust, ledger, today
from tests.loyalty.giving import figures as balance
from tests.transfer.conftest import figures

pytestmark = pytest.mark.django_db

HEAD = ["Email", "Points"]


@pytest.fixture
def bring(shop, write):
    """Import rows of cells, the first naming the columns."""

    def brought(*rows, **told):
        return import_file("points", write(rows), shop, **told)

    return brought


@pytest.fixture
def ann(shop):
    return create_customer(shop, name="Ann", email="ann@example.com", phone="0917 123 4567")


@pytest.fixture
def bob(shop):
    return create_customer(shop, name="Bob", email="bob@example.com")


class TestABalance:
    def test_is_an_opening_entry_beside_what_is_there(self, ann, bring):
        """T71."""
        adjust(ann, 5)

        done = bring(HEAD, ["ANN@example.com", "120"])

        assert (figures(done), ledger(ann), balance(ann)[0]) == ((1, 0, 0, 0), [5, 120], 125)

    def test_imported_twice_does_not_double(self, ann, bring):
        """T71."""
        bring(HEAD, ["ann@example.com", "120"])

        again = bring(HEAD, ["ann@example.com", "120"])

        assert (figures(again), ledger(ann)) == ((0, 0, 1, 0), [120])

    def test_that_was_raised_or_lowered_adds_the_difference(self, ann, bring):
        """T71."""
        bring(HEAD, ["ann@example.com", "120"])

        more = bring(HEAD, ["ann@example.com", "150"])
        less = bring(HEAD, ["ann@example.com", "100"])

        assert (figures(more), figures(less)) == ((0, 1, 0, 0), (0, 1, 0, 0))
        assert (more["changed"], ledger(ann)) == ({"points": 1}, [120, 30, -50])

    def test_knows_its_programme_days_and_note(self, ann, bring):
        header = ["Phone", "Points", "Programme", "As of", "Can be used until", "Note"]

        bring(header, ["0917 123 4567", "1,250 pts", " Smile  Card ", "2026-03-01", "2099-12-31", "Card 17"])

        entry = PointsEntry.objects.get(customer=ann)
        told = (entry.points, entry.origin, entry.counts_on, entry.expires_on, entry.note)
        assert told == (1250, "Smile Card", date(2026, 3, 1), date(2099, 12, 31), "Card 17")

    def test_of_nothing_said_changes_nothing(self, ann, bob, bring):
        bring(HEAD, ["ann@example.com", "120"])

        done = bring(HEAD, ["ann@example.com", ""], ["bob@example.com", "0"])

        assert (figures(done), ledger(ann), ledger(bob)) == ((0, 0, 2, 0), [120], [])

    def test_of_two_programmes_is_two(self, ann, bring):
        header = [*HEAD, "Programme"]

        bring(header, ["ann@example.com", "120", "Smile"], ["ann@example.com", "30", "Yotpo"])
        bring(HEAD, ["ann@example.com", "40"], defaults={"origin": "Yotpo"})

        assert ledger(ann) == [120, 30, 10]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (["Email", "Điểm hiện tại", "Hạn sử dụng"], "vi"),
        (["E-mail", "Jumlah poin", "Berlaku sampai"], "id"),
        (["E-mail", "Puncte", "Valabil până la"], "ro"),
        (["Email", "Puntos", "Magagamit hanggang"], "fil"),
        (["Customer Email", "Points Balance", "Points Expiry"], "en"),
    ],
)
def test_columns_are_known_in_five_languages(shop, ann, bring, header, language):
    shop.language = language
    shop.save(update_fields=["language"])
    number = "1,250" if language in ("en", "fil") else "1.250"

    bring(header, ["ann@example.com", number, "2099-12-31"])

    entry = PointsEntry.objects.get(customer=ann)
    assert (entry.points, entry.expires_on) == (1250, date(2099, 12, 31))


class TestWhoIsMeant:
    def test_is_found_by_every_key(self, shop, ann, bob, bring, write):
        cara = create_customer(shop, name="Cara")
        import_file("customers", write([["Name", "Customer ID"], ["Dan", "C-9"]], "dan.csv"), shop)
        from regulars.transfer.own_ids import own_id

        done = bring(
            ["Regulars ID", "Customer ID", "Email", "Phone", "Points"],
            [own_id(shop.pk, cara.pk), "", "", "", "1"], ["", "C-9", "", "", "2"],
            ["", "", "bob@example.com", "", "3"], ["", "", "", "+63 917 123 4567", "4"],
        )  # fmt: skip

        assert figures(done) == (4, 0, 0, 0)
        people = Customer.objects.of(shop).values_list("name", "points")
        assert dict(people) == {"Cara": 1, "Dan": 2, "Bob": 3, "Ann": 4}

    def test_a_file_that_names_nobody_is_refused(self, bring):
        with pytest.raises(BadMapping, match="e-mail address"):
            bring(["Points"], ["5"])
        with pytest.raises(BadMapping, match="holds the points"):
            bring(["Email", "Note"], ["ann@example.com", "Hello"])


class TestRejectedRows:
    def test_say_why_and_in_which_column(self, ann, bob, bring):
        header = [*HEAD, "As of", "Can be used until", "Programme"]

        done = bring(
            header,
            ["nobody@example.com", "5", "", "", ""], ["", "5", "", "", ""], ["ann@example.com", "12.5", "", "", ""],
            ["ann@example.com", "-5", "", "", ""], ["ann@example.com", "many", "", "", ""],
            ["ann@example.com", "5", "2126-01-01", "", ""], ["ann@example.com", "5", "", "2001-01-01", ""],
            ["ann@example.com", "5", "", "", "x" * 41], ["ann@example.com", "9000000000", "", "", ""],
            ["bob@example.com", "7", "", "", ""],
        )  # fmt: skip

        assert (figures(done), ledger(ann), ledger(bob)) == ((1, 0, 0, 9), [], [7])
        assert [(one["line"], one["column"]) for one in done["errors"]] == [
            (2, ""), (3, ""), (4, "Points"), (5, "Points"), (6, "Points"), (7, "As of"), (8, "Can be used until"),
            (9, "Programme"), (10, "Points"),
        ]  # fmt: skip
        reasons = [one["reason"] for one in done["errors"]]
        assert "import the customers first" in reasons[0]
        assert reasons[2] == "Points are whole, and “12.5” is not. Round it where the file was made."
        assert reasons[4] == "“many” is not a whole number."

    def test_come_in_after_they_were_mended(self, shop, ann, bring, write):
        from regulars.transfer.models import ImportRun

        done = bring(HEAD, ["ann@example.com", "12.5"], ["nobody@example.com", "5"])
        run = ImportRun.objects.of(shop).get(pk=done["id"])
        text = b"".join(rejected_file(run)).decode("utf-8-sig").replace("12.5", "13")
        create_customer(shop, name="Nobody", email="nobody@example.com")

        again = import_file("points", write(text, "mended.csv"), shop)

        assert (figures(again), ledger(ann)) == ((2, 0, 0, 0), [13])

    def test_are_those_of_points_that_were_used_since(self, ann, bob, bring):
        bring(HEAD, ["ann@example.com", "120"], ["bob@example.com", "120"])
        adjust(ann, -100)

        done = bring(HEAD, ["ann@example.com", "50"], ["bob@example.com", "50"])

        assert (figures(done), ledger(ann), ledger(bob)) == ((0, 1, 0, 1), [120, -100], [120, -70])
        assert done["errors"][0]["reason"] == (
            "This would take 70 points, but only 20 are left: the others were used since."
        )


class TestOnePersonTwiceInAFile:
    ROWS = (HEAD, ["ann@example.com", "120"], ["bob@example.com", "5"], ["Ann@Example.com", "150"])

    @pytest.mark.parametrize(("twice", "points"), [("last", 150), ("first", 120)])
    def test_counts_once_as_was_chosen_and_is_told(self, ann, bob, bring, twice, points):
        done = bring(*self.ROWS, twice=twice)
        again = bring(*self.ROWS, twice=twice)

        assert (figures(done), figures(again), ledger(ann)) == ((2, 0, 1, 0), (0, 0, 3, 0), [points])
        assert done["duplicates"] == 1

    @pytest.mark.parametrize(("twice", "points"), [("last", [120, 30]), ("first", [120])])
    def test_also_far_apart(self, ann, bob, bring, small_batches, twice, points):
        done = bring(*self.ROWS, twice=twice)

        assert (figures(done)[3], ledger(ann)) == (0, points)

    def test_is_one_by_another_key_too(self, ann, bring):
        done = bring(["Email", "Phone", "Points"], ["ann@example.com", "", "7"], ["", "0917 123 4567", "9"])

        assert (figures(done), done["duplicates"], ledger(ann)) == ((1, 0, 1, 0), 1, [9])


@pytest.fixture
def small_batches(monkeypatch):
    from dataclasses import replace

    from regulars.transfer.kinds import KINDS

    monkeypatch.setitem(KINDS, "points", replace(KINDS["points"], batch=2))


class TestTrying:
    def test_says_what_the_import_then_does_and_writes_nothing(self, ann, bob, shop, bring):
        bring(HEAD, ["ann@example.com", "120"])
        rows = [HEAD, ["ann@example.com", "150"], ["bob@example.com", "5"], ["x@example.com", "5"]]

        tried = bring(*rows, dry_run=True)

        assert (ledger(ann), ledger(bob)) == ([120], [])
        done = bring(*rows)
        told = ("created", "updated", "unchanged", "rejected", "changed")
        assert [tried[name] for name in told] == [done[name] for name in told] == [1, 1, 0, 1, {"points": 1}]

    def test_knows_what_it_said_before(self, ann, bob, bring, small_batches):
        rows = TestOnePersonTwiceInAFile.ROWS

        assert figures(bring(*rows, dry_run=True)) == figures(bring(*rows)) == (2, 1, 0, 0)


class TestAListOfCustomersWithPoints:
    def test_says_how_the_points_come(self, shop, write):
        from regulars.transfer.imports import stage
        from regulars.transfer.previews import preview

        run = stage(shop, "customers", [b"Name,Email,Reward points\nAnn,ann@example.com,120\n"], "people.csv")

        (note,) = preview(run).notes
        assert note.startswith("The balances in “Reward points” do not come with the customers")

    def test_and_then_come_from_the_same_file(self, shop, write):
        path = write([["Name", "Email", "Reward points"], ["Ann", "ann@example.com", "120"]])

        people, points = (import_file(kind, path, shop) for kind in ("customers", "points"))

        ann = Customer.objects.of(shop).get()
        assert (figures(people), figures(points), ledger(ann)) == ((1, 0, 0, 0), (1, 0, 0, 0), [120])

    def test_of_kiotviet_find_their_owners_by_their_codes(self, shop, write):
        header = ["Mã khách hàng", "Tên khách hàng", "Nợ cần thu hiện tại", "Điểm hiện tại", "Tổng điểm"]
        path = write([header, ["KH001", "Đào", "0", "1.250", "3.000"], ["KH002", "An", "0", "", ""]])

        people, points = (import_file(kind, path, shop) for kind in ("customers", "points"))

        assert (people["format"], points["format"]) == ("kiotviet_customers", "kiotviet_points")
        assert dict(Customer.objects.of(shop).values_list("name", "points")) == {"Đào": 1250, "An": 0}


def test_the_day_of_the_balance_is_today_when_the_file_names_none(ann, bring):
    bring(HEAD, ["ann@example.com", "120"])

    assert PointsEntry.objects.get().counts_on == today(ann)


def test_a_sheet_of_rows_is_read_as_it_is(ann, shop, tmp_path):
    path = tmp_path / "points.tsv"
    with path.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([HEAD, ["ann@example.com", "120"]])

    assert figures(import_file("points", path, shop)) == (1, 0, 0, 0)


def test_of_several_who_became_one_says_whose_number_nobody_knows(shop, ann, bob, bring):
    rows = (["ann@example.com", "120"], ["bob@example.com", "30"])
    bring(HEAD, *rows)
    merge(shop, ann, [bob], by=SYSTEM)

    again, other = bring(HEAD, *rows), bring(HEAD, ["bob@example.com", "35"])

    assert (figures(again), figures(other), balance(ann)[0]) == ((0, 0, 2, 0), (0, 0, 0, 1), 150)
    assert other["errors"][0]["column"] == "Points"
    assert "became one" in other["errors"][0]["reason"]
