"""The filter editor: builder, text and sentence are one question."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse

from regulars.customers.operations import ensure_tags
from regulars.kit.money import show_money, to_minor
from regulars.kit.query import BadCondition, parse, sentence
from regulars.kit.query.language import MAX_CONDITIONS, MAX_LENGTH
from regulars.shops.permissions import Role
from regulars.web.customers.kind import CUSTOMERS
from regulars.web.lists.editor import context_for_editor
from regulars.web.lists.editor.drafts import Event, Group, Line, from_form, to_form
from regulars.web.orders.kind import ORDERS
from tests.factories import create_customer, create_shop, create_staff
from tests.house.asking import signed_in

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
QUESTIONS = [
    "orders >= 5",
    "NOT city = 'Hue'",
    "orders >= 1 AND (city = 'Cebu' OR city = 'Davao' AND NOT total_spent > 100)",
    "NOT (orders >= 1 AND (debt > 0 OR NOT has_phone = true))",
    "total_spent BETWEEN 10.5 AND 99 AND email IS NULL",
    "created_at >= -90d AND created_at < 2026-01-31 AND registered_at = last_month",
    "birthday BETWEEN today AND +30d",
    "created_at >= 2026-01-31T10:30:00 AND registered_at <= '2026-01-31T10:30:00+07:00'",
    "orders_placed MATCHES (date BETWEEN -30d AND today, sum_amount > 100, channel IN ('website'))",
    "orders_placed NOT MATCHES () AND NOT (orders_placed MATCHES (count > 2) OR gender = 'female')",
    "name CONTAINS 'O\\'Brien' OR company IN ('a \\'b\\'', '; DROP TABLE customers', 'ü')",
    "staff = me OR country IN ('VN', 'PH')",
]


@pytest.fixture
def owner():
    return create_staff(create_shop("Here"), role="owner")


def editor(staff, given="", kind=CUSTOMERS, **more):
    data = given if isinstance(given, QueryDict) else QueryDict(given)
    return context_for_editor(kind, staff.shop, staff, data, locale="en", **more)["editor"]


def posted(ed, **more):
    """The form of an editor as a browser sends it, with other values."""
    data = QueryDict(mutable=True)
    for name, values in to_form(ed.edited.root).lists():
        data.setlist(name, values)
    data.update({"where": ed.text, "said": ed.text})
    for name, value in more.items():
        data[name] = value
    return data


class TestAmounts:
    @pytest.mark.parametrize("locale", ["en", "vi", "id", "fil", "ro"])
    @pytest.mark.parametrize("currency", ["VND", "IDR", "PHP", "RON"])
    def test_stand_as_the_shop_writes_them_and_mean_the_same(self, locale, currency):
        staff = create_staff(create_shop("There", currency=currency), role="owner")
        text = "total_spent BETWEEN 1500000 AND 12345678.5"
        there = lambda given: context_for_editor(CUSTOMERS, staff.shop, staff, given, locale=locale)["editor"]  # noqa: E731

        first = there(QueryDict(f"where={text}"))
        again = there(posted(first))

        [line] = first.root.parts
        assert line.inputs[0].value == show_money(to_minor(Decimal(1500000), currency), currency, locale)
        assert again.text == text

    @pytest.mark.parametrize("typed", ["1500000", "1.500.000", "1.500.000 ₫", "1 500 000đ", "1,500,000"])
    def test_are_read_as_people_write_them(self, owner, typed):
        ed = editor(owner, where="total_spent > 1")

        assert editor(owner, posted(ed, **{"n.0.value": typed})).text == "total_spent > 1500000"

    def test_that_are_none_are_said_and_stay_as_they_were_typed(self, owner):
        after = editor(owner, posted(editor(owner, where="total_spent > 1"), **{"n.0.value": "a lot"}))

        [line] = after.root.parts
        assert (line.inputs[0].value, "not an amount" in line.fault) == ("a lot", True)

    def test_in_the_panel_too(self, owner):
        desk = signed_in(owner)
        panel = f"/s/{owner.shop.slug}/customers/filter/?field=total_spent&op=%3E&value=1.500"

        assert 'value="₫1,500"' in desk.get(panel).content.decode()
        answer = desk.get(panel.replace("filter/?", "filter/apply?"))
        assert "total_spent+%3E+1500" in answer.url or "total_spent%20%3E%201500" in answer.url


class TestAQuestion:
    @pytest.mark.parametrize("text", QUESTIONS)
    def test_means_the_same_as_text_and_in_the_builder(self, owner, text):
        written = editor(owner, where=text)
        ctx = written.ctx

        built = editor(owner, posted(written, do="look"))

        assert written.is_ready
        assert built.edited.root == written.edited.root
        assert sentence(built.node, CUSTOMERS.fields, ctx) == sentence(parse(text), CUSTOMERS.fields, ctx)
        assert CUSTOMERS.fields.canonical(built.node, ctx) == CUSTOMERS.fields.canonical(parse(text), ctx)
        assert editor(owner, posted(built, do="look")).text == built.text

    def test_shows_the_grouping_that_the_text_has(self, owner):
        root = editor(owner, where="orders = 1 OR orders = 2 AND orders = 3").edited.root

        assert root.joined == "any"
        assert isinstance(root.parts[0], Line)
        assert isinstance(root.parts[1], Group)
        assert root.parts[1].joined == "all"

    def test_is_read_from_aliases_and_older_forms(self, owner):
        root = editor(owner, where="number_of_orders > 2 AND orders_placed(date: > -30d) = true").edited.root

        assert root.parts[0].field == "orders"
        assert isinstance(root.parts[1], Event)

    def test_about_orders_is_edited_the_same_way(self, owner):
        assert editor(owner, where="total > 1 AND NOT cancelled = true", kind=ORDERS).is_ready


class TestWriting:
    def test_a_valid_text_rewrites_the_builder(self, owner):
        ed = editor(owner, where="orders = 1")

        after = editor(owner, posted(ed, where="orders = 1 AND debt > 0"))

        assert [line.field for line in after.edited.root.parts] == ["orders", "debt"]

    def test_a_text_that_cannot_be_read_leaves_the_builder_and_says_why(self, owner):
        ed = editor(owner, where="orders = 1")

        after = editor(owner, posted(ed, where="orders = 1 AND\n ordrs > 0"))

        assert after.edited.root == ed.edited.root
        assert after.text == "orders = 1 AND\n ordrs > 0"
        assert after.marked == ("orders = 1 AND\n ", "ordrs", " > 0")
        assert after.suggestion == "orders"
        with pytest.raises(BadCondition):
            _ = after.where

    def test_what_was_probably_meant_takes_the_place_of_the_wrong_word(self, owner):
        ensure_tags(owner.shop, ["VIP"])
        ed = editor(owner, where="orders = 1")

        after = editor(owner, posted(ed, where="tags CONTAINS 'VIPP' AND ordrs > 0", do="correct"))
        again = editor(owner, posted(after, said="", do="correct"))

        assert after.text == "tags CONTAINS 'vip' AND ordrs > 0"
        assert again.text == "tags CONTAINS 'vip' AND orders > 0"
        assert again.is_ready

    def test_keeps_unfinished_lines_while_the_text_means_the_same(self, owner):
        ed = editor(owner, posted(editor(owner, where="orders = 1"), do="add:n"))

        assert len(editor(owner, posted(ed, where="orders  =  1")).edited.root.parts) == 2

    def test_is_not_undone_by_line_ends(self, owner):
        ed = editor(owner, where="orders = 1\nAND debt > 0")

        after = editor(owner, posted(ed, where="orders = 1\r\nAND debt > 0", do="remove:n.0"))

        assert after.text == "debt > 0"


class TestBuilding:
    def test_an_edit_rewrites_the_text(self, owner):
        after = editor(
            owner, posted(editor(owner, where="orders = 1 AND debt > 0"), do="wrap:n.0", **{"n.kind": "any"})
        )

        assert after.text == "orders = 1 OR debt > 0"

    def test_a_line_without_a_value_is_left_out_and_counted(self, owner):
        ed = editor(owner, posted(editor(owner, where="orders = 1"), do="add:n"))
        chosen = editor(owner, posted(ed, do="choose:n.1:total_spent"))

        assert ed.is_ready  # nothing was said yet
        assert chosen.text == "orders = 1"
        assert chosen.unfinished == 1
        with pytest.raises(BadCondition):
            _ = chosen.where

    def test_a_wrong_value_is_told_at_its_line_and_under_its_word(self, owner):
        ed = editor(owner, posted(editor(owner, where="orders = 1 AND debt > 0"), **{"n.1.value": "a lot"}))

        assert "a lot" in ed.root.parts[1].fault
        assert ed.root.parts[0].fault == ""
        assert ed.marked[1] == "'a lot'"

    def test_a_span_that_ends_before_it_begins_is_told_at_its_line(self, owner):
        said = "where=&said=&n.kind=all&n.0.field=orders&n.0.op=BETWEEN&n.0.value=5&n.0.second=1"
        ed = editor(owner, QueryDict(said))

        assert "write BETWEEN 1 AND 5" in ed.root.parts[0].fault
        assert ed.marked[1] == "5 AND 1"
        with pytest.raises(BadCondition):
            _ = ed.where

    def test_days_begin_with_a_span(self, owner):
        ed = editor(owner, QueryDict("where=&said=&n.kind=all&n.0.field=created_at&n.0.op=>="))

        assert ed.text == "created_at >= this_month"

    def test_a_field_that_the_person_may_not_ask_does_not_exist(self):
        viewer = create_staff(create_shop("Here"), role=Role.VIEWER)

        ed = editor(viewer, QueryDict("where=&said=&n.kind=all&n.0.field=email&n.0.op==&n.0.value=ann@example.com"))

        assert ed.root.parts[0].field is None
        assert ed.text == ""
        offered = [one.do for _section, offers in ed.root.parts[0].choosing for one in offers]
        assert "choose:n.0:city" in offered
        assert not any(do.endswith((":email", ":phone")) for do in offered)

    def test_clears_all(self, owner):
        ed = editor(owner, posted(editor(owner, where="orders = 1"), where="orders = 1 AND x", do="clear"))

        assert ed.text == ""
        assert ed.is_ready


class TestLimits:
    def test_fifty_nested_conditions_work(self, owner):
        text = "orders >= 0"
        for n in range(1, 50):
            text = f"orders >= {n} {'OR' if n % 2 else 'AND'} ({text})"

        ed = editor(owner, posted(editor(owner, where=text), do="look"))

        assert ed.is_ready
        assert parse(ed.where) == parse(text)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (" OR ".join(["orders = 1"] * (MAX_CONDITIONS + 1)), "more than 200 conditions"),
            ("name = '" + "x" * MAX_LENGTH + "'", "longer than"),
            ("NOT (orders = 1 AND " * 200 + "debt > 0" + ")" * 200, "nested"),
        ],
        ids=["many", "long", "deep"],
    )
    def test_what_is_too_much_is_said(self, owner, text, said):
        ed = editor(owner, where=text)

        assert not ed.is_ready
        assert said in ed.reason

    def test_the_builder_counts_its_conditions_too(self, owner):
        form = QueryDict("where=&said=&n.kind=all", mutable=True)
        for n in range(MAX_CONDITIONS + 1):
            form.update({f"n.{n}.field": "orders", f"n.{n}.op": "=", f"n.{n}.value": str(n)})

        assert "more than 200 conditions" in editor(owner, form).reason


class TestThePage:
    @pytest.fixture
    def desk(self, client, owner):
        client.force_login(owner.user, backend=BACKEND)
        return client

    def url(self, owner, path="editor/", home="customers"):
        return f"/s/{owner.shop.slug}/{home}/filter/{path}"

    def test_applies_the_question_and_keeps_the_rest_of_the_address(self, desk, owner):
        data = {"where": "orders >= 2", "said": "", "do": "apply", "sort": "name", "search": "ann"}

        response = desk.post(self.url(owner), data)

        assert response.status_code == 302
        assert response.url == f"/s/{owner.shop.slug}/customers/?where=orders+%3E%3D+2&search=ann&sort=name"

    def test_does_not_apply_what_it_cannot_understand(self, desk, owner):
        response = desk.post(self.url(owner), {"where": "ordrs >= 2", "said": "", "do": "apply"})

        assert response.status_code == 422
        assert "ordrs" in response.content.decode()

    def test_answers_only_its_own_part_to_htmx(self, desk, owner):
        headers = {"HX-Request": "true", "HX-Target": "div#filter-editor"}

        html = desk.post(self.url(owner), {"where": "orders >= 2", "said": ""}, headers=headers).content.decode()

        assert "<html" not in html
        assert 'name="n.0.field" value="orders"' in html

    def test_counts_and_shows_some_with_what_was_asked(self, desk, owner):
        ann = create_customer(owner.shop, name="Ann", city="Hue")
        create_customer(owner.shop, name="Bob", city="Cebu")

        html = desk.post(self.url(owner, "answer/"), {"where": "city = 'Hue'", "said": ""}).content.decode()

        assert "<strong>1</strong>" in html
        assert "of 2 customers · 50%" in html
        assert f"/customers/{ann.pk}/" in html
        assert "Bob" not in html

    def test_counts_nobody_whom_the_person_may_not_see(self, client, owner):
        create_customer(owner.shop, name="Ann", city="Hue")
        agent = create_staff(owner.shop, role=Role.AGENT)
        client.force_login(agent.user, backend=BACKEND)

        html = client.post(self.url(owner, "answer/"), {"where": "city = 'Hue'", "said": ""}).content.decode()

        assert ("<strong>0</strong>" in html) is agent.only_own

    def test_completes_the_text(self, desk, owner):
        found = desk.get(self.url(owner, "suggest"), {"text": "total_sp", "at": "8"}).json()

        assert found[0] == {**found[0], "insert": "total_spent ", "kind": "field", "start": 0, "end": 8}

    def test_leads_to_pages_that_keep_the_question(self, desk, owner):
        response = desk.post(self.url(owner), {"where": "orders >= 2", "said": "", "do": "segment_new"})

        assert response.status_code == 302
        assert response.url == f"{reverse('segment_new', args=[owner.shop.slug])}?where=orders+%3E%3D+2"

    def test_offers_to_keep_questions_about_customers_only(self, desk, owner):
        assert "Save as segment" in desk.get(self.url(owner)).content.decode()
        assert "Save as" not in desk.get(self.url(owner, home="orders")).content.decode()


def test_reading_a_form_never_breaks():
    assert from_form(QueryDict("n=1&n.=2&n..=3&n.kind=x&n.0=1&n.0.0.0=1&n.-1.field=x&n.1e3.field=y")).parts == ()
