"""The list of customers: search, filter, sort, pages, columns. Everything stands in the address."""

import re

import pytest
from playwright.sync_api import Page, expect

from regulars.shops.models import Staff
from tests.browser.conftest import Visit
from tests.browser.scene import EVERYBODY, figures, list_search, lively_shop, names, panel, pick, row, rows


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop()


@pytest.fixture
def customers(visit: Visit, lan: Staff) -> Page:
    return visit(lan, "customers/")


def choose_field(page: Page, label: str) -> None:
    page.get_by_role("link", name="Add filter").click()
    panel(page).get_by_role("searchbox", name="Find a field").fill(label)
    panel(page).get_by_role("link", name=re.compile(f"^{label}")).first.click()


def choose_operator(page: Page, words: str) -> None:
    with page.expect_response(re.compile("/filter/")):
        panel(page).get_by_label("Condition").select_option(label=words)


class TestSearching:
    def test_finds_people_while_one_types_in_any_spelling(self, customers):
        list_search(customers).press_sequentially("dao")

        expect(rows(customers)).to_have_count(1)
        expect(row(customers, "Nguyễn Thị Đào")).to_be_visible()
        expect(customers).to_have_url(re.compile(r"\?search=dao$"))
        expect(figures(customers)).to_contain_text(f"1 of {EVERYBODY}")

    @pytest.mark.parametrize("typed", ["+84 912 345 678", "0912345678", "912-345"])
    def test_finds_a_phone_in_another_spelling(self, customers, typed):
        list_search(customers).fill(typed)

        expect(rows(customers)).to_have_count(1)
        assert names(customers) == ["Nguyễn Thị Đào"]

    def test_finds_by_order_number(self, customers):
        list_search(customers).fill("#1007")

        expect(rows(customers)).to_have_count(1)
        assert names(customers) == ["Trần Văn Minh"]

    def test_says_that_nobody_matches_and_offers_the_way_back(self, customers):
        list_search(customers).fill("nobody is called this")
        expect(customers.get_by_text("Nothing matches this search and filter.")).to_be_visible()

        customers.locator("[data-list]").get_by_role("link", name="Clear all").click()

        expect(rows(customers)).to_have_count(50)


class TestFiltering:
    def test_by_a_quick_filter_and_back(self, customers):
        customers.get_by_role("link", name="5+ orders").click()

        expect(rows(customers)).to_have_count(1)
        assert names(customers) == ["Nguyễn Thị Đào"]
        expect(customers.get_by_role("link", name="5+ orders").first).to_have_attribute("aria-current", "true")

        customers.get_by_role("link", name="5+ orders").first.click()

        expect(rows(customers)).to_have_count(50)

    def test_by_money_through_the_panel(self, customers):
        choose_field(customers, "Total spent")
        panel(customers).get_by_role("textbox", name=re.compile("^Value")).fill("1000000")
        choose_operator(customers, "is at least")
        panel(customers).get_by_role("button", name="Apply").click()

        expect(rows(customers)).to_have_count(1)
        assert names(customers) == ["Nguyễn Thị Đào"]
        expect(customers.locator("#list-bar .chip.is-on")).to_contain_text("Total spent")

    def test_by_a_named_span_of_days(self, customers):
        choose_field(customers, "Last order")
        panel(customers).get_by_label("Which days").first.select_option(label="this year")
        panel(customers).get_by_role("button", name="Apply").click()

        expect(rows(customers)).to_have_count(2)
        assert set(names(customers)) == {"Nguyễn Thị Đào", "Trần Văn Minh"}

    def test_by_any_of_several_tags(self, customers):
        choose_field(customers, "Tags")
        choose_operator(customers, "is any of")
        pick(panel(customers), "Value", "VIP", "Silk")
        panel(customers).get_by_role("button", name="Apply").click()

        expect(rows(customers)).to_have_count(2)
        assert set(names(customers)) == {"Nguyễn Thị Đào", "Trần Văn Minh"}

    def test_says_in_the_panel_what_it_cannot_understand(self, customers):
        choose_field(customers, "Total spent")
        panel(customers).get_by_role("textbox", name=re.compile("^Value")).fill("a lot")
        panel(customers).get_by_role("button", name="Apply").click()

        expect(panel(customers).get_by_role("alert")).to_contain_text("a lot")

    def test_lets_a_chip_be_edited_in_place(self, visit, lan):
        page = visit(lan, "customers/?where=orders%20%3E%3D%206")
        expect(rows(page)).to_have_count(1)

        page.locator("#list-bar .chip.is-on .chip-body").last.click()
        value = panel(page).get_by_role("textbox", name="Value")
        expect(value).to_have_value("6")
        value.fill("1")
        panel(page).get_by_role("button", name="Apply").click()

        expect(rows(page)).to_have_count(2)
        expect(page.locator("#list-bar .chip-clear")).to_have_count(1)

    def test_clears_one_condition_or_all(self, visit, lan):
        page = visit(lan, "customers/?where=gender%20%3D%20female%20AND%20tags%20CONTAINS%20VIP&search=dao")
        expect(rows(page)).to_have_count(1)

        page.get_by_role("link", name=re.compile("Remove the filter Gender")).click()
        expect(page.locator("#list-bar .chip-clear")).to_have_count(1)

        page.locator("#list-bar").get_by_role("link", name="Clear all").click()
        expect(page.locator("#list-bar .chip-clear")).to_have_count(0)
        expect(rows(page)).to_have_count(50)
        expect(list_search(page)).to_have_value("")

    def test_finds_the_same_words_again_after_all_was_cleared(self, visit, lan):
        page = visit(lan, "customers/")
        list_search(page).fill("dao")
        expect(rows(page)).to_have_count(1)
        page.get_by_role("link", name="5+ orders").click()
        page.locator("#list-bar").get_by_role("link", name="Clear all").click()
        expect(rows(page)).to_have_count(50)

        list_search(page).fill("dao")

        expect(rows(page)).to_have_count(1)

    def test_reads_the_conditions_as_a_sentence(self, visit, lan):
        page = visit(lan, "customers/?where=orders%20%3E%3D%206%20AND%20tags%20CONTAINS%20VIP")

        page.get_by_role("link", name="View conditions").click()

        shown = page.get_by_role("dialog", name="Conditions")
        expect(shown.locator(".sentence")).to_contain_text(re.compile("orders.*6.*and.*VIP", re.IGNORECASE))
        expect(shown.locator("code")).to_have_text(re.compile("orders >= 6 AND tags CONTAINS"))

    def test_refuses_an_unknown_field_and_names_it(self, visit, lan):
        page = visit(lan)

        answer = page.goto(f"/s/{lan.shop.slug}/customers/?where=shoe_size%20%3E%2040")

        assert answer.status == 400
        expect(page.get_by_role("alert")).to_contain_text("shoe_size")
        page.get_by_role("link", name="Show everything").click()
        expect(rows(page)).to_have_count(50)

    def test_underlines_the_word_it_does_not_know_and_lets_it_be_corrected(self, visit, lan):
        page = visit(lan)
        page.goto(f"/s/{lan.shop.slug}/customers/?where=tags%20CONTAINS%20VIP%20AND%20ordrs%20%3E%3D%206")
        expect(page.locator(".list-wrong mark")).to_have_text("ordrs")

        page.get_by_role("link", name="Correct the filter").click()
        panel(page).get_by_role("button", name="Did you mean orders?").click()
        expect(page.get_by_role("textbox", name="As text")).to_have_value("tags CONTAINS VIP AND orders >= 6")
        page.get_by_role("button", name="Apply").click()

        expect(rows(page)).to_have_count(1)


class TestAPanelOfItsOwn:
    @pytest.mark.parametrize("path", ["filter/", "filter/editor/", "columns/", "conditions/"])
    def test_is_closed_to_the_list_it_belongs_to(self, visit, lan, path):
        page = visit(lan, f"customers/{path}?where=orders%20%3E%3D%206")

        page.get_by_role("main").get_by_role("button", name="Close").click()

        page.wait_for_url(re.compile(r"/customers/\?where=orders"))
        expect(rows(page)).to_have_count(1)


class TestSorting:
    def test_by_a_heading_and_round_by_a_second_click(self, customers):
        spent = customers.get_by_role("columnheader", name="Total spent")

        spent.get_by_role("link").click()
        expect(spent).to_have_attribute("aria-sort", "descending")
        assert names(customers)[:2] == ["Nguyễn Thị Đào", "Trần Văn Minh"]

        spent.get_by_role("link").click()
        expect(spent).to_have_attribute("aria-sort", "ascending")
        assert "Nguyễn Thị Đào" not in names(customers)

    def test_by_name_follows_the_alphabet_without_accents(self, customers):
        customers.get_by_role("columnheader", name="Customer").get_by_role("link").click()

        expect(customers.get_by_role("columnheader", name="Customer")).to_have_attribute("aria-sort", "ascending")
        assert names(customers)[:3] == ["Andrei Țurcanu", "Budi Santoso", "Guest 01"]


class TestPages:
    def test_lead_forward_and_back_without_missing_anybody(self, visit, lan):
        page = visit(lan, "customers/?sort=name&size=25")
        seen = names(page)

        for _turn in range(2):
            last = names(page)[-1]
            page.get_by_role("link", name="Next page").click()
            expect(page.get_by_role("link", name=last, exact=True)).to_have_count(0)
            seen += names(page)

        assert len(seen) == len(set(seen)) == EVERYBODY
        page.get_by_role("link", name="Previous page").click()
        expect(page.locator("[data-list] .person-name").first).to_have_text(seen[25])

    def test_have_the_size_one_chooses(self, customers):
        customers.get_by_role("navigation", name="Pages").get_by_role("link", name="25").click()

        expect(rows(customers)).to_have_count(25)
        expect(customers).to_have_url(re.compile("size=25"))


class TestColumns:
    def test_are_chosen_and_ordered(self, customers):
        customers.get_by_role("link", name="Columns").click()
        chooser = customers.get_by_role("dialog", name="Columns")
        chooser.get_by_role("checkbox", name="Debt").uncheck()
        chooser.get_by_role("checkbox", name="Gender").check()
        chooser.get_by_role("button", name="Move Orders up").click()
        chooser.get_by_role("button", name="Show these columns").click()

        expect(customers.get_by_role("columnheader", name="Gender")).to_be_visible()
        heads = [text.strip() for text in customers.get_by_role("columnheader").all_inner_texts()]
        assert "Debt" not in heads
        assert heads.index("Orders") < heads.index("Location")
        expect(customers).to_have_url(re.compile("columns="))

    def test_stay_when_one_searches(self, visit, lan):
        page = visit(lan, "customers/?columns=orders,gender")

        list_search(page).fill("dao")

        expect(rows(page)).to_have_count(1)
        expect(page.get_by_role("columnheader", name="Gender")).to_be_visible()
        expect(page).to_have_url(re.compile("columns=orders%2Cgender"))


class TestGoingBack:
    def test_returns_to_the_same_list(self, customers):
        list_search(customers).fill("guest")
        expect(figures(customers)).to_contain_text("55 of")
        customers.get_by_role("columnheader", name="Customer").get_by_role("link").click()
        expect(customers.locator("[data-list] .person-name").first).to_have_text("Guest 01")

        customers.get_by_role("link", name="Guest 01", exact=True).click()
        expect(customers.get_by_role("heading", name="Guest 01")).to_be_visible()
        customers.go_back()

        expect(customers.locator("[data-list] .person-name").first).to_have_text("Guest 01")
        expect(list_search(customers)).to_have_value("guest")
        customers.go_back()
        expect(customers).not_to_have_url(re.compile("sort=name"))
        expect(figures(customers)).to_contain_text("55 of")
        customers.go_forward()
        expect(customers).to_have_url(re.compile("sort=name"))
        expect(customers.locator("[data-list] .person-name").first).to_have_text("Guest 01")
