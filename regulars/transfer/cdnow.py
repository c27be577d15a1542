"""The CDNOW sample of Fader & Hardie (1997–1998) as a list of orders that imports.

The sample has a line for each purchase, blank-separated: master id, sample id, day (YYYYMMDD), number of CDs,
dollars. It is the data set that repeat-purchase models are tried on; brucehardie.com/datasets has it.
"""

import csv
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import BadValue

HEADER = ("Order ID", "Customer ID", "Placed at", "Currency", "Total", "Payment status", "Product", "Quantity")


def convert(source: Path, target: Path) -> int:
    """Write the orders; returns how many. Raises BadValue for a line that is not one of the sample."""
    with source.open(encoding="ascii") as lines, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        count = 0
        for line in lines:
            if line.strip():
                count += 1
                writer.writerow(_order(count, line))
    return count


def _order(number: int, line: str) -> tuple[str, ...]:
    try:
        _master, customer, day, discs, dollars = line.split()
        placed_on = datetime.strptime(day, "%Y%m%d").date()
    except ValueError:
        reason = _("“{value}” is not a line of the CDNOW sample.")
        raise BadValue(reason, value=line.strip(), field=f"line {number}") from None
    return f"CDNOW-{number}", customer, placed_on.isoformat(), "USD", dollars, "paid", "CD", discs
