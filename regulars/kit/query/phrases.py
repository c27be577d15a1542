"""Conditions that other systems write like events: `anniversary(date: 'birth_date') BETWEEN today AND +30d`."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from regulars.kit.query.compile import compile_where
from regulars.kit.query.conditions import BadCondition, Condition, Happened, Leaf
from regulars.kit.query.context import Context
from regulars.kit.query.evaluate import matches
from regulars.kit.query.fields import Field, FieldSet, Row
from regulars.kit.query.kinds import Text
from regulars.kit.query.kinds_time import Anniversary
from regulars.kit.query.predicates import Predicate


class Phrase(Predicate):
    """An event by its form that asks a field: its parameter `attribute` says which, `date` asks it.

    of: what is asked. meant: from the written attribute to the field's name; "" for none. reads: all fields it may be.
    It is understood and not offered: canonical texts ask the field itself.
    """

    offered = False

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        of: FieldSet,
        meant: Callable[[str], str],
        reads: tuple[str, ...],
        **options: Any,
    ) -> None:
        asked = FieldSet(name)
        asked.add(Text("attribute", _("Attribute")), Anniversary("date", _("Date")))
        super().__init__(name, label, rows=of_nothing, fields=asked, **options)
        self.of, self.meant, self.reads = of, meant, reads

    def condition(self, event: Happened, ctx: Context) -> Condition:
        """The condition that the phrase stands for. Raises BadCondition."""
        super().check(event, ctx)
        given = {self.field(one, ctx).name: one for one in event.parameters}
        if "attribute" not in given or "date" not in given:
            reason = _(
                "{event} needs an attribute and a date: {event} MATCHES (attribute = 'birth_date', date = today)."
            )
            raise BadCondition(reason.format(event=self.name), word=event.predicate, place=event.place)
        attribute, date = given["attribute"], given["date"]
        name = self.meant(attribute.values[0].text.lower()) if attribute.values else ""
        if not name:
            reason = _("“{value}” is not a date that is known here.")
            word = attribute.values[0].text if attribute.values else ""
            place = attribute.value_places[0] if attribute.value_places else attribute.place
            raise BadCondition(reason.format(value=word), word=word, place=place)
        return Condition(name, date.op, date.values, date.place, date.value_places)

    def parameters(self, ctx: Context) -> list[Field]:
        return self.fields.offered(ctx)

    def check(self, event: Happened, ctx: Context) -> None:
        self.of.understood(self.condition(event, ctx), ctx)

    def canonical(self, event: Happened, ctx: Context) -> Leaf:
        return self.of.canonical_leaf(self.condition(event, ctx), ctx)

    def q(self, event: Happened, ctx: Context) -> Q:
        return compile_where(self.condition(event, ctx), self.of, ctx)

    def test(self, event: Happened, row: Row, ctx: Context) -> bool:
        return matches(self.condition(event, ctx), row, self.of, ctx)

    def sums(self, event: Happened, row: Row, ctx: Context) -> dict[str, Any]:
        field = self.of.find(self.condition(event, ctx).field, ctx)
        return {field.name: field.value(row, ctx)}


def of_nothing(ctx: Context) -> Any:
    """A phrase has no events."""
    raise TypeError("a phrase has no rows of its own")
