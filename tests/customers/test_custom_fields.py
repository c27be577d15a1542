"""Fields of the shop's own: declared once, then read, kept, asked, compared, undone and forgotten like any other."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from regulars.customers.actions import run_action, undo_run
from regulars.customers.bulk import apply_changes, plan_changes
from regulars.customers.custom import OwnFields
from regulars.customers.errors import EditConflict, LabelExists, TooManyFields
from regulars.customers.fields import context_for, customer_fields
from regulars.customers.models import Customer, CustomField
from regulars.customers.operations import (
    add_field,
    anonymise,
    arrange_fields,
    change_field,
    fields,
    remove_field,
    restore_field,
    update_customer,
)
from regulars.customers.operations.fields import KEPT_DAYS, MOST, drop_what_is_due, having
from regulars.customers.profile import read_profile
from regulars.customers.selection import Selection
from regulars.customers.timeline import timeline
from regulars.events.models import Event
from regulars.kit.errors import BadValue
from regulars.kit.query import BadCondition, compile_where, parse, sentence, write
from regulars.kit.query.completion import suggestions
from regulars.kit.query.evaluate import fetch_for, matches
from regulars.kit.query.paging import Order, ids_of_page
from regulars.kit.query.past import as_it_was, at_the_end_of
from regulars.kit.query.reasons import said
from regulars.segments.models import Segment
from regulars.segments.operations import create_segment
from regulars.segments.uses import users_of_field
from tests.factories import SYSTEM, create_customer, create_shop, create_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 15, 4, tzinfo=UTC)
VALUES = {
    "Ann": {"nick": "Đào's “A”", "shoe_size": "40.5", "deposit": "1000", "next_visit": "2026-12-15", "skin": "Dry",
            "vip": "yes"},
    "Bob": {"nick": "bo%b_", "shoe_size": "-3", "deposit": "0", "next_visit": "2024-02-29", "skin": "Very oily",
            "vip": "no"},
    "Cem": {},
}  # fmt: skip


@pytest.fixture
def shop():
    shop = create_shop()
    add_field(shop, "Nick", "text", by=SYSTEM)
    add_field(shop, "Shoe size", "number", help="In European sizes.", by=SYSTEM)
    add_field(shop, "Deposit", "money", by=SYSTEM)
    add_field(shop, "Next visit", "date", by=SYSTEM)
    add_field(shop, "Skin", "choice", options=["Dry", "Very oily", "Dry"], by=SYSTEM)
    add_field(shop, "VIP", "flag", by=SYSTEM)
    return shop


@pytest.fixture
def people(shop):
    return {name: filled(create_customer(shop, name=name), **values) for name, values in VALUES.items()}


def filled(customer, **values):
    return update_customer(customer, {f"custom.{key}": text for key, text in values.items()}, by=SYSTEM)


def found(shop, text, now=NOW):
    """First letters of who answers by SQL; one by one it is the same, and the opposite is everybody else."""
    ctx, tree = context_for(shop, now=now), parse(text)
    everyone = Customer.objects.of(shop)
    asked = everyone.filter(compile_where(tree, customer_fields, ctx))
    rows = fetch_for(tree, everyone, customer_fields, ctx)
    by_row = {row["id"] for row in rows if matches(tree, row, customer_fields, ctx)}
    others = everyone.filter(compile_where(parse(f"NOT ({text})"), customer_fields, ctx))
    assert by_row == set(asked.values_list("pk", flat=True))
    assert asked.count() + others.count() == everyone.count()
    canonical = customer_fields.canonical(tree, ctx)
    assert parse(write(canonical)) == canonical
    assert sentence(tree, customer_fields, ctx)
    return "".join(sorted(name[0] for name in asked.values_list("name", flat=True)))


class TestDeclaring:
    def test_a_key_is_made_of_the_name(self, shop):
        keys = [field.key for field in CustomField.objects.of(shop)]
        assert keys == ["nick", "shoe_size", "deposit", "next_visit", "skin", "vip"]

    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("E-mail", "e_mail"),
            ("Email", "custom_email"),
            ("Orders", "custom_orders"),
            ("And", "custom_and"),
            ("Ngày hẹn Đ", "ngay_hen_d"),
            ("顧客", "guke"),
            ("!!!", "field"),
            ("2nd size", "field_2nd_size"),
            ("__a  b__", "a_b"),
        ],
    )
    def test_a_key_never_takes_the_place_of_another_name(self, shop, name, key):
        made = add_field(shop, name, "text", by=SYSTEM)
        assert made.key == key
        assert found(shop, f"{key} IS NULL") == ""  # nobody is here, and it can be asked

    def test_two_names_may_come_to_one_key(self, shop):
        assert add_field(shop, "Shoe-size!", "number", by=SYSTEM).key == "shoe_size_2"

    def test_refuses_what_cannot_be(self, shop):
        with pytest.raises(LabelExists):
            add_field(shop, "shoe SIZE", "text", by=SYSTEM)
        for wrong in ({"name": " ", "kind": "text"}, {"name": "X", "kind": "list"}, {"name": "X", "kind": "choice"}):
            with pytest.raises(BadValue):
                add_field(shop, wrong["name"], wrong["kind"], by=SYSTEM)
        with pytest.raises(BadValue):
            add_field(shop, "X", "text", key="Not a key", by=SYSTEM)

    def test_there_are_at_most_fifty(self, shop):
        for number in range(MOST - 6):
            add_field(shop, f"Field {number}", "flag", by=SYSTEM)
        with pytest.raises(TooManyFields):
            add_field(shop, "One more", "flag", by=SYSTEM)

    def test_is_told_and_ordered(self, shop):
        first, *_others, last = CustomField.objects.of(shop)
        arrange_fields(shop, [last.pk], by=SYSTEM)
        assert CustomField.objects.of(shop).first().name == "VIP"
        change_field(first, name="Nickname", help="What friends say", by=SYSTEM)
        event = Event.objects.filter(shop_id=shop.pk, kind="field.changed").latest("id")
        assert event.data["changes"] == {"name": ["Nick", "Nickname"], "help": ["", "What friends say"]}


class TestAsking:
    @pytest.mark.parametrize(
        ("text", "who"),
        [
            ("nick CONTAINS 'đào'", "A"), ("nick CONTAINS 'O%B'", "B"), ("nick STARTS WITH 'BO'", "B"),
            ("nick = 'x'", ""), ("nick != 'bo%b_'", "AC"), ("nick IN ('bo%b_', 'q')", "B"), ("nick CONTAINS ''", "AB"),
            ("nick IS NULL", "C"), ("nick IS NOT NULL", "AB"),
            ("shoe_size >= 40.5", "A"), ("shoe_size > 40.5", ""), ("shoe_size < 0", "B"), ("shoe_size = 40.50", "A"),
            ("shoe_size BETWEEN -3 AND 40.5", "AB"), ("shoe_size != -3", "AC"), ("SHOE_SIZE IS NULL", "C"),
            ("shoe_size < 999999999999999999999999999999", "AB"),
            ("deposit = 1000", "A"), ("deposit < 1000", "B"), ("deposit != 0", "AC"), ("deposit > 0.5", "A"),
            ("next_visit = today", "A"), ("next_visit < 2025-01-01", "B"), ("next_visit >= -1d", "A"),
            ("next_visit BETWEEN 2024-02-29 AND 2024-02-29", "B"), ("next_visit != 2024-02-29", "AC"),
            ("skin = dry", "A"), ("skin = 'Very oily'", "B"), ("skin IN (dry, very_oily)", "AB"), ("skin != dry", "BC"),
            ("vip = true", "A"), ("vip = false", "B"), ("vip != true", "BC"), ("vip IS NULL", "C"),
            ("vip = true OR (shoe_size < 0 AND NOT skin = dry)", "AB"),
        ],
    )  # fmt: skip
    def test_every_kind_in_sql_and_row_by_row(self, shop, people, text, who):
        assert found(shop, text) == who

    def test_what_cannot_be_read_is_nothing_known(self, shop, people):
        junk = {"shoe_size": "many", "deposit": "1.5", "next_visit": "soon", "vip": 7, "nick": 5, "skin": "gone"}
        Customer.objects.of(shop).filter(name="Cem").update(custom=junk)
        for text, who in [
            ("shoe_size IS NULL", "C"), ("shoe_size < 5", "B"), ("deposit IS NULL", "C"), ("deposit > -1", "AB"),
            ("next_visit IS NULL", "C"), ("next_visit < 2030-01-01", "AB"), ("vip = false", "B"), ("vip IS NULL", "C"),
            ("nick = '5'", "C"), ("skin IS NULL", ""), ("skin = dry", "A"),
        ]:  # fmt: skip
            assert found(shop, text) == who, text
        Customer.objects.of(shop).filter(name="Cem").update(custom={"next_visit": "2026-02-31", "shoe_size": [1]})
        assert found(shop, "next_visit > 2026-01-01") == "AC"
        assert found(shop, "shoe_size IS NULL") == "C"

    def test_a_choice_that_was_taken_away_is_told_as_such(self, shop, people):
        skin = CustomField.objects.of(shop).get(key="skin")
        change_field(skin, options=["Very oily", "Normal"], by=SYSTEM)
        ctx = context_for(shop)
        [row] = customer_fields.fetch(Customer.objects.of(shop).filter(name="Ann"), ["skin"], ctx)
        assert customer_fields.find("skin", ctx).value(row, ctx) == "dry (not in the list)"
        with pytest.raises(BadCondition):
            found(shop, "skin = dry")
        change_field(skin, options=["Greasy", "Very oily"], by=SYSTEM)
        assert found(shop, "skin = very_oily") == "B"

    def test_refuses_what_it_cannot_mean(self, shop):
        for text in ("shoe_size = big", "next_visit = soon", "skin = wet", "vip = perhaps", "deposit = x"):
            with pytest.raises(BadCondition):
                customer_fields.check(parse(text), context_for(shop))
        with pytest.raises(BadCondition) as caught:
            customer_fields.check(parse("shoe_sise = 1"), context_for(shop))
        assert caught.value.details["suggestion"] == "shoe_size"
        assert "shoe_size " in {one.insert for one in suggestions("shoe", 4, customer_fields, context_for(shop))}

    def test_who_comes_from_shopify_is_told_how_they_are_asked_here(self, shop):
        with pytest.raises(BadCondition, match="by their key alone, for example shoe_size > 40"):
            customer_fields.check(parse("metafields.facts.shoe_size > 40"), context_for(shop))

    def test_another_shop_never_sees_it(self, shop, people):
        other = create_shop()
        with pytest.raises(BadCondition, match="shoe_size"):
            found(other, "shoe_size = 1")
        add_field(other, "Shoe size", "text", by=SYSTEM)
        assert customer_fields.find("shoe_size", context_for(other)).kind == "text"
        assert customer_fields.find("shoe_size", context_for(shop)).kind == "number"

    def test_sorts_page_by_page(self, shop, people):
        ctx = context_for(shop)
        for field, ascending in [("shoe_size", "Bob Ann Cem"), ("nick", "Bob Ann Cem"), ("next_visit", "Bob Ann Cem"),
                                 ("deposit", "Bob Ann Cem")]:  # fmt: skip
            names, cursor = [], ""
            while True:
                order = Order.read(field, customer_fields, ctx)
                page = ids_of_page(Customer.objects.of(shop), order, size=1, cursor=cursor)
                names += Customer.objects.filter(pk__in=page.ids).values_list("name", flat=True)
                cursor = page.next
                if not cursor:
                    break
            assert names == ascending.split(), field

    def test_the_past_is_not_known(self, shop, people):
        ctx = at_the_end_of(context_for(shop).today - timedelta(days=2), context_for(shop))
        with pytest.raises(BadCondition, match="as it is now"):
            as_it_was(parse("shoe_size > 1"), customer_fields, ctx)

    def test_values_as_people_say_them(self, shop, people):
        ctx = context_for(shop, locale="en")
        names = ["nick", "shoe_size", "deposit", "next_visit", "skin", "vip"]
        [row] = customer_fields.fetch(Customer.objects.of(shop).filter(name="Ann"), names, ctx)
        fields = [customer_fields.find(name, ctx) for name in names]
        assert [field.plain(row, ctx) for field in fields] == [
            "Đào's “A”", "40.5", "1000", "2026-12-15", "dry", "true",
        ]  # fmt: skip
        assert [said(field, field.value(row, ctx), ctx) for field in fields][1] == "40.5"
        [row] = customer_fields.fetch(Customer.objects.of(shop).filter(name="Cem"), names, ctx)
        assert [field.plain(row, ctx) for field in fields] == [""] * 6


class TestSegments:
    def test_are_live_on_it_and_named_as_its_users(self, shop, people):
        staff = create_staff(shop)
        segment = create_segment(shop, name="Big feet", where="shoe_size > 40", staff=staff, by=SYSTEM)
        assert [use.label for use in users_of_field(shop, "shoe_size")] == ["Big feet"]
        assert users_of_field(shop, "nick") == []
        assert Segment.objects.of(shop).get(pk=segment.pk).where == "shoe_size > 40"

    def test_are_asked_again_when_a_field_means_something_else_not_when_it_looks_so(self, shop, monkeypatch):
        told = []
        monkeypatch.setattr(fields, "announce", lambda *news: told.append(news))
        style = add_field(shop, "Style", "choice", options=["A"], by=SYSTEM)
        assert told.pop() == (shop.pk, "shop.figures", set())

        change_field(style, name="Manner", help="How they dress", by=SYSTEM)
        arrange_fields(shop, [style.pk], by=SYSTEM)
        assert told == []

        change_field(style, options=["B"], by=SYSTEM)
        remove_field(style, by=SYSTEM)
        assert len(told) == 2


class TestWriting:
    def test_leaves_one_event_with_old_and_new(self, shop, people):
        filled(people["Ann"], shoe_size="41", vip="no")
        event = Event.objects.filter(shop_id=shop.pk, kind="customer.changed").latest("id")
        assert event.data["changes"] == {"custom.shoe_size": ["40.5", "41"], "custom.vip": [True, False]}
        entry = timeline(people["Ann"], create_staff(shop))[0]
        assert {(line.label, line.old, line.new) for line in entry["changes"]} == {
            ("Shoe size", "40.5", "41"), ("VIP", "Yes", "No"),
        }  # fmt: skip

    def test_empties_and_says_nothing_when_nothing_changes(self, shop, people):
        ann = filled(people["Ann"], shoe_size="", nick="Đào's “A”")
        assert "shoe_size" not in ann.custom
        version = ann.version
        assert filled(ann, nick="Đào's “A”").version == version

    def test_what_cannot_be_read_is_a_problem_that_names_its_field(self, shop):
        own = OwnFields.of(shop)
        raw = {
            "custom.shoe_size": "big", "custom.skin": "wet", "custom.vip": "maybe", "custom.next_visit": "2026-02-31",
            "custom.deposit": "x", "custom.unknown": "1", "custom.nick": "n" * 2000,
        }  # fmt: skip
        draft = read_profile(raw, country="VN", partial=True, own=own)
        assert draft.columns == {}
        assert {problem.field for problem in draft.problems} == raw.keys() - {"custom.unknown"}

    @pytest.mark.parametrize("number", ["1.234", "0.001", "1234.5", "-7", "12345678901234567890.125"])
    @pytest.mark.parametrize("locale", ["en", "vi", "ro", "id"])
    def test_what_an_input_shows_is_read_as_the_same(self, shop, number, locale):
        own = OwnFields.of(shop, locale)
        assert own.read("custom.shoe_size", own.written("custom.shoe_size", number)) == number

    def test_two_people_change_two_fields(self, shop, people):
        ann = people["Ann"]
        filled(ann, shoe_size="42")
        both = update_customer(ann, {"custom.nick": "Annie"}, by=SYSTEM, version=ann.version)
        assert (both.custom["shoe_size"], both.custom["nick"]) == ("42", "Annie")

    def test_two_people_change_one_field(self, shop, people):
        ann = people["Ann"]
        filled(ann, shoe_size="42")
        with pytest.raises(EditConflict) as caught:
            update_customer(ann, {"custom.shoe_size": "43"}, by=SYSTEM, version=ann.version)
        clash = caught.value.fields["custom.shoe_size"]
        assert (clash["old"], clash["new"], clash["mine"]) == ("40.5", "42", "43")

    def test_many_at_once_and_back(self, shop, people):
        staff, ids = create_staff(shop), [one.pk for one in people.values()]
        selection = Selection.of_ids(shop, ids)
        selection.count(staff)
        run = run_action(selection, "field", {"field": "shoe_size", "value": "40.5"}, staff=staff)
        run_waiting(run)
        assert run.result["changed"] == 2
        assert run.title == "Shoe size: 40.5"
        assert found(shop, "shoe_size = 40.5") == "ABC"
        undone = undo_run(run, staff=staff, by=SYSTEM)
        run_waiting(undone)
        assert found(shop, "shoe_size = 40.5") == "A"
        assert found(shop, "shoe_size = -3") == "B"
        assert "shoe_size" not in Customer.objects.of(shop).get(name="Cem").custom
        with pytest.raises(BadValue):
            run_action(selection, "field", {"field": "shoe_size", "value": "big"}, staff=staff)

    def test_planned_from_a_file_key_by_key(self, shop, people):
        own = OwnFields.of(shop)
        raw = {"custom.shoe_size": "44", "custom.nick": "New", "custom.vip": "no"}
        draft = read_profile(raw, country="VN", partial=True, own=own)
        pairs = [(people["Ann"].pk, draft), (people["Cem"].pk, draft)]
        first, second = plan_changes(shop, pairs, "fill_empty")
        assert first.is_empty
        assert second.columns == {
            "custom.shoe_size": [None, "44"], "custom.nick": [None, "New"], "custom.vip": [None, False],
        }  # fmt: skip
        changes = plan_changes(shop, pairs, "overwrite", for_update=True)
        assert apply_changes(shop, changes, by=SYSTEM) == 2
        ann = Customer.objects.of(shop).get(name="Ann")
        assert (ann.custom["shoe_size"], ann.custom["vip"], ann.custom["skin"]) == ("44", False, "dry")
        assert all(change.is_empty for change in plan_changes(shop, pairs, "overwrite"))

    def test_a_key_from_a_damaged_event_never_reaches_a_statement(self, shop, people):
        from regulars.customers.bulk.applying import write_columns

        with pytest.raises(ValueError, match="no column"):
            write_columns(shop.pk, {people["Ann"].pk: {"custom.x'; --": [1, 2]}}, by=SYSTEM, at=NOW, batch_id=None)

    def test_is_forgotten_with_the_person(self, shop, people):
        anonymise(people["Ann"], by=SYSTEM)
        assert Customer.objects.of(shop).get(pk=people["Ann"].pk).custom == {}


class TestRemoving:
    def test_hides_it_and_keeps_its_values_for_undo(self, shop, people):
        size = CustomField.objects.of(shop).get(key="shoe_size")
        assert having(size) == 2
        remove_field(size, by=SYSTEM)
        with pytest.raises(BadCondition):
            found(shop, "shoe_size > 1")
        assert "custom.shoe_size" not in OwnFields.of(shop).by_column
        restore_field(size, by=SYSTEM)
        assert found(shop, "shoe_size > 1") == "A"

    def test_a_new_one_of_its_name_has_none_of_its_values(self, shop, people):
        remove_field(CustomField.objects.of(shop).get(key="shoe_size"), by=SYSTEM)
        new = add_field(shop, "Shoe size", "text", by=SYSTEM)
        assert new.key == "shoe_size_2"
        with pytest.raises(LabelExists):
            restore_field(CustomField.objects.of(shop).get(key="shoe_size"), by=SYSTEM)

    def test_is_dropped_with_its_values_after_thirty_days(self, shop, people):
        size = CustomField.objects.of(shop).get(key="shoe_size")
        remove_field(size, by=SYSTEM)
        assert drop_what_is_due() == 0
        CustomField.objects.of(shop).filter(pk=size.pk).update(removed_at=NOW - timedelta(days=KEPT_DAYS + 400))
        assert drop_what_is_due() == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM customers_customer WHERE custom ? 'shoe_size'")
            assert cursor.fetchone() == (0,)
        assert Customer.objects.of(shop).get(name="Ann").custom["nick"] == "Đào's “A”"


def run_waiting(run):
    from regulars.kit.jobs import run_waiting_jobs

    run_waiting_jobs()
    run.refresh_from_db()
