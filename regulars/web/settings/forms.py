"""Forms of the settings pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from regulars.customers.operations.labels import COLOURS
from regulars.kit import countries
from regulars.shops.models import LeapBirthdays, OrderCounter, Shop
from regulars.shops.operations.shop import LONGEST_PAYMENT
from regulars.shops.permissions import Role, Scope
from regulars.web.accounts.forms import zones

COLOUR_NAMES = {
    "grey": _("Grey"),
    "blue": _("Blue"),
    "azure": _("Azure"),
    "indigo": _("Indigo"),
    "purple": _("Purple"),
    "pink": _("Pink"),
    "red": _("Red"),
    "orange": _("Orange"),
    "yellow": _("Yellow"),
    "lime": _("Lime"),
    "green": _("Green"),
    "teal": _("Teal"),
    "cyan": _("Cyan"),
}


class ShopSettingsForm(forms.Form):
    """What may change of a shop that is open; its currency may not."""

    name = forms.CharField(label=_("Name"), max_length=120)
    country = forms.ChoiceField(
        label=_("Country"), help_text=_("Phone numbers without a country code are read as of here.")
    )
    timezone = forms.ChoiceField(label=_("Time zone"), help_text=_("Days and months begin here."))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of mails and files of the shop. Everybody chooses the language of their own pages."),
    )
    order_counter = forms.ChoiceField(label=_("What counts as an order"), choices=OrderCounter.choices)
    payment_days = forms.IntegerField(
        label=_("Days to pay"),
        min_value=0,
        max_value=LONGEST_PAYMENT,
        help_text=_("So long after they were placed orders without a due date of their own should be paid."),
    )
    leap_birthdays = forms.ChoiceField(
        label=_("Birthdays of 29 February"),
        choices=LeapBirthdays.choices,
        help_text=_("When they are kept in the years that do not have the day."),
    )

    def __init__(self, *args: Any, shop: Shop, locale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = sorted({*zones(), shop.timezone})
        self._choose("country", countries.country_choices(locale))
        self._choose("timezone", [(name, name.replace("_", " ")) for name in places])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.widget.attrs["data-select"] = True


class StaffForm(forms.Form):
    """What somebody may do in the shop."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)
    only_own = forms.BooleanField(
        label=_("Sees only their own customers"),
        required=False,
        help_text=_("Those they are responsible for. Lists, search, figures and files leave the others out."),
    )


class InviteForm(StaffForm):
    """Whom to invite."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "off"}))
    field_order = ["email", "role", "only_own"]


class NameForm(forms.Form):
    """The name of something."""

    name = forms.CharField(label=_("Name"), max_length=60)


class LabelForm(NameForm):
    """The name and colour of a group, status or tag."""

    colour = forms.ChoiceField(
        label=_("Colour"), choices=[(colour, COLOUR_NAMES[colour]) for colour in COLOURS], initial="grey"
    )


class SecretKeyForm(NameForm):
    """A key for a program of the shop."""

    scopes = forms.MultipleChoiceField(label=_("What it may do"), choices=Scope.choices)


class WebsiteKeyForm(NameForm):
    """A key that stands in the pages of a website."""

    origins = forms.CharField(
        label=_("Websites"),
        max_length=5000,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        help_text=_("One a line, without a path: https://shop.example. Elsewhere the key does not work."),
    )
