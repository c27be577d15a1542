"""What can be exported: each kind of row by one declaration."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from regulars.kit.query import Context, FieldSet
from regulars.shops.models import Shop, Staff
from regulars.shops.permissions import Permission
from regulars.transfer.errors import UnknownExport, UnknownExportField
from regulars.transfer.outgoing.columns import ExportColumn, masked
from regulars.transfer.outgoing.writings import Writing


@dataclass(frozen=True)
class ExportKind:
    """One kind of row.

    fields: what can be asked of it. rows: those a person may see, unordered; None may see all. find: narrows them to
    what a search text means. columns: all there are, in the order they are offered. joins: SQL of the tables beside
    the row itself, with %s for the shop's id. usual: the columns when nobody chose. dates: fields by which a period
    may be asked. needs: permissions beyond that of exporting. counted: so many of them in words, {n} for the number.
    part: the join that makes several lines of one row, numbered by its `n`, and parts_of its SQL without the joining;
    columns in `names_row` stand in all these lines, others in the first. parts_name: what JSON calls their list.
    first: what a list shows before its columns, the row's number or name without one.
    round_trip: what comes back when the usual columns are imported again, "" when they are not for that.
    """

    name: str
    label: Any
    fields: FieldSet
    rows: Callable[[Shop, Staff | None], QuerySet]
    find: Callable[[QuerySet, Shop, Staff | None, str], QuerySet]
    columns: Callable[[Context, Writing], list[ExportColumn]]
    joins: Mapping[str, str]
    usual: tuple[str, ...]
    dates: tuple[str, ...]
    needs: tuple[Permission, ...]
    counted: Callable[[int], str]
    round_trip: Any = ""
    part: str = ""
    parts_of: str = ""
    parts_name: str = ""
    names_row: frozenset[str] = field(default_factory=frozenset)
    first: tuple[str, ...] = ()

    def available(self, ctx: Context, writing: Writing = Writing.CSV) -> dict[str, ExportColumn]:
        """All columns the asker may have, by name; contact fields they may not see are there, but masked."""
        columns = headed(self, ctx, writing)
        sees_contacts = ctx.may(Permission.SEE_CONTACT)
        return {
            column.name: column if sees_contacts or not column.is_contact else masked(column)
            for column in columns
            if not column.needs or column.needs == Permission.SEE_CONTACT or ctx.may(column.needs)
        }

    def chosen(self, names: Sequence[str], ctx: Context, writing: Writing = Writing.CSV) -> list[ExportColumn]:
        """The columns of these fields, in this order; without names the usual ones that the asker may have.

        Raises UnknownExportField, also for what the asker may not see.
        """
        known = self.available(ctx, writing)
        if not names:
            return [known[name] for name in (*self.usual, *self.own(ctx)) if name in known]
        return [self._column(name, known, ctx) for name in dict.fromkeys(names)]

    def own(self, ctx: Context) -> list[str]:
        """Fields that only this shop has."""
        return [field.name for field in self.fields.of(ctx) if field.name not in self.fields]

    def _column(self, name: str, known: Mapping[str, ExportColumn], ctx: Context) -> ExportColumn:
        fields = self.fields.of(ctx)
        found = known.get(name) or known.get(fields[name].name if name in fields else "")
        if found is None:
            raise UnknownExportField(name=name)
        return found


def headed(kind: ExportKind, ctx: Context, writing: Writing) -> list[ExportColumn]:
    """All columns of a kind, whoever asks; their headers are those of the import, in every language the same."""
    with translation.override("en"):
        return kind.columns(ctx, writing)


def joined(columns: Iterable[ExportColumn]) -> set[str]:
    """Which of the joined tables the columns need."""
    return {join for column in columns for join in column.joins}


_kinds: dict[str, ExportKind] = {}


def offer(kind: ExportKind) -> ExportKind:
    """Let a kind be exported everywhere: in the dialogs, by the command, in the log."""
    if kind.name in _kinds:
        raise ValueError(f"There is already an export of {kind.name!r}.")
    _kinds[kind.name] = kind
    return kind


def export_kinds() -> list[ExportKind]:
    """All kinds, in the order they are offered."""
    return list(_kinds.values())


def export_kind(name: str) -> ExportKind:
    """The kind of that name. Raises UnknownExport."""
    if name not in _kinds:
        raise UnknownExport(name=name, known=", ".join(_kinds))
    return _kinds[name]
