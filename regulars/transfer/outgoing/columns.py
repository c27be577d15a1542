"""A column of an export, and how each kind of field becomes one.

Headers are those our import knows, in every language the same; values are plain (ISO dates, amounts with a point),
so that a file that went out comes in again without a change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from regulars.customers.places import Places
from regulars.kit import money
from regulars.kit.query import Context, Field
from regulars.kit.query.kept import Kept, KeptDay, KeptFlag, KeptMoney, KeptNumber, kept_sql
from regulars.kit.query.kinds import Choice, Count, Flag, Money, Person, Related, Tags, Text
from regulars.kit.query.kinds_linked import Several
from regulars.kit.query.kinds_time import Anniversary, Day, Moment
from regulars.shops.permissions import Permission
from regulars.transfer.outgoing.writings import Writing, shown, shown_sql
from regulars.transfer.xlsx import Kind

Sql = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the file. sql: over c (the row) and the joined tables; NULL when nothing is known.

    header: in files; label: for people. cell: its type in a workbook. joins: which tables beside c it reads (`kinds`).
    needs: the permission without which it does not exist. is_contact: masked for those who may not see contacts.
    """

    name: str
    header: str
    sql: str
    params: tuple[Any, ...] = ()
    cell: Kind = Kind.TEXT
    joins: frozenset[str] = frozenset()
    needs: str = ""
    is_contact: bool = False
    label: Any = ""


def of_field(field: Field, ctx: Context, writing: Writing, header: str = "") -> ExportColumn:
    """The column of a field of the registry. header: the label without one."""
    sql, params = _expression(field, ctx, writing)
    return ExportColumn(
        field.name, header or str(field.label), sql, tuple(params), cell_kind(field, ctx),
        joins=frozenset({"t"} if isinstance(field, Tags) else ()), needs=field.needs,
        is_contact=field.needs == Permission.SEE_CONTACT, label=field.label,
    )  # fmt: skip


def masked(column: ExportColumn) -> ExportColumn:
    """The last four characters of a number, the provider of an e-mail address; the rest hidden."""
    if column.name == "email":
        hidden = "'•••@' || split_part(({0}), '@', 2)"
    else:
        hidden = "CASE WHEN length({0}) > 6 THEN '•••' || right(({0}), 4) WHEN {0} <> '' THEN '•••' END"
    params = column.params if column.name == "email" else column.params * 3
    return replace(column, sql=hidden.format(column.sql.replace("{", "{{").replace("}", "}}")), params=params)


def cell_kind(field: Field, ctx: Context) -> Kind:
    """How a workbook keeps the values of a field."""
    if isinstance(field, Money):
        return money_kind(ctx)
    for kind, cell in _CELLS:
        if isinstance(field, kind):
            return cell
    return Kind.TEXT


def money_kind(ctx: Context) -> Kind:
    """Amounts of the shop's currency in a workbook."""
    return _MONEY.get(money.exponent(ctx.currency), Kind.NUMBER)


def money_sql(column: str, ctx: Context) -> str:
    """Minor units as text with the currency's decimals; programs get text too, for a number may lose the last one."""
    exponent = money.exponent(ctx.currency)
    return f"({column} * {10.0**-exponent:.{exponent}f}::numeric)::text" if exponent else f"{column}::text"


def moment_sql(column: str) -> str:
    """ISO 8601 in the session's zone, the shop's (`statement`), with parts of a second only where there are some."""
    return (
        f"to_char({column}, CASE WHEN date_trunc('second', {column}) = {column} "
        """THEN 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM' END)"""
    )


def count_sql(column: str, writing: Writing) -> str:
    """A whole number."""
    return column if writing is Writing.JSON else f"{column}::text"


def flag_sql(condition: str, writing: Writing) -> str:
    """Yes or no."""
    return f"({condition})" if writing is Writing.JSON else f"CASE WHEN {condition} THEN 'true' ELSE 'false' END"


def word_sql(column: str, words: dict[Any, str], writing: Writing) -> Sql:
    """A stored value as its word; NULL for those that have none."""
    if not words:
        return "NULL::text", []
    cases = " ".join(["WHEN %s THEN %s"] * len(words))
    return f"CASE {column} {cases} END", [
        part for value, word in words.items() for part in (value, shown(word, writing))
    ]


# --- one kind, one piece of SQL -------------------------------------------------------------------------------------


def _expression(field: Field, ctx: Context, writing: Writing) -> Sql:
    for kind, write in _KINDS:
        if isinstance(field, kind):
            return write(field, ctx, writing)
    raise TypeError(f"Field {field.name!r} is of a kind that exports do not know.")


def _text(field: Field, ctx: Context, writing: Writing) -> Sql:
    return shown_sql(f'c."{field.column}"', writing), []


def _choice(field: Field, ctx: Context, writing: Writing) -> Sql:
    """Files get an option's word; names of the shop's own (groups, statuses) as they are; staff by e-mail address."""
    assert isinstance(field, Choice)
    words: dict[Any, str] = {}
    for option in field.choices(ctx):
        named = isinstance(field, Related) and not isinstance(field, Person)
        for value in option.values:
            if value not in field.blank:
                words.setdefault(value, option.label if named else option.word)
    return word_sql(f'c."{field.column}"', words, writing)


def _person(field: Field, ctx: Context, writing: Writing) -> Sql:
    """E-mail addresses, the first one first."""
    assert isinstance(field, Person)
    first, of_first = _choice(field, ctx, writing)
    if not field.also:
        return first, of_first
    words, given = word_sql("one.id", {v: o.word for o in field.choices(ctx) for v in o.values}, writing)
    everybody = f'unnest(array_prepend(c."{field.column}", c."{field.also}")) WITH ORDINALITY AS one (id, place)'
    several = f"(SELECT string_agg({words}, ', ' ORDER BY one.place) FROM {everybody})"  # noqa: S608  our own columns
    return f"CASE WHEN c.\"{field.also}\" = '{{}}' THEN {first} ELSE {several} END", [*of_first, *given]


def _money(field: Field, ctx: Context, writing: Writing) -> Sql:
    return money_sql(f'c."{field.column}"', ctx), []


def _count(field: Field, ctx: Context, writing: Writing) -> Sql:
    return count_sql(f'c."{field.column}"', writing), []


def _moment(field: Field, ctx: Context, writing: Writing) -> Sql:
    return moment_sql(f'c."{field.column}"'), []


def _day(field: Field, ctx: Context, writing: Writing) -> Sql:
    return f"to_char(c.\"{field.column}\", 'YYYY-MM-DD')", []


def _anniversary(field: Field, ctx: Context, writing: Writing) -> Sql:
    """1990-05-17; without a year --05-17, which a spreadsheet would compute."""
    day, year = field.columns
    of_year = f"to_char(c.\"{day}\" / 100, 'FM00') || '-' || to_char(c.\"{day}\" %% 100, 'FM00')"
    unknown = "'''-'" if writing is Writing.CSV else "'-'"
    return f"coalesce(lpad(c.\"{year}\"::text, 4, '0'), {unknown}) || '-' || {of_year}", []


def _tags(field: Field, ctx: Context, writing: Writing) -> Sql:
    return ("coalesce(t.listed, '[]')", []) if writing is Writing.JSON else (shown_sql("t.names", writing), [])


def _several(field: Field, ctx: Context, writing: Writing) -> Sql:
    if writing is Writing.JSON:
        return f'to_json(c."{field.column}")', []
    return shown_sql(f"array_to_string(c.\"{field.column}\", ', ')", writing), []


def _places(field: Field, ctx: Context, writing: Writing) -> Sql:
    """Names without the countries that they are kept with."""
    name = "substr(item, strpos(item, ':') + 1)"
    items = f'FROM unnest(c."{field.column}") item'
    if writing is Writing.JSON:
        return f"(SELECT coalesce(json_agg(DISTINCT {name}), '[]') {items})", []
    return shown_sql(f"(SELECT string_agg(DISTINCT {name}, ', ' ORDER BY {name}) {items})", writing), []


def _flag(field: Field, ctx: Context, writing: Writing) -> Sql:
    return flag_sql(f'c."{field.column}"', writing), []


def _kept(field: Field, ctx: Context, writing: Writing) -> Sql:
    """A field of the shop's own, as an import reads it."""
    assert isinstance(field, Kept)
    value = kept_sql(f'c."{field.json_column}"', field.read_as)
    match field:
        case KeptMoney():
            sql = money_sql(value, ctx)
        case KeptNumber():
            # three decimals would be thousands to half of the world: "1.2340"
            text, three = f"trim_scale({value})::text", r"\.[0-9]{3}$"
            padded = f"{text} || CASE WHEN {text} ~ '{three}' THEN '0' ELSE '' END"
            sql = text if writing is Writing.JSON else padded
        case KeptFlag():
            sql = value if writing is Writing.JSON else f"{value}::text"
        case KeptDay():
            sql = value
        case _:
            sql = shown_sql(value, writing)
    return sql, [field.key] * sql.count("%s")


_KINDS: tuple[tuple[type[Field], Callable[[Field, Context, Writing], Sql]], ...] = (
    (Kept, _kept),
    (Places, _places),
    (Several, _several),
    (Text, _text),
    (Person, _person),
    (Choice, _choice),
    (Money, _money),
    (Count, _count),
    (Day, _day),
    (Moment, _moment),
    (Anniversary, _anniversary),
    (Tags, _tags),
    (Flag, _flag),
)
_CELLS = ((KeptNumber, Kind.TEXT), (Count, Kind.NUMBER), (Day, Kind.DAY), (Moment, Kind.MOMENT))
_MONEY = {0: Kind.MONEY_0, 2: Kind.MONEY_2, 3: Kind.MONEY_3}
