"""People and companies of a shop: one wide row each, and what hangs on it.

The customer row is the shelf for stored figures (orders, spend, debt …); upper floors fill them through their own
operations (`orders.stats.refresh_stats`), never by saving a Customer.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.queries import CustomerQuerySet
from regulars.shops.models import Channel, JobRun, Staff
from regulars.shops.scope import ShopForeignKey, ShopModel

ALIVE = Q(deleted_at__isnull=True)


class Group(ShopModel):
    """Exactly one per customer; Standard and Business exist from the start."""

    key = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=60)
    colour = models.CharField(_("Colour"), max_length=12, default="grey")
    position = models.PositiveSmallIntegerField(default=0)
    is_builtin = models.BooleanField(default=False)
    discount = models.DecimalField(_("Discount, %"), max_digits=5, decimal_places=2, default=0)
    free_shipping_from = models.BigIntegerField(
        _("Free shipping from"), null=True, blank=True, help_text="minor units of the shop's currency"
    )
    price_note = models.CharField(_("Note on prices"), max_length=300, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="group_key"),
            models.CheckConstraint(condition=Q(discount__gte=0, discount__lte=100), name="group_discount_percent"),
            models.CheckConstraint(
                condition=Q(free_shipping_from__isnull=True) | Q(free_shipping_from__gte=0), name="group_free_shipping"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Status(ShopModel):
    """A stage of working with a customer: contacted, potential, closed order …"""

    key = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=60)
    colour = models.CharField(_("Colour"), max_length=12, default="grey")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="status_key")]

    def __str__(self) -> str:
        return self.name


class Tag(ShopModel):
    """A free label; `key` is the folded name, so that VIP, vip and "Vip " are one tag."""

    key = models.CharField(max_length=60, db_collation="C")
    name = models.CharField(_("Name"), max_length=60)
    colour = models.CharField(_("Colour"), max_length=12, default="grey")
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["key", "id"]
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="tag_key")]

    def __str__(self) -> str:
        return self.name


class Gender(models.IntegerChoices):
    UNKNOWN = 0, _("Unknown")
    FEMALE = 1, _("Female")
    MALE = 2, _("Male")
    OTHER = 3, _("Other")


class AccountState(models.IntegerChoices):
    """Whether the customer can sign in to the shop's own site."""

    GUEST = 0, _("Guest")
    INVITED = 1, _("Invited")
    REGISTERED = 2, _("Registered")
    VERIFIED = 3, _("Verified")
    DISABLED = 4, _("Disabled")


class OaState(models.IntegerChoices):
    """Whether the customer follows the shop's Zalo official account."""

    UNKNOWN = 0, _("Unknown")
    NEVER = 1, _("Never followed")
    FOLLOWED = 2, _("Follows")
    UNFOLLOWED = 3, _("Unfollowed")


class Interaction(models.IntegerChoices):
    """How much a customer did on the shop's site and in its app lately (docs/reference/figures.md)."""

    NONE = 0, _("None")
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")


class ConsentState(models.IntegerChoices):
    """What a customer said about marketing on one channel. Nothing said is not a no, and never a yes."""

    UNKNOWN = 0, _("Not asked")
    SUBSCRIBED = 1, _("Subscribed")
    PENDING = 2, _("Waiting for confirmation")
    UNSUBSCRIBED = 3, _("Unsubscribed")
    NOT_SUBSCRIBED = 4, _("Not subscribed")


class ConsentChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    ZALO = "zalo", _("Zalo")
    WHATSAPP = "whatsapp", _("WhatsApp")


class PhoneKind(models.IntegerChoices):
    NONE = 0, _("No phone")
    MOBILE = 1, _("Mobile")
    FIXED = 2, _("Landline")
    OTHER = 3, _("Other")
    INVALID = 4, _("Not a valid number")
    MASKED = 5, _("Masked")


class Source(models.TextChoices):
    """How the customer came into Regulars."""

    MANUAL = "manual", _("Added by hand")
    ORDER = "order", _("From an order")
    IMPORT = "import", _("From a file")
    API = "api", _("From another system")
    SIGNUP = "signup", _("Signed up")


def _consent() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(choices=ConsentState.choices, default=ConsentState.UNKNOWN)


def _count() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(default=0)


def _money() -> models.BigIntegerField:
    """An amount in minor units of the shop's currency."""
    return models.BigIntegerField(default=0)


class Customer(ShopModel):
    """A person or company of one shop. Fixed-width columns first (ENGINE: filters read only the head of a row)."""

    # stored figures, written by upper floors only
    total_spent = _money()
    gross_spent = _money()
    refunded = _money()
    spent_3m = _money()
    spent_before_3m = _money()
    debt = _money()
    average_order = models.BigIntegerField(null=True)
    first_order_at = models.DateTimeField(null=True)
    last_order_at = models.DateTimeField(null=True)
    last_order_id = models.BigIntegerField(null=True)
    last_access_at = models.DateTimeField(null=True)

    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    registered_at = models.DateTimeField(null=True, blank=True)
    status_at = models.DateTimeField(null=True, blank=True)
    oa_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)

    group = ShopForeignKey(Group, models.PROTECT, related_name="+")
    status = ShopForeignKey(Status, models.PROTECT, null=True, blank=True, related_name="+")
    staff = ShopForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    referred_by = ShopForeignKey("customers.Customer", models.PROTECT, null=True, blank=True, related_name="+")
    channel_first = ShopForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    channel_last = ShopForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")

    version = models.PositiveIntegerField(default=1)
    orders_count = _count()
    orders_recorded = _count()
    orders_placed = _count()
    orders_paid = _count()
    orders_fulfilled = _count()
    orders_delivered = _count()
    orders_cancelled = _count()
    orders_returned = _count()
    orders_discounted = _count()
    visits = _count()
    visits_30d = _count()

    gender = models.PositiveSmallIntegerField(choices=Gender.choices, default=Gender.UNKNOWN)
    account_state = models.PositiveSmallIntegerField(choices=AccountState.choices, default=AccountState.GUEST)
    oa_state = models.PositiveSmallIntegerField(choices=OaState.choices, default=OaState.UNKNOWN)
    interaction = models.PositiveSmallIntegerField(choices=Interaction.choices, default=Interaction.NONE)
    consent_email = _consent()
    consent_sms = _consent()
    consent_zalo = _consent()
    consent_whatsapp = _consent()
    phone_kind = models.PositiveSmallIntegerField(choices=PhoneKind.choices, default=PhoneKind.NONE)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_md = models.PositiveSmallIntegerField(null=True, blank=True, help_text="month * 100 + day")

    country = models.CharField(max_length=2, blank=True, db_collation="C")
    language = models.CharField(max_length=8, blank=True, db_collation="C")
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.MANUAL, db_collation="C")
    name = models.CharField(max_length=300, blank=True)
    name_key = models.CharField(max_length=300, blank=True, db_collation="C")
    given_name = models.CharField(max_length=150, blank=True)
    family_name = models.CharField(max_length=150, blank=True)
    email = models.CharField(max_length=254, null=True, blank=True, db_collation="C")
    email_raw = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=20, null=True, blank=True, db_collation="C", help_text="E.164")
    phone_raw = models.CharField(max_length=60, blank=True)
    zalo_id = models.CharField(max_length=60, blank=True)
    company = models.CharField(max_length=200, blank=True)
    tax_code = models.CharField(max_length=40, blank=True)
    citizen_id_sealed = models.TextField(blank=True)
    citizen_id_index = models.CharField(max_length=64, blank=True, db_collation="C")
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    referrer_text = models.CharField(max_length=200, blank=True)
    last_order_number = models.CharField(max_length=60, blank=True)
    has_avatar = models.BooleanField(default=False)
    group_by_hand = models.BooleanField(default=False, help_text="somebody chose the group: rules leave it alone")
    tag_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)

    objects: ClassVar[Any] = CustomerQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["shop", "name_key", "id"], name="customer_name", condition=ALIVE),
            models.Index(fields=["shop", "total_spent", "id"], name="customer_spent", condition=ALIVE),
            models.Index(fields=["shop", "orders_count", "id"], name="customer_orders", condition=ALIVE),
            models.Index(fields=["shop", "created_at", "id"], name="customer_created", condition=ALIVE),
            models.Index(
                fields=["shop", "last_order_at", "id"],
                name="customer_last_order",
                condition=ALIVE & Q(last_order_at__isnull=False),
            ),
            models.Index(
                fields=["shop", "average_order", "id"],
                name="customer_average",
                condition=ALIVE & Q(average_order__isnull=False),
            ),
            models.Index(fields=["shop", "debt", "id"], name="customer_debt", condition=ALIVE & Q(debt__gt=0)),
            models.Index(fields=["shop", "spent_3m", "id"], name="customer_3m", condition=ALIVE & Q(spent_3m__gt=0)),
            models.Index(
                F("shop"),
                F("country"),
                F("group"),
                F("status"),
                F("consent_email"),
                F("gender"),
                F("account_state"),
                F("staff"),
                name="customer_facet",
                condition=ALIVE,
            ),
            models.Index(fields=["shop", "phone"], name="customer_phone", condition=Q(phone__isnull=False)),
            models.Index(
                fields=["shop", "last_access_at", "id"],
                name="customer_last_access",
                condition=ALIVE & Q(last_access_at__isnull=False),
            ),
            models.Index(fields=["shop", "staff", "id"], name="customer_staff", condition=Q(staff__isnull=False)),
            models.Index(
                fields=["shop", "referred_by"], name="customer_referrer", condition=Q(referred_by__isnull=False)
            ),
            models.Index(fields=["shop", "birth_md"], name="customer_birth", condition=Q(birth_md__isnull=False)),
            models.Index(
                fields=["shop", "citizen_id_index"], name="customer_citizen", condition=~Q(citizen_id_index="")
            ),
            models.Index(fields=["shop", "deleted_at"], name="customer_bin", condition=Q(deleted_at__isnull=False)),
            GinIndex(fields=["shop", "tag_ids"], name="customer_tags"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "email"], name="customer_email", condition=Q(email__isnull=False) & ALIVE
            ),
            models.CheckConstraint(condition=Q(debt__gte=0), name="customer_debt_not_negative"),
            models.CheckConstraint(
                condition=Q(birth_md__isnull=True) | Q(birth_md__gte=101, birth_md__lte=1231), name="customer_birth_md"
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_md__isnull=False), name="customer_birth_whole"
            ),
            models.CheckConstraint(condition=~Q(email=""), name="customer_email_not_blank"),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__startswith="+"), name="customer_phone_e164"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or f"#{self.pk}"


class CustomerSearch(ShopModel):
    """The folded text one customer is found by; a side table, so that orders never rewrite the trigram index."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    text = models.TextField(db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "customer"], name="customer_search_once")]
        indexes = [GinIndex(F("shop"), OpClass(F("text"), name="gin_trgm_ops"), name="customer_search_trgm")]

    def __str__(self) -> str:
        return self.text


class Identity(ShopModel):
    """What another system calls this customer; matches people of the same channel only."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="identities")
    channel = models.CharField(max_length=40, db_collation="C")
    external_id = models.CharField(max_length=100, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "external_id"], name="identity_once"),
            models.CheckConstraint(condition=~Q(external_id__in=["", "0"]), name="identity_not_nobody"),
        ]
        indexes = [models.Index(fields=["shop", "customer"], name="identity_customer")]

    def __str__(self) -> str:
        return f"{self.channel}:{self.external_id}"


class Address(ShopModel):
    """A place of a customer. `fingerprint` folds what is written, so that one address is kept once."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="addresses")
    is_default_shipping = models.BooleanField(_("Default for shipping"), default=False)
    is_default_billing = models.BooleanField(_("Default for billing"), default=False)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    label = models.CharField(_("Label"), max_length=40, blank=True)
    recipient = models.CharField(_("Recipient"), max_length=200, blank=True)
    company = models.CharField(_("Company"), max_length=200, blank=True)
    line1 = models.CharField(_("Address"), max_length=250, blank=True)
    line2 = models.CharField(_("Address, second line"), max_length=250, blank=True)
    area = models.CharField(_("Area"), max_length=120, blank=True)
    ward = models.CharField(_("Ward"), max_length=120, blank=True)
    district = models.CharField(_("District"), max_length=120, blank=True)
    city = models.CharField(_("City"), max_length=120, blank=True)
    region = models.CharField(_("Province"), max_length=120, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    phone_raw = models.CharField(_("Phone"), max_length=60, blank=True)
    phone = models.CharField(max_length=20, null=True, blank=True)
    fingerprint = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "customer", "fingerprint"], name="address_once"),
            models.UniqueConstraint(
                fields=["shop", "customer"], condition=Q(is_default_shipping=True), name="address_one_shipping"
            ),
            models.UniqueConstraint(
                fields=["shop", "customer"], condition=Q(is_default_billing=True), name="address_one_billing"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.line1, self.ward, self.district, self.city, self.region]))


class Note(ShopModel):
    """What the team wrote about a customer; never shown to the customer."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="notes")
    text = models.TextField(_("Note"), max_length=10_000)
    author = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("shop", "customer", F("id").desc(), name="note_of_customer")]

    def __str__(self) -> str:
        return self.text[:80]


class ConsentEntry(ShopModel):
    """One word of a customer about one channel. Append-only; the state on the customer is derived from it."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=10, choices=ConsentChannel.choices)
    state = models.PositiveSmallIntegerField(choices=ConsentState.choices)
    at = models.DateTimeField(help_text="when the customer said it")
    source = models.CharField(max_length=120, help_text="where it was said")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index("shop", "customer", "channel", F("at").desc(), F("id").desc(), name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.get_state_display()}"


class Avatar(ShopModel):
    """A picture of a customer, re-encoded by us (no EXIF, at most 256 × 256)."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    image = models.BinaryField()
    content_type = models.CharField(max_length=20, default="image/webp")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "customer"], name="avatar_once")]

    def __str__(self) -> str:
        return self.digest


class SelectionPart(ShopModel):
    """Some thousand of the customers a run is about, by id: what was chosen, as it was when the run began.

    Arrays, not a row a customer: a million are two hundred rows, written in a second and gone with the run.
    """

    run = ShopForeignKey(JobRun, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    customer_ids = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "run", "position"], name="selection_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.position}"
