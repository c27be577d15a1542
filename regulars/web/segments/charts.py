"""How a figure went, drawn on the server as SVG; what the drawing shows stands beside it in words or a table."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

WIDE, HIGH = 96, 24  # of a sparkline
EDGE = 2


class Tick(NamedTuple):
    """A line across a chart: how high it stands and what figure it means."""

    y: float
    value: int


def sparkline(values: Sequence[int], label: str) -> Markup:
    """A line so small that it stands in a table; nothing for less than two values."""
    if len(values) < 2:
        return Markup("")
    points = _points(values, WIDE, HIGH, lowest=min(values))
    return Markup(
        '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{label}">'
        '<path class="spark-area" d="{line} L{last} {h} L{first} {h} Z"/><path class="spark-line" d="{line}"/></svg>'
    ).format(w=WIDE, h=HIGH, label=label, line=_line(points), first=points[0][0], last=points[-1][0])


def chart(values: Sequence[int], label: str, *, wide: int = 720, high: int = 200) -> Markup:
    """A large chart with lines across, from 0 up. The table with the figures belongs beside it."""
    if len(values) < 2:
        return Markup("")
    top = _round_up(max(values))
    points = _points(values, wide, high, lowest=0, highest=top)
    across = Markup("").join(_across(tick, wide) for tick in _ticks(top, high))
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" preserveAspectRatio="none" role="img" aria-label="{label}">{across}'
        '<path class="spark-area" d="{line} L{last} {h} L{first} {h} Z"/><path class="spark-line" d="{line}"/></svg>'
    ).format(w=wide, h=high, label=label, across=across, line=_line(points), first=points[0][0], last=points[-1][0])


def axis(values: Sequence[int]) -> list[int]:
    """The figures beside the lines across, from the top down."""
    top = _round_up(max(values, default=0))
    return [top, top // 2, 0] if top > 1 else [top, 0]


def _points(
    values: Sequence[int], wide: int, high: int, *, lowest: int, highest: int | None = None
) -> list[tuple[float, float]]:
    most = max(values) if highest is None else highest
    span = most - lowest
    step = (wide - 2 * EDGE) / (len(values) - 1)
    room = high - 2 * EDGE
    heights = [(value - lowest) / span if span else 0.5 for value in values]
    return [(round(EDGE + at * step, 1), round(high - EDGE - room * up, 1)) for at, up in enumerate(heights)]


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in points)


def _ticks(top: int, high: int) -> list[Tick]:
    room = high - 2 * EDGE
    return [Tick(round(high - EDGE - room * value / top, 1) if top else high - EDGE, value) for value in axis([top])]


def _across(tick: Tick, wide: int) -> Markup:
    return Markup('<path class="chart-across" d="M0 {y} H{w}"/>').format(y=tick.y, w=wide)


def _round_up(number: int) -> int:
    """The next figure people count in: 1, 2 or 5 with zeros behind, at least 2."""
    if number <= 2:
        return 2
    size = 10 ** (len(str(number)) - 1)
    return next(step * size for step in (1, 2, 4, 5, 6, 8, 10) if step * size >= number)
