"""Files through the command line, each command from its first to its last moment: `regulars export`, `regulars import`.

Imports go into a database of their own on the same server, as when a shop moves in.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from bench.data import FILES_DATABASE
from bench.measure import Scenario, Target, Work
from bench.memory import watching
from regulars.runtime.sizing import MIB

if TYPE_CHECKING:
    from bench.house import Bench

SHOP = "moving-in"

PEOPLE = """
    SELECT c.id || '-' || copy AS "Customer ID", c.name AS "Name",
        CASE WHEN copy = 1 THEN c.email WHEN c.email IS NOT NULL THEN copy || '.' || c.email END AS "E-mail",
        CASE WHEN copy = 1 THEN c.phone END AS "Phone",
        (ARRAY['', 'female', 'male', 'other'])[c.gender + 1] AS "Gender",
        CASE WHEN c.birth_year IS NOT NULL
            THEN c.birth_year || '-' || to_char(c.birth_md / 100, 'FM00') || '-' || to_char(c.birth_md % 100, 'FM00')
            END AS "Birthday",
        c.company AS "Company", c.country AS "Country", c.language AS "Language",
        (SELECT string_agg(t.name, ', ') FROM customers_tag t WHERE t.shop_id = c.shop_id AND t.id = ANY(c.tag_ids))
            AS "Tags",
        CASE c.consent_email WHEN 1 THEN 'yes' WHEN 3 THEN 'no' END AS "Accepts e-mail",
        a.line1 AS "Address", a.ward AS "Ward", a.district AS "District", a.city AS "City", a.region AS "Province",
        a.postal_code AS "Postal code", c.created_at AS "Created at"
    FROM customers_customer c
    CROSS JOIN generate_series(1, {copies}) AS copy
    LEFT JOIN customers_address a ON a.shop_id = c.shop_id AND a.customer_id = c.id AND a.is_default_shipping
    WHERE c.shop_id = {shop} AND c.deleted_at IS NULL
    ORDER BY copy, c.id LIMIT {rows}
"""

ORDERS = """
    SELECT o.external_id AS "Order ID", o.number AS "Order number", o.placed_at AS "Placed at",
        o.currency AS "Currency", o.total AS "Total", o.captured AS "Paid", o.payment_method AS "Payment method",
        o.cancelled_at AS "Cancelled at", c.email AS "E-mail", c.phone AS "Phone", c.name AS "Name",
        l.title AS "Product", l.sku AS "SKU", l.quantity AS "Quantity", l.unit_price AS "Unit price"
    FROM orders_order o
    JOIN customers_customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id
    JOIN orders_line l ON l.shop_id = o.shop_id AND l.order_id = o.id AND l.position = 0
    WHERE o.shop_id = {shop} AND o.currency = '{currency}' AND NOT o.is_test
    ORDER BY o.id LIMIT {rows}
"""

EVERYBODY = (
    "SELECT c.*, (SELECT string_agg(t.name, ', ') FROM customers_tag t"
    " WHERE t.shop_id = c.shop_id AND t.id = ANY(c.tag_ids))"
    " FROM customers_customer c WHERE c.shop_id = {shop} AND c.deleted_at IS NULL"
)


def export(bench: "Bench") -> Iterator[Work]:
    """Write all customers with all fields that can be read back."""
    bench.quiet()
    path = bench.home / "export.csv"
    try:
        yield lambda: _exported(bench, path)
    finally:
        path.unlink(missing_ok=True)


def export_book(bench: "Bench") -> Iterator[Work]:
    """The same as a workbook with typed cells."""
    bench.quiet()
    path = bench.home / "export.xlsx"
    try:
        yield lambda: _exported(bench, path)
    finally:
        path.unlink(missing_ok=True)


def plain_export(bench: "Bench") -> Iterator[Work]:
    """COPY of the same rows."""
    yield lambda: _copied_out(bench, EVERYBODY.format(shop=bench.shop.pk), Path(os.devnull))


def plain_book(bench: "Bench") -> Iterator[Work]:
    """XlsxWriter, row by row as it spares memory, with the cells of the first customers of that file."""
    path = bench.home / "export.csv"
    try:
        _exported(bench, path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [[_typed(cell) for cell in row] for row in islice(csv.reader(file), in_plain_book(bench) + 1)]
        yield lambda: _written(rows, path.with_suffix(".xlsx"))
    finally:
        path.unlink(missing_ok=True)
        path.with_suffix(".xlsx").unlink(missing_ok=True)


def in_plain_book(bench: "Bench") -> int:
    """How many customers: all of a million would take it several minutes."""
    return min(100_000, bench.size.customers)


def import_customers(bench: "Bench") -> Iterator[Work]:
    """A file into an empty shop."""
    path, environment = people_file(bench), _empty_shop(bench)
    yield lambda: _imported(bench, "customers", path, environment)


def import_again(bench: "Bench") -> Iterator[Work]:
    """The same file once more: everybody is found, nothing changes."""
    path, environment = people_file(bench), _filled_shop(bench)
    yield lambda: _imported(bench, "customers", path, environment)


def import_orders(bench: "Bench") -> Iterator[Work]:
    """Orders whose buyers are mostly there."""
    path, environment = orders_file(bench), _filled_shop(bench)
    yield lambda: _imported(bench, "orders", path, environment)


def plain_import(bench: "Bench") -> Iterator[Work]:
    """COPY of the same file into a table of texts, no checks, no index."""
    yield lambda: _copied_in(bench, people_file(bench))


def plain_orders(bench: "Bench") -> Iterator[Work]:
    """COPY of the same file into a table of texts, no checks, no index."""
    yield lambda: _copied_in(bench, orders_file(bench))


def _once(name: str, work: Any, raw: Any, rate: float | None, things: Any, raw_things: Any = None) -> Scenario:
    target = Target(rate=rate)
    return Scenario("Files", name, work, raw, target, things=things, raw_things=raw_things, warm_up=0, repeats=1)


SCENARIOS = (
    _once("export all customers as CSV", export, plain_export, 66_667, lambda bench: bench.size.customers),
    _once("export all customers as XLSX", export_book, plain_book, 33_334, lambda bench: bench.size.customers,
          in_plain_book),
    _once("import customers from CSV", import_customers, plain_import, 11_111,
          lambda bench: bench.size.import_customers),
    _once("import the same customers again", import_again, plain_import, 11_111,
          lambda bench: bench.size.import_customers),
    _once("import orders from CSV", import_orders, plain_orders, 16_667, lambda bench: bench.size.import_orders),
)  # fmt: skip


def people_file(bench: "Bench") -> Path:
    """Customers as a shop would hand them in: those of the demo, and as often again with other addresses as needed."""
    copies = -(-bench.size.import_customers // bench.size.customers) + 1
    return _made(bench, "customers.csv", PEOPLE, bench.size.import_customers, copies=copies)


def orders_file(bench: "Bench") -> Path:
    """Orders of the demo, one line each."""
    return _made(bench, "orders.csv", ORDERS, bench.size.import_orders, currency=bench.shop.currency)


def _made(bench: "Bench", name: str, sql: str, rows: int, **given: object) -> Path:
    path = bench.home / name
    if not path.exists():
        draft = path.with_suffix(".new")
        _copied_out(bench, sql.format(shop=bench.shop.pk, rows=rows, **given), draft)
        draft.rename(path)
    return path


def _exported(bench: "Bench", path: Path) -> str:
    way = ["--format", path.suffix.removeprefix(".")]
    output, memory = _command(
        bench, ["export", "customers", "-o", str(path), *way, "--shop", bench.shop.slug, "--json"]
    )
    return _said(f"{json.loads(output)['rows']:,} rows, {path.stat().st_size / MIB:,.0f} MiB", memory)


def _typed(cell: str) -> str | float:
    """Numbers as numbers, but none that begins with 0 or +."""
    try:
        return float(cell) if cell[:1] not in ("0", "+", "") else cell
    except ValueError:
        return cell


def _written(rows: list[list[str | float]], path: Path) -> str:
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return f"{len(rows):,} rows"


def _copied_out(bench: "Bench", sql: str, path: Path) -> None:
    wanted = f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)"
    with path.open("wb") as file, bench.raw.connection.cursor() as cursor, cursor.copy(wanted) as copy:
        for block in copy:
            file.write(block)


def _copied_in(bench: "Bench", path: Path) -> None:
    with path.open("rb") as file, bench.raw.connection.transaction(force_rollback=True):
        columns = ", ".join(f"c{place} text" for place, _name in enumerate(file.readline().split(b",")))
        cursor = bench.raw.connection.execute(f"CREATE TEMP TABLE given ({columns})")
        with cursor.copy("COPY given FROM STDIN (FORMAT csv)") as copy:
            while block := file.read(MIB):
                copy.write(block)


def _empty_shop(bench: "Bench") -> dict[str, str]:
    """Make a database with one empty shop; answers the environment in which commands work on it."""
    bench.quiet()
    bench.forget_files()
    bench.raw.rows(f"CREATE DATABASE {FILES_DATABASE} TEMPLATE template0")
    environment = _environment(bench)
    _command(bench, ["migrate"], environment)
    about = ["--name", "Moving in", "--country", bench.shop.country, "--currency", bench.shop.currency]
    _command(bench, ["shops", "create", SHOP, *about], environment)
    return environment


def _filled_shop(bench: "Bench") -> dict[str, str]:
    """The shop into which the customers were imported; now, if that was not measured just before."""
    bench.quiet()
    if not bench.raw.rows("SELECT FROM pg_database WHERE datname = %s", [FILES_DATABASE]):
        _imported(bench, "customers", people_file(bench), _empty_shop(bench))
    return _environment(bench)


def _environment(bench: "Bench") -> dict[str, str]:
    address = bench.dsn.replace("/regulars?", f"/{FILES_DATABASE}?")
    return {"DATABASE_URL": address, "REGULARS_HOME": str(bench.home / "files-home")}


def _imported(bench: "Bench", kind: str, path: Path, environment: dict[str, str]) -> str:
    output, memory = _command(bench, ["import", kind, str(path), "--json"], environment)
    answer = json.loads(output)
    parts = ("created", "updated", "unchanged", "rejected")
    return _said(", ".join(f"{answer[part]:,} {part}" for part in parts if answer[part]), memory)


def _said(words: str, memory: int) -> str:
    return f"{words}; at most {memory / MIB:,.0f} MiB"


def _command(bench: "Bench", arguments: list[str], environment: dict[str, str] | None = None) -> tuple[str, int]:
    """Run a command to its end; answers what it said and the most memory it and its helpers had, in bytes.

    Raises RuntimeError when it refused; rejected rows are no refusal.
    """
    wanted = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | (environment or {})
    command = [sys.executable, "-m", "regulars.runtime.cli", *arguments]
    with (bench.home / "command.log").open("w+") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=wanted, text=True)
        assert process.stdout
        with watching(process.pid) as most:
            try:
                output = process.stdout.read()
            except BaseException:
                process.kill()
                raise
        process.wait()
        if process.returncode not in (0, 1):
            log.seek(0)
            raise RuntimeError(f"{' '.join(arguments)}: {output}{log.read()}")
    return output, most.bytes
