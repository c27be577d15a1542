"""What a form says of a task, and of a feed."""

from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.shops.models import Staff
from regulars.tasks.due import Due, due_of, zone_of
from regulars.tasks.models import Kind, Priority, Repeat, Task
from regulars.tasks.operations import NOTE_LENGTH, TITLE_LENGTH, Facts
from regulars.tasks.repeating import Rule

REMINDERS = [
    ("", _("No reminder")), (0, _("At the time; at nine if all day")), (10, _("10 minutes before")),
    (30, _("30 minutes before")), (60, _("1 hour before")), (180, _("3 hours before")), (1440, _("1 day before")),
    (2880, _("2 days before")), (10080, _("1 week before")),
]  # fmt: skip


class TaskForm(forms.Form):
    """A whole task. people: who may be given it; customers: who may be chosen."""

    title = forms.CharField(label=_("What"), max_length=TITLE_LENGTH)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.TODO)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    hour = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_("Empty: all day"),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=7 * 24 * 60)
    assignee = forms.TypedChoiceField(label=_("Who does it"), coerce=int)
    customer = forms.IntegerField(required=False, min_value=1)
    remind_before = forms.TypedChoiceField(
        label=_("Reminder"), choices=REMINDERS, required=False, coerce=int, empty_value=None
    )
    repeat = forms.ChoiceField(label=_("Repeats"), choices=Repeat.choices, required=False)
    repeat_every = forms.IntegerField(label=_("Every"), required=False, min_value=1, max_value=99, initial=1)
    repeat_until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    repeat_count = forms.IntegerField(label=_("Times"), required=False, min_value=1, max_value=500)
    note = forms.CharField(label=_("Note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, people: list[Staff], customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in people}
        self.customers = customers
        field = self.fields["assignee"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(one.pk, str(one.user)) for one in people]

    def clean_customer(self) -> Customer | None:
        chosen = self.cleaned_data.get("customer")
        if chosen is None:
            return None
        found: Customer | None = self.customers.filter(pk=chosen).first()
        if found is None:
            raise forms.ValidationError(_("There is no such customer."))
        return found

    def facts(self) -> Facts:
        """The form in the words of the domain."""
        given = self.cleaned_data
        due = Due(given["day"], given["hour"], given["minutes"] if given["hour"] else None)
        rule = None
        if given["repeat"]:
            rule = Rule(given["repeat"], given["repeat_every"] or 1, given["repeat_until"], given["repeat_count"])
        return Facts(
            title=given["title"], due=due, assignee=self.people[given["assignee"]], kind=given["kind"],
            priority=given["priority"], note=given["note"], customer=given["customer"],
            remind_before=given["remind_before"], rule=rule,
        )  # fmt: skip


def initial_of(task: Task) -> dict[str, Any]:
    """A task as the form shows it, by the assignee's clocks."""
    due = due_of(task, zone_of(task.assignee))
    names = (
        "title", "kind", "priority", "remind_before", "repeat", "repeat_every", "repeat_until", "repeat_count", "note",
    )  # fmt: skip
    facts = {name: getattr(task, name) for name in names}
    return facts | {
        "day": due.day, "hour": due.hour, "minutes": due.minutes, "assignee": task.assignee_id,
        "customer": task.customer_id,
    }  # fmt: skip


class MoveForm(forms.Form):
    """Where a task was dragged to; no hour means all day."""

    day = forms.DateField(input_formats=["%Y-%m-%d"])
    hour = forms.TimeField(required=False, input_formats=["%H:%M", "%H:%M:%S"])
    minutes = forms.IntegerField(required=False, min_value=1, max_value=7 * 24 * 60)
    version = forms.IntegerField(min_value=1)

    def due(self) -> Due:
        day: date = self.cleaned_data["day"]
        hour: time | None = self.cleaned_data["hour"]
        return Due(day, hour, self.cleaned_data["minutes"] if hour else None)


class FeedForm(forms.Form):
    """A feed: its name, its layers, and whether contact data goes out."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Where it is used: phone, Google …"))
    layers = forms.MultipleChoiceField(label=_("What it shows"), widget=forms.CheckboxSelectMultiple)
    with_contacts = forms.BooleanField(
        label=_("With notes, phone numbers and e-mail addresses"), required=False,
        help_text=_("Whoever has the address reads them without signing in."),
    )  # fmt: skip
