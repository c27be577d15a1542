"""What columns hold, told by their cells."""

import pytest

from regulars.transfer import imports
from regulars.transfer.commands import import_file
from regulars.transfer.options import Options
from regulars.transfer.previews import preview

PEOPLE = [
    ["ann@example.com", "0917 123 4567", "female", "1990-05-17", "Philippines"],
    ["bo@example.com", "+63 917 123 4568", "male", "1985-12-24", "Vietnam"],
    ["cy@example.com", "0917-123-4569", "F", "1979-01-02", "ID"],
]  # fmt: skip


def text_of(rows):
    return "\n".join(",".join(row) for row in rows) + "\n"


@pytest.fixture
def stage(shop):
    return lambda rows, kind="customers", **cut: imports.stage(shop, kind, [text_of(rows).encode()], "x.csv", **cut)


class TestColumnsWithoutNames:
    def test_are_told_by_their_cells_and_shown_as_guesses(self, stage):
        columns = preview(stage(PEOPLE, header_row=0)).columns

        assert [column.field for column in columns] == ["email", "phone", "gender", "birthday", "country"]
        assert all(column.is_guess for column in columns)

    def test_are_seen_without_being_told_that_no_row_names_them(self, stage):
        run = stage(PEOPLE)

        assert Options.of(run.options).header_row == 0
        assert len(preview(run).rows) == 3

    def test_are_no_guesses_any_more_once_somebody_chose(self, stage):
        run = imports.configure(stage(PEOPLE), mapping=["email", "phone", "", "", ""])

        assert [column.is_guess for column in preview(run).columns] == [False] * 5

    def test_of_orders_are_told_too(self, stage):
        rows = [["#1", "2026-03-01 10:00", "1,250.00"], ["#2", "2026-03-02 11:00", "90"], ["#3", "2026-03-03", "7.50"]]

        run = stage([[cell.replace(",", "") for cell in row] for row in rows], "orders", header_row=0)

        assert [column.field for column in preview(run).columns] == ["", "placed_at", "total"]

    def test_of_which_two_could_be_it_are_not_guessed(self, stage):
        rows = [["a@example.com", "5", "7"], ["b@example.com", "6", "8"], ["c@example.com", "7", "9"]]

        assert [column.field for column in preview(stage(rows, "orders", header_row=0)).columns] == ["email", "", ""]

    def test_of_days_of_this_year_are_no_birthdays(self, stage):
        rows = [[f"a{day}@example.com", f"2026-01-0{day}"] for day in range(1, 6)]

        assert [column.field for column in preview(stage(rows)).columns] == ["email", ""]


class TestColumnsWhoseNamesSayNothing:
    def test_are_told_by_addresses_and_phones_only(self, stage):
        head = ["Reach", "Line", "Kind", "Since", "From"]

        columns = preview(stage([head, *PEOPLE])).columns

        assert [column.field for column in columns] == ["email", "phone", "", "", ""]
        assert [column.is_guess for column in columns] == [True, True, False, False, False]

    def test_need_four_of_five_cells(self, stage):
        rows = [["Name", "Reach"], ["Ann", "a@example.com"], ["Bo", "see note"], ["Cy", "c@example.com"]]

        assert preview(stage(rows)).columns[1].field == ""

    def test_never_become_a_field_that_another_column_names(self, stage):
        rows = [["E-mail", "Reach"], ["ann@example.com", "ann@work.example"], ["bo@example.com", "bo@work.example"]]

        assert [column.field for column in preview(stage(rows)).columns] == ["email", ""]

    def test_of_two_the_fuller_is_taken_and_the_other_stays_apart(self, stage):
        rows = [["Name", "One", "Two"], ["Ann", "a@example.com", "x@example.com"], ["Bo", "b@example.com", "no"]]

        assert [column.field for column in preview(stage(rows)).columns] == ["name", "email", ""]

    def test_with_long_numbers_are_no_phones(self, stage):
        rows = [["Name", "Ref"], ["Ann", "9013808660771"], ["Bo", "9013808660772"], ["Cy", "9013808660773"]]

        assert preview(stage(rows)).columns[1].field == ""

    def test_are_left_alone_where_a_format_knows_them(self, stage):
        rows = [
            ["user_email", "user_login", "display_name"], ["ann@example.com", "ann@login.example", "ann@show.example"],
        ]  # fmt: skip

        assert [column.field for column in preview(stage(rows)).columns] == ["email", "", ""]


def test_three_columns_of_one_name_stay_apart(stage):
    """T58."""
    head = ["Email", "Email", "Email"]

    columns = preview(stage([head, ["a@example.com", "b@example.com", "c@example.com"]])).columns

    assert [column.name for column in columns] == ["Email", "Email (2)", "Email (3)"]
    assert [column.field for column in columns] == ["email", "", ""]


def test_a_list_of_addresses_alone_can_be_imported(shop, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("ann@example.com\nbo@example.com\n")

    assert import_file("customers", path, shop)["created"] == 2
