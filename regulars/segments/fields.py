"""What can be asked about segments: of customers, and of whatever points at a customer."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, Expression, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from regulars.customers.fields import customer_fields
from regulars.kit.query import Context, Op
from regulars.kit.query.among import Among, OneOf
from regulars.kit.query.conditions import Condition, Literal, Place
from regulars.kit.query.fields import Row
from regulars.kit.query.kinds import Option, Tags
from regulars.kit.text import fold
from regulars.segments.errors import NoHistory
from regulars.segments.history import members_as_of
from regulars.segments.models import Membership, Segment
from regulars.shops.permissions import Permission


def _names(ctx: Context) -> Iterable[tuple[int, str]]:
    return [(option.values[0], option.label) for option in _segments(ctx)]


def _segments(ctx: Context) -> list[Option]:
    found: list[Option] = ctx.once(
        "segments", lambda: [Option(one.key, one.name, (one.pk,)) for one in Segment.objects.of(ctx.shop_id)]
    )
    return found


def _members_then(segment_id: int, ctx: Context) -> frozenset[int]:
    """Who was in the segment just before `ctx.until`. Raises NoHistory."""

    def find() -> frozenset[int]:
        segment = Segment.objects.of(ctx.shop_id).select_related("shop").get(pk=segment_id)
        return members_as_of(segment, ctx.now).ids

    found: frozenset[int] = ctx.once(("members", segment_id), find)
    return found


class InSegment(Tags):
    """The segments of a customer, written by their keys, shown by their names.

    link: the row's column that holds the customer's id.
    """

    ops = (Op.CONTAINS, Op.NOT_CONTAINS, Op.EQ, Op.NE, Op.IN, Op.NOT_IN, Op.CONTAINS_ALL)
    _COLUMN = "segment_ids"

    def __init__(self, name: str, label: Any, *, link: str = "pk", **options: Any) -> None:
        needed = Permission.SEE_SEGMENTS
        super().__init__(name, label, of=_names, column=self._COLUMN, recorded=True, needs=needed, **options)
        self._link = link

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        held = Membership.objects.of(ctx.shop_id).filter(customer_id=OuterRef(self._link))
        column: Any = Subquery(held.values("segment_ids"))
        return {self._COLUMN: column}

    # --- asking -------------------------------------------------------------------------------------------------
    def options(self, ctx: Context) -> list[tuple[str, str]]:
        return [(option.word, option.label) for option in _segments(ctx)]

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> int:
        option = self._option(value, ctx)
        if option is None:
            words = [one.word for one in _segments(ctx)]
            near = process.extractOne(fold(value.text), words, scorer=fuzz.ratio, score_cutoff=60)
            reason = _("there is no segment “{value}”.").format(value=value.text)
            raise self.bad(reason, value, place, near[0] if near else "")
        found: int = option.values[0]
        return found

    def canonical(self, value: Literal, ctx: Context) -> Literal:
        option = self._option(value, ctx)
        return Literal("text", option.word) if option else value

    def words(self, value: Literal, ctx: Context) -> str:
        option = self._option(value, ctx)
        return option.label if option else value.text

    def _option(self, value: Literal, ctx: Context) -> Option | None:
        """By its key, or by its name in any spelling; a key goes before a name."""
        word, options = fold(value.text), _segments(ctx)
        by_key = (one for one in options if one.word == value.text)
        return next(by_key, None) or next((one for one in options if fold(one.label) == word), None)

    def read(self, condition: Condition, ctx: Context) -> list[Any]:
        values = super().read(condition, ctx)
        if ctx.until is not None:
            for value, literal in zip(values, condition.values, strict=True):
                self._check_history(value, literal, condition.place, ctx)
        return values

    def _check_history(self, value: int, literal: Literal, place: Place | None, ctx: Context) -> None:
        try:
            _members_then(value, ctx)
        except NoHistory as refusal:
            raise self.bad(str(refusal), literal, place) from refusal

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        if ctx.until is not None:
            return Q(OneOf(self._link, sorted(self._then(op, values, ctx))), **{f"{self._link}__isnull": False})
        lookup = "overlap" if op is Op.IN and len(values) > 1 else "contains"
        return self._among(Q(**{f"segment_ids__{lookup}": values}), ctx)

    def empty_q(self) -> Q:
        held = Membership.objects.filter(shop_id=OuterRef("shop_id"), customer_id=OuterRef(self._link))
        return ~Q(Exists(held.exclude(segment_ids=[])))

    def _among(self, which: Q, ctx: Context) -> Q:
        members = Membership.objects.of(ctx.shop_id).filter(which)
        if ctx.only is not None and self._link == "pk":
            members = members.filter(OneOf("customer_id", ctx.only))
        return Q(Among(members.values("customer_id"), self._link))

    @staticmethod
    def _then(op: Op, values: Sequence[Any], ctx: Context) -> frozenset[int]:
        """Who answered just before the instant in question."""
        sets = [_members_then(value, ctx) for value in values]
        return frozenset.union(*sets) if op is Op.IN else frozenset.intersection(*sets)

    # --- one row ------------------------------------------------------------------------------------------------
    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column, self._link)

    def test(self, op: Op, row: Row, values: Sequence[Any], ctx: Context) -> bool:
        if ctx.until is not None:
            return row[self._link] in self._then(op, values, ctx)
        held = set(row[self.column] or ())
        return bool(held & set(values)) if op is Op.IN else held >= set(values)

    def value(self, row: Row, ctx: Context) -> list[str] | None:
        names = self.names(ctx)
        return [names[pk] for pk in row[self.column] or () if pk in names] or None


customer_fields.add(
    InSegment(
        "segment", _("Segment"), aliases=["segments", "in_segment"], section="relation",
        help=_("In a segment, as its last answer says; answers follow every change within a second or so."),
    ),
)  # fmt: skip
