"""What can be chosen in the profile form."""

from functools import cached_property

from babel.dates import get_month_names
from django.utils.translation import gettext as _

from regulars.customers.models import AccountState, ConsentChannel, Gender, Group, OaState, Status, Tag
from regulars.kit import countries
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
        if self.form.customer and self.form.customer.staff:
            named.setdefault(self.form.customer.staff.user.email, str(self.form.customer.staff))
        return [("", _("Nobody")), *sorted(named.items(), key=lambda pair: pair[1].casefold())]

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
