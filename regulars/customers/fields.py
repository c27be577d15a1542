"""What can be asked, shown, sorted and exported of a customer. Upper floors add what they know (`orders.fields`)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils.timezone import now as right_now
from django.utils.translation import gettext_lazy as _

from regulars.customers.language_field import LanguageChoice
from regulars.customers.models import (
    AccountState,
    ConsentChannel,
    ConsentState,
    Gender,
    Group,
    OaState,
    PhoneKind,
    Source,
    Status,
    Tag,
)
from regulars.kit import countries
from regulars.kit.periods import LeapDay
from regulars.kit.query import Context, FieldSet, compile_where, parse
from regulars.kit.query.kinds import Choice, Flag, Option, Person, Related, Tags, Text
from regulars.kit.query.kinds_time import Anniversary, Moment
from regulars.kit.query.prepared import Written, fetched, prepared
from regulars.shops.models import Channel, Shop, Staff
from regulars.shops.permissions import Permission


@prepared
def _groups_of(shop: Any) -> QuerySet[Any, Any]:
    return Group.objects.of(shop).values_list("key", "name", "pk")


@prepared
def _statuses_of(shop: Any) -> QuerySet[Any, Any]:
    return Status.objects.of(shop).values_list("key", "name", "pk")


@prepared
def _channels_of(shop: Any) -> QuerySet[Any, Any]:
    return Channel.objects.of(shop).values_list("key", "name", "pk")


@prepared
def _tags_of(shop: Any) -> QuerySet[Any, Any]:
    return Tag.objects.of(shop).values_list("pk", "name")


def _options(rows: Callable[..., Written], ctx: Context) -> list[Option]:
    return [Option(key, name, (pk,)) for key, name, pk in fetched(rows(ctx.shop_id))]


def _groups(ctx: Context) -> Iterable[Option]:
    return _options(_groups_of, ctx)


def _statuses(ctx: Context) -> Iterable[Option]:
    return _options(_statuses_of, ctx)


def staff_options(ctx: Context) -> Iterable[Option]:
    """Who works, or worked, in the shop."""
    members = Staff.objects.of(ctx.shop_id).select_related("user").order_by("id")
    return [Option(member.user.email, str(member.user), (member.pk,)) for member in members]


def channel_options(ctx: Context) -> Iterable[Option]:
    """The shop's sales channels."""
    return _options(_channels_of, ctx)


def _tags(ctx: Context) -> Iterable[tuple[int, str]]:
    return fetched(_tags_of(ctx.shop_id))


def country_options(ctx: Context) -> Iterable[Option]:
    """All countries, by name."""
    return [Option(code, name, (code,)) for code, name in countries.country_choices(ctx.locale)]


def _account_types(ctx: Context) -> Iterable[Option]:
    """Both vocabularies for one thing: with or without an account."""
    state = AccountState
    return [
        Option("with_account", str(_("With account")), (state.REGISTERED, state.VERIFIED, state.DISABLED)),
        Option("without_account", str(_("Without account")), (state.GUEST, state.INVITED)),
        Option("member", str(_("Member: registered and verified")), (state.VERIFIED,)),
    ]


CONSENT_WORDS = {"yes": "subscribed", "true": "subscribed", "no": "unsubscribed", "false": "unsubscribed"}
CONSENT_UNTOLD = {
    "invalid": _("an address that cannot receive mail has no state of its own; ask has_email = false."),
    "redacted": _("people who were anonymised are in no list."),
}

customer_fields = FieldSet("customer")
customer_fields.add(
    Text("name", _("Name"), folded="name_key", help=_("Given and family name, in any spelling.")),
    Text(
        "email",
        _("E-mail"),
        aliases=["customer_email"],
        nullable=True,
        needs=Permission.SEE_CONTACT,
        section="contact",
    ),
    Text(
        "phone",
        _("Phone"),
        nullable=True,
        needs=Permission.SEE_CONTACT,
        section="contact",
        help=_("In international form, for example +639171234567."),
    ),
    Text(
        "phone_written",
        _("Phone as written"),
        column="phone_raw",
        needs=Permission.SEE_CONTACT,
        section="contact",
    ),
    Choice("phone_type", _("Kind of phone"), column="phone_kind", of=PhoneKind, section="contact"),
    Text("zalo_id", _("Zalo"), needs=Permission.SEE_CONTACT, section="contact"),
    Text("given_name", _("Given name"), aliases=["first_name"]),
    Text("family_name", _("Family name"), aliases=["last_name"]),
    Text("company", _("Company"), aliases=["companies"]),
    Text("tax_code", _("Tax code")),
    Choice("gender", _("Gender"), of=Gender, blank=(0,)),
    Anniversary(
        "birthday",
        _("Birthday"),
        column="birth",
        aliases=["date_of_birth"],
        help=_("The day of the year; BETWEEN today AND +30d goes over New Year."),
    ),
    Choice(
        "country",
        _("Country"),
        aliases=["customer_country"],
        of=country_options,
        blank=("",),
        section="place",
    ),
    Text("region", _("Province"), section="place"),
    Text("city", _("City"), section="place"),
    LanguageChoice(
        "language",
        _("Language"),
        aliases=["customer_language"],
        help=_("By code or name; of en-US only the language counts."),
    ),
    Tags("tags", _("Tags"), column="tag_ids", aliases=["customer_tags", "tag"], of=_tags, section="relation"),
    Related("group", _("Group"), column="group_id", aliases=["customer_group"], of=_groups, section="relation"),
    Related("status", _("Status"), column="status_id", of=_statuses, nullable=True, section="relation"),
    Moment(
        "status_date",
        _("Status since"),
        column="status_at",
        nullable=True,
        section="relation",
        help=_("For how long: before -30d means in this status for more than 30 days."),
    ),
    Person(
        "staff",
        _("Responsible staff"),
        column="staff_id",
        also="co_staff_ids",
        help=_("Who is responsible for the customer, first or together with others."),
        aliases=["agent", "sales_agent"],
        of=staff_options,
        nullable=True,
        section="relation",
    ),
    Choice("source", _("Source"), of=Source, section="relation", help=_("How the customer came into Regulars.")),
    Text("referrer", _("Referrer"), column="referrer_text", section="relation"),
    Text(
        "referral_code",
        _("Referral code"),
        section="relation",
        help=_("The code by which the customer sends others."),
    ),
    Moment(
        "created_at",
        _("Added"),
        aliases=["customer_added_date", "created_date", "joined"],
        dated=True,
        section="relation",
        help=_("When the customer was added to the shop."),
    ),
    Moment(
        "registered_at",
        _("Registered"),
        aliases=["join_date", "registration_date"],
        nullable=True,
        dated=True,
        section="account",
    ),
    Moment("updated_at", _("Last change"), section="relation", sortable=False),
    Choice(
        "account",
        _("Account"),
        column="account_state",
        aliases=["customer_account_status"],
        of=AccountState,
        words={"enabled": "registered verified"},
        untold={"declined": _("invitations that were declined are not known here; ask for invited.")},
        section="account",
    ),
    Choice(
        "account_type",
        _("Kind of customer"),
        column="account_state",
        aliases=["type", "has_account"],
        of=_account_types,
        words={"true": "with_account", "yes": "with_account", "false": "without_account", "no": "without_account"},
        section="account",
        sortable=False,
    ),
    Choice("oa_follow", _("Zalo OA"), column="oa_state", of=OaState, section="account", blank=(0,)),
    Flag(
        "has_email",
        _("Has an e-mail"),
        when=Q(email__isnull=False),
        of=lambda row: row["email"] is not None,
        reads=["email"],
        section="contact",
        shown=False,
    ),
    Flag(
        "has_phone",
        _("Has a valid phone"),
        when=Q(phone__isnull=False),
        of=lambda row: row["phone"] is not None,
        reads=["phone"],
        section="contact",
        shown=False,
    ),
)


def _consent(channel: ConsentChannel, label: Any, *aliases: str) -> Choice:
    return Choice(
        f"consent_{channel.value}",
        label,
        of=ConsentState,
        aliases=aliases,
        words=CONSENT_WORDS,
        untold=CONSENT_UNTOLD,
        blank=(0,),
        section="consent",
        help=_("What the customer said about marketing on this channel."),
    )


customer_fields.add(
    _consent(ConsentChannel.EMAIL, _("Marketing by e-mail"), "email_subscription_status", "accepts_marketing"),
    _consent(ConsentChannel.SMS, _("Marketing by SMS"), "sms_subscription_status"),
    _consent(ConsentChannel.ZALO, _("Marketing on Zalo")),
    _consent(ConsentChannel.WHATSAPP, _("Marketing on WhatsApp"), "whatsapp_subscription_status"),
)

SECTIONS = {
    "profile": _("Profile"),
    "contact": _("Contact"),
    "place": _("Place"),
    "relation": _("Relation"),
    "account": _("Account"),
    "consent": _("Marketing consent"),
    "trade": _("Orders and money"),
    "loyalty": _("Points"),
    "activity": _("Visits"),
}


def context_for(shop: Shop, *, staff: Staff | None = None, locale: str = "", now: datetime | None = None) -> Context:
    """The context of a question about a shop's customers; without staff the asker may see everything."""
    return Context(
        shop_id=shop.pk,
        currency=shop.currency,
        tz=shop.timezone,
        now=now or right_now(),
        locale=locale or shop.language,
        leap_day=cast(LeapDay, shop.leap_birthdays),
        me=staff.pk if staff else None,
        may=staff.may if staff else (lambda permission: True),
    )


def where_q(shop: Shop, text: str, now: datetime | None = None, staff: Staff | None = None) -> Q:
    """The Q of a query text about customers. Raises BadCondition."""
    return compile_where(parse(text), customer_fields, context_for(shop, staff=staff, now=now))
