"""What a person chooses about an import: how its rows are read, how people are recognised, what all rows get."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from regulars.customers.matching import BY
from regulars.customers.models import Group
from regulars.kit import countries
from regulars.loyalty.reading import ORIGIN_LENGTH
from regulars.shops.models import Channel, Shop
from regulars.transfer.columns import Own, columns_of
from regulars.transfer.formats import FORMATS, PACKED_LINE
from regulars.transfer.intake.encodings import ENCODINGS
from regulars.transfer.options import Options
from regulars.web.files.words import DELIMITERS, field_name

_KEYS = {"external_id": _("Customer ID"), "email": _("E-mail"), "phone": _("Phone")}
_POLICIES = {"overwrite": _("Take the file’s value"), "fill_empty": _("Only fill what is empty")}
_KNOWN = {
    "overwrite": _("Take the file’s values"), "fill_empty": _("Only fill what is empty"),
    "leave": _("Don’t touch them, only add new ones"),
}  # fmt: skip
_TWICE = {"last": _("The last row has the say"), "first": _("The first row has the say")}
_DAY_ORDERS = (("dmy", "31/12/2026"), ("mdy", "12/31/2026"), ("ymd", "2026-12-31"))
_PARTS = {
    "customer": _("Customer"), "address": _("Address"), "order": _("Order"), "line": _("Products"),
    "activity": _("Activity"), "product": _("Product"), "note": _("Note"), "consent": _("Consent"),
    "points": _("Points"), "own": _("The shop’s own fields"),
    "shipping": _("Shipping address"), "billing": _("Billing address"), "ignored": _("Known, but not taken"),
}  # fmt: skip


class ImportChoices(forms.Form):
    """What every kind of file can be told."""

    country = forms.ChoiceField(label=_("Country of phones and addresses"), help_text=_("Where a cell names none."))
    day_order = forms.ChoiceField(label=_("Dates are written"), choices=_DAY_ORDERS)

    quiet = forms.BooleanField(
        label=_("Don’t set off automation"),
        required=False,
        help_text=_("Bots, reminders and outgoing messages leave these rows alone. Segments stay true in any case."),
    )

    def __init__(
        self, given: QueryDict | None, *, shop: Shop, options: Options, locale: str, own_tag: str = ""
    ) -> None:
        self.tag = own_tag
        super().__init__(given, initial=self.initial_of(options, shop) | {"quiet": options.quiet})
        self.shop, self.options = shop, options
        self._choose("country", countries.country_choices(locale), search=True)
        self.prepare()

    def prepare(self) -> None:
        """Fill in the shop's own choices."""

    def initial_of(self, options: Options, shop: Shop) -> dict[str, Any]:
        country = options.defaults.get("country") or shop.country
        return {"country": country, "day_order": options.day_order}

    def told(self) -> dict[str, Any]:
        """What `transfer.imports.configure` is to be told."""
        given = self.cleaned_data
        told = {"day_order": given["day_order"], "defaults": {"country": given["country"]}}
        return told | {"quiet": given["quiet"]}

    def _choose(self, name: str, choices: list[tuple[str, Any]], *, search: bool = False) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if search:
            field.widget.attrs["data-select"] = True


class CustomerChoices(ImportChoices):
    """How customers are recognised, what becomes of known ones, what all rows get."""

    field_order = (
        "match_1", "match_2", "match_3", "policy", "twice", "own_tag", "tags", "group", "channel",
        "country", "day_order", "quiet",
    )  # fmt: skip
    match_1 = forms.ChoiceField(label=_("Recognise customers by"))
    match_2 = forms.ChoiceField(label=_("Then by"), required=False)
    match_3 = forms.ChoiceField(label=_("And then by"), required=False)
    policy = forms.ChoiceField(
        label=_("Customers who are here already"),
        choices=list(_KNOWN.items()),
        help_text=_("An empty cell never takes anything away. A cell with __CLEAR__ empties the field."),
    )
    twice = forms.ChoiceField(label=_("When two rows are one customer"), choices=list(_TWICE.items()))
    own_tag = forms.BooleanField(label=_("Tag this import"), required=False)
    tags = forms.CharField(label=_("More tags for all rows"), required=False, max_length=200,
                           help_text=_("Commas between."))  # fmt: skip
    channel = forms.ChoiceField(
        label=_("Source of all rows"),
        required=False,
        help_text=_("Whose customer IDs these are, where the file does not say."),
    )
    group = forms.ChoiceField(label=_("Group for all rows"), required=False, help_text=_("Where the file names none."))

    def prepare(self) -> None:
        keys = [(name, _KEYS[name]) for name in BY]
        self._choose("match_1", keys)
        for name in ("match_2", "match_3"):
            self._choose(name, [("", _("nothing else")), *keys])
        groups = Group.objects.of(self.shop).values_list("name", flat=True)
        self._choose("group", [("", _("As in the file")), *((name, name) for name in groups)])
        channels = Channel.objects.of(self.shop).values_list("key", "name")
        self._choose("channel", [("", _("As in the file")), *channels])
        self.fields["own_tag"].help_text = _("By “{tag}” you find everybody of this file again.").format(tag=self.tag)

    def initial_of(self, options: Options, shop: Shop) -> dict[str, Any]:
        match = {f"match_{place}": key for place, key in enumerate(options.match, start=1)}
        tags = [tag.strip() for tag in options.defaults.get("tags", "").split(",")]
        rest = {
            "policy": options.policy, "twice": options.twice, "own_tag": self.tag in tags,
            "tags": ", ".join(tag for tag in tags if tag and tag != self.tag),
            **{name: options.defaults.get(name, "") for name in ("group", "channel")},
        }  # fmt: skip
        return super().initial_of(options, shop) | match | rest

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        keys = [given[name] for name in ("match_1", "match_2", "match_3") if given[name]]
        told = super().told()
        tags = ", ".join(filter(None, (self.tag if given["own_tag"] else "", given["tags"])))
        said = {"tags": tags, "group": given["group"], "channel": given["channel"]}
        told["defaults"] |= {name: value for name, value in said.items() if value}
        return told | {"match": list(dict.fromkeys(keys)), "policy": given["policy"], "twice": given["twice"]}


class OrderChoices(ImportChoices):
    """Where orders were placed, and whether those that do not say were paid."""

    field_order = ("channel", "assume_paid", "country", "day_order", "quiet")
    channel = forms.ChoiceField(
        label=_("Sales channel"),
        help_text=_("Of orders whose row names none. An order is known again by channel and number."),
    )
    assume_paid = forms.BooleanField(
        label=_("Orders that say nothing about money were paid"),
        required=False,
        help_text=_("Otherwise they count as debts."),
    )

    def prepare(self) -> None:
        known = [(channel.key, channel.name) for channel in Channel.objects.of(self.shop)]
        usual = self.initial["channel"]
        if usual not in dict(known):
            known.insert(0, (usual, usual.capitalize()))
        self._choose("channel", known)

    def initial_of(self, options: Options, shop: Shop) -> dict[str, Any]:
        channel = options.defaults.get("channel") or options.layout.channel or "import"
        return super().initial_of(options, shop) | {"channel": channel, "assume_paid": options.assume_paid}

    def told(self) -> dict[str, Any]:
        told = super().told()
        told["defaults"]["channel"] = self.cleaned_data["channel"]
        return told | {"assume_paid": self.cleaned_data["assume_paid"]}


class ProductChoices(ImportChoices):
    """What becomes of products that are known."""

    field_order = ("policy", "country", "day_order", "quiet")
    policy = forms.ChoiceField(label=_("When both have a value"), choices=list(_POLICIES.items()))

    def prepare(self) -> None:
        for name in ("country", "day_order"):  # products have no phones and no days
            del self.fields[name]

    def initial_of(self, options: Options, shop: Shop) -> dict[str, Any]:
        return {"policy": options.policy}

    def told(self) -> dict[str, Any]:
        return {"policy": self.cleaned_data["policy"], "quiet": self.cleaned_data["quiet"]}


class PointsChoices(ImportChoices):
    """Whose points they are, and which row counts."""

    field_order = ("origin", "twice", "country", "day_order", "quiet")
    origin = forms.CharField(
        label=_("Programme of all rows"), required=False, max_length=ORIGIN_LENGTH,
        help_text=_("Where the file names none. Balances of one programme replace each other, those of two add up."),
    )  # fmt: skip
    twice = forms.ChoiceField(label=_("When two rows are one customer and programme"), choices=list(_TWICE.items()))

    def initial_of(self, options: Options, shop: Shop) -> dict[str, Any]:
        given = {"origin": options.defaults.get("origin", ""), "twice": options.twice}
        return super().initial_of(options, shop) | given

    def told(self) -> dict[str, Any]:
        told = super().told()
        if origin := self.cleaned_data["origin"]:
            told["defaults"]["origin"] = origin
        return told | {"twice": self.cleaned_data["twice"]}


FORMS: dict[str, type[ImportChoices]] = {
    "customers": CustomerChoices,
    "orders": OrderChoices,
    "products": ProductChoices,
    "activity": ImportChoices,
    "notes": ImportChoices,
    "consents": ImportChoices,
    "points": PointsChoices,
}


class ReadingChoices(forms.Form):
    """How the file is cut, and whose layout it has; both are guessed first."""

    format = forms.ChoiceField(label=_("The file is from"))
    sheet = forms.ChoiceField(label=_("Sheet"))
    delimiter = forms.ChoiceField(label=_("Between the columns stands"), choices=list(DELIMITERS.items()))
    encoding = forms.ChoiceField(
        label=_("Encoding"), choices=[(one.name, one.label) for one in ENCODINGS.values()],
        help_text=_("Choose another one when letters with accents look wrong."),
    )  # fmt: skip
    header_row = forms.IntegerField(
        label=_("Row with the column names"), min_value=0, max_value=1000,
        help_text=_("0 when no row names the columns."),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, options: Options, **kwargs: Any) -> None:
        names = ("format", "delimiter", "encoding", "sheet", "header_row")
        self._known = {name: getattr(options, name) for name in names}
        kwargs["initial"] = self._known
        super().__init__(*args, **kwargs)
        self._choose("format", [(one.name, one.label) for one in FORMATS.values() if one.kind == kind])
        for name in ("delimiter", "encoding") if options.sheet else ("sheet",):
            del self.fields[name]
        if options.sheet:
            self._choose("sheet", [(name, name if shown else _("{name} (hidden)").format(name=name))
                                   for name, shown in options.sheets])  # fmt: skip

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def changed(self) -> dict[str, Any]:
        """What is not as it was; whatever depends on it is guessed anew."""
        return {name: value for name, value in self.cleaned_data.items() if value != self._known[name]}


def fields_by_part(kind: str, own: Own) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column may be taken for, under headings: [(part, [(field, name)])]. own: see `columns.columns_of`."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for column in columns_of(kind, own).values():
        parts.setdefault(column.part, []).append((column.name, str(column.label)))
    if kind == "orders":
        parts["line"].append((PACKED_LINE, field_name(kind, PACKED_LINE)))
    return [(str(_PARTS[part]), sorted(fields, key=lambda one: one[1].casefold())) for part, fields in parts.items()]
