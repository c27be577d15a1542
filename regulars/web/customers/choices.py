"""What can be chosen in the profile form."""

from functools import cached_property
from typing import Any

from babel.dates import get_month_names
from django.utils.translation import gettext as _

from regulars.customers.custom import TEXT_LENGTH
from regulars.customers.models import (
    AccountState,
    ConsentChannel,
    CustomField,
    CustomKind,
    Gender,
    Group,
    OaState,
    Status,
    Tag,
)
from regulars.kit import countries
from regulars.kit.labels import split_labels
from regulars.kit.numbers import locale_of
from regulars.shops.models import Channel, Staff
from regulars.web.customers.form import Form

Options = list[tuple[str, str]]

LANGUAGES = (
    "vi", "en", "id", "fil", "ro", "ms", "th", "km", "lo", "my", "zh", "ja", "ko", "fr", "de", "es", "it", "hu", "ru",
    "uk",
)  # fmt: skip
"""Those our shops' customers speak; one stored otherwise is added."""


class Choices:
    """Options of the selects, in the reader's language."""

    def __init__(self, form: Form, locale: str) -> None:
        self.form, self.shop, self.locale = form, form.shop, locale

    @cached_property
    def own(self) -> list[dict[str, Any]]:
        """The inputs of the shop's own fields, in its order; a choice that was taken away is still offered to whoever
        has it.
        """
        return [
            {
                "name": column,
                "id": f"id_{column.replace('.', '_')}",
                "label": f"{field.name} ({self.shop.currency})" if field.kind == CustomKind.MONEY else field.name,
                "help": field.help,
                "options": self._own_options(column, field),
                "type": "date" if field.kind == CustomKind.DATE else "text",
                "inputmode": "decimal" if field.kind in (CustomKind.NUMBER, CustomKind.MONEY) else None,
                "maxlength": TEXT_LENGTH if field.kind == CustomKind.TEXT else None,
            }
            for column, field in self.form.own.by_column.items()
        ]

    def _own_options(self, column: str, field: CustomField) -> Options:
        if field.kind == CustomKind.FLAG:
            return [("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]
        if field.kind != CustomKind.CHOICE:
            return []
        known = {one["key"]: one["name"] for one in field.options}
        if now := self.form.stored.get(column):
            known.setdefault(now, self.form.own.shown(column, now))
        return [("", _("Not known")), *known.items()]

    @cached_property
    def countries(self) -> Options:
        return [("", _("Not known")), *countries.country_choices(self.locale)]

    @cached_property
    def languages(self) -> Options:
        names = locale_of(self.locale).languages
        now = self.form.values["language"]
        codes = dict.fromkeys([*LANGUAGES, *([now] if now else [])])
        return [("", _("Not known")), *((code, names.get(code, code)) for code in codes)]

    @cached_property
    def months(self) -> Options:
        names = get_month_names("wide", context="stand-alone", locale=locale_of(self.locale))
        return [("", _("Month")), *((str(month), name) for month, name in names.items())]

    @cached_property
    def genders(self) -> Options:
        known = [(one.name.lower(), str(one.label)) for one in Gender if one != Gender.UNKNOWN]
        return [("", _("Not known")), *known]

    @cached_property
    def groups(self) -> Options:
        return [(one.key, one.name) for one in Group.objects.of(self.shop)]

    @cached_property
    def statuses(self) -> Options:
        return [("", _("No status")), *((one.key, one.name) for one in Status.objects.of(self.shop))]

    @cached_property
    def members(self) -> Options:
        """Everybody who works here, and whoever is responsible now."""
        team = Staff.objects.of(self.shop).active().select_related("user")
        named = {member.user.email: str(member) for member in team}
        chosen = self.responsible
        unknown = [email for email in chosen if email not in named]
        gone = Staff.objects.of(self.shop).filter(user__email__in=unknown).select_related("user") if unknown else ()
        named |= {member.user.email: str(member) for member in gone}
        others = sorted((pair for pair in named.items() if pair[0] not in chosen), key=lambda pair: pair[1].casefold())
        return [*((email, named[email]) for email in chosen if email in named), *others]

    @property
    def responsible(self) -> list[str]:
        """E-mail addresses of who is chosen, the first one first."""
        return split_labels(self.form.values["staff"])

    @cached_property
    def channels(self) -> Options:
        return [("", _("Not known")), *((one.name, one.name) for one in Channel.objects.of(self.shop))]

    @cached_property
    def tags(self) -> Options:
        known = Tag.objects.of(self.shop).order_by("key").values_list("name", flat=True)[:500]
        return [(name, name) for name in dict.fromkeys([*self.form.tags, *known])]

    @cached_property
    def accounts(self) -> Options:
        return [(one.name.lower(), str(one.label)) for one in AccountState]

    @cached_property
    def follows(self) -> Options:
        return [(one.name.lower(), str(one.label)) for one in OaState]

    @cached_property
    def consents(self) -> Options:
        """(input, channel)."""
        return [(f"accepts_{channel}", str(label)) for channel, label in ConsentChannel.choices]

    @cached_property
    def answers(self) -> Options:
        return [("", _("Not asked")), ("yes", _("Yes, subscribed")), ("no", _("No"))]
