"""Two comparisons that Django lacks: one of many ids as a single parameter, and a row that stands in a subquery."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, QuerySet, Subquery
from django.db.models.expressions import Func
from django.db.models.sql.where import AND, WhereNode


class OneOf(Func):
    """`column = ANY(ids)`: one parameter however many ids, so that the statement's text stays the same.

    They are hidden in a subquery: planning with thousands of them in sight takes longer than answering.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, ids: Sequence[int]) -> None:
        super().__init__(F(column))
        self.ids = ids

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"{sql} = ANY((SELECT %s::bigint[])::bigint[])", [*parameters, self.ids]


class Among(Subquery):
    """The row's own key, or another of its columns, stands in the only column of a queryset.

    Written as EXISTS over a derived table, which PostgreSQL turns into a semi join, and its negation into an anti
    join, also when the queryset is grouped; NOT IN would be asked row by row as soon as its answer outgrows work_mem.
    A queryset that is narrowed to some ids (`OneOf`) has a short answer: it is found once, by IN, wherever it stands.
    """

    output_field = BooleanField()
    conditional = True
    template = 'EXISTS (SELECT 1 FROM (%(subquery)s) AS "among" ("key") WHERE "among"."key" = %(key)s)'
    short_template = "coalesce(%(key)s IN (%(subquery)s), false)"

    def __init__(self, queryset: QuerySet, column: str = "pk") -> None:
        super().__init__(queryset)
        self.key: Any = F(column)

    def get_source_expressions(self) -> list[Any]:
        return [self.query, self.key]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.query, self.key = exprs

    def as_sql(self, compiler: Any, connection: Any, template: Any = None, **more: Any) -> tuple[str, Any]:  # type: ignore[override]
        key, key_parameters = compiler.compile(self.key)
        is_short = _is_narrowed(self.query.where)
        template = template or (self.short_template if is_short else self.template)
        sql, parameters = super().as_sql(compiler, connection, template, key=key, **more)
        return sql, [*key_parameters, *parameters] if is_short else [*parameters, *key_parameters]


def _is_narrowed(where: Any) -> bool:
    """Whether only rows of some ids can answer."""
    if getattr(where, "negated", False) or getattr(where, "connector", AND) != AND:
        return False
    return any(isinstance(one, OneOf) or (isinstance(one, WhereNode) and _is_narrowed(one)) for one in where.children)
