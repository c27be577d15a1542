"""The state of a list, as it stands in the address."""

import pytest
from django.http import QueryDict

from regulars.kit.query import BadCondition, parse
from regulars.web.customers.kind import CUSTOMERS
from regulars.web.lists.state import ListState
from regulars.web.orders.kind import ORDERS
from tests.factories import create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return create_staff(create_shop("Here"), role="owner")


def state(staff, query="", kind=CUSTOMERS):
    return ListState.read(kind, staff.shop, staff, QueryDict(query))


def quick(view, label):
    return next(one for one in view.quick_filters() if str(one["label"]) == label)


class TestAQuickFilter:
    def test_is_added_by_one_click_and_taken_away_by_the_next(self, owner):
        first = state(owner, "where=gender = 'female'&search=ann")

        on = state(owner, quick(first, "With debt")["url"].partition("?")[2])

        assert on.where == parse("gender = 'female' AND debt > 0")
        assert on.search == "ann"
        assert quick(on, "With debt")["on"]
        assert state(owner, quick(on, "With debt")["url"].partition("?")[2]).where == parse("gender = 'female'")

    def test_of_several_conditions_goes_on_and_off_as_one(self, owner):
        first = state(owner, kind=ORDERS)

        on = state(owner, quick(first, "To be paid")["url"].partition("?")[2], kind=ORDERS)

        assert quick(on, "To be paid")["on"]
        assert on.chips() == []
        assert quick(on, "To be paid")["url"] == f"/s/{owner.shop.slug}/orders/"

    def test_stands_for_its_condition_so_that_no_chip_says_it_twice(self, owner):
        view = state(owner, "where=debt > 0 AND country = VN")

        assert [chip["text"] for chip in view.chips()] == ["Country is Vietnam"]

    def test_does_not_exist_for_those_who_may_not_ask(self):
        viewer = create_staff(create_shop("Here"), role="viewer")

        labels = [str(one["label"]) for one in state(viewer).quick_filters()]

        assert "Female" in labels
        assert "5+ orders" in labels


class TestAChip:
    def test_is_cleared_alone(self, owner):
        view = state(owner, "where=country = VN AND (city = 'Hue' OR city = 'Hoi An') AND NOT source = import")

        cleared = [state(owner, chip["clear_url"].partition("?")[2]).where for chip in view.chips()]

        assert cleared[0] == parse("(city = 'Hue' OR city = 'Hoi An') AND NOT source = import")
        assert cleared[1] == parse("country = VN AND NOT source = import")

    def test_of_a_group_reads_as_a_sentence_and_is_edited_in_the_editor(self, owner):
        (chip,) = state(owner, "where=city = 'Hue' OR city = 'Hoi An'").chips()

        assert chip["text"] == "City is Hue or City is Hoi An"
        assert "/customers/filter/editor/?where=city" in chip["edit_url"]


class TestTheAddress:
    def test_of_the_first_page_holds_only_what_differs_from_the_usual(self, owner):
        assert state(owner, "size=50&sort=&where=").here == f"/s/{owner.shop.slug}/customers/"

    def test_keeps_the_page_only_as_long_as_the_question(self, owner):
        view = state(owner, "sort=name&at=abc")

        assert "at=abc" in view.here
        assert "at=" not in view.url(size=100)

    @pytest.mark.parametrize(
        "query", ["where=nope = 1", "sort=nope", "sort=tags", "columns=name,nope", "where=total_spent > 'many'"]
    )
    def test_with_something_unknown_is_refused_by_its_name(self, owner, query):
        with pytest.raises(BadCondition):
            state(owner, query)

    def test_that_nobody_wrote_is_refused(self, owner):
        with pytest.raises(BadCondition):
            state(owner, "at=xyz").page()


class TestPages:
    @pytest.mark.parametrize("sort", ["name", "-name", "total_spent", "-total_spent", "last_order_date",
                                      "-last_order_date", "debt", "-debt", "-created_at"])  # fmt: skip
    def test_walked_to_the_end_show_everybody_once_and_back_again_the_same(self, owner, sort):
        for n in range(57):
            create_customer(owner.shop, name=f"Ann {n % 5}")

        forth, page = [], state(owner, f"size=25&sort={sort}").page()
        forth.append(page.ids)
        while page.next:
            page = state(owner, f"size=25&sort={sort}&at={page.next}").page()
            forth.append(page.ids)
        back = [page.ids]
        while page.previous:
            page = state(owner, f"size=25&sort={sort}&at={page.previous}").page()
            back.append(page.ids)

        assert len({pk for ids in forth for pk in ids}) == sum(map(len, forth)) == 57
        assert back[::-1] == forth
