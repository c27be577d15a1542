"""`python -m bench`: measure everything and print the table."""

import argparse
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace

from bench import data, table
from bench.house import Bench, bench_of
from bench.measure import Line, Scenario, measured
from bench.scenarios import ALL


def main() -> None:
    """Read the options, run, print and store."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers and databases of ours are gone, too
    size = data.SIZES[options.size]
    if options.fresh:
        data.forget(size)
    with bench_of(size) as bench:
        scenarios = chosen(options.only)
        lines = run(bench, [once(one) for one in scenarios] if options.once else scenarios)
        text = table.written(lines, size, bench.raw)
    print(text)
    if not (options.only or options.once):
        print(f"Kept in {table.store(text, size)}.", file=sys.stderr)


def chosen(words: Sequence[str]) -> list[Scenario]:
    """The scenarios whose group or name holds one of the words; all without words."""
    named = [word.lower() for word in words]
    return [one for one in ALL if not named or any(word in f"{one.group}: {one.name}".lower() for word in named)]


def once(scenario: Scenario) -> Scenario:
    """The scenario without warming up and repeating: it shows that it works, not how fast."""
    return replace(scenario, warm_up=0, repeats=1)


def run(bench: Bench, scenarios: Sequence[Scenario]) -> list[Line]:
    """Measure one after the other, saying each result as it comes."""
    lines = []
    for scenario in scenarios:
        lines.append(measured(scenario, bench))
        print(table.row(lines[-1]), file=sys.stderr, flush=True)
    return lines


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Regulars on invented data.")
    parser.add_argument("--size", choices=sorted(data.SIZES), default="small")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="only scenarios with one of the words")
    parser.add_argument("--once", action="store_true", help="everything once: whether it works, not how fast")
    parser.add_argument("--fresh", action="store_true", help="make the data anew")
    return parser.parse_args()


if __name__ == "__main__":
    main()
