"""The result: a Markdown table and what it was measured on."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from bench.data import Size
from bench.measure import MS, Line
from bench.rawsql import Raw
from regulars import __version__
from regulars.runtime.sizing import GIB, machine_memory

HEAD = "| {group} | median | p95 | raw SQL | ratio | target | reached |\n|:---|---:|---:|---:|---:|:---|:---|"


def written(lines: Sequence[Line], size: Size, raw: Raw) -> str:
    """The whole result as Markdown."""
    parts = [f"# {size.customers:,} customers, {size.orders:,} orders\n", facts(raw)]
    for group, some in groupby(lines, key=lambda line: line.group):
        parts += ["\n" + HEAD.format(group=group), *map(row, some)]
    return "\n".join(parts) + "\n"


def facts(raw: Raw) -> str:
    """The machine, in one line."""
    version = raw.one("SHOW server_version")
    size = raw.one("SELECT pg_size_pretty(pg_database_size(current_database()))")
    return (
        f"Regulars {__version__}, PostgreSQL {version}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{machine_memory() / GIB:.0f} GiB memory, {platform.system()} {platform.machine()}; database {size}; "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; load {os.getloadavg()[0]:.1f}."
    )


def row(line: Line) -> str:
    """One line of the table."""
    name = f"{line.name} ({line.note})" if line.note else line.name
    ratio = f"{line.ratio:,.1f}" if line.ratio else ""
    raw = figure(line.raw, line.unit) if line.raw else ""
    reached = {True: "yes", False: "**no**", None: ""}[line.reached]
    cells = (name, figure(line.median, line.unit), figure(line.p95, line.unit), raw, ratio, line.target, reached)
    return f"| {' | '.join(cells)} |"


def figure(value: float, unit: str) -> str:
    """A figure with as many digits as mean something."""
    if unit == MS:
        return f"{value:,.2f} ms" if value < 1 else f"{value:,.1f} ms" if value < 100 else f"{value:,.0f} ms"
    return f"{value:,.0f} /s"


def store(text: str, size: Size) -> Path:
    """Keep the result in bench/results."""
    path = Path(__file__).parent / "results" / f"{size.name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path
