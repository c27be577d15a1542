"""The benchmark: that every scenario does what it says, at a size where it takes a moment. Never how fast."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.__main__ import chosen
from bench.measure import MS, RATE, Line, Scenario, Target, measured, percentile
from bench.scenarios import ALL
from bench.scenarios.search import typed
from bench.table import row

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def table() -> Iterator[dict[str, list[str]]]:
    """Everything run once on 300 customers: the cells of each line by its name."""
    place = Path(tempfile.mkdtemp(prefix="regulars-bench-", dir="/var/tmp"))
    place.chmod(0o711)  # the database's user must be able to walk there
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--size", "tiny", "--once"],
        cwd=ROOT, env={**kept, "BENCH_HOME": str(place)}, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    yield {cells[0]: cells[1:] for cells in _lines(done.stdout)}
    shutil.rmtree(place)


def _lines(markdown: str) -> Iterator[list[str]]:
    for line in markdown.splitlines():
        if re.match(r"\| .* \|$", line) and " median " not in line:
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def note_of(table: dict[str, list[str]], name: str) -> str:
    return next(shown for shown in table if shown.startswith(name))


class TestARun:
    @pytest.mark.parametrize("scenario", ALL, ids=lambda one: f"{one.group}: {one.name}")
    def test_has_a_line_for_every_scenario(self, table, scenario):
        cells = next(cells for name, cells in table.items() if name.startswith(scenario.name))

        unit = RATE if scenario.things else MS
        assert all(cell.endswith(unit) for cell in cells[: 3 if scenario.raw else 2])

    def test_exports_all_customers(self, table):
        assert "299 rows" in note_of(table, "export all customers")  # two of the 300 became one

    def test_imports_every_row_once(self, table):
        told = note_of(table, "import customers from CSV")

        assert sum(map(int, re.findall(r"(\d+) (?:created|updated)", told))) == 400
        assert "rejected" not in told

    def test_imports_every_order(self, table):
        assert "300 created" in note_of(table, "import orders from CSV")

    def test_leaves_figures_as_they_were(self, table):
        """Figures are derived after orders were recorded and removed again."""
        assert "0 differed" in note_of(table, "derive the figures of everybody")


class TestMeasuring:
    def test_times_work_and_plain_sql_apart(self):
        seen: list[str] = []
        works = lambda word: lambda bench: [lambda: seen.append(word)] * 3  # noqa: E731

        line = measured(Scenario("g", "n", works("ours"), works("plain"), warm_up=1), bench=None)

        assert seen == ["ours"] * 4 + ["plain"] * 4
        assert line.repeats == 3
        assert line.raw is not None

    def test_lets_a_scenario_clean_up_when_enough_was_measured(self):
        left: list[str] = []

        def works(bench):
            try:
                while True:
                    yield lambda: None
            finally:
                left.append("clean")

        measured(Scenario("g", "n", works, warm_up=2, repeats=5), bench=None)

        assert left == ["clean", "clean"]

    def test_keeps_what_the_work_said(self):
        line = measured(Scenario("g", "n", lambda bench: [lambda: "12 rows"], warm_up=0), bench=None)

        assert line.note == "12 rows"

    def test_counts_what_the_plain_one_does_where_that_is_less(self):
        rest = lambda seconds: lambda bench: [lambda: time.sleep(seconds)]  # noqa: E731
        facts = {"things": lambda bench: 1000, "raw_things": lambda bench: 10, "warm_up": 0, "repeats": 1}

        line = measured(Scenario("g", "n", rest(0.02), rest(0.02), **facts), bench=None)

        assert line.raw < 600
        assert line.median > 10 * line.raw

    def test_takes_the_slow_end_for_the_95th_of_a_hundred(self):
        assert percentile([float(n) for n in range(1, 101)], 95) == 95
        assert percentile([3.0], 95) == 3.0


class TestALine:
    def line(self, **facts):
        given = {
            "group": "g", "name": "n", "unit": MS, "repeats": 9, "median": 12.0, "p95": 20.0, "raw": 0.5,
            "target": "≤ 15 ms", "reached": True, "note": "",
        }  # fmt: skip
        return Line(**{**given, **facts})

    def test_says_how_many_times_longer_it_takes_than_plain_sql(self):
        assert row(self.line()) == "| n | 12.0 ms | 20.0 ms | 0.50 ms | 24.0 | ≤ 15 ms | yes |"

    def test_compares_rates_the_other_way_round(self):
        assert self.line(unit=RATE, median=500.0, raw=2_000.0).ratio == 4

    def test_shows_a_missed_target(self):
        assert row(self.line(reached=False, note="5 rows")).startswith("| n (5 rows) |")
        assert row(self.line(reached=False)).endswith("| **no** |")

    @pytest.mark.parametrize(
        ("target", "words"),
        [(Target(median=15, p95=30), "≤ 15 ms, p95 ≤ 30 ms"), (Target(rate=11_111), "≥ 11,111 /s"), (Target(), "")],
    )
    def test_names_its_target(self, target, words):
        assert str(target) == words


class TestChoosing:
    def test_takes_all_without_words(self):
        assert chosen([]) == list(ALL)

    def test_looks_for_words_in_group_and_name(self):
        assert {one.group for one in chosen(["exact count"])} == {"Exact count"}


class TestTyping:
    def test_asks_after_each_character(self):
        assert typed(["an b"]) == ["a", "an", "an b"]
