"""What a layout of files is; the ones we know stand in `formats_of_…`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from regulars.transfer.cells import without_apostrophe
from regulars.transfer.columns import Own, folded, guess

Cleaner = Callable[[str], str]

IGNORED = ""
"""The meaning of a column that we know and do not take."""

PACKED_LINE = "packed_line"
"""A whole order line in one cell; the only field that several columns may bring."""

APOSTROPHES: Mapping[str, Cleaner] = dict.fromkeys(
    ("external_id", "order_id", "number", "phone", "address_phone", "postal_code", "shipping_phone", "billing_phone",
     "shipping_postal_code", "billing_postal_code", "line_sku", "payment_reference", "sku", "product_id"),
    without_apostrophe,
)  # fmt: skip


@dataclass(frozen=True)
class Format:
    """A layout of files.

    recognised_by: headers that are all there in such a file, and together in no other. columns: header → field,
    IGNORED for what we leave out on purpose. channel: whose numbers the outside ids are (of orders: where they were
    placed). clean: what to do to the cells of a field. says: what every row of such a file means, field → text.
    """

    name: str
    kind: str
    label: Any
    recognised_by: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    clean: Mapping[str, Cleaner] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)

    def mapping(self, header: list[str], own: Own | None = None) -> list[str]:
        """The field each column brings, "" for none; no field twice but packed lines. own: see `columns_of`."""
        known = {folded(name): meaning for name, meaning in self.columns.items()}
        declared = [known.get(folded(cell)) for cell in header]
        taken: set[str] = set()
        for index, meaning in enumerate(declared):
            if meaning and meaning in taken and meaning != PACKED_LINE:
                declared[index] = IGNORED
            taken.add(meaning or "")
        guesses = guess([cell if declared[i] is None else "" for i, cell in enumerate(header)], self.kind, own)
        return [
            declared[i] or "" if declared[i] is not None else ("" if guesses[i] in taken else guesses[i])
            for i in range(len(header))
        ]

    def left_out(self, header: list[str]) -> set[int]:
        """Columns that we know and do not take."""
        ignored = {folded(name) for name, meaning in self.columns.items() if not meaning}
        return {place for place, cell in enumerate(header) if folded(cell) in ignored}

    def cleaners(self) -> Mapping[str, Cleaner]:
        """What to do to cells, by field."""
        return self.clean

    @property
    def is_own(self) -> bool:
        """Whether we write such files ourselves."""
        return self.name.startswith("regulars_")
