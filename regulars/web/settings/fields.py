"""The shop's own fields: what it wants to know of its customers beyond what every shop knows."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.customers.models import CustomField, CustomKind
from regulars.customers.operations import add_field, arrange_fields, change_field, remove_field, restore_field
from regulars.customers.operations.fields import KEPT_DAYS, having
from regulars.customers.own_fields import name_of
from regulars.kit import dates
from regulars.kit.errors import BadValue, DomainError
from regulars.segments.uses import Use, users_of_field
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.ordering import moved_ids
from regulars.web.pages import redirect, toast
from regulars.web.settings.forms import NameForm
from regulars.web.settings.frame import home_of, settings_page, status_of

TAB = "fields/"


class FieldForm(NameForm):
    """What of a field can be changed later."""

    options = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=7000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("One a line, in the order they are offered."),
    )
    help = forms.CharField(label=gettext_lazy("Explanation"), required=False, max_length=200)

    def told(self) -> dict[str, Any]:
        """For the operations."""
        given = self.cleaned_data
        return {**given, "options": given["options"].splitlines()}


class NewFieldForm(FieldForm):
    """A field more."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CustomKind.choices)
    field_order = ["name", "kind", "options", "help"]


@staff_may(Permission.SETTINGS)
def field_list(request: StaffRequest) -> HttpResponse:
    """All fields; a POST adds one."""
    form = NewFieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            field = add_field(request.shop, **form.told(), by=request.actor)
        except DomainError as fault:
            _blame(form, fault)
        else:
            toast(request, _("“{name}” was added.").format(name=field.name))
            return redirect(request, home_of(request) + TAB)
    return _page(request, form)


@staff_may(Permission.SETTINGS)
def field_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Another name, explanation or list of choices."""
    field = _field(request, pk)
    now = {"name": field.name, "help": field.help, "options": "\n".join(one["name"] for one in field.options)}
    form = FieldForm(request.POST or None, initial=now, auto_id="change_%s")
    if request.method == "POST" and form.is_valid():
        try:
            change_field(field, **form.told(), by=request.actor)
        except DomainError as fault:
            _blame(form, fault)
        else:
            toast(request, _("Saved."))
            return redirect(request, home_of(request) + TAB)
    context = {"field": field, "old_name": now["name"], "form": form, "has_options": field.kind == CustomKind.CHOICE}
    return settings_page(request, "field.html", context, tab=TAB, status=status_of(request))


@require_POST
@staff_may(Permission.SETTINGS)
def field_order(request: StaffRequest) -> HttpResponse:
    """Another order: `ids` as they shall stand; `up` or `down` moves one of them a place."""
    arrange_fields(request.shop, moved_ids(request.POST), by=request.actor)
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, NewFieldForm(), status=200)
    return redirect(request, home_of(request) + TAB)


@require_POST
@staff_may(Permission.SETTINGS)
def field_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a field away, unless something asks for it; it can be brought back for some weeks."""
    field = _field(request, pk)
    if users := _users(request, field):
        words = _("“{name}” cannot be removed: {users} would not work any more. Change them first.")
        return _page(request, NewFieldForm(), problem=words.format(name=field.name, users=_named(users)), status=409)
    remove_field(field, by=request.actor)
    undo = f"{home_of(request)}{TAB}{field.pk}/restore"
    toast(request, _("“{name}” was removed.").format(name=field.name), undo_url=undo)
    return redirect(request, home_of(request) + TAB)


@require_POST
@staff_may(Permission.SETTINGS)
def field_restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Bring a removed field back, with its values."""
    field = CustomField.objects.of(request.shop).filter(pk=pk).first()
    if field is None:
        raise Http404
    try:
        restore_field(field, by=request.actor)
    except DomainError as fault:
        return _page(request, NewFieldForm(), problem=str(fault), status=409)
    toast(request, _("“{name}” is back.").format(name=field.name))
    return redirect(request, home_of(request) + TAB)


def _field(request: StaffRequest, pk: int) -> CustomField:
    field: CustomField | None = CustomField.objects.of(request.shop).in_use().filter(pk=pk).first()
    if field is None:
        raise Http404
    return field


def _blame(form: forms.Form, fault: DomainError) -> None:
    known = isinstance(fault, BadValue) and fault.field in form.fields
    form.add_error(fault.field if known else "name", str(fault))  # type: ignore[attr-defined]


def _page(request: StaffRequest, form: FieldForm, *, problem: str = "", status: int | None = None) -> HttpResponse:
    context = {
        "rows": [_row(request, field) for field in CustomField.objects.of(request.shop).in_use()],
        "removed": _removed(request),
        "form": form,
        "problem": problem,
        "days": KEPT_DAYS,
    }
    return settings_page(request, "fields.html", context, tab=TAB, status=status or status_of(request))


def _row(request: StaffRequest, field: CustomField) -> dict[str, Any]:
    count = having(field)
    people = ngettext("%(num)s customer", "%(num)s customers", count) % {"num": f"{count:,}"}
    name = name_of(field.key)
    users = _users(request, field)
    return {
        "field": field,
        "name": name,
        "kind": CustomKind(field.kind).label,
        "choices": ", ".join(one["name"] for one in field.options),
        "people": people,
        "where": f"{name} IS NOT NULL" if count else "",
        "users": _("Used by {users}").format(users=_named(users)) if users else "",
        "warning": "" if users else _warning(count, people),
    }


def _warning(count: int, people: str) -> str:
    if not count:
        return _("No customer has a value.")
    words = _("%(people)s have a value. You can bring the field back for %(days)s days, then the values are gone.")
    return words % {"people": people, "days": KEPT_DAYS}


def _users(request: StaffRequest, field: CustomField) -> list[Use]:
    return users_of_field(request.shop, name_of(field.key), reader_id=request.staff.pk)


def _named(users: list[Use]) -> str:
    return ", ".join(f"{use.kind_name} “{use.label}”" for use in users)


def _removed(request: StaffRequest) -> list[dict[str, Any]]:
    gone = CustomField.objects.of(request.shop).filter(removed_at__isnull=False).order_by("-removed_at")
    tz, locale = request.shop.timezone, get_language() or "en"
    return [
        {"field": one, "when": dates.show_moment(one.removed_at, tz, locale)}
        for one in gone
        if one.removed_at is not None
    ]
