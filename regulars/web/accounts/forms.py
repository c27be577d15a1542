"""Forms of the first run, of invitations and of one's own settings."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from regulars.kit import countries, money
from regulars.shops.models import User


class PersonForm(forms.Form):
    """A name and a password."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. A sentence is easier to keep than a riddle."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(name=self.cleaned_data.get("name", ""), email=self.data.get("email", "")))
        return password


class OwnerForm(PersonForm):
    """The first person: owner of the installation's first shop."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "username"}))
    field_order = ["name", "email", "password"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("Somebody with this e-mail exists already."))
        return email


class ShopForm(forms.Form):
    """A new shop: where it is decides what is proposed for the rest."""

    name = forms.CharField(label=_("Name of the shop"), max_length=120)
    country = forms.ChoiceField(label=_("Country"))
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("Cannot be changed later."))
    timezone = forms.ChoiceField(label=_("Time zone"), help_text=_("Days and months begin here."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, locale: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("country", countries.country_choices(locale))
        self._choose("currency", money.currency_choices(locale))
        self._choose("timezone", [(name, name.replace("_", " ")) for name in zones()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.widget.attrs["data-select"] = True


class MyForm(forms.ModelForm):
    """What a person may change of themselves."""

    class Meta:
        model = User
        fields = ("name", "language", "timezone")

    language = forms.ChoiceField(
        label=_("Language of the pages"),
        choices=[("", _("As the browser says")), *settings.LANGUAGES],
        required=False,
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Your tasks are due by these clocks.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["timezone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("That of the shop")), *((name, name.replace("_", " ")) for name in zones())]
        field.widget.attrs["data-select"] = True


def zones() -> list[str]:
    """Names of places, without historical aliases."""
    places = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return sorted(name for name in available_timezones() if name.startswith(places) or name == "UTC")
