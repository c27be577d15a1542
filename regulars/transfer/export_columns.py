"""What an export writes of a customer: each field as SQL, so that PostgreSQL formats a million rows in seconds.

Headers are those our import knows, in every language the same; values are plain (ISO dates, amounts with a point),
so that a file that went out comes in again without a change. Text a spreadsheet would run is guarded (transfer.cells).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation

from regulars.customers.fields import customer_fields
from regulars.customers.places import Places
from regulars.kit import money
from regulars.kit.query import Context, Field
from regulars.kit.query.kinds import Anniversary, Choice, Count, Day, Flag, Moment, Money, Person, Related, Tags, Text
from regulars.kit.query.kinds_linked import Several
from regulars.shops.permissions import Permission
from regulars.transfer.cells import BLANKS
from regulars.transfer.columns import CUSTOMER_COLUMNS
from regulars.transfer.errors import UnknownExportField
from regulars.transfer.own_ids import own_id_sql

Sql = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the file. sql: text or NULL, over c (customer), a (its default address), i (its own outside id) and
    t (its tags by name). joins: which of a, i and t it reads. is_contact: masked for those who may not see contacts.
    """

    name: str
    header: str
    sql: str
    params: tuple[Any, ...] = ()
    joins: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    is_contact: bool = False


# Fields whose column in a file has another name than in the registry.
_AS_IMPORTED = {
    "account": "account_state",
    "oa_follow": "oa_state",
    **{f"consent_{channel}": f"accepts_{channel}" for channel in ("email", "sms", "zalo", "whatsapp")},
}

# Headers that must not be read back: the place shown of an address is not an address.
_OWN_HEADERS = {"city": "City of the customer", "region": "Province of the customer", "source": "Came in by"}

_ADDRESS = {
    "address_label": "label", "recipient": "recipient", "address_company": "company", "address1": "line1",
    "address2": "line2", "area": "area", "ward": "ward", "district": "district", "address_city": "city",
    "address_region": "region", "postal_code": "postal_code", "address_country": "country",
    "address_phone": "phone_raw",
}  # fmt: skip
_ADDRESS_IMPORTS = {"address_city": "city", "address_region": "region"}

CAN_BE_READ_BACK = (
    "regulars_id", "external_id", "name", "given_name", "family_name", "email", "phone", "gender", "birthday",
    "company", "tax_code", "country", "language", "group", "tags", "staff", "status", "referrer", "zalo_id",
    "account", "oa_follow", "consent_email", "consent_sms", "consent_zalo", "consent_whatsapp", "created_at",
    "registered_at", *_ADDRESS,
)  # fmt: skip
"""What is written when nobody chose: all that an import takes."""


def export_columns(names: Sequence[str], ctx: Context) -> list[ExportColumn]:
    """The columns of these fields, in this order. Raises UnknownExportField, also for what the asker may not see.

    Contact fields that the asker may not see are there, but masked.
    """
    known = available(ctx)
    columns = []
    for name in dict.fromkeys(names):
        found = known.get(name) or known.get(customer_fields[name].name if name in customer_fields else "")
        if found is None:
            raise UnknownExportField(name=name)
        columns.append(found)
    return columns


def available(ctx: Context) -> dict[str, ExportColumn]:
    """All columns that can be exported, by name, in the order they are offered."""
    with translation.override("en"):
        columns = [_regulars_id(ctx), _own_id(), *(_of_field(field, ctx) for field in customer_fields if field.shown)]
        columns += [_of_address(name, column) for name, column in _ADDRESS.items()]
    may_see_contacts = ctx.may(Permission.SEE_CONTACT)
    return {
        column.name: column if may_see_contacts or not column.is_contact else _masked(column)
        for column in columns
        if all(need == Permission.SEE_CONTACT or ctx.may(need) for need in column.needs)
    }


def columns_read(columns: Iterable[ExportColumn]) -> set[str]:
    """Which of the joined tables the columns need."""
    return {join for column in columns for join in column.joins}


# --- one field, one piece of SQL -----------------------------------------------------------------------------------


def _of_field(field: Field, ctx: Context) -> ExportColumn:
    sql, params, joins = _expression(field, ctx)
    imported = CUSTOMER_COLUMNS.get(_AS_IMPORTED.get(field.name, field.name))
    header = _OWN_HEADERS.get(field.name) or (imported.header if imported else str(field.label))
    needs = (field.needs,) if field.needs else ()
    contact = field.needs == Permission.SEE_CONTACT
    return ExportColumn(field.name, header, sql, tuple(params), frozenset(joins), needs, contact)


def _expression(field: Field, ctx: Context) -> tuple[str, list[Any], set[str]]:
    if field.name in _SPECIAL:
        return _SPECIAL[field.name], [], set()
    for kind, write in _KINDS:
        if isinstance(field, kind):
            sql, params = write(field, ctx)
            return sql, params, {"t"} if isinstance(field, Tags) else set()
    raise TypeError(f"Field {field.name!r} is of a kind that exports do not know.")


def guarded_sql(text: str) -> str:
    """SQL of `transfer.cells.guarded` for an expression; the comparison before the pattern saves most of its time."""
    return (
        f"""(CASE WHEN {text} COLLATE "C" >= '0' AND {text} COLLATE "C" < E'\\u00a0' """
        f"AND left({text}, 1) NOT IN ('=', '@') THEN {text} "
        f"WHEN {text} ~ {_PATTERN} THEN '''' || {text} ELSE nullif({text}, '') END)"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_PATTERN = _literal(f"^('['{BLANKS}]*|[{BLANKS}]*)[=+@\t\r＝＋－＠-]")


def _text(field: Field, ctx: Context) -> Sql:
    return guarded_sql(f'c."{field.column}"'), []


def _choice(field: Field, ctx: Context) -> Sql:
    """Files get an option's word; names of the shop's own (groups, statuses) as they are; staff by e-mail address."""
    assert isinstance(field, Choice)
    cases, params = [], []
    seen: set[Any] = set(field.blank)
    for option in field.choices(ctx):
        for value in option.values:
            if value not in seen:
                seen.add(value)
                cases.append("WHEN %s THEN %s")
                named = isinstance(field, Related) and not isinstance(field, Person)
                params += [value, _guarded(option.label if named else option.word)]
    return (f'CASE c."{field.column}" {" ".join(cases)} END', params) if cases else ("NULL::text", [])


def _guarded(text: str) -> str:
    from regulars.transfer.cells import guarded

    return guarded(text)


def _money(field: Field, ctx: Context) -> Sql:
    exponent = money.exponent(ctx.currency)
    if not exponent:
        return f'c."{field.column}"::text', []
    return f'(c."{field.column}" * {10.0**-exponent:.{exponent}f}::numeric)::text', []


def _count(field: Field, ctx: Context) -> Sql:
    return f'c."{field.column}"::text', []


def _moment(field: Field, ctx: Context) -> Sql:
    """ISO 8601 in the shop's zone (the session's, see exports), with parts of a second only where there are some."""
    column = f'c."{field.column}"'
    return (
        f"to_char({column}, CASE WHEN date_trunc('second', {column}) = {column} "
        """THEN 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM' END)"""
    ), []


def _day(field: Field, ctx: Context) -> Sql:
    return f"to_char(c.\"{field.column}\", 'YYYY-MM-DD')", []


def _anniversary(field: Field, ctx: Context) -> Sql:
    day, year = field.columns
    of_year = f"to_char(c.\"{day}\" / 100, 'FM00') || '-' || to_char(c.\"{day}\" %% 100, 'FM00')"
    # without a year it is "--05-17", which a spreadsheet would compute
    return f"coalesce(lpad(c.\"{year}\"::text, 4, '0'), '''-') || '-' || {of_year}", []


def _tags(field: Field, ctx: Context) -> Sql:
    return "t.names", []


def _several(field: Field, ctx: Context) -> Sql:
    return guarded_sql(f"array_to_string(c.\"{field.column}\", ', ')"), []


def _places(field: Field, ctx: Context) -> Sql:
    """Names without the countries that they are kept with."""
    name = "substr(item, strpos(item, ':') + 1)"
    listed = f"string_agg(DISTINCT {name}, ', ' ORDER BY {name})"
    return guarded_sql(f'(SELECT {listed} FROM unnest(c."{field.column}") item)'), []  # noqa: S608 - our own SQL


def _flag(field: Field, ctx: Context) -> Sql:
    return f"CASE WHEN c.\"{field.column}\" THEN 'true' ELSE 'false' END", []


_KINDS: tuple[tuple[type[Field], Callable[[Field, Context], Sql]], ...] = (
    (Places, _places),
    (Several, _several),
    (Text, _text),
    (Choice, _choice),
    (Money, _money),
    (Count, _count),
    (Day, _day),
    (Moment, _moment),
    (Anniversary, _anniversary),
    (Tags, _tags),
    (Flag, _flag),
)

# A number or address that is none is written as it was given. E.164 is no formula: it needs no guard.
_SPECIAL = {
    "phone": f"coalesce(c.phone, {guarded_sql('c.phone_raw')})",
    "email": guarded_sql("coalesce(c.email, c.email_raw)"),
}


def _regulars_id(ctx: Context) -> ExportColumn:
    return ExportColumn("regulars_id", CUSTOMER_COLUMNS["regulars_id"].header, *own_id_sql(ctx.shop_id))


def _own_id() -> ExportColumn:
    header = CUSTOMER_COLUMNS["external_id"].header
    return ExportColumn("external_id", header, guarded_sql("i.external_id"), joins=frozenset({"i"}))


def _of_address(name: str, column: str) -> ExportColumn:
    header = CUSTOMER_COLUMNS[_ADDRESS_IMPORTS.get(name, name)].header
    sql = f"nullif(a.\"{column}\", '')" if column == "country" else guarded_sql(f'a."{column}"')
    if column == "phone_raw":
        sql = f"coalesce(a.phone, {sql})"
    is_contact = column in {"phone_raw"}
    return ExportColumn(name, header, sql, joins=frozenset({"a"}), is_contact=is_contact)


def _masked(column: ExportColumn) -> ExportColumn:
    """The last four characters of a number, the provider of an e-mail address; the rest hidden."""
    if column.name == "email":
        hidden = "'•••@' || split_part(({0}), '@', 2)"
    else:
        hidden = "CASE WHEN length({0}) > 6 THEN '•••' || right(({0}), 4) WHEN {0} <> '' THEN '•••' END"
    params = column.params if column.name == "email" else column.params * 3
    return replace(column, sql=hidden.format(column.sql.replace("{", "{{").replace("}", "}}")), params=params)
