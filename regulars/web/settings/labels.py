"""The shop's own words: statuses, tags, channels. One set of pages for all, told apart by a Kind.

Groups have pages of their own (`web.groups`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from regulars.kit.errors import BadValue, DomainError
from regulars.kit.query.language import quoted
from regulars.kit.text import fold
from regulars.segments.uses import Use, users_by_word
from regulars.shops.models import Shop
from regulars.shops.permissions import Permission
from regulars.shops.scope import ShopModel
from regulars.web.access import StaffRequest, View, staff_may
from regulars.web.ordering import moved_ids
from regulars.web.pages import redirect, tell, toast
from regulars.web.settings.forms import LabelForm, NameForm
from regulars.web.settings.frame import home_of, settings_page, status_of


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One sort of words a shop has, and what can be done with it.

    key: stands in addresses. words: the sentences of its pages. counts: id → customers who have it.
    retire(request, label, successor) moves everybody first and answers what to tell and where to undo.
    question: the customer list's filter for one of them, "{}" being its quoted name. field: what segments, views and
    rules ask it by; they are named before one is removed. remove answers what to tell.
    """

    key: str
    model: type[ShopModel]
    words: dict[str, Any]
    add: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[[StaffRequest, Any], str] | None = None
    arrange: Callable[..., None] | None = None
    counts: Callable[[Shop], dict[int, int]] | None = None
    question: str = ""
    field: str = ""
    retire: Callable[[StaffRequest, Any, Any], tuple[str, str | None]] | None = None
    has_colour: bool = True

    @property
    def tab(self) -> str:
        return f"{self.key}/"

    @property
    def form(self) -> type[NameForm]:
        return LabelForm if self.has_colour else NameForm

    def find(self, request: StaffRequest, pk: int) -> Any:
        """One of this shop's, or 404."""
        found = self.model.objects.of(request.shop).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found


def listing(kind: Kind) -> View:
    """All of a kind; a POST adds one."""

    @staff_may(Permission.SETTINGS)
    def view(request: StaffRequest) -> HttpResponse:
        form = kind.form(request.POST or None)
        if request.method == "POST" and _done(form, lambda given: kind.add(request.shop, **given, by=request.actor)):
            toast(request, _("“{name}” was added.").format(name=form.cleaned_data["name"]))
            return redirect(request, home_of(request) + kind.tab)
        return _page(request, kind, form)

    return view


def editing(kind: Kind) -> View:
    """One of a kind: another name or colour."""

    @staff_may(Permission.SETTINGS)
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        label = kind.find(request, pk)
        now = {"name": label.name, "colour": getattr(label, "colour", "")}
        # Ids of its own: the dialog opens on the page where the form for a new one stands.
        form = kind.form(request.POST or None, initial=now, auto_id="change_%s")
        if request.method == "POST" and _done(form, lambda given: kind.change(label, **given, by=request.actor)):
            toast(request, _("Saved."))
            return redirect(request, home_of(request) + kind.tab)
        context = {"kind": kind, "label": label, "old_name": now["name"], "form": form}
        return settings_page(request, "label.html", context, tab=kind.tab, status=status_of(request))

    return view


def removing(kind: Kind) -> View:
    """Remove one, or say why not."""
    remove = kind.remove
    assert remove is not None
    if kind.retire:
        return _retiring(kind)

    @require_POST
    @staff_may(Permission.SETTINGS)
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        label = kind.find(request, pk)
        try:
            toast(request, remove(request, label))
        except DomainError as fault:
            return _page(request, kind, kind.form(), problem=str(fault))
        tell(request, "jobs")
        return redirect(request, home_of(request) + kind.tab)

    return view


def _retiring(kind: Kind) -> View:
    """Asks who takes everybody who has it, then removes it."""
    retire = kind.retire
    assert retire is not None

    @staff_may(Permission.SETTINGS)
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        label = kind.find(request, pk)
        others = {str(one.pk): one for one in kind.model.objects.of(request.shop).exclude(pk=pk)}
        problem = ""
        if request.method == "POST":
            chosen = request.POST.get("successor", "")
            if not chosen or chosen in others:
                words, undo_url = retire(request, label, others.get(chosen))
                toast(request, words, undo_url=undo_url)
                tell(request, "jobs")
                return redirect(request, home_of(request) + kind.tab)
            problem = _("This choice does not exist any more. Reload the page.")
        (row,) = [one for one in _rows(request, kind) if one["label"].pk == pk]
        options = [("", _("None")), *((pk, str(one)) for pk, one in others.items())]
        context = {"kind": kind, "row": row, "label": label, "options": options, "problem": problem}
        return settings_page(request, "retire.html", context, tab=kind.tab, status=422 if problem else 200)

    return view


def arranging(kind: Kind) -> View:
    """Another order: `ids` as they shall stand; `up` or `down` moves one of them a place."""
    arrange = kind.arrange
    assert arrange is not None

    @require_POST
    @staff_may(Permission.SETTINGS)
    def view(request: StaffRequest) -> HttpResponse:
        arrange(kind.model, request.shop, moved_ids(request.POST), by=request.actor)
        if request.htmx:  # type: ignore[attr-defined]
            return _page(request, kind, kind.form(), status=200)
        return redirect(request, home_of(request) + kind.tab)

    return view


def _done(form: NameForm, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Do it with what the form holds; a refusal becomes the form's error."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except BadValue as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
    except DomainError as fault:
        form.add_error("name", str(fault))
    return form.is_valid()


def _page(
    request: StaffRequest, kind: Kind, form: NameForm, *, problem: str = "", status: int | None = None
) -> HttpResponse:
    context = {"kind": kind, "rows": _rows(request, kind), "form": form, "problem": problem}
    return settings_page(request, "labels.html", context, tab=kind.tab, status=status or status_of(request))


def _rows(request: StaffRequest, kind: Kind) -> list[dict[str, Any]]:
    counts = kind.counts(request.shop) if kind.counts else {}
    users = users_by_word(request.shop, kind.field, reader_id=request.staff.pk) if kind.field else {}
    return [
        _row(kind, label, counts.get(label.pk, 0), _asking(users, label))
        for label in kind.model.objects.of(request.shop)
    ]


def _asking(users: Mapping[str, list[Use]], label: Any) -> list[Use]:
    """What asks for a label, by its key or by its name."""
    words = dict.fromkeys((fold(label.name), fold(label.key)))
    return list(dict.fromkeys(use for word in words for use in users.get(word, ())))


def _row(kind: Kind, label: Any, count: int, users: Sequence[Use]) -> dict[str, Any]:
    people = ngettext("%(num)s customer", "%(num)s customers", count) % {"num": f"{count:,}"}
    return {
        "label": label,
        "count": count,
        "people": people if kind.counts else "",
        "where": kind.question.format(quoted(label.name)) if kind.question and count else "",
        "warning": _warning(kind, count, people, users),
        "used_by": [f"{use.kind_name} “{use.label}”" for use in users],
        "may_remove": kind.remove is not None and not getattr(label, "is_builtin", False),
    }


def _warning(kind: Kind, count: int, people: str, users: Sequence[Use]) -> str:
    """What to ask before removing; nothing where it will be refused anyway."""
    sentence = str(kind.words.get("loses" if count else "sure", ""))
    if not sentence:
        return ""
    sentence = sentence % {"people": people} if count else sentence
    if not users:
        return sentence
    said = ", ".join(f"{use.kind_name} “{use.label}”" for use in users)
    return f"{sentence}\n" + _("These cannot be asked any more without it: {users}.").format(users=said)


def removed(operation: Callable[..., Any]) -> Callable[[StaffRequest, Any], str]:
    """An operation `(label, *, by)` as a kind's `remove`."""

    def remove(request: StaffRequest, label: Any) -> str:
        operation(label, by=request.actor)
        return _("“{name}” was removed.").format(name=label.name)

    return remove
