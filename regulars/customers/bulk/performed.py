"""What an action did to some customers, and to whom it could not."""

from collections.abc import Sequence
from typing import Any, NamedTuple

MOST_NAMED = 200


class Performed(NamedTuple):
    """changed: how many. left_out: those (ids) to whom it could not be done; why is the action's own word."""

    changed: int
    left_out: Sequence[int] = ()


def added(result: dict[str, Any], done: int | Performed) -> dict[str, Any]:
    """A run's result with one part more: {"changed"}, and where somebody was left out {"left_out", "named"}.

    left_out: how many; named: the first of them by id.
    """
    done = done if isinstance(done, Performed) else Performed(done)
    total: dict[str, Any] = {"changed": result.get("changed", 0) + done.changed}
    if count := result.get("left_out", 0) + len(done.left_out):
        total |= {"left_out": count, "named": [*result.get("named", ()), *done.left_out][:MOST_NAMED]}
    return total
