"""Kinds whose values lie in rows of other tables: all countries of a customer, how many they referred, their notes.

SQL asks whether the row stands among those whom the other table names, which PostgreSQL turns into a semi join; what
one row holds is fetched by a subquery in the same statement.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Exists, Expression, F, Model, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models import Count as CountOf
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from regulars.kit.labels import join_labels
from regulars.kit.query.among import Among, OneOf
from regulars.kit.query.conditions import Condition, Literal, Op, Place
from regulars.kit.query.context import Context
from regulars.kit.query.fields import Field, Row
from regulars.kit.query.kinds import Choice, Count, Money


class Several(Field):
    """Values that lie in rows of another table, any number of them.

    table: the other table, whose rows belong to a shop. link: its column with the row's id. item: its column, or an
    expression over it, that is one value; "" is none.
    """

    kind = "several"
    holds_many = True
    ops: ClassVar[tuple[Op, ...]] = (Op.CONTAINS, Op.NOT_CONTAINS, Op.IN, Op.NOT_IN)
    synonyms: ClassVar[Mapping[Op, Op]] = {Op.EQ: Op.CONTAINS, Op.NE: Op.NOT_CONTAINS}

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        table: type[Model],
        item: str | Expression,
        link: str = "customer_id",
        **options: Any,
    ) -> None:
        options.setdefault("sortable", False)
        super().__init__(name, label, column=f"all_{name}", **options)
        self.table, self.link = table, link
        self._item = F(item) if isinstance(item, str) else item

    @property
    def can_be_empty(self) -> bool:
        return True

    # --- what a kind of values says ---------------------------------------------------------------------------------
    @abstractmethod
    def among(self, values: list[Any], ctx: Context) -> Q:
        """Rows of the other table that hold one of these values, as their column `item`."""

    @abstractmethod
    def holds(self, item: Any, value: Any) -> bool:
        """Whether a stored value is meant by a read one."""

    def said(self, item: Any, ctx: Context) -> str:
        """A stored value as people see it."""
        return str(item)

    # --- asking -----------------------------------------------------------------------------------------------------
    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        return Q(Among(self.related(ctx).filter(self.among(values, ctx)).values(self.link)))

    def empty_q(self) -> Q:
        return ~Q(Exists(self._own()))

    def related(self, ctx: Context) -> QuerySet:
        """All rows of the other table that hold something, of the rows that matter."""
        rows = self._items().filter(shop_id=ctx.shop_id)
        return rows if ctx.only is None else rows.filter(OneOf(self.link, ctx.only))

    def _items(self) -> QuerySet:
        rows: QuerySet = self.table._default_manager.annotate(item=self._item)
        return rows.exclude(item="").order_by()

    def _own(self) -> QuerySet:
        return self._items().filter(shop_id=OuterRef("shop_id"), **{self.link: OuterRef("pk")})

    # --- one row ----------------------------------------------------------------------------------------------------
    def annotations(self, ctx: Context) -> dict[str, Expression]:
        return {self.column: ArraySubquery(self._own().order_by("item").values("item").distinct())}  # type: ignore[dict-item]

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        return any(self.holds(item, value) for item in row[self.column] for value in values)

    def value(self, row: Row, ctx: Context) -> list[str] | None:
        return list(dict.fromkeys(self.said(item, ctx) for item in row[self.column])) or None

    def plain(self, row: Row, ctx: Context) -> str:
        return join_labels(self.value(row, ctx) or ())


class SeveralChoices(Several, Choice):  # type: ignore[misc]
    """Several of a closed set; files and programs get their words."""

    kind = "several"

    def among(self, values: list[Any], ctx: Context) -> Q:
        return Q(item__in=[stored for some in values for stored in some])

    def holds(self, item: Any, value: Any) -> bool:
        return item in value

    def said(self, item: Any, ctx: Context) -> str:
        option = self.option_of(item, ctx)
        return option.label if option else str(item)

    def plain(self, row: Row, ctx: Context) -> str:
        return join_labels(row[self.column])


class RelatedText(Several):
    """Texts written about a row, asked by a part of any of them."""

    kind = "text"
    ops = (Op.CONTAINS, Op.NOT_CONTAINS)
    synonyms: ClassVar[Mapping[Op, Op]] = {}

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> str:
        return value.text.lower()

    def among(self, values: list[Any], ctx: Context) -> Q:
        return Q(item__icontains=values[0])

    def holds(self, item: Any, value: Any) -> bool:
        return value in item.lower()


class RelatedCount(Count):
    """How many rows of another table belong to a row; 0 when none do.

    where: which of them count.
    """

    def __init__(
        self, name: str, label: Any, *, table: type[Model], link: str, where: Q | None = None, **options: Any
    ) -> None:
        options.setdefault("sortable", False)
        super().__init__(name, label, column=f"count_of_{name}", **options)
        self._table, self._link, self._where = table, link, where if where is not None else Q()

    def _rows(self, ctx: Context) -> QuerySet:
        """Rows of the other table that count, of any shop."""
        rows: QuerySet = self._table._default_manager.filter(self._where)
        return rows

    def _total(self) -> Expression:
        """What they count for together."""
        return CountOf("pk")

    def _counted(self, ctx: Context, **whose: Any) -> QuerySet:
        rows = self._rows(ctx).filter(**whose).order_by()
        return rows.values(key=F(self._link)).annotate(**{self.column: self._total()})

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        counted = self._counted(ctx, shop_id=ctx.shop_id, **{f"{self._link}__isnull": False})
        if ctx.only is not None:
            counted = counted.filter(OneOf(self._link, ctx.only))
        having = super().q(op, values, ctx)
        if self.test(op, {self.column: 0}, values, ctx):
            return ~Q(Among(counted.filter(~having).values("key")))
        return Q(Among(counted.filter(having).values("key")))

    def annotations(self, ctx: Context) -> dict[str, Expression]:
        own = self._counted(ctx, shop_id=OuterRef("shop_id"), **{self._link: OuterRef("pk")})
        return {self.column: Coalesce(Subquery(own.values(self.column)), Value(0))}


class RelatedMoney(RelatedCount, Money):
    """What rows of another table add up to, in minor units of the shop's currency; 0 when there are none.

    rows: those that count, of any shop, each for more than 0. of: what one of them counts for.
    """

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        rows: Callable[[Context], QuerySet],
        of: Expression | F,
        link: str = "customer_id",
        **options: Any,
    ) -> None:
        super().__init__(name, label, table=None, link=link, **options)  # type: ignore[arg-type]
        self._found, self._of = rows, of

    def _rows(self, ctx: Context) -> QuerySet:
        return self._found(ctx)

    def _total(self) -> Expression:
        # the sum of bigints is numeric to PostgreSQL, and would come back as a Decimal
        return Cast(Sum(self._of), BigIntegerField())


class Keyed(Field):
    """Another row that is named by any of its keys: a product by our id, or by the one its channel gave it.

    column: its id here. find: from written keys to the ids that each of them means.
    """

    kind = "key"
    ops = (Op.EQ, Op.NE, Op.IN, Op.NOT_IN)

    def __init__(
        self,
        name: str,
        label: Any,
        *,
        find: Callable[[Context, Sequence[str]], Mapping[str, Sequence[int]]],
        **options: Any,
    ) -> None:
        super().__init__(name, label, **options)
        self._find = find

    def read(self, condition: Condition, ctx: Context) -> list[Any]:
        self._learn([value.text for value in condition.values], ctx)
        return super().read(condition, ctx)

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> Sequence[int]:
        found = self._learn([value.text], ctx).get(value.text)
        if not found:
            raise self.bad(_("there is no “{value}”.").format(value=value.text), value, place)
        return found

    def _learn(self, keys: Sequence[str], ctx: Context) -> Mapping[str, Sequence[int]]:
        """What the keys mean, found by one statement however many there are."""
        known: dict[str, Sequence[int]] = ctx.once(("keys", self), dict)
        if new := [key for key in keys if key not in known]:
            known |= dict.fromkeys(new, ()) | dict(self._find(ctx, new))
        return known

    def q(self, op: Op, values: list[Any], ctx: Context) -> Q:
        return Q(**{f"{self.column}__in": sorted({pk for some in values for pk in some})})

    def test(self, op: Op, row: Row, values: list[Any], ctx: Context) -> bool:
        return any(row[self.column] in some for some in values)
