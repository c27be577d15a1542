"""Fields that only one shop has: found wherever a context is asked with, and nowhere else."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db.models import Q

from regulars.kit.query import BadCondition, Context, FieldSet, compile_where, parse
from regulars.kit.query.completion import suggestions
from regulars.kit.query.kept import KeptNumber, KeptText, plain_number
from regulars.kit.query.kinds import Count, Text
from regulars.kit.query.paging import Cursor, Order


def a_context(shop_id: int = 1) -> Context:
    return Context(shop_id=shop_id, currency="EUR", tz="UTC", now=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def asked() -> SimpleNamespace:
    return SimpleNamespace(times=0)


@pytest.fixture
def fields(asked: SimpleNamespace) -> FieldSet:
    known = FieldSet("person")
    known.add(Text("name", "Name", aliases=["called"]), Count("orders", "Orders"))

    def own(ctx: Context) -> list[KeptNumber | KeptText]:
        asked.times += 1
        if ctx.shop_id != 1:
            return []
        return [
            KeptNumber("shoe_size", "Shoe size", column="custom", key="shoe_size"),
            KeptText("called", "Hidden by a name of everybody's", column="custom", key="called"),
        ]

    known.add_source(own)
    return known


class TestASetOfAShop:
    def test_finds_the_shops_own_by_any_case(self, fields: FieldSet) -> None:
        assert fields.find("SHOE_SIZE", a_context()).label == "Shoe size"
        assert [field.name for field in fields.offered(a_context())] == ["name", "orders", "shoe_size"]
        assert "shoe_size" in {field.name for field in fields.sortable(a_context())}
        assert "shoe_size" in fields.of(a_context())
        assert "shoe_size" not in fields

    def test_another_shop_does_not_know_it(self, fields: FieldSet) -> None:
        with pytest.raises(BadCondition, match="shoe_size"):
            fields.check(parse("shoe_size > 40"), a_context(2))
        assert not fields.may_ask(parse("shoe_size > 40"), a_context(2))
        assert fields.may_ask(parse("shoe_size > 40"), a_context(1))

    def test_is_built_once_a_context_and_only_when_needed(self, fields: FieldSet, asked: SimpleNamespace) -> None:
        ctx = a_context()
        fields.check(parse("orders > 1 AND name = 'Ann'"), ctx)
        assert asked.times == 0
        fields.check(parse("shoe_size > 1 OR shoe_size < 2"), ctx)
        fields.offered(ctx)
        assert asked.times == 1

    def test_everybodys_name_keeps_its_meaning(self, fields: FieldSet) -> None:
        assert fields.find("called", a_context()).name == "name"

    def test_a_near_name_is_suggested(self, fields: FieldSet) -> None:
        with pytest.raises(BadCondition) as caught:
            fields.find("shoe_sise", a_context())
        assert caught.value.details["suggestion"] == "shoe_size"

    def test_is_offered_while_writing(self, fields: FieldSet) -> None:
        assert [one.insert for one in suggestions("sho", 3, fields, a_context())] == ["shoe_size "]
        assert suggestions("sho", 3, fields, a_context(2)) == []

    def test_is_written_canonically_and_compiled(self, fields: FieldSet) -> None:
        node = fields.canonical(parse("Shoe_Size >= 40.5"), a_context())
        column = "custom__shoe_size__AsNumber"
        question = Q(**{f"{column}__gte": Decimal("40.5")}) & Q(**{f"{column}__isnull": False})
        assert compile_where(node, fields, a_context()) == question


@pytest.mark.parametrize(
    ("number", "written"), [("40.50", "40.5"), ("40", "40"), ("100", "100"), ("0.0", "0"), ("1E+3", "1000")]
)
def test_a_number_as_programs_write_it(number: str, written: str) -> None:
    assert plain_number(Decimal(number)) == written


@pytest.mark.parametrize("value", [Decimal("40.5"), Decimal("-0.001"), 41, None])
def test_a_cursor_keeps_decimals(value: object) -> None:
    assert Cursor.read(Cursor(value, 7, False).write()) == Cursor(value, 7, False)


def test_a_list_can_be_sorted_by_it(fields: FieldSet) -> None:
    assert Order.read("-shoe_size", fields, a_context()).text == "-shoe_size"
