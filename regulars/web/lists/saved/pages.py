"""Making views and keeping them in order: each a page of its own, and a dialog above the list."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from regulars.kit.errors import BadValue, DomainError
from regulars.segments.errors import ViewExists
from regulars.segments.models import SavedView
from regulars.segments.saved_views import (
    NAME_LENGTH,
    arrange_views,
    change_view,
    create_view,
    duplicate_view,
    may_change,
    remove_view,
    views_for,
)
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest
from regulars.web.lists.kind import ListKind
from regulars.web.lists.saved.tabs import Tabs, look_of, url_of
from regulars.web.lists.state import ListState, heading
from regulars.web.lists.views import read_state
from regulars.web.ordering import moved_ids
from regulars.web.pages import page, redirect, toast


class ViewForm(forms.Form):
    """Name and marks of a view."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH)
    is_pinned = forms.BooleanField(
        label=gettext_lazy("Pinned as a tab"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Otherwise it stands under “More views”."),
    )
    is_default = forms.BooleanField(
        label=gettext_lazy("Open the list with it"), required=False, help_text=gettext_lazy("For you alone.")
    )
    is_team = forms.BooleanField(
        label=gettext_lazy("For the whole team"),
        required=False,
        help_text=gettext_lazy("Everybody sees it; you, and those who change settings, can change it."),
    )


def new(request: StaffRequest, kind: ListKind) -> HttpResponse:
    """Save what the list shows under a name; a name that is taken is asked about once more."""
    state = read_state(request, kind)
    form = ViewForm(request.POST if request.method == "POST" else None)
    taken = False
    if request.method == "POST" and form.is_valid():
        overwrite = "overwrite" in request.POST
        try:
            view = create_view(request.staff, kind.name, look=look_of(state), overwrite=overwrite, **form.cleaned_data)
        except ViewExists as refusal:
            taken = True
            form.add_error(None, str(refusal))
        except DomainError as refusal:
            _refused(form, refusal)
        else:
            toast(request, _("The view “{name}” is saved.").format(name=view.name))
            return redirect(request, url_of(state, view))
    context = {"view": state, "form": form, "shown": shown_by(state), "taken": taken, "tab": None}
    return page(request, "lists/view.html", {**context, "hidden": Tabs(state).hidden}, status=_status(request))


def edit(request: StaffRequest, kind: ListKind, pk: int) -> HttpResponse:
    """Another name, other marks."""
    state, view = _state(request, kind), _changeable(request, kind, pk)
    marks = ("name", "is_pinned", "is_default", "is_team")
    now = {mark: getattr(view, mark) for mark in marks}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=now)
    if view.owner_id != request.staff.pk:
        del form.fields["is_default"]
    if request.method == "POST" and form.is_valid():
        try:
            change_view(view, staff=request.staff, **form.cleaned_data)
        except DomainError as refusal:
            _refused(form, refusal)
        else:
            toast(request, _("Saved."))
            return redirect(request, f"{state.home}views/")
    context = {"view": state, "form": form, "shown": [], "taken": False, "tab": view, "old_name": now["name"]}
    return page(request, "lists/view.html", {**context, "hidden": []}, status=_status(request))


def manage(request: StaffRequest, kind: ListKind) -> HttpResponse:
    """All views of the list that one sees."""
    return _manage(request, kind)


@require_POST
def arrange(request: StaffRequest, kind: ListKind) -> HttpResponse:
    """Another order: `ids` as they shall stand; `up` or `down` moves one of them a place."""
    arrange_views(request.staff, kind.name, moved_ids(request.POST))
    if request.htmx:  # type: ignore[attr-defined]
        return _manage(request, kind)
    return redirect(request, f"{_state(request, kind).home}views/")


@require_POST
def save(request: StaffRequest, kind: ListKind, pk: int) -> HttpResponse:
    """Let a view keep what the list shows now."""
    state = read_state(request, kind)
    view = _changeable(request, kind, pk)
    try:
        change_view(view, staff=request.staff, look=look_of(state))
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
        return redirect(request, state.here)
    toast(request, _("The view “{name}” is saved.").format(name=view.name))
    return redirect(request, url_of(state, view))


@require_POST
def copy(request: StaffRequest, kind: ListKind, pk: int) -> HttpResponse:
    """A copy of one's own."""
    made = duplicate_view(_seen(request, kind, pk), staff=request.staff)
    toast(request, _("The view “{name}” is saved.").format(name=made.name))
    return _back(request, kind)


@require_POST
def remove(request: StaffRequest, kind: ListKind, pk: int) -> HttpResponse:
    """Forget a view."""
    view = _changeable(request, kind, pk)
    remove_view(view, staff=request.staff)
    toast(request, _("The view “{name}” was removed.").format(name=view.name))
    return _back(request, kind)


# --- what they share ------------------------------------------------------------------------------------------------


def shown_by(state: ListState) -> list[tuple[Any, str]]:
    """What a view would keep, line by line."""
    look = look_of(state)
    lines = [(_("Filter"), state.sentence()), (_("Search"), look.search)]
    if look.sort:
        down = look.sort.startswith("-")
        label = state.kind.fields[look.sort.removeprefix("-")].label
        lines.append((_("Order"), (_("{field}, downwards") if down else _("{field}, upwards")).format(field=label)))
    lines.append((_("Columns"), ", ".join(str(heading(state.kind, name)) for name in look.columns)))
    return [(term, text) for term, text in lines if text]


def _manage(request: StaffRequest, kind: ListKind) -> HttpResponse:
    state = _state(request, kind)
    known = {tab.pk: tab for tab in Tabs(state).tabs}
    views = [
        view for view in views_for(request.staff, kind.name) if view.pk in known or may_change(request.staff, view)
    ]
    sections = [
        {
            "key": key,
            "title": title,
            "rows": [_row(request, view, known) for view in views if view.is_team == is_team],
            "may_arrange": not is_team or request.staff.may(Permission.SETTINGS),
        }
        for key, title, is_team in (("own", _("Your views"), False), ("team", _("The team's views"), True))
    ]
    return page(request, "lists/view_manage.html", {"view": state, "sections": sections})


def _row(request: StaffRequest, view: SavedView, known: dict[int, Any]) -> dict[str, Any]:
    is_own = view.owner_id == request.staff.pk
    return {
        "view": view,
        "url": known[view.pk].url if view.pk in known else "",
        "may_change": may_change(request.staff, view),
        "owner": "" if is_own else str(view.owner),
        "is_default": view.is_default and is_own,
    }


def _state(request: StaffRequest, kind: ListKind) -> ListState:
    """The list itself, whatever the form holds besides."""
    return read_state(request, kind)


def _seen(request: StaffRequest, kind: ListKind, pk: int) -> SavedView:
    """A view of this list that this person sees, or 404."""
    found = next((view for view in views_for(request.staff, kind.name) if view.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _changeable(request: StaffRequest, kind: ListKind, pk: int) -> SavedView:
    """One this person may change; 403 for the team's of somebody else."""
    view = _seen(request, kind, pk)
    if not may_change(request.staff, view):
        raise PermissionDenied
    return view


def _back(request: StaffRequest, kind: ListKind) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _manage(request, kind)
    return redirect(request, f"/s/{request.shop.slug}/{kind.path}views/")


def _refused(form: forms.Form, refusal: DomainError) -> None:
    field = refusal.field if isinstance(refusal, BadValue) and refusal.field in form.fields else None
    form.add_error("name" if isinstance(refusal, ViewExists) else field, str(refusal))


def _status(request: StaffRequest) -> int:
    """A form that comes back was not accepted."""
    return 422 if request.method == "POST" else 200
