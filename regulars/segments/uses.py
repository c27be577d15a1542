"""Who asks for a segment, a group or a tag, so that it does not go under them unsaid.

Upper floors add theirs with `@names_segments`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.kit.query import BadCondition, Node, parse
from regulars.kit.text import fold
from regulars.segments.models import GroupRule, SavedView, Segment
from regulars.segments.questions import asks_field, groups_named, keys_named, words_named
from regulars.shops.models import Shop, Staff

KINDS: dict[str, Any] = {
    "segment": _("the segment"),
    "view": _("the view"),
    "private_view": _("a private view of"),
    "group": _("the rule of the group"),
}
"""Kinds of users and how they are called before their name; upper floors add theirs."""


@dataclass(frozen=True, slots=True)
class Use:
    """Something that asks for segments. url_path: its page below the shop's, "" when it has none.

    owner: the only person who may know what it is called; None when everybody may.
    """

    kind: str
    label: str
    url_path: str = ""
    owner: Staff | None = None

    @property
    def kind_name(self) -> str:
        return str(KINDS.get(self.kind, self.kind))

    def told_to(self, reader_id: int | None) -> "Use":
        """As a staff member (id) may see it: of what is somebody else's own, only whose it is."""
        if self.owner is None or self.owner.pk == reader_id:
            return self
        return replace(self, kind=f"private_{self.kind}", label=str(self.owner), url_path="")


Named = tuple[Use, Node]
Finder = Callable[[Shop], Iterable[Named]]
_finders: list[Finder] = []


def names_segments(finder: Finder) -> Finder:
    """Register a function from a shop to everything of its kind that may ask for segments, with the question."""
    _finders.append(finder)
    return finder


def used_by(segment: Segment, *, reader_id: int | None = None) -> list[Use]:
    """Everything that asks for the segment, in the order of registration; itself aside. See `Use.told_to`."""
    return [
        use.told_to(reader_id)
        for finder in _finders
        for use, node in finder(segment.shop)
        if segment.key in keys_named(node) and use.url_path != path_of(segment)
    ]


def users_by_key(shop: Shop, *, reader_id: int | None = None) -> dict[str, list[Use]]:
    """What asks for segments, by their keys: the same as `used_by` for all segments at once."""
    found: dict[str, list[Use]] = defaultdict(list)
    for finder in _finders:
        for use, node in finder(shop):
            for key in sorted(keys_named(node)):
                found[key].append(use.told_to(reader_id))
    return found


def users_of_group(shop: Shop, key: str, *, reader_id: int | None = None) -> list[Use]:
    """What asks who is in the group of that key, and could not be asked any more without it."""
    return [use.told_to(reader_id) for finder in _finders for use, node in finder(shop) if key in groups_named(node)]


def users_by_word(shop: Shop, field: str, *, reader_id: int | None = None) -> dict[str, list[Use]]:
    """What asks a field for its words (tags, a status), by the words as `kit.text.fold` leaves them."""
    found: dict[str, list[Use]] = defaultdict(list)
    for finder in _finders:
        for use, node in finder(shop):
            for word in sorted({fold(word) for word in words_named(node, field)}):
                found[word].append(use.told_to(reader_id))
    return found


def users_of_field(shop: Shop, field: str, *, reader_id: int | None = None) -> list[Use]:
    """What asks about a field, sorts by it or shows it, by its name in questions, and could not be without it."""
    asking = [use for finder in _finders for use, node in finder(shop) if asks_field(node, field)]
    showing = [use for shower in _showers for use, names in shower(shop) if field in names]
    return [use.told_to(reader_id) for use in dict.fromkeys([*asking, *showing])]


Shower = Callable[[Shop], Iterable[tuple[Use, Collection[str]]]]
_showers: list[Shower] = []


def shows_fields(shower: Shower) -> Shower:
    """Register a function from a shop to everything of its kind that shows or sorts by fields, with their names."""
    _showers.append(shower)
    return shower


def path_of(segment: Segment) -> str:
    """The segment's page below the shop's."""
    return f"segments/{segment.pk}/"


def read_kept(text: str) -> Node | None:
    """A kept question; None when it cannot be read any more, which is said elsewhere."""
    try:
        return parse(text)
    except BadCondition:
        return None


@names_segments
def _segments(shop: Shop) -> Iterable[Named]:
    for segment in Segment.objects.of(shop).dynamic():
        if (node := read_kept(segment.where)) is not None:
            yield Use("segment", segment.name, path_of(segment)), node


@names_segments
def _views(shop: Shop) -> Iterable[Named]:
    for view in SavedView.objects.of(shop).exclude(where="").select_related("owner__user"):
        if (node := read_kept(view.where)) is not None:
            yield _use_of(view), node


@shows_fields
def _columns(shop: Shop) -> Iterable[tuple[Use, Collection[str]]]:
    for view in SavedView.objects.of(shop).filter(list_name="customers").select_related("owner__user"):
        yield _use_of(view), {*view.columns, view.sort.removeprefix("-")}


def _use_of(view: SavedView) -> Use:
    owner = None if view.is_team else view.owner
    return Use("view", view.name, f"{view.list_name}/?view={view.pk}", owner)


@names_segments
def _rules(shop: Shop) -> Iterable[Named]:
    for rule in GroupRule.objects.of(shop).select_related("group"):
        if (node := read_kept(rule.where)) is not None:
            yield Use("group", rule.group.name, "groups/"), node
