"""What is done to many customers at once: a dialog that says how many, then the run, with Undo."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers import actions
from regulars.customers.models import CustomField, Group, Status, Tag
from regulars.customers.own_fields import has_fields
from regulars.customers.selection import Selection, SelectionUnclear
from regulars.kit import numbers
from regulars.kit.errors import DomainError
from regulars.segments.models import GroupRule, Segment
from regulars.segments.rights import may_change
from regulars.shops.models import JobRun, Staff
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.customers.owing import owing_words, stays_words
from regulars.web.loyalty.bulk import points_choices, points_params, points_told
from regulars.web.numbers import whole_number
from regulars.web.pages import page, redirect, tell, toast
from regulars.web.places import back_to
from regulars.web.segments.subject import DECISIONS
from regulars.web.tasks.bulk import task_choices, task_params

LOOKS: dict[str, dict[str, Any]] = {
    "tag": {"icon": "tags", "label": gettext_lazy("Tags"), "hotkey": "t"},
    "group": {"icon": "users-group", "label": gettext_lazy("Group")},
    "status": {"icon": "status-change", "label": gettext_lazy("Status")},
    "staff": {"icon": "user-cog", "label": gettext_lazy("Staff")},
    "field": {"icon": "forms", "label": gettext_lazy("Set field")},
    "segment": {"icon": "target", "label": gettext_lazy("Segment")},
    "points": {"icon": "coins", "label": gettext_lazy("Points")},
    "task": {"icon": "square-check", "label": gettext_lazy("Task")},
    "delete": {"icon": "trash", "label": gettext_lazy("Delete"), "danger": True},
    "restore": {"icon": "arrow-back-up", "label": gettext_lazy("Restore")},
}


def bulk_actions(staff: Staff, *, in_bin: bool = False) -> list[dict[str, Any]]:
    """The buttons of the selection bar, as far as this person may use them."""
    offered = {one.name for one in actions.actions_for(staff)}
    usual = {"danger": False, "hotkey": "", "url": ""}
    found = [
        {"name": name, **usual, **look}
        for name, look in LOOKS.items()
        if name in offered and (name == "restore") == in_bin
    ]
    if not has_fields(staff.shop_id):
        found = [one for one in found if one["name"] != "field"]
    if staff.may(Permission.SEGMENTS) and not in_bin:
        url = f"/s/{staff.shop.slug}/segments/selected/"
        save = {**usual, "icon": "target-arrow", "label": _("Save as segment"), "url": url}
        place = [one["name"] for one in found].index("segment") + 1
        found.insert(place, {"name": "save", **save})
    if staff.may(Permission.MERGE) and not in_bin:
        url = f"/s/{staff.shop.slug}/customers/merge/selected/"
        place = [one["danger"] for one in found].index(True)
        found.insert(place, {**usual, "name": "merge", "icon": "git-merge", "label": _("Merge"), "url": url})
    if staff.may(Permission.EXPORT) and not in_bin:
        url = f"/s/{staff.shop.slug}/customers/export/"
        place = [one["danger"] for one in found].index(True)
        found.insert(place, {**usual, "name": "export", "icon": "download", "label": _("Export"), "url": url})
    return found


@staff_may(Permission.SEE_CUSTOMERS)
def dialog(request: StaffRequest, action: str) -> HttpResponse:
    """Asks what exactly is to be done, and says to how many."""
    _check(request.staff, action)
    selection = chosen(request)
    count = selection.count(request.staff)
    return page(request, "customers/bulk.html", _dialog(request, action, selection, count))


def _check(staff: Staff, action: str) -> None:
    """404 for an action nobody has, 403 for one that this role has not."""
    if action not in LOOKS:
        raise Http404
    if action not in {one.name for one in actions.actions_for(staff)}:
        raise PermissionDenied


def _dialog(
    request: StaffRequest, action: str, selection: Selection, count: int, fault: DomainError | None = None
) -> dict[str, Any]:
    counted = selection.plain() if selection.ids is not None else {**selection.plain(), "expected": count}
    goes = action == "delete" and count > 0
    return {
        "action": action,
        "look": LOOKS[action],
        "count": count,
        "count_words": people_words(count),
        "selection": json.dumps(counted),
        "key": secrets.token_urlsafe(24),
        "back": back_to(request, "customers/"),
        "home": f"/s/{request.shop.slug}/customers/",
        "problem": str(fault or ""),
        "owing": owing_words(selection.queryset(request.staff), request.staff, many=count > 1) if goes else (),
        "stays": stays_words(),
        "given": {"field": request.POST.get("field", ""), "value": request.POST.get("value", "")},
        "many": count > actions.AT_ONCE,
        **_choices(request, action, fault),
    }


def people_words(count: int) -> str:
    """So many customers, in words."""
    text = ngettext("{n} customer", "{n} customers", count)
    return text.format(n=numbers.show_number(count))


def _choices(request: StaffRequest, action: str, fault: DomainError | None) -> dict[str, Any]:
    shop, staff = request.shop, request.staff
    match action:
        case "tag":
            tags = [(tag.name, tag.name) for tag in Tag.objects.of(shop)]
            return {"options": tags}
        case "group":
            groups: list[tuple[Any, str]] = [(group.pk, group.name) for group in Group.objects.of(shop)]
            ruled = GroupRule.objects.of(shop).exists()
            return {"options": [*groups, (actions.RULES, _("Let the rules decide"))] if ruled else groups}
        case "status":
            statuses = [(status.pk, status.name) for status in Status.objects.of(shop)]
            return {"options": [("", _("None")), *statuses]}
        case "staff":
            members = Staff.objects.of(shop).active().select_related("user")
            return {"options": [("", _("Nobody")), *((one.pk, str(one)) for one in members)]}
        case "field":
            return {"options": [(one.key, one.name) for one in CustomField.objects.of(shop).in_use()]}
        case "task":
            return task_choices(staff)
        case "points":
            return points_choices(request, fault)
        case "segment":
            return {"options": [(one.pk, one.name) for one in Segment.objects.of(shop) if may_change(staff, one)]}
    return {"options": []}


@require_POST
@staff_may(Permission.SEE_CUSTOMERS)
def run(request: StaffRequest, action: str) -> HttpResponse:
    """Do it: a few at once, many as background work; both can be undone."""
    _check(request.staff, action)
    selection = posted(request)
    try:
        params = _params(action, request)
        done = actions.run_action(selection, action, params, staff=request.staff, key=request.POST.get("key") or None)
    except DomainError as fault:
        count = selection.count(request.staff)
        context = _dialog(request, action, selection, count, fault)
        return page(request, "customers/bulk.html", context, status=422)
    _tell(request, done)
    return redirect(request, back_to(request, "customers/"))


def posted(request: StaffRequest) -> Selection:
    """The selection the dialog carried. Raises SelectionUnclear for anything else."""
    try:
        plain = json.loads(request.POST.get("selection", ""))
    except (ValueError, RecursionError):
        raise SelectionUnclear from None
    if not isinstance(plain, dict):
        raise SelectionUnclear
    return Selection.read(request.shop, plain)


def _params(action: str, request: StaffRequest) -> dict[str, Any]:
    given = request.POST
    if action == "tag":
        return {"add": given.getlist("add"), "remove": given.getlist("remove")}
    if action == "group" and given.get("value") == actions.RULES:
        return {"group": actions.RULES}
    if action == "staff":
        return {"staff": whole_number(given.get("value", "")), "how": given.get("how", "set")}
    if action in ("group", "status"):
        return {action: whole_number(given.get("value", ""))}
    if action == "field":
        return {"field": given.get("field"), "value": given.get("value"), "locale": get_language()}
    if action == "task":
        return task_params(request)
    if action == "points":
        return points_params(request)
    if action == "segment":
        return {"segment": _segment(request), "is_member": DECISIONS.get(given.get("decision", "in"))}
    return {}


def _segment(request: StaffRequest) -> int | None:
    """The chosen segment, if this person may change it."""
    chosen = whole_number(request.POST.get("value", ""))
    segment = Segment.objects.of(request.shop).filter(pk=chosen or 0).first()
    return segment.pk if segment and may_change(request.staff, segment) else None


def _tell(request: StaffRequest, done: JobRun) -> None:
    """A toast with Undo for what is done, a pointer to the ring for what has begun."""
    if not done.is_over:
        tell(request, "jobs")
        toast(request, _("{title}: running in the background.").format(title=done.title), kind="info")
        return
    changed = done.result.get("changed", 0)
    named = done.data.get("action", "")
    text = points_told(done, request) if named == "points" else _DONE.get(named, lambda n: done.title)(changed)
    undo = f"/s/{request.shop.slug}/jobs/{done.pk}/undo" if changed else None
    toast(request, text, undo_url=undo)


_DONE: dict[str, Callable[[int], str]] = {
    "tag": lambda n: ngettext("Tags of {n} customer changed.", "Tags of {n} customers changed.", n).format(n=n),
    "delete": lambda n: ngettext("{n} customer moved to the bin.", "{n} customers moved to the bin.", n).format(n=n),
    "restore": lambda n: ngettext("{n} customer restored.", "{n} customers restored.", n).format(n=n),
    "group": lambda n: ngettext("Group of {n} customer changed.", "Group of {n} customers changed.", n).format(n=n),
    "status": lambda n: ngettext("Status of {n} customer changed.", "Status of {n} customers changed.", n).format(n=n),
    "task": lambda n: ngettext("{n} task added.", "{n} tasks added.", n).format(n=n),
    "segment": lambda n: ngettext("{n} customer decided by hand.", "{n} customers decided by hand.", n).format(n=n),
    "field": lambda n: ngettext("{n} customer changed.", "{n} customers changed.", n).format(n=n),
    "staff": lambda n: ngettext("{n} customer assigned.", "{n} customers assigned.", n).format(n=n),
}


def chosen(request: StaffRequest) -> Selection:
    """The selection that the bar or a row's menu sends: ids, or everybody who matches but those unticked."""
    given = request.POST if request.method == "POST" else request.GET
    in_bin = given.get("bin") == "1"
    if given.get("everyone"):
        return Selection.of_question(
            request.shop,
            where=given.get("where", ""),
            search=given.get("search", ""),
            excluded=_ids(given, "without"),
            in_bin=in_bin,
        )
    return Selection.of_ids(request.shop, _ids(given, "ids"), in_bin=in_bin)


def _ids(given: QueryDict, name: str) -> list[int]:
    return [number for text in given.getlist(name) if (number := whole_number(text)) is not None]
