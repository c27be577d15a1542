"""The filter editor: nested groups by mouse and by keyboard, the same question as text, its answer."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from regulars.shops.models import Staff
from tests.browser.conftest import PHONE, Visit
from tests.browser.scene import EVERYBODY, lively_shop, names, panel, pick, rows
from tests.browser.visiting import colour_faults, darken, scrolls_sideways, violations


@pytest.fixture(scope="module")
def lan(database: None) -> Staff:
    return lively_shop()


@pytest.fixture
def customers(visit: Visit, lan: Staff) -> Page:
    return visit(lan, "customers/")


def open_editor(page: Page) -> Locator:
    """The editor in its drawer, from the button that adds a filter."""
    page.get_by_role("link", name="Add filter").click()
    panel(page).get_by_role("link", name="Combine with and, or, not").click()
    editor = page.locator("#filter-editor")
    expect(editor).to_be_visible()
    return editor


def text_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="As text")


def choose(editor: Locator, field: str) -> None:
    """Choose a field in the chooser that is open."""
    editor.get_by_role("searchbox", name="Find a field").fill(field)
    editor.get_by_role("button", name=re.compile(f"^{field}")).first.click()


def add(owner: Locator, editor: Locator, field: str, button: str = "Condition") -> None:
    owner.get_by_role("button", name=button, exact=True).last.click()
    choose(editor, field)


def line(editor: Locator, field: str) -> Locator:
    return editor.locator("[data-line]").filter(has=editor.page.get_by_role("button", name=f"{field}: choose"))


def apply(page: Page) -> None:
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile(r"/customers/\?"))


class TestBuilding:
    def test_writes_amounts_as_the_shop_does_once_they_are_typed(self, customers):
        editor = open_editor(customers)
        add(editor, editor, "Total spent")
        amount = line(editor, "Total spent").get_by_role("textbox")

        amount.press_sequentially("1500000")
        amount.press("Tab")

        expect(amount).to_have_value("₫1,500,000")
        expect(text_of(customers)).to_have_value("total_spent >= 1500000")
        apply(customers)
        assert "1500000" in customers.url

    def test_by_mouse(self, customers):
        editor = open_editor(customers)
        add(editor, editor, "Total spent")
        line(editor, "Total spent").get_by_role("textbox").fill("1000000")
        expect(text_of(customers)).to_have_value("total_spent >= 1000000")

        editor.get_by_role("button", name="Group", exact=True).click()
        choose(editor, "City")
        line(editor, "City").get_by_role("textbox").fill("Hà Nội")
        group = editor.locator(".q-group .q-group")
        add(group, editor, "Tags")
        line(editor, "Tags").get_by_label("How it is compared").select_option(label="is any of")
        pick(line(editor, "Tags"), "Value", "Newsletter", "Silk")

        expect(text_of(customers)).to_have_value(
            "total_spent >= 1000000 AND (city CONTAINS 'Hà Nội' OR tags IN ('Newsletter', 'Silk'))"
        )
        expect(editor.locator(".answer-count")).to_contain_text(f"1 of {EVERYBODY} customers")
        expect(editor.locator(".sentence")).to_contain_text("Total spent: at least")
        expect(editor.get_by_role("link", name="Nguyễn Thị Đào")).to_be_visible()
        apply(customers)
        assert names(customers) == ["Nguyễn Thị Đào"]

    def test_by_keyboard_alone(self, customers):
        customers.get_by_role("link", name="Add filter").focus()
        customers.keyboard.press("Enter")
        panel(customers).get_by_role("link", name="Combine with").focus()
        customers.keyboard.press("Enter")
        add_button = customers.get_by_role("button", name="Condition", exact=True)
        expect(add_button).to_be_visible()
        add_button.focus()
        customers.keyboard.press("Enter")
        search = customers.get_by_role("searchbox", name="Find a field")
        expect(search).to_be_focused()

        customers.keyboard.type("total spent")
        customers.keyboard.press("Enter")
        value = line(customers.locator("#filter-editor"), "Total spent").get_by_role("textbox")
        expect(value).to_be_focused()
        customers.keyboard.type("300000")
        customers.keyboard.press("Enter")
        expect(search).to_be_focused()
        customers.keyboard.type("tags")
        customers.keyboard.press("ArrowDown")
        customers.keyboard.press("Enter")
        expect(line(customers.locator("#filter-editor"), "Tags").get_by_label("How it is compared")).to_be_focused()
        customers.keyboard.press("Tab")
        customers.keyboard.type("VIP")
        expect(text_of(customers)).to_have_value("total_spent >= 300000 AND tags CONTAINS 'VIP'")

        customers.keyboard.press("Alt+ArrowUp")
        expect(text_of(customers)).to_have_value("tags CONTAINS 'VIP' AND total_spent >= 300000")
        with customers.expect_navigation():
            customers.keyboard.press("Control+Enter")

        expect(rows(customers)).to_have_count(1)
        assert names(customers) == ["Nguyễn Thị Đào"]

    def test_keeps_the_caret_while_the_answer_comes(self, customers):
        editor = open_editor(customers)
        add(editor, editor, "Total spent")
        value = line(editor, "Total spent").get_by_role("textbox")

        value.press_sequentially("1234567", delay=120)

        expect(value).to_be_focused()
        expect(value).to_have_value("1234567")
        expect(text_of(customers)).to_have_value("total_spent >= 1234567")

    def test_with_an_event_and_its_details(self, customers):
        editor = open_editor(customers)
        add(editor, editor, "Placed an order")
        event = editor.locator(".q-event")
        add(event, editor, "How many orders", button="Detail")
        line(editor, "How many orders").get_by_role("textbox").fill("6")

        expect(editor.locator(".answer-count")).to_contain_text("1 of")
        event.get_by_label("Whether it happened").select_option(label="did not happen")

        expect(text_of(customers)).to_have_value("orders_placed NOT MATCHES (count >= 6)")
        expect(editor.locator(".answer-count")).to_contain_text(f"{EVERYBODY - 1} of")

    def test_with_days(self, customers):
        editor = open_editor(customers)
        add(editor, editor, "Added")
        line(editor, "Added").get_by_label("Which days").select_option(label="days ago")
        line(editor, "Added").get_by_label("How many").fill("7")

        expect(text_of(customers)).to_have_value("created_at >= -7d")

    def test_turns_round_wraps_and_takes_out(self, visit, lan):
        page = visit(lan, "customers/filter/editor/?where=city = 'Hue' AND debt > 0")
        editor = page.locator("#filter-editor")

        def more(field: str, item: str) -> None:
            line(editor, field).get_by_role("button", name=f"More for {field}").click()
            page.get_by_role("menuitem", name=item).locator("visible=true").click()

        more("City", "Turn round: not")
        expect(text_of(page)).to_have_value("NOT city = 'Hue' AND debt > 0")
        more("City", "Put into a group")
        editor.locator(".q-group .q-group").get_by_role("button", name="Condition", exact=True).click()
        choose(editor, "Gender")
        line(editor, "Gender").get_by_label("Value").select_option(label="Female")
        expect(text_of(page)).to_have_value("(NOT city = 'Hue' OR gender = 'female') AND debt > 0")
        editor.get_by_label("Which of these have to hold").first.select_option(label="None of these")
        expect(text_of(page)).to_have_value("NOT (NOT city = 'Hue' OR gender = 'female' OR debt > 0)")

    def test_says_at_the_line_what_it_cannot_understand(self, customers):
        editor = open_editor(customers)
        add(editor, editor, "Debt")
        line(editor, "Debt").get_by_role("textbox").fill("a lot")

        expect(line(editor, "Debt")).to_contain_text("“a lot” is not an amount.")
        expect(editor.locator(".q-mirror mark")).to_have_text("'a lot'")
        customers.get_by_role("button", name="Apply").click()
        expect(line(editor, "Debt")).to_contain_text("“a lot” is not an amount.")

    def test_gives_up_choosing_a_field_with_escape(self, customers):
        editor = open_editor(customers)
        editor.get_by_role("button", name="Condition", exact=True).click()
        expect(editor.get_by_role("searchbox", name="Find a field")).to_be_focused()

        customers.keyboard.press("Escape")

        expect(editor.get_by_role("searchbox", name="Find a field")).to_have_count(0)
        expect(editor).to_be_visible()


class TestTheText:
    def test_rewrites_the_builder(self, customers):
        editor = open_editor(customers)

        text_of(customers).fill("tags CONTAINS 'VIP' AND (debt > 0 OR orders >= 5)")

        expect(line(editor, "Debt")).to_be_visible()
        expect(editor.locator(".q-group .q-group").get_by_label("Which of these")).to_have_value("any")
        expect(editor.locator(".answer-count")).to_contain_text(f"2 of {EVERYBODY}")

    def test_underlines_the_wrong_word_and_corrects_it(self, customers):
        editor = open_editor(customers)
        text_of(customers).fill("debt > 0 OR\nordrs >= 5")

        expect(editor.locator(".q-mirror mark")).to_have_text("ordrs")
        expect(editor.get_by_text("There is no field “ordrs”.")).to_be_visible()
        assert _is_under_its_word(customers)
        editor.get_by_role("button", name="Did you mean orders?").click()

        expect(text_of(customers)).to_have_value("debt > 0 OR\norders >= 5")
        expect(line(editor, "Orders")).to_be_visible()

    def test_is_completed_while_one_types(self, customers):
        open_editor(customers)
        text_of(customers).press_sequentially("total_sp")
        options = customers.get_by_role("listbox", name="Suggestions").get_by_role("option")
        expect(options.first).to_contain_text("total_spent")
        expect(text_of(customers)).to_have_attribute("aria-activedescendant", "suggestion-0")

        customers.keyboard.press("Tab")
        expect(text_of(customers)).to_have_value("total_spent ")
        expect(options.first).to_contain_text(">=")
        customers.keyboard.press("ArrowDown")
        customers.keyboard.press("Enter")
        expect(text_of(customers)).to_have_value("total_spent >= ")
        text_of(customers).press_sequentially("1 AND tags CONTAINS 'vi")
        expect(options.first).to_contain_text("VIP")
        options.first.click()

        expect(text_of(customers)).to_have_value("total_spent >= 1 AND tags CONTAINS 'VIP'")
        expect(line(customers.locator("#filter-editor"), "Tags")).to_be_visible()

    def test_escape_closes_the_suggestions_and_not_the_editor(self, customers):
        editor = open_editor(customers)
        text_of(customers).press_sequentially("ord")
        suggestions = customers.get_by_role("listbox", name="Suggestions")
        expect(suggestions).to_be_visible()

        customers.keyboard.press("Escape")

        expect(suggestions).to_be_hidden()
        expect(editor).to_be_visible()
        expect(text_of(customers)).to_be_focused()


def _is_under_its_word(page: Page) -> bool:
    """Whether the mark stands in the second line of the text, at its beginning."""
    mark = page.locator(".q-mirror mark").bounding_box()
    area = text_of(page).bounding_box()
    assert mark and area
    return mark["x"] - area["x"] < 15 and 20 < mark["y"] - area["y"] < 45


class TestTheList:
    def test_opens_the_editor_from_the_chip_of_a_group(self, visit, lan):
        page = visit(lan, "customers/?where=debt > 0 AND (city = 'Hue' OR tags CONTAINS 'VIP')&sort=name")
        expect(rows(page)).to_have_count(1)

        page.locator("#list-bar .chip-body", has_text="City is Hue").click()
        editor = page.locator("#filter-editor")
        line(editor, "Debt").get_by_role("button", name="Remove Debt").click()
        expect(text_of(page)).to_have_value("city = 'Hue' OR tags CONTAINS 'VIP'")
        apply(page)

        expect(rows(page)).to_have_count(2)
        expect(page).to_have_url(re.compile("sort=name"))

    def test_opens_it_from_the_conditions(self, visit, lan):
        page = visit(lan, "customers/?where=debt > 0")

        page.get_by_role("link", name="View conditions").click()
        page.get_by_role("dialog", name="Conditions").get_by_role("link", name="Edit").click()

        expect(line(page.locator("#filter-editor"), "Debt")).to_be_visible()

    def test_clears_all(self, visit, lan):
        page = visit(lan, "customers/filter/editor/?where=debt > 0 OR orders > 3")

        page.get_by_role("button", name="Clear all").click()

        expect(text_of(page)).to_have_value("")
        expect(page.locator(".answer-count")).to_contain_text(f"{EVERYBODY} of {EVERYBODY}")

    def test_of_orders_has_the_same_editor(self, visit, lan):
        page = visit(lan, "orders/filter/editor/?where=total > 400000")

        expect(page.locator(".answer-count")).to_contain_text("6 of 7 orders")


NESTED = (
    "customers/filter/editor/?where=orders >= 1 AND (tags IN (VIP, Silk) OR NOT city = Hue OR orders_placed MATCHES"
    " (date >= -90d, sum_amount > 100)) AND total_spent BETWEEN 10 AND 'a lot'"
)


class TestEveryState:
    def test_is_accessible_in_both_themes(self, visit, lan):
        page = visit(lan, NESTED)
        expect(page.locator(".ts-wrapper")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name="Condition", exact=True).last.click()
        expect(page.get_by_role("searchbox", name="Find a field")).to_be_visible()
        assert violations(page) == []
        text_of(page).fill("debt > 0 AND ord")
        text_of(page).press("Control+ ")
        expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
        assert violations(page) == []
        darken(page)
        assert colour_faults(page) == []

    def test_fits_a_phone(self, visit, lan):
        page = visit(lan, NESTED.replace("'a lot'", "20"), **PHONE)
        expect(line(page.locator("#filter-editor"), "Total spent")).to_be_visible()
        assert not scrolls_sideways(page)
        assert text_of(page).is_hidden()

        page.get_by_text("Text", exact=True).click()

        expect(text_of(page)).to_be_visible()
        assert not scrolls_sideways(page)
        assert violations(page) == []

    def test_works_without_a_script(self, visit, lan):
        page = visit(lan, "customers/filter/editor/", java_script_enabled=False)

        page.get_by_role("button", name="Condition", exact=True).click()
        page.get_by_role("button", name=re.compile("^Debt")).click()
        line(page.locator("#filter-editor"), "Debt").get_by_role("textbox").fill("1")
        page.get_by_role("button", name="Apply").click()

        assert names(page) == ["Trần Văn Minh"]
