"""What somebody wants exported."""

from dataclasses import dataclass
from typing import Any

from regulars.kit.query import Condition, Context, Op, parse, write
from regulars.kit.query.conditions import Literal, both
from regulars.transfer.outgoing.kinds import ExportKind, export_kind
from regulars.transfer.outgoing.ways import CSV, UTF8_MARKED


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows and what of them.

    kind: one of `kinds`. fields: the usual ones when there are none. ids: only these, of those the question finds;
    None is all. excluded: not these. format, delimiter, encoding: one of `ways` each; the last two are of CSV.
    """

    where: str = ""
    search: str = ""
    sort: str = ""
    fields: tuple[str, ...] = ()
    ids: tuple[int, ...] | None = None
    excluded: tuple[int, ...] = ()
    kind: str = "customers"
    format: str = CSV
    delimiter: str = ","
    encoding: str = UTF8_MARKED

    def stored(self) -> dict[str, Any]:
        """As JSON, for the work."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Asked":
        """What `stored` made."""
        lists = {name: tuple(stored[name]) for name in ("fields", "excluded")}
        ids = stored["ids"]
        return cls(**stored | lists | {"ids": None if ids is None else tuple(ids)})

    @property
    def what(self) -> ExportKind:
        """Raises UnknownExport."""
        return export_kind(self.kind)


def within(kind: ExportKind, where: str, date: str, first: str, last: str, ctx: Context) -> str:
    """The question narrowed to a period of a named date, both days included, in the shop's calendar.

    first, last: days as the query language writes them, "" for an open end; without both the question stays.
    Raises BadCondition for what is no date of the rows, and for a text that is no day.
    """
    if not (first or last):
        return where
    op = Op.BETWEEN if first and last else Op.GTE if first else Op.LTE
    days = tuple(Literal("date", day) for day in (first, last) if day)
    condition = Condition(date or kind.dates[0], op, days)
    kind.fields.check(condition, ctx)
    return write(both(parse(where), condition))
