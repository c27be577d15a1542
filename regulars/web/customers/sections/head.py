"""The top of a customer's page: who it is, how to reach them, what can be set at a glance."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from markupsafe import Markup

from regulars.customers.changes import Reader, shown
from regulars.customers.citizen import HIDDEN
from regulars.customers.custom import own_column
from regulars.customers.models import AccountState, Avatar, Gender, Group, PhoneKind, Status, Tag
from regulars.kit import countries, phones
from regulars.kit.emails import read_email
from regulars.kit.phones import read_phone
from regulars.kit.query.prepared import fetched, loaded, prepared
from regulars.segments.models import GroupRule
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.web.customers.contact import contact_links
from regulars.web.customers.sections.addresses import default_address
from regulars.web.customers.sections.viewed import visits
from regulars.web.customers.segment_chips import Chip, segment_chips
from regulars.web.lists import cells
from regulars.web.markup import initials, tint

if TYPE_CHECKING:
    from regulars.web.customers.page import CustomerView

MOST_TAGS = 500
MEMBERS = frozenset({AccountState.REGISTERED, AccountState.VERIFIED, AccountState.DISABLED})


class Head:
    """Each property is asked for once, by the template."""

    def __init__(self, view: "CustomerView") -> None:
        self.view, self.customer = view, view.customer

    @cached_property
    def avatar(self) -> str:
        """The picture's address, "" for initials. The digest makes a new picture a new address."""
        if not self.customer.has_avatar:
            return ""
        pictures = Avatar.objects.of(self.view.shop).filter(customer=self.customer)
        digest = pictures.values_list("digest", flat=True).first() or ""
        return f"{self.view.home}{self.customer.pk}/avatar?{digest[:8]}"

    @property
    def initials(self) -> str:
        return initials(self.view.name)

    @property
    def tint(self) -> int:
        return tint(self.customer.pk)

    @property
    def kind(self) -> Any:
        """Guest or member, as shops say it [S4.2, S4.3]."""
        state = AccountState(self.customer.account_state)
        return _("Member") if state in MEMBERS else _("Guest")

    @property
    def kind_tone(self) -> str:
        state = self.customer.account_state
        return {AccountState.DISABLED: "bad", AccountState.VERIFIED: "good"}.get(AccountState(state), "")

    @property
    def kind_help(self) -> Any:
        return self.customer.get_account_state_display()

    @cached_property
    def contacts(self) -> list[dict[str, Any]]:
        return contact_links(self.view.row, self.view.shop.country) if self.view.may_contact else []

    @cached_property
    def statuses(self) -> list[Status]:
        return loaded(Status, _statuses(self.view.shop.pk))

    @cached_property
    def status(self) -> Status | None:
        """The customer's, from among all where these are listed anyway."""
        return self._one_of("status", self.statuses) if self.customer.status_id else None

    @cached_property
    def group(self) -> Group | None:
        """The customer's, from among all where these are listed anyway."""
        return self._one_of("group", self.groups)

    def _one_of(self, name: str, listed: list[Any]) -> Any:
        pk = getattr(self.customer, f"{name}_id")
        return (
            next((one for one in listed if one.pk == pk), None) if self.view.may_edit else getattr(self.customer, name)
        )

    @cached_property
    def groups(self) -> list[Group]:
        return loaded(Group, _groups(self.view.shop.pk))

    @cached_property
    def may_release(self) -> bool:
        """Whether there are rules that could decide what somebody has decided."""
        return self.customer.group_by_hand and GroupRule.objects.of(self.view.shop).exists()

    @property
    def group_help(self) -> Any:
        return _("Chosen by hand; rules leave it alone.") if self.customer.group_by_hand else _("Group")

    @cached_property
    def members(self) -> list[tuple[int, str]]:
        """Who may be responsible: everybody who works here, and whoever is responsible now."""
        named = {member.pk: str(member) for member in self.view.team} | dict(self.responsible)
        others = sorted(named.items(), key=lambda pair: pair[1].casefold())
        return [*self.responsible, *(pair for pair in others if pair not in self.responsible)]

    @cached_property
    def responsible(self) -> list[tuple[int, str]]:
        """Who is responsible, the first one first."""
        ids = self.customer.responsible_ids
        named = {one.pk: str(one) for one in self.view.team if one.pk in ids}
        if gone := [pk for pk in ids if pk not in named]:
            left = Staff.objects.of(self.view.shop).filter(pk__in=gone).select_related("user")
            named |= {one.pk: str(one) for one in left}
        return [(pk, named[pk]) for pk in ids if pk in named]

    @cached_property
    def tags(self) -> list[str]:
        """Names of the customer's tags, by name."""
        ids = self.customer.tag_ids
        if not ids:
            return []
        known = dict(self._shop_tags) if self.view.may_tag else {}
        if not known.keys() >= set(ids):
            known = dict(Tag.objects.of(self.view.shop).filter(pk__in=ids).order_by("key").values_list("pk", "name"))
        return [name for pk, name in known.items() if pk in ids]

    @cached_property
    def tag_options(self) -> list[tuple[str, str]]:
        """The customer's tags and the shop's others to choose from, those used by name."""
        names = dict.fromkeys([*self.tags, *(name for _pk, name in self._shop_tags)])
        return [(name, name) for name in names]

    @cached_property
    def _shop_tags(self) -> list[tuple[int, str]]:
        """Ids and names, by name, as many as a menu can hold."""
        return fetched(_tags_of_shop(self.view.shop.pk))

    @property
    def segments(self) -> Markup | str:
        """Chips of the segments the customer is in, "" for none."""
        if not self.view.may(Permission.SEE_SEGMENTS):
            return ""
        found = [Chip(one["name"], one["colour"], one["url"]) for one in self.view.segments]
        return segment_chips(found, self.view.url(tab="segments")) if found else ""

    @property
    def account_steps(self) -> list[dict[str, Any]]:
        """What can be done with the customer's account from where it is."""
        state = AccountState(self.customer.account_state)
        if state == AccountState.DISABLED:
            back = AccountState.REGISTERED if self.customer.registered_at else AccountState.GUEST
            return [{"state": int(back), "label": _("Enable account"), "icon": "lock-open", "ask": ""}]
        steps = []
        if state == AccountState.GUEST:
            steps.append({"state": int(AccountState.INVITED), "label": _("Mark as invited"), "icon": "send", "ask": ""})
        ask = _("Disable the account?\nThey can no longer sign in to the shop. Orders and history stay.")
        steps.append({"state": int(AccountState.DISABLED), "label": _("Disable account"), "icon": "lock", "ask": ask})
        return steps


@prepared
def _statuses(shop: Any) -> QuerySet[Any, Any]:
    return Status.objects.of(shop)


@prepared
def _groups(shop: Any) -> QuerySet[Any, Any]:
    return Group.objects.of(shop)


@prepared
def _tags_of_shop(shop: Any) -> QuerySet[Any, Any]:
    return Tag.objects.of(shop).order_by("key").values_list("pk", "name")[:MOST_TAGS]


def facts(view: "CustomerView") -> list[tuple[Any, Any]]:
    """What is known of the person, term by term; "" is not shown."""
    customer, ctx = view.customer, view.ctx
    locale = ctx.locale
    country = customer.country
    return [
        (_("E-mail"), _email(view)),
        (_("Phone"), _phone(view)),
        (_("Zalo"), _contact(view, customer.zalo_id)),
        (_("Company"), customer.company),
        (_("Tax code"), customer.tax_code),
        (_("Birthday"), birthday(view)),
        (_("Gender"), customer.get_gender_display() if customer.gender != Gender.UNKNOWN else ""),
        (_("Address"), default_address(view)),
        (_("Country"), cells.show_country(country, countries.country_name(country, locale)) if country else ""),
        (_("Language"), shown("language", customer.language, _reader(view))),
        (_("Sent by"), referrer(view)),
        (_("Referral code"), customer.referral_code),
        (_("Customer since"), cells.show_moment(customer.created_at, ctx)),
        (_("Last access"), cells.show_moment(customer.last_access_at, ctx) if customer.last_access_at else ""),
        (_("Visits"), visits(view)),
        *own_facts(view),
    ]


def own_facts(view: "CustomerView") -> list[tuple[Any, Any]]:
    """The fields of the shop's own, in its order."""
    own = view.own
    return [(field.name, own.shown(own_column(field.key), view.customer.custom.get(field.key))) for field in own.fields]


def birthday(view: "CustomerView") -> str:
    """Day, month, and the year where it is known."""
    customer = view.customer
    if customer.birth_md is None:
        return ""
    return shown("birth_md", (customer.birth_md, customer.birth_year), _reader(view))


def referrer(view: "CustomerView") -> Any:
    """Who sent them: a link to a customer one may see, else the words, unless they hide an address or a number."""
    sender, words = view.customer.referred_by, view.customer.referrer_text
    if sender and sender.deleted_at is None and (not view.staff.only_own or view.staff.pk in sender.responsible_ids):
        return Markup('<a href="{}{}/">{}</a>').format(view.home, sender.pk, sender.name or f"#{sender.pk}")
    if view.may_contact or not _reaches_somebody(words, view.shop.country):
        return words
    return HIDDEN


def _reaches_somebody(words: str, country: str) -> bool:
    return bool(read_email(words).normal or read_phone(words, country).e164)


def _email(view: "CustomerView") -> Any:
    customer = view.customer
    if not customer.email:
        return _unusable(view, customer.email_raw)
    if not view.may_contact:
        return HIDDEN
    return Markup('<a href="mailto:{0}">{0}</a>').format(customer.email)


def _phone(view: "CustomerView") -> Any:
    customer = view.customer
    if not customer.phone:
        return _unusable(view, customer.phone_raw)
    if not view.may_contact:
        return HIDDEN
    number = phones.international(customer.phone)
    kind = customer.get_phone_kind_display() if customer.phone_kind == PhoneKind.FIXED else ""
    return Markup('<a class="num" href="tel:{}">{}</a> <span class="quiet">{}</span>').format(
        customer.phone, number, kind
    )


def _unusable(view: "CustomerView", text: str) -> Any:
    """An address or number kept as text, because it is none."""
    if not text or not view.may_contact:
        return HIDDEN if text else ""
    why = _("Kept as text; never used to find or match anybody.")
    return Markup('{} <span class="tag" title="{}">{}</span>').format(text, why, _("not valid"))


def _contact(view: "CustomerView", text: str) -> str:
    return text if view.may_contact or not text else HIDDEN


def _reader(view: "CustomerView") -> Reader:
    return Reader(view.ctx.locale, view.ctx.tz, view.may_contact, lambda kind, pk: f"#{pk}", own=view.own)
