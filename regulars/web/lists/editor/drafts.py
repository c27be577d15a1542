"""A question while somebody edits it: a tree whose parts may be unfinished, and the form that carries it.

Names of the form carry the path: `n` is the whole question, `n.0` its first part, `n.0.2` the third part of that.
A group has `kind` (all, any, not_all, none), an event has `event`, a line has `field`; these two may have `not`, and
each has a `key` of its own that stays when it moves. Whatever else stands at a line's path (`value`, `second`,
`value_span` …) is its value, as `regulars.web.lists.widgets` names it. Everything here is pure: nothing knows fields.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from regulars.kit.query import BadCondition
from regulars.kit.query.language import MAX_DEPTH
from regulars.web.numbers import whole_number

ROOT = "n"
DEEPEST = MAX_DEPTH
"""Levels of groups that a form can carry: as many as a text."""

Path = tuple[int, ...]
Values = tuple[tuple[str, tuple[str, ...]], ...]
GROUP_KINDS = {"all": ("all", False), "any": ("any", False), "none": ("any", True), "not_all": ("all", True)}
"""How a form says which parts of a group have to hold: (joined by, negated)."""

_OWN = {"field", "op", "key", "kind", "not", "event"}


@dataclass(frozen=True)
class Line:
    """One condition. field and op may still be empty; values: what the inputs hold, by name, in alphabetical order."""

    field: str = ""
    op: str = ""
    values: Values = ()
    negated: bool = False
    key: int = 0

    @property
    def given(self) -> MultiValueDict[str, str]:
        """The values as a form brings them."""
        return MultiValueDict({name: list(texts) for name, texts in self.values})


@dataclass(frozen=True)
class Event:
    """Something that happened, with lines about it."""

    event: str
    parts: tuple[Line, ...] = ()
    negated: bool = False
    key: int = 0


@dataclass(frozen=True)
class Group:
    """Parts of which all, or any, hold."""

    joined: str = "all"
    parts: "tuple[Draft, ...]" = ()
    negated: bool = False
    key: int = 0

    @property
    def kind(self) -> str:
        """Which parts have to hold, as a form says it."""
        return next(word for word, meant in GROUP_KINDS.items() if meant == (self.joined, self.negated))


Draft = Line | Event | Group
EMPTY = Group()


def parts_of(draft: Draft) -> Sequence[Draft]:
    """What stands inside."""
    return () if isinstance(draft, Line) else draft.parts


def walk(draft: Draft, path: Path = ()) -> Iterator[tuple[Path, Draft]]:
    """Every part with its path, from top to bottom."""
    yield path, draft
    for index, part in enumerate(parts_of(draft)):
        yield from walk(part, (*path, index))


def last_key(draft: Draft) -> int:
    """The highest key in the tree."""
    return max(part.key for _path, part in walk(draft))


def values_of(given: Mapping[str, Sequence[str]]) -> Values:
    """Values in the order in which drafts hold them."""
    return tuple(sorted((name, tuple(texts)) for name, texts in given.items()))


def dotted(path: Path) -> str:
    """A path as names of the form begin: "n.0.2"."""
    return ".".join((ROOT, *map(str, path)))


def read_path(text: str) -> Path:
    """The path of "n.0.2"; the root for anything else."""
    steps = [whole_number(step) for step in text.split(".")[1:]]
    return () if None in steps else tuple(step for step in steps if step is not None)


# --- form -------------------------------------------------------------------------------------------------------------


def to_form(draft: Draft, path: Path = ()) -> MultiValueDict[str, str]:
    """The tree as names and values of a form."""
    form: MultiValueDict[str, str] = MultiValueDict()
    for place, part in walk(draft, path):
        for name, texts in _own_values(part):
            form.setlist(f"{dotted(place)}.{name}", list(texts))
    return form


def _own_values(part: Draft) -> Iterator[tuple[str, Sequence[str]]]:
    yield "key", [str(part.key)]
    if part.negated and not isinstance(part, Group):
        yield "not", ["1"]
    match part:
        case Group():
            yield "kind", [part.kind]
        case Event():
            yield "event", [part.event]
        case Line():
            yield "field", [part.field]
            yield "op", [part.op]
            yield from part.values


def from_form(form: MultiValueDict[str, str]) -> Group:
    """The tree in a form; nothing there is an empty group. Raises BadCondition when it nests too deep."""
    found: dict[Path, dict[str, list[str]]] = defaultdict(dict)
    for name in form:
        place, _dot, own = name.rpartition(".")
        if place == ROOT or place.startswith(f"{ROOT}."):
            path = read_path(place)
            if len(path) > DEEPEST + 1:
                raise too_deep()
            if dotted(path) == place:
                found[path][own] = form.getlist(name)
    children: dict[Path, list[Path]] = defaultdict(list)
    for path in sorted(found):
        if path:
            children[path[:-1]].append(path)
    root = _read((), found, children) if () in found else EMPTY
    return root if isinstance(root, Group) else Group("all", (root,))


def too_deep() -> BadCondition:
    """The refusal of a question that nests deeper than a form can show."""
    return BadCondition(_("Groups inside groups go deeper than {n} levels.").format(n=DEEPEST))


def _read(path: Path, found: Mapping[Path, dict[str, list[str]]], children: Mapping[Path, list[Path]]) -> Draft:
    own = found[path]
    inner = tuple(_read(child, found, children) for child in children.get(path, ()))
    negated, key = bool(_last(own, "not")), whole_number(_last(own, "key")) or 0
    if "kind" in own:
        joined, negated = GROUP_KINDS.get(_last(own, "kind"), ("all", False))
        return Group(joined, inner, negated, key)
    if "event" in own:
        return Event(_last(own, "event"), tuple(part for part in inner if isinstance(part, Line)), negated, key)
    values = values_of({name: texts for name, texts in own.items() if name not in _OWN})
    return Line(_last(own, "field"), _last(own, "op"), values, negated, key)


def _last(own: Mapping[str, list[str]], name: str) -> str:
    texts = own.get(name) or [""]
    return texts[-1]
