"""Saved views: a list as somebody wants to see it again, for themselves or for the whole team.

What a view shows is kept as text under the fields' own names, so that it is the same when things are renamed. Which
fields a list has, its page knows; this floor takes them along.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

from django.db import transaction
from django.db.models import Max, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from regulars.events.record import record
from regulars.kit.errors import BadValue
from regulars.kit.query import Context, FieldSet, Node, write
from regulars.kit.text import one_line
from regulars.segments.errors import NotYourView, ViewExists, ViewShowsEverything
from regulars.segments.models import SavedView
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.shops.queries import acting

NAME_LENGTH = 60
MOST = 200
"""Views of one list that one person sees; tabs and menus are made for a few."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a list shows. where: canonical text. columns: empty for those the list opens with. size: rows a page."""

    where: str = ""
    search: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    size: int = 50

    @classmethod
    def of(cls, node: Node, known: FieldSet, ctx: Context, **others: Any) -> Self:
        """With the question in canonical text. Raises BadCondition."""
        return cls(where=write(known.canonical(node, ctx)), **others)

    @classmethod
    def kept_in(cls, view: SavedView) -> Self:
        """As a view keeps it."""
        return cls(view.where, view.search, view.sort, tuple(view.columns), view.size)

    def plain(self) -> dict[str, Any]:
        """As the columns of a view."""
        return {one.name: getattr(self, one.name) for one in fields(self)} | {"columns": list(self.columns)}


def views_for(staff: Staff, list_name: str) -> list[SavedView]:
    """The views of a list that a person sees, their own first, then the team's, each in their order."""
    seen = SavedView.objects.of(staff.shop_id).filter(list_name=list_name)
    found = seen.filter(Q(owner=staff) | Q(is_team=True)).select_related("owner__user")[:MOST]
    return sorted(found, key=lambda view: view.is_team)


def may_change(staff: Staff, view: SavedView) -> bool:
    """A view is its owner's; a team's may also be changed by those who change settings."""
    return view.owner_id == staff.pk or (view.is_team and staff.may(Permission.SETTINGS))


@transaction.atomic
def create_view(
    staff: Staff,
    list_name: str,
    name: str,
    look: Look,
    *,
    is_team: bool = False,
    is_pinned: bool = True,
    is_default: bool = False,
    overwrite: bool = False,
) -> SavedView:
    """Save a view for a person, last in order; overwrite: put it in the place of their own of that name.

    Raises BadValue (no name), ViewExists, ViewShowsEverything.
    """
    name = _named(name)
    marks = {"is_team": is_team, "is_pinned": is_pinned, "is_default": is_default}
    taken = _own(staff, list_name).select_for_update().filter(name=name).first()
    if taken and not overwrite:
        raise ViewExists(name=name, view=taken.pk)
    if taken:
        return change_view(taken, staff=staff, look=look, is_team=is_team, is_pinned=is_pinned, is_default=is_default)
    if look == Look():
        raise ViewShowsEverything
    if is_default:
        _no_default(staff, list_name)
    view = SavedView.objects.create(
        shop_id=staff.shop_id,
        owner=staff,
        list_name=list_name,
        name=name,
        position=_next_position(staff, list_name),
        **marks,
        **look.plain(),
    )
    _record(view, "added", staff, name=name)
    return view


@transaction.atomic
def change_view(
    view: SavedView,
    *,
    staff: Staff,
    name: str | None = None,
    look: Look | None = None,
    is_team: bool | None = None,
    is_pinned: bool | None = None,
    is_default: bool | None = None,
) -> SavedView:
    """Another name, look or mark; None leaves it. A default is its owner's, so only they set it.

    Raises NotYourView, BadValue, ViewExists, ViewShowsEverything.
    """
    _refuse_strangers(staff, view)
    view.refresh_from_db(from_queryset=SavedView.objects.of(view.shop_id).select_for_update())
    if look == Look():
        raise ViewShowsEverything
    marks = {"is_team": is_team, "is_pinned": is_pinned}
    wanted: dict[str, Any] = {mark: value for mark, value in marks.items() if value is not None}
    wanted |= look.plain() if look else {}
    if name is not None:
        wanted["name"] = _named(name)
        _refuse_taken(view, wanted["name"])
    if is_default is not None and view.owner_id == staff.pk:
        wanted["is_default"] = is_default
    changes = {field: [getattr(view, field), new] for field, new in wanted.items() if getattr(view, field) != new}
    if not changes:
        return view
    if changes.get("is_default", [None, False])[1]:
        _no_default(staff, view.list_name)
    for field, (_old, new) in changes.items():
        setattr(view, field, new)
    view.updated_at = now()
    view.save(update_fields=[*changes, "updated_at"])
    _record(view, "changed", staff, changes=changes)
    return view


@transaction.atomic
def duplicate_view(view: SavedView, *, staff: Staff) -> SavedView:
    """A private copy for this person, under the next free name."""
    taken = set(_own(staff, view.list_name).values_list("name", flat=True))
    copies = (_("{name} (copy {n})").format(name=view.name[:45], n=n) for n in range(2, MOST + 2))
    first = _("{name} (copy)").format(name=view.name[:45])
    name = next(one for one in (first, *copies) if one not in taken)
    return create_view(staff, view.list_name, name, Look.kept_in(view), is_pinned=view.is_pinned)


@transaction.atomic
def remove_view(view: SavedView, *, staff: Staff) -> None:
    """Forget a view; the rows it showed are untouched. Raises NotYourView."""
    _refuse_strangers(staff, view)
    _record(view, "removed", staff, name=view.name)
    view.delete()


@transaction.atomic
def arrange_views(staff: Staff, list_name: str, ids: Iterable[int]) -> None:
    """Put views in the order of these ids: a person's own, and the team's for those who change settings.

    Others keep the order they had, behind those named.
    """
    for is_team in (False, True):
        if is_team and not staff.may(Permission.SETTINGS):
            continue
        views = {view.pk: view for view in views_for(staff, list_name) if view.is_team == is_team}
        named = [views.pop(pk) for pk in dict.fromkeys(ids) if pk in views]
        for position, view in enumerate([*named, *views.values()], start=1):
            if view.position != position:
                SavedView.objects.of(staff.shop_id).filter(pk=view.pk).update(position=position)


# --- how it is done ---------------------------------------------------------------------------------------


def _own(staff: Staff, list_name: str) -> Any:
    return SavedView.objects.of(staff.shop_id).filter(owner=staff, list_name=list_name)


def _named(name: str) -> str:
    name = one_line(name)[:NAME_LENGTH].strip()
    if not name:
        raise BadValue(_("A name is needed."), value=name, field="name")
    return name


def _next_position(staff: Staff, list_name: str) -> int:
    others = SavedView.objects.of(staff.shop_id).filter(list_name=list_name)
    return int((others.aggregate(last=Max("position"))["last"] or 0) + 1)


def _no_default(staff: Staff, list_name: str) -> None:
    _own(staff, list_name).filter(is_default=True).update(is_default=False)


def _refuse_taken(view: SavedView, name: str) -> None:
    others = SavedView.objects.of(view.shop_id).filter(owner=view.owner_id, list_name=view.list_name, name=name)
    if taken := others.exclude(pk=view.pk).first():
        raise ViewExists(name=name, view=taken.pk)


def _refuse_strangers(staff: Staff, view: SavedView) -> None:
    if view.shop_id != staff.shop_id or not may_change(staff, view):
        raise NotYourView(name=view.name)


def _record(view: SavedView, what: str, staff: Staff, **data: Any) -> None:
    record(view.shop_id, f"view.{what}", about=("view", view.pk), by=acting(staff), data=data)
