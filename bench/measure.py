"""What is measured, and how: one scenario becomes one line of the table."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.house import Bench

Work = Callable[[], Any]
"""One repetition. Only this is timed; a text it answers stands beside the figures."""

Works = Callable[["Bench"], Iterable[Work]]

WARM_UP = 5
REPEATS = 60
LONGEST = 20.0
"""Seconds after which a scenario has been repeated often enough (but `few` times in any case)."""

MS, RATE = "ms", "/s"


@dataclass(frozen=True)
class Target:
    """What is to be reached: milliseconds of a page, or things a second."""

    median: float | None = None
    p95: float | None = None
    rate: float | None = None

    def __str__(self) -> str:
        if self.rate:
            return f"≥ {self.rate:,.0f} /s"
        parts = [f"≤ {self.median:g} ms" if self.median else "", f"p95 ≤ {self.p95:g} ms" if self.p95 else ""]
        return ", ".join(filter(None, parts))


@dataclass(frozen=True)
class Scenario:
    """One thing Regulars is asked to do.

    work, raw: functions from the bench to repetitions; a generator may set up before its first `yield` and clean up
    in `finally`. things: how many of what the rate counts one repetition does; raw_things: the plain one, where that
    does fewer. warm_up: untimed repetitions before.
    """

    group: str
    name: str
    work: Works
    raw: Works | None = None
    target: Target = field(default=Target())
    things: Callable[["Bench"], int] | None = None
    raw_things: Callable[["Bench"], int] | None = None
    warm_up: int = WARM_UP
    repeats: int = REPEATS


@dataclass(frozen=True)
class Line:
    """A line of the table, in milliseconds or in things a second (`unit`)."""

    group: str
    name: str
    unit: str
    repeats: int
    median: float
    p95: float
    raw: float | None
    target: str
    reached: bool | None
    note: str

    @property
    def ratio(self) -> float | None:
        """How many times longer it takes than the plain SQL."""
        if not self.raw:
            return None
        return self.raw / self.median if self.unit == RATE else self.median / self.raw


def measured(scenario: Scenario, bench: "Bench") -> Line:
    """Do all repetitions of a scenario and of its plain SQL."""
    seconds, note = _timed(scenario, scenario.work, bench)
    raw = _timed(scenario, scenario.raw, bench)[0] if scenario.raw else []
    things = scenario.things(bench) if scenario.things else 0
    raw_things = scenario.raw_things(bench) if scenario.raw_things else things
    median, p95 = _shown(statistics.median(seconds), things), _shown(percentile(seconds, 95), things)
    return Line(
        scenario.group, scenario.name, RATE if things else MS, len(seconds), median, p95,
        _shown(statistics.median(raw), raw_things) if raw else None,
        str(scenario.target), _reached(scenario.target, median, p95), note,
    )  # fmt: skip


def _shown(seconds: float, things: int) -> float:
    """A rate where things are counted, else milliseconds."""
    return things / seconds if things else seconds * 1000


def percentile(values: list[float], share: int) -> float:
    """The value that `share` per cent of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _reached(target: Target, median: float, p95: float) -> bool | None:
    if target.rate:
        return median >= target.rate
    limits = [(median, target.median), (p95, target.p95)]
    asked = [value <= limit for value, limit in limits if limit]
    return all(asked) if asked else None


def _timed(scenario: Scenario, works: Works, bench: "Bench") -> tuple[list[float], str]:
    if scenario.warm_up:
        for work in _some(works(bench), scenario.warm_up):
            work()
    seconds: list[float] = []
    note = ""
    gc.collect()
    until = time.perf_counter() + LONGEST
    for work in _some(works(bench), scenario.repeats):
        began = time.perf_counter()
        said = work()
        seconds.append(time.perf_counter() - began)
        note = said if isinstance(said, str) else note
        if time.perf_counter() > until and len(seconds) > 3:
            break
    return seconds, note


def _some(works: Iterable[Work], most: int) -> Iterator[Work]:
    """The first of them; a generator that is left in the middle cleans up at once."""
    try:
        yield from islice(works, most)
    finally:
        if close := getattr(works, "close", None):
            close()
