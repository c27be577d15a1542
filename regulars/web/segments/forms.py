"""What is typed about a segment, beside its question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.customers.operations.labels import COLOURS
from regulars.segments.models import SegmentKind
from regulars.segments.operations import DESCRIPTION_LENGTH, FOLDER_LENGTH, NAME_LENGTH
from regulars.web.settings.forms import COLOUR_NAMES

COLOUR_CHOICES = [(colour, COLOUR_NAMES[colour]) for colour in COLOURS]


class SegmentForm(forms.Form):
    """Name, looks and kind. The question is the editor's."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    description = forms.CharField(
        label=_("Description"), max_length=DESCRIPTION_LENGTH, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("What it is for, for the colleague who finds it in a year."),
    )  # fmt: skip
    colour = forms.ChoiceField(label=_("Colour"), choices=COLOUR_CHOICES, initial="grey")
    folder = forms.CharField(
        label=_("Folder"), max_length=FOLDER_LENGTH, required=False,
        help_text=_("Segments with the same folder stand together."), widget=forms.TextInput({"list": "folders"}),
    )  # fmt: skip
    kind = forms.ChoiceField(choices=SegmentKind.choices, initial=SegmentKind.DYNAMIC)


class ChangeForm(SegmentForm):
    """Of a segment that exists: its kind is changed by converting it."""

    kind = None  # type: ignore[assignment]


class SaveForm(forms.Form):
    """A static segment of a selection."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    folder = forms.CharField(label=_("Folder"), max_length=FOLDER_LENGTH, required=False)
