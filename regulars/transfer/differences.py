"""What an import would do, row by row: kept to be looked at before it begins."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from regulars.customers.bulk.planning import Change
from regulars.customers.writing import told
from regulars.transfer.figures import Figures, Outcome
from regulars.transfer.rows import Ready

KEPT = 500
"""Rows of each outcome that can be looked at: ten pages. The figures count all of them."""

NAMED = {"group_id": "group", "status_id": "status"}
"""Columns whose new value the file calls by name: it may not exist before the import."""


@dataclass(slots=True)
class Differences(Figures):
    """Figures, with the first rows of each outcome.

    rows: outcome → [{"line", "about", "customer"}]; of changed ones also "columns" ({column: [old, new]} as events hold
    them), "adds" (fields of which something is added) and "loses" (whether a value is replaced or emptied: those come
    first). losers: how many customers lose one.
    """

    most: ClassVar[int] = KEPT
    losers: int = 0
    rows_of: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def see(self, outcome: Outcome, ready: Ready, change: Change | None = None, *, loses: bool | None = None) -> None:
        row: dict[str, Any] = {
            "line": ready.line,
            "about": _about(ready),
            "customer": change.customer_id if change else None,
        }
        if outcome == "changed":
            row |= _changed(change) if change else {"columns": {}, "adds": [], "loses": False}
            if loses is not None:
                row["loses"] = loses
            self.losers += row["loses"]
        rows = self.rows_of.setdefault("losing" if row.get("loses") else outcome, [])
        if len(rows) < KEPT:
            rows.append(row)

    def shown(self) -> dict[str, list[dict[str, Any]]]:
        """The kept rows by outcome, in the order in which they are looked at."""
        losing, changed = (self.rows_of.get(name, []) for name in ("losing", "changed"))
        rows = {name: self.rows_of.get(name, []) for name in ("new", "unchanged")}
        return rows | {"changed": [*losing, *changed][:KEPT], "rejected": self.errors, "doubtful": self.doubtful}

    def stored(self) -> dict[str, Any]:
        """The figures alone, as JSON."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        return counts | {name: dict(getattr(self, name)) for name in _COUNTERS} | {"twice": self.twice}

    @classmethod
    def of_stored(cls, figures: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> Self:
        """As they were kept; `figures` {} begins anew."""
        found = cls(**{name: figures.get(name, 0) for name in _COUNTS})
        for name in _COUNTERS:
            setattr(found, name, Counter(figures.get(name, {})))
        found.twice = [(line, before) for line, before in figures.get("twice", [])]
        found.errors, found.doubtful = rows.get("rejected", []), rows.get("doubtful", [])
        found.rows_of = {name: rows.get(name, []) for name in ("new", "unchanged")} | {"losing": [], "changed": []}
        for row in rows.get("changed", []):
            found.rows_of["losing" if row["loses"] else "changed"].append(row)
        return found


_COUNTS = ("rows", "created", "updated", "unchanged", "rejected", "duplicates", "losers")
_COUNTERS = ("changed", "replaced", "warnings")


def _about(ready: Ready) -> str:
    """Who or what a record is, as its file says."""
    record = ready.record
    columns = getattr(record, "columns", {})
    said = [columns.get(name) for name in ("name", "email", "phone")] or []
    said += [getattr(record, name, None) for name in ("number", "sku", "title")]
    return " · ".join(str(one) for one in said if one)[:200]


def _changed(change: Change) -> dict[str, Any]:
    columns = {
        column: [told(column, old), _name_of(column, change) if column in NAMED else told(column, new)]
        for column, (old, new) in change.columns.items()
        if column not in _MADE
    }
    parts = {
        "tags": change.tags, "external_id": change.identities, "note": change.adds_note, "address": change.adds_address,
    }  # fmt: skip
    return {
        "columns": columns | {f"consent_{one.word.channel}": [one.old, one.new] for one in change.consents},
        "adds": [name for name, is_there in parts.items() if is_there],
        "loses": any(old not in _NOTHING for old, _new in columns.values()),
        "tags": change.tags,
    }


def _name_of(column: str, change: Change) -> str:
    return str(getattr(change.draft, NAMED[column]))


_NOTHING = (None, "", 0)
_MADE = frozenset({"name_key", "phone_kind", "citizen_id_index", "group_by_hand"})
