"""A new group, a changed one, one that goes: nothing happens before it was said to how many."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.fields import context_for, customer_fields
from regulars.customers.handlers import STANDARD
from regulars.customers.labels import customers_by_group
from regulars.customers.models import Group
from regulars.customers.operations import add_group, change_label, set_benefits
from regulars.kit.errors import BadValue, DomainError
from regulars.kit.query import BadCondition, Context, parse, sentence
from regulars.segments.rules import Preview, preview_rule, remove_rule, retire, rule_of, set_rule
from regulars.segments.uses import users_of_group
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.groups.forms import GroupForm
from regulars.web.groups.listing import people
from regulars.web.pages import page, redirect, tell, toast


@staff_may(Permission.SEE_CUSTOMERS, Permission.SETTINGS)
def new(request: StaffRequest) -> HttpResponse:
    """A group, filled by hand or, with `where`, by a filter."""
    return _edited(request, None)


@staff_may(Permission.SEE_CUSTOMERS, Permission.SETTINGS)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Name, colour, rule and prices of a group."""
    return _edited(request, _find(request, pk))


@staff_may(Permission.SEE_CUSTOMERS, Permission.SETTINGS)
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Says who falls to Standard and what asks for the group; then removes it. The customers stay."""
    group, problem = _find(request, pk), ""
    if request.method == "POST":
        try:
            run = retire(group, staff=request.staff, by=request.actor)
        except DomainError as refusal:
            problem = str(refusal)
        else:
            tell(request, "jobs")
            words = _("“{name}” was removed.") if run.is_over else _("“{name}” is being removed in the background.")
            toast(request, words.format(name=group.name))
            return redirect(request, _home(request))
    count = customers_by_group(request.shop, request.staff).get(group.pk, 0)
    context = {
        "group": group,
        "count": count,
        "people": people(count, get_language() or "en"),
        "standard": Group.objects.of(request.shop).get(key=STANDARD),
        "users": users_of_group(request.shop, group.key, reader_id=request.staff.pk),
        "problem": problem,
        "home": _home(request),
    }
    return page(request, "groups/remove.html", context, status=422 if problem else 200)


# --- the form -------------------------------------------------------------------------------------------------------


def _edited(request: StaffRequest, group: Group | None) -> HttpResponse:
    locale = get_language() or "en"
    ctx = context_for(request.shop, staff=request.staff, locale=locale)
    rule = rule_of(group) if group else None
    old = rule.where if rule else ""
    start = GroupForm.starting_with(group, request.GET.get("where", old), locale)
    given = request.POST if request.method == "POST" else None
    form = GroupForm(given, shop=request.shop, locale=locale, group=group, initial=start)
    if given is None:
        return _form(request, form, group, ctx, where=start["where"], place=form.place, says=start["where"] != old)
    if not form.is_valid():
        return _form(request, form, group, ctx, status=422)
    where, place = form.cleaned_data.get("where", "").strip(), form.place
    is_new = _token(where, place) != _token(old, _place_kept(form))
    if (where and is_new and given.get("checked") != _token(where, place)) or "check" in given:
        return _form(request, form, group, ctx, where=where, place=place, says=True)
    try:
        saved = _save(request, form, group, where if is_new else None)
    except DomainError as refusal:
        _refused(form, refusal)
        return _form(request, form, group, ctx, status=422)
    toast(request, _("“{name}” was added.").format(name=saved.name) if group is None else _("Saved."))
    return redirect(request, _home(request))


@transaction.atomic
def _save(request: StaffRequest, form: GroupForm, group: Group | None, where: str | None) -> Group:
    """where: None when the rule and its place stay."""
    facts, by = form.cleaned_data, request.actor
    if group is None:
        group = add_group(request.shop, facts["name"], colour=facts["colour"], by=by)
    else:
        change_label(group, name=facts["name"], colour=facts["colour"], by=by)
    benefits = {name: facts[name] for name in ("discount", "free_shipping_from", "price_note")}
    set_benefits(group, **benefits, by=by)
    if where:
        set_rule(group, where, position=form.place, by=by, staff=request.staff)
    elif where is not None:
        remove_rule(group, by=by)
    return group


def _form(
    request: StaffRequest,
    form: GroupForm,
    group: Group | None,
    ctx: Context,
    *,
    where: str = "",
    place: int | None = None,
    says: bool = False,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "group": group, "home": _home(request), "said": None, "problem": ""}
    if says and where:
        try:
            preview = preview_rule(request.shop, where, group=group, position=place, staff=request.staff)
            context |= {"said": _said(request, preview, ctx), "checked": _token(where, place)}
        except DomainError as refusal:
            context["problem"], status = str(refusal), 422 if request.method == "POST" else 200
    context["old_name"] = Group.objects.of(request.shop).get(pk=group.pk).name if group else ""
    context["back"] = _home(request)
    return page(request, "groups/edit.html", context, status=status)


def _said(request: StaffRequest, preview: Preview, ctx: Context) -> dict[str, Any]:
    """A preview in words, with the names of groups."""
    names = dict(Group.objects.of(request.shop).values_list("pk", "name"))

    def lines(found: dict[int, int]) -> list[tuple[str, str]]:
        return [(names.get(pk, ""), people(count, ctx.locale)) for pk, count in found.items()]

    return {
        "sentence": sentence(parse(preview.where), customer_fields, ctx),
        "matching": people(preview.matching, ctx.locale),
        "takes": lines(preview.takes),
        "taken": people(sum(preview.takes.values()), ctx.locale),
        "leaves": lines(preview.leaves),
        "chosen": people(preview.chosen, ctx.locale) if preview.chosen else "",
    }


def _token(where: str, place: int | None) -> str:
    """What a person has seen the consequences of."""
    return f"{'' if place is None else place} {' '.join(where.split())}"


def _place_kept(form: GroupForm) -> int | None:
    return int(form.initial["position"]) if "position" in form.fields else None


def _refused(form: GroupForm, refusal: DomainError) -> None:
    if isinstance(refusal, BadCondition):
        form.add_error("where", str(refusal))
    elif isinstance(refusal, BadValue):
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    else:
        form.add_error("where" if refusal.code.startswith("segments.") else "name", str(refusal))


def _find(request: StaffRequest, pk: int) -> Group:
    group = Group.objects.of(request.shop).select_related("shop").filter(pk=pk).first()
    if group is None:
        raise Http404
    return group


def _home(request: StaffRequest) -> str:
    return f"/s/{request.shop.slug}/groups/"
