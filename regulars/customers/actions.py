"""What can be done to many customers at once: offered for a selection by the list, the command line and the API.

A few are done at once, more become a run with progress; either can be undone. Adding an action is one declaration.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from regulars.customers.bulk import delete_many, group_many, restore_many, set_many, staff_many, tag_many
from regulars.customers.bulk.performed import Performed
from regulars.customers.models import Group, Status, Tag
from regulars.customers.operations import ensure_tags
from regulars.customers.profile import tag_key
from regulars.customers.selection import Selection
from regulars.customers.undo_limits import UNDO_DAYS, is_half_undone, is_too_late, undo_until
from regulars.events.record import Actor
from regulars.kit.dates import show_day
from regulars.kit.errors import BadValue, DomainError
from regulars.shops.models import JobRun, Shop, Staff
from regulars.shops.permissions import Permission
from regulars.shops.scope import ShopModel
from regulars.shops.work import go_on_with, start_job

AT_ONCE = 200
"""Up to so many customers are worked on while the person waits."""

Params = dict[str, Any]
Perform = Callable[..., int | Performed]


class NoSuchAction(DomainError):
    code = "customers.no_such_action"
    sentence = gettext_lazy("There is no action “{name}” for customers.")


class MayNot(DomainError):
    code = "customers.may_not"
    sentence = gettext_lazy("Your role does not allow this.")


class CannotUndo(DomainError):
    code = "customers.cannot_undo"
    sentence = gettext_lazy("This cannot be undone, or already was.")


class TooLateToUndo(DomainError):
    """Details: day (the last one it could be undone on), days."""

    code = "customers.too_late_to_undo"
    sentence = gettext_lazy("This could be undone for {days} days, until {day}.")


@dataclass(frozen=True, slots=True)
class Action:
    """name: stable, for programs. needs: a permission. read: checks parameters and makes them plain ids.

    allowed(staff, params): whether this person may do it with these parameters.
    perform(shop, ids, params, *, by, batch_id) → how many really changed, or `Performed` where some are left out.
    title(params) is shown for the run.
    """

    name: str
    label: Any
    needs: Permission
    read: Callable[[Shop, Mapping[str, Any]], Params]
    title: Callable[[Shop, Params], str]
    perform: Perform
    allowed: Callable[[Staff, Params], bool]


_actions: dict[str, Action] = {}


def action(
    name: str,
    label: Any,
    *,
    needs: Permission,
    title: Callable[[Shop, Params], str],
    read: Callable[[Shop, Mapping[str, Any]], Params] = lambda shop, params: {},
    allowed: Callable[[Staff, Params], bool] = lambda staff, params: True,
) -> Callable[[Perform], Perform]:
    """Register `perform(shop, ids, params, *, by, batch_id)` as something that can be done to a selection."""

    def register(perform: Perform) -> Perform:
        if name in _actions:
            raise ValueError(f"There is already an action {name!r}.")
        _actions[name] = Action(name, label, needs, read, title, perform, allowed)
        return perform

    return register


def actions_for(staff: Staff) -> list[Action]:
    """What this person may do to many customers, in the order of declaration."""
    return [one for one in _actions.values() if staff.may(one.needs)]


def find_action(name: str) -> Action:
    """Raises NoSuchAction."""
    if name not in _actions:
        raise NoSuchAction(name=name)
    return _actions[name]


@transaction.atomic
def run_action(
    selection: Selection, name: str, params: Mapping[str, Any], *, staff: Staff, key: str | None = None
) -> JobRun:
    """Do something to every customer of a selection that this person may see.

    key: of one click of this person; the same key again answers the run that is already there. Up to 200 customers
    are done when this returns, of more the run has begun. What a run changed is `result["changed"]`; whom it left out,
    if anybody, `result["left_out"]`, the first of them by id in `result["named"]`.
    Raises NoSuchAction, MayNot, BadValue (params), SelectionChanged, SelectionUnclear, BadCondition: nothing is done.
    """
    chosen = find_action(name)
    if staff.shop_id != selection.shop.pk or not staff.may(chosen.needs):
        raise MayNot
    key = key and _own_key(staff, key)
    if key and (known := JobRun.objects.of(selection.shop).filter(idempotency_key=key).first()):
        return known
    plain = chosen.read(selection.shop, params)
    if not chosen.allowed(staff, plain):
        raise MayNot

    def prepare(run: JobRun) -> None:
        run.total = selection.take(run, staff)

    return start_job(
        selection.shop,
        ACTION_RUN,
        chosen.title(selection.shop, plain),
        data={"action": name, "params": plain, "in_bin": selection.in_bin},
        staff=staff,
        key=key,
        can_undo=True,
        prepare=prepare,
        at_once=selection.expected is not None and selection.expected <= AT_ONCE,
    )


def _own_key(staff: Staff, key: str) -> str:
    """A key from outside, so that it never means another person's run or one that we name ourselves ("undo:7")."""
    return f"{staff.pk}:{sha256(key.encode()).hexdigest()[:40]}"


def undo_needs(kind: str, permission: Permission) -> None:
    """Declare that runs of a kind (an import …) can be undone by their events, and what one must be allowed for it."""
    _undo_needs[kind] = permission


_undo_needs: dict[str, Permission] = {}


@transaction.atomic
def undo_run(run: JobRun, *, staff: Staff | None, by: Actor) -> JobRun:
    """Take back what a run changed, as a run of its own; what others changed since stays.

    staff None: the command line, which may. `result` holds the counts `restored`, `removed`, `conflicts` and the ids
    of some of the latter (`named`). Asked again, it answers the same undoing; one that was stopped or failed goes on
    behind its last part. Raises CannotUndo, TooLateToUndo, MayNot.
    """
    run = JobRun.objects.of(run.shop_id).select_for_update(of=["self"]).get(pk=run.pk)
    if run.undone_by and not is_half_undone(run):
        return run.undone_by
    must_be_undoable(run, staff)
    if run.undone_by:
        return go_on_with(run.undone_by)
    undoing = start_job(
        run.shop,
        UNDO_RUN,
        _("Undo: {title}").format(title=run.title),
        data={"batch": run.pk, "by": [by.kind, by.id, by.name], "quiet": run.data.get("quiet", False)},
        staff=staff,
        total=run.done,
        key=f"undo:{run.pk}",
        at_once=run.done <= AT_ONCE,
    )
    run.undone_by = undoing
    run.save(update_fields=["undone_by"])
    return undoing


def must_be_undoable(run: JobRun, staff: Staff | None) -> None:
    """Raises CannotUndo, TooLateToUndo, MayNot. staff None: the command line."""
    if not (run.can_undo and run.is_over):
        raise CannotUndo
    needs = find_action(run.data["action"]).needs if run.kind == ACTION_RUN else _undo_needs.get(run.kind)
    if needs is None:
        raise CannotUndo
    if staff is not None and not (staff.shop_id == run.shop_id and staff.may(needs)):
        raise MayNot
    last = undo_until(run, run.shop.timezone)
    if last and is_too_late(run, run.shop.timezone):
        raise TooLateToUndo(day=show_day(last, get_language() or "en"), days=UNDO_DAYS)


ACTION_RUN = "customers.action"
UNDO_RUN = "customers.undo"


# --- the actions ----------------------------------------------------------------------------------------------------


def _read_tags(shop: Shop, params: Mapping[str, Any]) -> Params:
    """Names or ids in `add` and `remove`; names in `add` that the shop does not know become tags of it."""
    add, remove = list(params.get("add", ())), list(params.get("remove", ()))
    named = ensure_tags(shop, [name for name in add if isinstance(name, str)])
    known = {tag_key(name) for name in remove if isinstance(name, str)}
    tags = Tag.objects.of(shop)
    adding = {tag.pk for tag in named.values()}
    adding |= set(tags.filter(pk__in=[one for one in add if isinstance(one, int)]).values_list("pk", flat=True))
    removing = set(tags.filter(key__in=known).values_list("pk", flat=True))
    removing |= set(tags.filter(pk__in=[one for one in remove if isinstance(one, int)]).values_list("pk", flat=True))
    if not adding and not removing:
        raise BadValue(_("Name a tag."), field="add")
    return {"add": sorted(adding), "remove": sorted(removing)}


def _tags_title(shop: Shop, params: Params) -> str:
    names = dict(Tag.objects.of(shop).filter(pk__in=params["add"] + params["remove"]).values_list("pk", "name"))
    added = ", ".join(names[pk] for pk in params["add"])
    removed = ", ".join(names[pk] for pk in params["remove"])
    parts = []
    if added:
        parts.append(ngettext("Add the tag {names}", "Add the tags {names}", len(params["add"])).format(names=added))
    if removed:
        title = ngettext("Remove the tag {names}", "Remove the tags {names}", len(params["remove"]))
        parts.append(title.format(names=removed))
    return "; ".join(parts)


@action("tag", gettext_lazy("Add or remove tags"), needs=Permission.TAG_CUSTOMERS, read=_read_tags, title=_tags_title)
def tag(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    return tag_many(shop, ids, params["add"], params["remove"], by=by, batch_id=batch_id)


@action(
    "delete",
    gettext_lazy("Delete"),
    needs=Permission.DELETE_CUSTOMERS,
    title=lambda shop, params: _("Delete customers"),
)
def delete(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    return delete_many(shop, ids, by=by, batch_id=batch_id)


@action(
    "restore",
    gettext_lazy("Restore"),
    needs=Permission.DELETE_CUSTOMERS,
    title=lambda shop, params: _("Restore customers"),
)
def restore(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    return restore_many(shop, ids, by=by, batch_id=batch_id)


def _one_of(model: type[ShopModel], name: str, *, may_be_none: bool) -> Callable[[Shop, Mapping[str, Any]], Params]:
    """Reads an id of the shop's own rows from a parameter; None (nobody, nothing) where that makes sense."""

    def read(shop: Shop, params: Mapping[str, Any]) -> Params:
        value = params.get(name)
        is_given = name in params and (may_be_none or value is not None)
        if not is_given or (value is not None and not model.objects.of(shop).filter(pk=value).exists()):
            raise BadValue(_("“{value}” is not one of this shop's."), value=value, field=name)
        return {"value": value}

    return read


def _set_to(model: type[ShopModel], words: Any) -> Callable[[Shop, Params], str]:
    def title(shop: Shop, params: Params) -> str:
        row = model.objects.of(shop).filter(pk=params["value"]).first()
        return str(words).format(name=row or _("nobody") if model is Staff else row or _("none"))

    return title


RULES = "rules"
"""In place of a group: the shop's rules decide again."""


def _read_group(shop: Shop, params: Mapping[str, Any]) -> Params:
    """The id of a group, or "rules" for what the rules say."""
    if params.get("group") == RULES:
        return {"value": None}
    return _one_of(Group, "group", may_be_none=False)(shop, params)


def _group_title(shop: Shop, params: Params) -> str:
    if params["value"] is None:
        return _("Group: as the rules say")
    return _set_to(Group, gettext_lazy("Group: {name}"))(shop, params)


@action(
    "group",
    gettext_lazy("Change group"),
    needs=Permission.EDIT_CUSTOMERS,
    read=_read_group,
    title=_group_title,
)
def set_group(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    return group_many(shop, ids, params["value"], by=by, batch_id=batch_id)


@action(
    "status",
    gettext_lazy("Change status"),
    needs=Permission.EDIT_CUSTOMERS,
    read=_one_of(Status, "status", may_be_none=True),
    title=_set_to(Status, gettext_lazy("Status: {name}")),
)
def set_status(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    return set_many(shop, ids, "status_id", params["value"], by=by, batch_id=batch_id)


_STAFF_TITLES: dict[str, Any] = {
    "set": gettext_lazy("Responsible: {name}"),
    "add": gettext_lazy("Also responsible: {name}"),
    "remove": gettext_lazy("No longer responsible: {name}"),
}


def _read_staff(shop: Shop, params: Mapping[str, Any]) -> Params:
    """The id of a member of staff (None with "set": nobody), and `how`: "set", "add" or "remove"."""
    how = params.get("how") or "set"
    if how not in _STAFF_TITLES:
        raise BadValue(_("“{value}” cannot be done with staff."), value=how, field="how")
    return {**_one_of(Staff, "staff", may_be_none=how == "set")(shop, params), "how": how}


@action(
    "staff",
    gettext_lazy("Assign staff"),
    needs=Permission.EDIT_CUSTOMERS,
    read=_read_staff,
    title=lambda shop, params: _set_to(Staff, _STAFF_TITLES[params["how"]])(shop, params),
)
def assign_staff(shop: Shop, ids: Sequence[int], params: Params, *, by: Actor, batch_id: int) -> int:
    return staff_many(shop, ids, params.get("how", "set"), params["value"], by=by, batch_id=batch_id)
