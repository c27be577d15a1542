"""Rows meet customers that are known, or one another."""

import pytest

from regulars.customers.models import ConsentEntry, ConsentState, Customer, Tag
from regulars.transfer import imports
from regulars.transfer.commands import import_file
from regulars.transfer.models import ImportRun
from regulars.transfer.trials import dry_run
from tests.transfer.conftest import BAGISTO, figures, make_shop, one


class TestMatching:
    """T60: one person in several spellings is one customer, and the report names the rows."""

    def test_finds_one_person_in_several_spellings_of_one_file(self, shop, write):
        path = write([
            ["Name", "Email", "Phone"],
            ["Ann", "ANN@example.com", ""],
            ["Ann Lee", "ann@Example.com ", "0917 123 4567"],
            ["A. Lee", "", "+63 917-123-4567"],
            ["Bo", "bo@example.com", ""],
        ])  # fmt: skip

        answer = import_file("customers", path, shop)

        assert figures(answer) == (2, 2, 0, 0)
        assert answer["duplicates"] == 2
        assert one(shop, email="ann@example.com").name == "A. Lee"
        assert Customer.objects.of(shop).count() == 2

    def test_names_the_rows_that_are_one_person(self, shop, write):
        import_file("customers", write([["Email"], ["a@example.com"], ["b@example.com"], ["A@example.com"]]), shop)

        assert ImportRun.objects.of(shop).get().report["twice"] == [[4, 2]]

    def test_obeys_the_keys_that_were_chosen(self, shop, write):
        import_file("customers", write([["Name", "Email", "Phone"], ["Ann", "ann@example.com", "0917 123 4567"]]), shop)
        path = write([["Name", "Email", "Phone"], ["Bo", "bo@example.com", "0917 123 4567"]])

        answer = import_file("customers", path, shop, match=["email"])

        assert figures(answer) == (1, 0, 0, 0)

    def test_never_matches_by_masked_or_invalid_phones(self, shop, write):
        path = write([["Name", "Phone"], ["Ann", "+63 917 xxx xxxx"], ["Bo", "+63 917 xxx xxxx"], ["Cy", "N/A"]])

        answer = import_file("customers", path, shop)

        assert figures(answer) == (3, 0, 0, 0)
        assert answer["warnings"]["phone"] == 3
        assert one(shop, name="Ann").phone_raw == "+63 917 xxx xxxx"

    @pytest.mark.parametrize(
        "rows",
        [
            [["Customer ID", "Name"], ["7", "Ann"]],
            [["Name", "Email"], ["Ann", "ann@example.com"]],
            [["Phone"], ["0917 123 4567"]],
        ],
        ids=["id and name", "name and e-mail", "phone alone"],
    )
    def test_asks_for_no_more_than_one_key(self, shop, write, rows):
        first, again = (import_file("customers", write(rows), shop) for _ in range(2))

        assert figures(first) == (1, 0, 0, 0)
        assert figures(again) == (0, 0, 1, 0)

    def test_other_shops_customers_are_strangers(self, shop, write):
        other = make_shop("other")
        import_file("customers", BAGISTO, other)

        assert figures(import_file("customers", BAGISTO, shop)) == (3, 0, 0, 0)


class TestKnownCustomers:
    """T61: an empty cell keeps what is there, and consent changes only where a column speaks of it."""

    @pytest.fixture
    def ann(self, shop, write):
        row = ["ann@example.com", "Ann", "Acme", "F", "yes"]
        path = write([["Email", "Name", "Company", "Gender", "Accepts marketing"], row])
        import_file("customers", path, shop)
        return one(shop)

    def test_keep_what_an_empty_cell_does_not_say(self, shop, write, ann):
        path = write([["Email", "Name", "Company"], ["ann@example.com", "", "Apex"]])

        answer = import_file("customers", path, shop)
        ann.refresh_from_db()

        assert figures(answer) == (0, 1, 0, 0)
        assert (ann.name, ann.company) == ("Ann", "Apex")
        assert answer["changed"] == answer["replaced"] == {"company": 1}

    def test_keep_everything_they_have_when_told_so(self, shop, write, ann):
        with write([["Email", "Company", "Phone"], ["ann@example.com", "Apex", "0917 123 4567"]]).open("rb") as file:
            run = imports.stage(shop, "customers", [file.read()], "x.csv")
        imports.configure(run, policy="fill_empty")

        tried = dry_run(run)

        assert tried.changed == {"phone": 1}
        assert tried.replaced == {}

    def test_keep_their_consent_unless_a_column_speaks_of_it(self, shop, write, ann):
        import_file("customers", write([["Email", "Name"], ["ann@example.com", "Anna"]]), shop)
        import_file("customers", write([["Email", "Accepts marketing"], ["ann@example.com", ""]]), shop)
        ann.refresh_from_db()

        assert (ann.name, ann.consent_email) == ("Anna", ConsentState.SUBSCRIBED)
        assert ConsentEntry.objects.of(shop).count() == 1

    def test_get_the_defaults_of_all_rows(self, shop, write, ann):
        with write([["Email", "Tags"], ["ann@example.com", "VIP"], ["bo@example.com", ""]]).open("rb") as file:
            run = imports.stage(shop, "customers", [file.read()], "x.csv")
        imports.configure(run, defaults={"tags": "Fair 2026", "country": "VN"})
        from regulars.shops.work import carry_on

        carry_on(shop_id=shop.pk, run_id=imports.start(run).pk)

        names = dict(Tag.objects.of(shop).values_list("pk", "name"))
        assert {names[pk] for pk in one(shop, pk=ann.pk).tag_ids} == {"VIP", "Fair 2026"}
        assert {names[pk] for pk in one(shop, email="bo@example.com").tag_ids} == {"Fair 2026"}
