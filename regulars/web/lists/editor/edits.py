"""What can be done to a draft: each edit is a word, a path and sometimes an argument, as buttons of a form send it.

`add:n.0` · `field:n.0.1` · `choose:n.0.1:total_spent` · `happened:n.0.1:orders_placed` · `group:n` · `wrap:n.0.1` ·
`unwrap:n.0` · `copy:n.0.1` · `remove:n.0.1` · `up:n.0.1` · `down:n.0.1` · `negate:n.0` · `clear:n`. An edit of what
is not there changes nothing; every edit leaves all other parts as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from regulars.web.lists.editor.drafts import EMPTY, Draft, Event, Group, Line, Path, last_key, parts_of, read_path


@dataclass(frozen=True)
class Edited:
    """The tree after an edit, where the person should find themselves, and whether a field is to be chosen there."""

    root: Group
    focus: Path | None = None
    choosing: bool = False


def edit(root: Group, do: str) -> Edited:
    """Do what a button says."""
    word, _colon, rest = do.partition(":")
    place, _colon, argument = rest.partition(":")
    path = read_path(place)
    if word == "clear":
        return Edited(EMPTY, ())
    if word not in _EDITS or at(root, path) is None:
        return Edited(root)
    return _EDITS[word](root, path, argument)


def at(root: Draft, path: Path) -> Draft | None:
    """The part at a path."""
    part = root
    for step in path:
        parts = parts_of(part)
        if step >= len(parts):
            return None
        part = parts[step]
    return part


def changed(root: Group, path: Path, *parts: Draft) -> Group:
    """The tree with these parts in the place of the one at the path."""
    if not path:
        return parts[0] if parts and isinstance(parts[0], Group) else Group("all", parts)
    return _changed(root, path, parts)  # type: ignore[return-value]


def _changed(node: Draft, path: Path, parts: Sequence[Draft]) -> Draft:
    inner, here = parts_of(node), path[0]
    new = parts if len(path) == 1 else (_changed(inner[here], path[1:], parts),)
    return replace(node, parts=(*inner[:here], *new, *inner[here + 1 :]))  # type: ignore[arg-type]


def rekeyed(draft: Draft, after: int) -> Draft:
    """The same part with new keys, counted from the one after `after`."""
    numbers = count(after + 1)

    def renamed(part: Draft) -> Draft:
        key = next(numbers)
        if isinstance(part, Line):
            return replace(part, key=key)
        return replace(part, key=key, parts=tuple(map(renamed, part.parts)))  # type: ignore[arg-type]

    return renamed(draft)


# --- the edits --------------------------------------------------------------------------------------------------------


def _add(root: Group, path: Path, argument: str) -> Edited:
    """A new line at the end of a group or event, or after a line."""
    home = path[:-1] if isinstance(at(root, path), Line) else path
    owner = at(root, home)
    line = Line(key=last_key(root) + 1)
    place = path[-1] + 1 if home != path else len(parts_of(owner))  # type: ignore[arg-type]
    parts = parts_of(owner)  # type: ignore[arg-type]
    grown = replace(owner, parts=(*parts[:place], line, *parts[place:]))  # type: ignore[type-var,arg-type]
    return Edited(changed(root, home, grown), (*home, place), choosing=True)  # type: ignore[arg-type]


def _group(root: Group, path: Path, argument: str) -> Edited:
    """A new group of the other kind inside a group, with one line to begin with."""
    owner = at(root, path)
    if not isinstance(owner, Group):
        return Edited(root)
    key = last_key(root) + 1
    inner = Group("any" if owner.joined == "all" else "all", (Line(key=key + 1),), key=key)
    grown = replace(owner, parts=(*owner.parts, inner))
    return Edited(changed(root, path, grown), (*path, len(owner.parts), 0), choosing=True)


def _field(root: Group, path: Path, argument: str) -> Edited:
    return Edited(root, path, choosing=True)


def _choose(root: Group, path: Path, argument: str) -> Edited:
    """Another field: what was asked of the old one is forgotten."""
    part = at(root, path)
    if isinstance(part, Group):
        return Edited(root)
    fresh = Line(argument, negated=part.negated, key=last_key(root) + 1)  # type: ignore[union-attr]
    return Edited(changed(root, path, fresh), path)


def _happened(root: Group, path: Path, argument: str) -> Edited:
    part, owner = at(root, path), at(root, path[:-1])
    if not path or not isinstance(owner, Group) or isinstance(part, Group):
        return Edited(root)
    return Edited(changed(root, path, Event(argument, negated=part.negated, key=last_key(root) + 1)), path)  # type: ignore[union-attr]


def _wrap(root: Group, path: Path, argument: str) -> Edited:
    """A group around one part, so that others can be put beside it."""
    part = at(root, path)
    if not path or part is None or not isinstance(at(root, path[:-1]), Group):
        return Edited(root)
    owner = at(root, path[:-1])
    kind = "any" if isinstance(owner, Group) and owner.joined == "all" else "all"
    return Edited(changed(root, path, Group(kind, (part,), key=last_key(root) + 1)), (*path, 0))


def _unwrap(root: Group, path: Path, argument: str) -> Edited:
    """The parts of a group in its place."""
    part = at(root, path)
    if not path or not isinstance(part, Group):
        return Edited(root)
    return Edited(changed(root, path, *part.parts), path if part.parts else path[:-1])


def _copy(root: Group, path: Path, argument: str) -> Edited:
    part = at(root, path)
    if not path or part is None:
        return Edited(root)
    twin = rekeyed(part, last_key(root))
    return Edited(changed(root, path, part, twin), (*path[:-1], path[-1] + 1))


def _remove(root: Group, path: Path, argument: str) -> Edited:
    """Without the part, and without groups that it leaves empty."""
    if not path:
        return Edited(EMPTY, ())
    smaller, home = changed(root, path), path[:-1]
    while home and isinstance(owner := at(smaller, home), Group) and not owner.parts:
        smaller, path, home = changed(smaller, home), home, home[:-1]
    beside = len(parts_of(at(smaller, home)))  # type: ignore[arg-type]
    return Edited(smaller, (*home, min(path[-1], beside - 1)) if beside else home)


def _moved(step: int) -> Callable[[Group, Path, str], Edited]:
    def move(root: Group, path: Path, argument: str) -> Edited:
        if not path:
            return Edited(root)
        owner = at(root, path[:-1])
        parts = list(parts_of(owner))  # type: ignore[arg-type]
        here, there = path[-1], path[-1] + step
        if not 0 <= there < len(parts):
            return Edited(root)
        parts[here], parts[there] = parts[there], parts[here]
        ordered = replace(owner, parts=tuple(parts))  # type: ignore[type-var,arg-type]
        return Edited(changed(root, path[:-1], ordered), (*path[:-1], there))  # type: ignore[arg-type]

    return move


def _negate(root: Group, path: Path, argument: str) -> Edited:
    part = at(root, path)
    return Edited(changed(root, path, replace(part, negated=not part.negated)))  # type: ignore[type-var,union-attr,arg-type]


_EDITS: dict[str, Callable[[Group, Path, str], Edited]] = {
    "add": _add,
    "group": _group,
    "field": _field,
    "choose": _choose,
    "happened": _happened,
    "wrap": _wrap,
    "unwrap": _unwrap,
    "copy": _copy,
    "remove": _remove,
    "up": _moved(-1),
    "down": _moved(+1),
    "negate": _negate,
}
