"""Templates to fill in: the columns we like best, with a row that shows how each is written."""

import csv
import io

from regulars.shops.models import Shop
from regulars.transfer.columns import COLUMNS


def template(kind: str, shop: Shop) -> bytes:
    """A CSV file, with a byte order mark for Excel, that imports as it is. kind: one of `transfer.kinds`."""
    columns = [column for column in COLUMNS[kind].values() if column.example]
    example = {column.name: column.example for column in columns} | {"currency": shop.currency}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.header for column in columns])
    writer.writerow([example[column.name] for column in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
