"""Statements that Django writes once.

Building a queryset and writing its SQL takes Django longer than PostgreSQL needs to answer it by a key. Where nothing
but ids differs from one time to the next, the text is kept and the ids are put in. Nothing of the moment (today, a
language, who asks) may stand in such a statement: it would stay as it was the first time.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from inspect import signature
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, Expression, Model, QuerySet

M = TypeVar("M", bound=Model)


class Given(Expression):
    """The place of an id (or a day) that is told each time; `pk` so that it may stand for an object as well."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=BigIntegerField())
        self.name = name

    @property
    def pk(self) -> "Given":
        """The id of what it stands for."""
        return self

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A parameter that stands for itself until it is told."""
        return "%s", (self,)


class Written(NamedTuple):
    """A statement with the values of this time. converters: place of a column → how Django reads what comes."""

    sql: str
    values: tuple[Any, ...]
    converters: Mapping[int, tuple[Sequence[Callable[..., Any]], Any]] = {}


def prepared(rows: Callable[..., QuerySet[Any]]) -> Callable[..., Written]:
    """Make a function of ids (of the shop first) that answers a queryset into one that answers its statement.

    The queryset has rows of one table, or `values_list`: nothing related, nothing fetched beside it.
    """

    @cache
    def kept() -> Written:
        asked: Any = rows(*map(Given, signature(rows).parameters))
        compiler = asked.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        if asked.query.select_related or asked._prefetch_related_lookups:
            raise TypeError(f"{rows.__name__} asks for related rows, which only a queryset puts together.")
        return Written(sql, tuple(values), compiler.get_converters([one for one, *_rest in compiler.select or ()]))

    names = tuple(signature(rows).parameters)

    @wraps(rows)
    def told(*ids: Any) -> Written:
        given = dict(zip(names, ids, strict=True))
        sql, values, converters = kept()
        return Written(sql, tuple(given[one.name] if isinstance(one, Given) else one for one in values), converters)

    return told


def fetched(statement: Written) -> list[tuple[Any, ...]]:
    """All rows of a statement, as `values_list` has them."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        rows = cursor.fetchall()
    return [_read(row, statement.converters) for row in rows] if statement.converters else list(rows)


def loaded(model: type[M], statement: Written) -> list[M]:
    """All rows of a statement as objects of the table whose rows it asks for."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in fetched(statement)]


def _read(row: tuple[Any, ...], converters: Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for place, (steps, expression) in converters.items():
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return tuple(values)
