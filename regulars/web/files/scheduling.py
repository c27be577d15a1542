"""Exports that come by themselves: which there are, how one is made from an export dialog, changed, stopped."""

import json
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from regulars.kit.dates import show_moment
from regulars.kit.errors import BadValue, DomainError
from regulars.kit.mails import mail_goes_out
from regulars.kit.query import parse, sentence
from regulars.shops.permissions import Permission
from regulars.transfer.errors import UnknownExport
from regulars.transfer.models import ExportSchedule
from regulars.transfer.outgoing.asked import Asked
from regulars.transfer.outgoing.kinds import export_kind
from regulars.transfer.outgoing.ways import FORMATS
from regulars.transfer.schedules import (
    FOLDER,
    Delivery,
    Rhythm,
    pause_schedule,
    question_of,
    readers_for,
    remove_schedule,
    resume_schedule,
    run_now,
    save_schedule,
    schedules_for,
)
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.words import context_of
from regulars.web.lists import cells
from regulars.web.pages import page, redirect, tell, toast

WEEKDAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
TEXTS = ("where", "search", "sort", "kind", "format", "delimiter", "encoding")


class ScheduleForm(forms.Form):
    """When it comes and where it goes; what is exported was chosen before, in the dialog."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    every = forms.ChoiceField(label=gettext_lazy("How often"), choices=ExportSchedule.Every.choices)
    weekday = forms.TypedChoiceField(label=gettext_lazy("On"), coerce=int, choices=list(enumerate(WEEKDAYS)))
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
    )
    mail_to = forms.TypedMultipleChoiceField(label=gettext_lazy("Mail a link to"), coerce=int, required=False)
    folder = forms.RegexField(
        f"^{FOLDER.pattern}$", label=gettext_lazy("Lay the file into the folder"), required=False,
        help_text=gettext_lazy("On the server, for other programs. Small letters, digits, - and _."),
    )  # fmt: skip

    def __init__(self, *args: Any, readers: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mail_to"].choices = readers  # type: ignore[attr-defined]

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(*(self.cleaned_data[name] for name in ("every", "weekday", "hour")))

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.cleaned_data["folder"], tuple(self.cleaned_data["mail_to"]))


@staff_may(Permission.EXPORT)
def schedules(request: StaffRequest) -> HttpResponse:
    """All of them, by name."""
    ctx = context_of(request)
    lines = [_line(one, request, ctx) for one in schedules_for(request.staff)]
    return page(request, "files/schedules.html", {"lines": lines})


@staff_may(Permission.EXPORT)
def new(request: StaffRequest) -> HttpResponse:
    """Save what `proposed` shows; all customers, when nothing was chosen before."""
    asked = _read(request.POST["asked"]) if "asked" in request.POST else Asked()
    return _saved(request, asked, None) if request.method == "POST" else proposed(request, asked)


@staff_may(Permission.EXPORT)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """When one comes and where it goes. Who saves it owns it: it is their eyes that are asked from then on."""
    schedule = _find(request, pk)
    asked = question_of(schedule)
    if request.method == "POST":
        return _saved(request, asked, schedule)
    names = ("name", "every", "weekday", "hour", "mail_to", "folder")
    return _form(request, asked, _form_of(request, asked, {name: getattr(schedule, name) for name in names}), schedule)


@require_POST
@staff_may(Permission.EXPORT)
def rest(request: StaffRequest, pk: int) -> HttpResponse:
    """Pause one, or have it go on (`on` is 1)."""
    schedule = _find(request, pk)
    try:
        (resume_schedule if request.POST.get("on") == "1" else pause_schedule)(schedule, by=request.actor)
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
    return redirect(request, _home(request))


@require_POST
@staff_may(Permission.EXPORT)
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin its export now, besides its times."""
    try:
        run_now(_find(request, pk))
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
    else:
        tell(request, "jobs")
        toast(request, _("The export has begun."))
    return redirect(request, _home(request))


@require_POST
@staff_may(Permission.EXPORT)
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget one; what it exported stays in the log."""
    schedule = _find(request, pk)
    remove_schedule(schedule, by=request.actor)
    toast(request, _("“{name}” comes no more.").format(name=schedule.name))
    return redirect(request, _home(request))


def proposed(request: StaffRequest, asked: Asked) -> HttpResponse:
    """The form for what an export dialog asks: every Monday morning, to the person alone."""
    usual = {"name": str(asked.what.label), "every": "week", "weekday": 0, "hour": 7, "mail_to": [request.staff.pk]}
    return _form(request, asked, _form_of(request, asked, usual), None)


def _saved(request: StaffRequest, asked: Asked, schedule: ExportSchedule | None) -> HttpResponse:
    form = _form_of(request, asked)
    if form.is_valid():
        address = request.build_absolute_uri("/").rstrip("/")
        try:
            saved = save_schedule(
                request.staff, form.cleaned_data["name"], asked, form.rhythm, form.delivery, address=address,
                schedule=schedule,
            )  # fmt: skip
        except BadValue as fault:
            form.add_error(fault.field or None, str(fault))
        except DomainError as fault:
            form.add_error(None, str(fault))
        else:
            ctx = context_of(request)
            when = show_moment(saved.next_at, ctx.tz, ctx.locale)
            toast(request, _("“{name}” is saved. It comes next on {when}.").format(name=saved.name, when=when))
            return redirect(request, _home(request))
    return _form(request, asked, form, schedule)


def _form_of(request: StaffRequest, asked: Asked, initial: dict[str, Any] | None = None) -> ScheduleForm:
    readers = [(one.pk, str(one.user)) for one in readers_for(request.shop, asked.kind)]
    return ScheduleForm(request.POST if initial is None else None, initial=initial, readers=readers)


def _form(request: StaffRequest, asked: Asked, form: ScheduleForm, schedule: ExportSchedule | None) -> HttpResponse:
    chosen = {str(one) for one in form["mail_to"].value() or ()}
    context = {
        "form": form,
        "readers": [(pk, name, str(pk) in chosen) for pk, name in form.fields["mail_to"].choices],  # type: ignore[attr-defined]
        "said": _what(asked, context_of(request)),
        "asked": json.dumps({name: getattr(asked, name) for name in (*TEXTS, "fields")}),
        "schedule": schedule,
        "home": _home(request),
        "zone": request.shop.timezone,
        "mail_goes_out": mail_goes_out(),
    }
    return page(request, "files/schedule.html", context, status=422 if form.errors else 200)


def _read(text: str) -> Asked:
    """What `_form` wrote into the page; 404 for what it cannot have written."""
    try:
        given = json.loads(text)
        facts: dict[str, Any] = {name: given[name] for name in TEXTS}
        names = given["fields"]
    except (ValueError, KeyError, TypeError):
        raise Http404
    if not all(isinstance(one, str) for one in [*facts.values(), *names]):
        raise Http404
    asked = Asked(**facts, fields=tuple(names))
    try:
        asked.what  # noqa: B018 - it raises for a kind that is none
    except UnknownExport:
        raise Http404
    return asked


def _find(request: StaffRequest, pk: int) -> ExportSchedule:
    found: ExportSchedule | None = schedules_for(request.staff).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _home(request: StaffRequest) -> str:
    return f"/s/{request.shop.slug}/files/schedules/"


def _line(schedule: ExportSchedule, request: StaffRequest, ctx: Any) -> dict[str, Any]:
    """A schedule ready to print."""
    asked = question_of(schedule)
    at = f"{schedule.hour:02}:00"
    weekly = _("Every {day} at {time}").format(day=WEEKDAYS[schedule.weekday], time=at)
    last = schedule.last_export_id  # type: ignore[attr-defined]
    return {
        "one": schedule,
        "url": f"{_home(request)}{schedule.pk}/",
        "what": _what(asked, ctx),
        "rhythm": weekly if schedule.every == "week" else _("Every day at {time}").format(time=at),
        "next": show_moment(schedule.next_at, ctx.tz, ctx.locale) if schedule.is_on else "",
        "last": cells.show_moment(schedule.last_at, ctx) if schedule.last_at else "",
        "last_url": f"/s/{request.shop.slug}/files/exports/{last}/" if last else "",
        "readers": len(schedule.mail_to),
        "owner": str(schedule.staff.user),
    }


def _what(asked: Asked, ctx: Any) -> str:
    """Which rows, in words, and how they are written; the bare text of a question that cannot be asked any more."""
    try:
        kind = export_kind(asked.kind)
        said = [str(kind.label)]
        said += [sentence(parse(asked.where), kind.fields, ctx)] if asked.where else []
    except DomainError:
        said = [asked.kind, asked.where]
    said += [_("Search: “{text}”").format(text=asked.search)] if asked.search else []
    return " · ".join([*said, str(FORMATS[asked.format].label) if asked.format in FORMATS else asked.format])
