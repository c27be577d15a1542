"""The form of a group: name and colour, the rule that fills it, what it is promised on prices."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from regulars.customers.handlers import STANDARD
from regulars.customers.models import Group
from regulars.kit import money, numbers
from regulars.kit.errors import BadValue
from regulars.segments.models import GroupRule
from regulars.shops.models import Shop
from regulars.web.settings.forms import LabelForm


class GroupForm(LabelForm):
    """where: text of the query language, empty for a group filled by hand. position: its rule's place, "" the last."""

    where = forms.CharField(
        label=gettext_lazy("Rule"),
        required=False,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "class": "form-control mono"}),
        help_text=gettext_lazy("Whoever answers to it is in the group. Left empty: you fill the group by hand."),
    )
    position = forms.ChoiceField(label=gettext_lazy("Precedence"), required=False)
    discount = forms.CharField(label=gettext_lazy("Discount, %"), required=False, max_length=12)
    free_shipping_from = forms.CharField(label=gettext_lazy("Free shipping from"), required=False, max_length=30)
    price_note = forms.CharField(label=gettext_lazy("Note on prices"), required=False, max_length=300)

    def __init__(self, *args: Any, shop: Shop, locale: str, group: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shop, self.locale = shop, locale
        self.has_rule = group is None or group.key != STANDARD
        self.others = GroupRule.objects.of(shop).exclude(group=group).select_related("group")
        if not self.has_rule:
            del self.fields["where"]
        if not self.has_rule or not self.others:
            del self.fields["position"]
        else:
            field = self.fields["position"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = _places([rule.group.name for rule in self.others])
            self.initial["position"] = self.initial.get("position") or str(len(self.others))
            field.help_text = _("Rules are asked in order; the first that holds decides.")

    @staticmethod
    def starting_with(group: Group | None, where: str, locale: str) -> dict[str, Any]:
        """What stands in the form when it opens."""
        if group is None:
            return {"where": where, "position": ""}
        place = _place_of(group)
        limit = group.free_shipping_from
        return {
            "name": group.name,
            "colour": group.colour,
            "where": where,
            "position": "" if place is None else str(place),
            "discount": numbers.show_number(group.discount.normalize(), locale) if group.discount else "",
            "free_shipping_from": "" if limit is None else money.show_money(limit, group.shop.currency, locale),
            "price_note": group.price_note,
        }

    @property
    def place(self) -> int | None:
        """Where the rule comes to stand; None where there is only one."""
        text = self.cleaned_data.get("position", "") if self.is_bound else self.initial["position"]
        return int(text) if text and "position" in self.fields else None

    def clean_discount(self) -> Decimal:
        text = self.cleaned_data["discount"].strip().removesuffix("%")
        if not text:
            return Decimal(0)
        try:
            percent = numbers.read_number(text, self.locale)
        except BadValue as fault:
            raise forms.ValidationError(str(fault)) from fault
        if not 0 <= percent <= 100:
            raise forms.ValidationError(_("A discount is 0 to 100 percent."))
        return percent

    def clean_free_shipping_from(self) -> int | None:
        text = self.cleaned_data["free_shipping_from"].strip()
        if not text:
            return None
        try:
            return money.to_minor(money.read_money(text, self.shop.currency, self.locale), self.shop.currency)
        except BadValue as fault:
            raise forms.ValidationError(str(fault)) from fault


def _places(names: list[str]) -> list[tuple[str, str]]:
    before = [(str(at), _("Before {name}").format(name=name)) for at, name in enumerate(names)]
    return [*before, (str(len(names)), pgettext("place among rules", "Last"))]


def _place_of(group: Group) -> int | None:
    """How many rules are asked before a group's own."""
    ids = list(GroupRule.objects.of(group.shop_id).values_list("group_id", flat=True))
    return ids.index(group.pk) if group.pk in ids else None
