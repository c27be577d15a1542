"""What spreadsheets, programs and people do to cells."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers.models import Customer, Identity
from regulars.events.record import Actor
from regulars.orders.models import Order
from regulars.transfer import imports
from regulars.transfer.cells import from_serial, is_data, is_serial
from regulars.transfer.commands import import_file, undo_import
from regulars.transfer.errors import BadMapping
from regulars.transfer.previews import preview
from regulars.transfer.trials import dry_run
from tests.factories import create_customer


@pytest.fixture
def bring(shop, tmp_path):
    def brought(text, kind="customers", **told):
        path = tmp_path / "file.csv"
        path.write_text(text, "utf-8")
        return import_file(kind, path, shop, **told)

    return brought


@pytest.fixture
def stage(shop):
    return lambda text, kind="customers": imports.stage(shop, kind, [text.encode()], "file.csv")


def figures(answer):
    return tuple(answer[name] for name in ("created", "updated", "unchanged", "rejected"))


class TestNumbersThatASpreadsheetShortened:
    def test_are_no_phones(self, shop, bring):
        answer = bring("Name,Phone\nAnn,9.17E+11\nBo,9.17E+11\n")

        ann, bo = Customer.objects.of(shop).order_by("name")
        assert figures(answer) == (2, 0, 0, 0)
        assert (ann.phone, ann.phone_raw, bo.phone) == (None, "9.17E+11", None)
        assert answer["warnings"] == {"phone": 2}

    def test_are_no_customer_ids_either(self, shop, bring):
        answer = bring("Customer ID,Name,Postal code,Address\n9.01381E+12,Ann,1.2E+10,1 Main St\n9.01381E+12,Bo,,\n")

        assert figures(answer) == (2, 0, 0, 0)
        assert answer["warnings"] == {"external_id": 2, "postal_code": 1}
        assert not Identity.objects.of(shop).filter(external_id__contains="E+").exists()

    def test_make_no_order_of_many(self, shop, bring):
        answer = bring("Order ID,Date,Total,Paid\n2.40912E+14,2026-03-01,5,5\n2.40912E+14,2026-03-02,7,7\n", "orders")

        assert figures(answer) == (0, 0, 0, 1)
        assert len(answer["errors"]) == 2
        assert "last digits are lost" in answer["errors"][0]["reason"]
        assert not Order.objects.of(shop).exists()


class TestDaysThatASpreadsheetNumbered:
    @given(st.dates(date(1927, 5, 19), date(2091, 8, 22)))
    def test_are_days_again(self, day):
        cell = str((day - date(1899, 12, 30)).days)

        assert is_serial(cell)
        assert from_serial(cell) == day.isoformat()

    def test_keep_their_time(self):
        assert from_serial("45000.75") == "2023-03-15 18:00:00"

    @pytest.mark.parametrize("cell", ["9999", "70000", "2026-01-31", "20260131", "1735689600", "45000x", ""])
    def test_leave_other_cells_alone(self, cell):
        assert not is_serial(cell)
        assert from_serial(cell) == cell

    def test_are_taken_when_the_whole_column_is_of_them(self, shop, stage):
        run = stage("Name,Birthday\nAnn,32874\nBo,29221\nCy,\n")

        assert "spreadsheet's days" in preview(run).notes[0]
        import_all(run)

        assert [one.birth_year for one in Customer.objects.of(shop).order_by("name")] == [1990, 1980, None]

    def test_are_asked_about_beside_other_days(self, shop, stage):
        run = stage("Name,Birthday\nAnn,32874\nBo,1980-01-01\n")

        (note,) = preview(run).notes
        assert "“Birthday” holds days, and numbers such as 32874" in note
        assert dry_run(run).warnings == {"birthday": 1}


def import_all(run):
    from regulars.shops.work import carry_on

    job = imports.start(run)
    while not job.is_over:
        carry_on(shop_id=job.shop_id, run_id=job.pk)
        job.refresh_from_db()


class TestTheOrderOfDayAndMonth:
    def test_is_told_by_one_day_that_can_only_be_read_one_way(self, db, stage):
        run = stage("Name,Birthday\nAnn,03/04/1990\nBo,25/12/1980\n")  # the shop's country writes the month first

        assert run.options["day_order"] == "dmy"
        assert (preview(run).ambiguous, preview(run).notes) == ("", ())

    def test_is_asked_for_when_every_day_could_be_both(self, db, stage):
        seen = preview(stage("Name,Birthday\nAnn,03/04/1990\nBo,05/05/1980\n"))

        assert seen.ambiguous == "03/04/1990"
        assert "Ambiguous dates: 03/04/1990" in seen.notes[0]

    def test_is_looked_for_far_behind_the_first_rows(self, db, stage):
        rows = "".join(f"Ann {number},03/04/1990\n" for number in range(3000))

        run = stage(f"Name,Birthday\n{rows}Bo,31/12/1980\n")

        assert (run.options["day_order"], preview(run).ambiguous) == ("dmy", "")

    def test_that_was_chosen_wrongly_is_said(self, db, stage):
        run = imports.configure(stage("Name,Birthday\nAnn,25/12/1980\n"), day_order="mdy")

        assert "25/12/1980 is no date" in preview(run).notes[0]

    def test_can_differ_within_a_file_which_is_said(self, db, stage):
        (note,) = preview(stage("Name,Birthday\nAnn,25/12/1980\nBo,12/25/1980\n")).notes

        assert "25/12/1980" in note
        assert "12/25/1980" in note

    def test_does_not_matter_when_the_year_is_first(self, db, stage):
        assert preview(stage("Name,Birthday\nAnn,1980-03-04\n")).ambiguous == ""


class TestDataOfPrograms:
    @pytest.mark.parametrize("cell", ['{"a": 1}', '["x", 1]', "[]", "{}"])
    def test_is_known(self, cell):
        assert is_data(cell)

    @pytest.mark.parametrize("cell", ["[VIP]", "{name}", "plain", "[", "{" * 5000, "[" * 100_000 + "]" * 100_000])
    def test_is_not_seen_where_there_is_none(self, cell):
        assert not is_data(cell)

    def test_is_not_understood_and_said(self, shop, bring):
        answer = bring('Email,Name,Note\nann@example.com,"{""first"": ""Ann""}","{""kept"": true}"\n')

        ann = Customer.objects.of(shop).get()
        assert (ann.name, answer["warnings"]) == ("", {"name": 1})
        assert ann.notes.get().text == '{"kept": true}'

    def test_that_is_a_list_of_tags_is_understood(self, shop, bring):
        bring('Email,Tags\nann@example.com,"[""VIP"", ""Blog""]"\n')

        assert len(Customer.objects.of(shop).get().tag_ids) == 2


class TestClearing:
    """T61: a field is emptied in so many words only."""

    HEAD = "Email,Name,Phone,Company,Birthday,Status,Note\n"

    @pytest.fixture
    def ann(self, shop, bring):
        bring(self.HEAD + "ann@example.com,Ann,09171234567,Acme,1990-01-01,Lead,\n")
        return Customer.objects.of(shop).get()

    def test_takes_explicit_words(self, shop, bring, ann):
        answer = bring(self.HEAD + "ann@example.com,,__CLEAR__,__CLEAR__,__CLEAR__,__CLEAR__,\n")

        ann.refresh_from_db()
        assert figures(answer) == (0, 1, 0, 0)
        assert (ann.name, ann.phone, ann.phone_raw, ann.company, ann.birth_md, ann.status_id) == (
            "Ann",
            None,
            "",
            "",
            None,
            None,
        )

    def test_changes_nothing_twice(self, shop, bring, ann):
        bring(self.HEAD + "ann@example.com,,__CLEAR__,,,,\n")

        assert figures(bring(self.HEAD + "ann@example.com,,__CLEAR__,,,,\n")) == (0, 0, 1, 0)

    def test_can_be_taken_back(self, shop, bring, ann):
        done = bring(self.HEAD + "ann@example.com,,__CLEAR__,__CLEAR__,,,\n")

        undo_import(shop, done["id"], by=Actor.system())

        ann.refresh_from_db()
        assert (ann.phone, ann.company) == ("+639171234567", "Acme")

    def test_of_other_fields_is_refused_with_a_reason(self, shop, bring, ann):
        answer = bring(self.HEAD + "ann@example.com,__CLEAR__,,,,,__CLEAR__\n")

        ann.refresh_from_db()
        assert (ann.name, answer["warnings"]) == ("Ann", {"name": 1, "note": 1})
        assert not ann.notes.exists()

    def test_does_nothing_when_only_empty_fields_are_filled(self, shop, stage, ann):
        run = imports.configure(stage(self.HEAD + "ann@example.com,,__CLEAR__,,,,\n"), policy="fill_empty")

        assert dry_run(run).unchanged == 1

    def test_leaves_the_last_thing_that_tells_who_it_is(self, shop, bring):
        bring("Customer ID,Phone\n7,09171234567\n")

        answer = bring("Customer ID,Phone\n7,__CLEAR__\n")

        assert (figures(answer), answer["warnings"]) == ((0, 0, 1, 0), {"phone": 1})


class TestTwoRowsOfOneCustomer:
    """T60: the last row has the say, or the first when told so."""

    ROWS = "Email,Name,City,Company,Address\nann@example.com,Ann,,Acme,\nANN@example.com,Ann Lee,,Bcme,\n"

    def test_leave_the_say_to_the_last_one(self, shop, bring):
        bring(self.ROWS)

        assert Customer.objects.of(shop).get().name == "Ann Lee"

    def test_change_nothing_when_they_come_again(self, shop, bring):
        rows = (
            "Customer ID,Email,Phone,Name,Company,Birthday,Group,Referrer,Accepts e-mail\n"
            "7,a@x.io,0917 123 4561,Ann,Acme,1990-05-17,VIP,Bo,yes\n"
            "7,b@x.io,0917 123 4562,Ann Lee,__CLEAR__,1991-05-17,Wholesale,Cy,no\n"
            "7,,,Ann L.,,,,,\n"
        )
        bring(rows)
        before = Customer.objects.of(shop).values().get()

        answer = bring(rows)

        assert figures(answer) == (0, 0, 3, 0)
        assert Customer.objects.of(shop).values().get() == before
        assert (before["name"], before["email"], before["company"]) == ("Ann L.", "b@x.io", "")

    def test_say_what_no_later_one_says(self, shop, bring):
        create_customer(shop, name="Old", email="ann@example.com")

        answer = bring("Email,Name,Company\nann@example.com,Ann,Acme\nann@example.com,Ann Lee,\n")

        ann = Customer.objects.of(shop).get()
        assert (ann.name, ann.company, figures(answer)) == ("Ann Lee", "Acme", (0, 2, 0, 0))

    def test_keep_a_number_that_a_later_one_hides(self, shop, bring):
        create_customer(shop, name="Ann", email="ann@example.com")

        bring("Email,Phone\nann@example.com,09171234567\nann@example.com,0917****567\n")

        assert Customer.objects.of(shop).get().phone == "+639171234567"

    def test_are_tried_as_they_are_written(self, shop, bring, stage):
        bring(self.ROWS)

        assert dry_run(stage(self.ROWS)).unchanged == 2

    def test_leave_it_to_the_first_one_when_told_so(self, shop, stage):
        run = imports.configure(stage(self.ROWS.replace("Ann,,Acme", "Ann,,")), twice="first")

        import_all(run)

        ann = Customer.objects.of(shop).get()
        assert (ann.name, ann.company) == ("Ann", "Bcme")

    def test_leave_it_to_the_first_one_across_batches(self, shop, stage, monkeypatch):
        from regulars.transfer import kinds

        small = {"customers": kinds.KINDS["customers"].__class__(*_with_batch(kinds.KINDS["customers"], 1))}
        monkeypatch.setattr(imports, "KINDS", kinds.KINDS | small)
        run = imports.configure(stage(self.ROWS), twice="first")

        import_all(run)

        assert Customer.objects.of(shop).get().name == "Ann"

    def test_are_told_by_their_lines(self, shop, stage):
        assert dry_run(stage(self.ROWS)).duplicates == 1

    def test_have_no_third_way(self, shop, stage):
        with pytest.raises(BadMapping, match="neither first nor last"):
            imports.configure(stage(self.ROWS), twice="both")


def _with_batch(kind, size):
    return kind.rows, kind.writer, kind.trial, size, kind.can_undo


class TestWhoIsARow:
    """The rule of tills: an ID and a name, or a name and an address; a phone alone where phones are a key."""

    @pytest.mark.parametrize("row", ["7,Ann,,", ",Ann,ann@example.com,", ",,,09171234567"])
    def test_is_known_again(self, shop, bring, row):
        rows = f"ID,Name,Email,Phone\n{row}\n"

        assert figures(bring(rows)) == (1, 0, 0, 0)
        assert figures(bring(rows)) == (0, 0, 1, 0)

    def test_with_a_phone_only_is_not_doubled_where_phones_are_no_key(self, shop, bring):
        rows = "Name,Phone\nAnn,09171234567\n"

        bring(rows, match=["email"])

        assert figures(bring(rows, match=["email"])) == (0, 0, 1, 0)
