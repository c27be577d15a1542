"""Which of two reports of an order counts: the rules by which arriving late, twice or mixed up does no harm."""

from collections.abc import Mapping
from typing import Any

from regulars.orders.reading import FILLABLE, ReadOrder

Row = dict[str, Any]

# What a report without a time leaves alone when it says nothing of it.
_KEPT = (*FILLABLE, "cancelled_at", "stated_state", "stated_paid", "stated_refunded")

# What a source says of the money, and where the order has what follows from all that is known.
_STATED = {"stated_state": "financial_state", "stated_paid": "captured", "stated_refunded": "refunded"}


def due_changes(row: Row, read: ReadOrder) -> Row:
    """Columns of a known order that a report changes, with their new values.

    A report older than the newest we saw changes nothing. One without a time changes an order only until a timed one
    was seen, never takes away what it does not mention, and afterwards fills in what is empty.
    """
    at, known_at = read.facts.source_updated_at, row["source_updated_at"]
    if read.facts.deleted:
        return {} if row["deleted_at"] else dict(read.columns)
    if at is not None and known_at is not None and at < known_at:
        return {}
    wanted = dict(read.columns)
    if at is not None:
        wanted["source_updated_at"] = at
    elif known_at is not None:
        wanted = {name: wanted[name] for name in FILLABLE if wanted[name] and not row[name]}
    else:
        wanted = _mentioned(wanted, row, read)
    if read.facts.due_on is None:
        wanted.pop("due_on", None)  # somebody may have set it here; most sources know no such day
    items = (row | wanted)["items_count"]
    if 0 < items <= row["items_returned"]:
        wanted.pop("fulfilment_state", None)  # everything came back, which `orders.sums` says
    return {name: value for name, value in wanted.items() if row[name] != value}


def without_by_hand(row: Row, columns: Row, by_hand: Mapping[str, int]) -> Row:
    """What a source states of the money, less what staff recorded here: the source may have learned of it meanwhile.

    row: the order as it is. by_hand: what was recorded here, by the names `stated_paid` and `stated_refunded`. So the
    same money counts once, whether its source hears of it or not, and what was stated before stays stated.
    """
    less = {
        name: max(columns[name] - amount, row[name] or 0)
        for name, amount in by_hand.items()
        if amount and columns.get(name) is not None
    }
    return columns | less


def lines_are_due(row: Row, read: ReadOrder) -> bool:
    """Whether a report of a known order decides its lines."""
    at, known_at = read.facts.source_updated_at, row["source_updated_at"]
    if read.facts.deleted:
        return False
    if at is None:
        return bool(read.lines) and (known_at is None or not row["items_count"])
    return known_at is None or at >= known_at


def _mentioned(wanted: Row, row: Row, read: ReadOrder) -> Row:
    """Without what an untimed report does not say."""
    silent = {name for name in _KEPT if wanted[name] in (None, "") or (name == "cancelled_at" and row[name])}
    if all(name in silent or wanted[name] == row[known] for name, known in _STATED.items()):
        silent |= _STATED.keys()  # nothing that its transactions do not say
    if not read.facts.number:
        silent.add("number")
    if not read.lines:
        silent.add("items_count")
    return {name: value for name, value in wanted.items() if name not in silent}
