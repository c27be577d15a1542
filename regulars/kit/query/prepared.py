"""Statements that Django writes once.

Building a queryset and writing its SQL takes Django longer than PostgreSQL needs to answer it by a key. Where nothing
but ids differs from one time to the next, the text is kept and the ids are put in. Nothing of the moment (today, a
language, who asks) may stand in such a statement: it would stay as it was the first time.
"""

from collections.abc import Callable
from functools import cache, wraps
from inspect import signature
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, Expression, QuerySet


class Given(Expression):
    """The place of an id that is told each time; `pk` so that it may stand for an object as well."""

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
    """A statement with the values of this time."""

    sql: str
    values: tuple[Any, ...]


def prepared(rows: Callable[..., QuerySet[Any]]) -> Callable[..., Written]:
    """Make a function of ids (of the shop first) that answers a queryset into one that answers its statement."""

    @cache
    def kept() -> Written:
        asked = rows(*map(Given, signature(rows).parameters))
        compiler = asked.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        if compiler.get_converters([column for column, _sql, _alias in compiler.select or ()]):
            raise TypeError(f"{rows.__name__} answers columns that Django converts: ask for them by a queryset.")
        return Written(sql, tuple(values))

    names = tuple(signature(rows).parameters)

    @wraps(rows)
    def told(*ids: int) -> Written:
        given = dict(zip(names, ids, strict=True))
        sql, values = kept()
        return Written(sql, tuple(given[one.name] if isinstance(one, Given) else one for one in values))

    return told


def fetched(statement: Written) -> list[tuple[Any, ...]]:
    """All rows of a statement, as `values_list` has them."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        return list(cursor.fetchall())
