"""One wide row a person or company.

The customer row is the shelf for stored figures (orders, spend, debt …); upper floors fill them through their own
operations (`orders.stats.refresh_stats`), never by saving a Customer.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.utils.timezone import now

from regulars.customers.models.choices import (
    AccountState,
    ConsentState,
    Gender,
    Interaction,
    OaState,
    PhoneKind,
    Source,
)
from regulars.customers.models.labels import Group, Status
from regulars.customers.queries import CustomerQuerySet
from regulars.shops.models import Channel, Staff
from regulars.shops.scope import ShopForeignKey, ShopModel

ALIVE = Q(deleted_at__isnull=True)

_NOBODY = Value([], ArrayField(models.BigIntegerField()))
_NOTHING = Value({}, models.JSONField())


def _consent() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(choices=ConsentState.choices, default=ConsentState.UNKNOWN)


def _count() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(default=0)


def _money() -> models.BigIntegerField:
    """An amount in minor units of the shop's currency."""
    return models.BigIntegerField(default=0)


def _points() -> models.BigIntegerField:
    """Whole points, written by `loyalty.entries` alone.

    No index holds them: so a movement rewrites the row in its page (a HOT update) and touches none of twenty indexes,
    and a file of balances costs no more than its entries.
    """
    return models.BigIntegerField(default=0, db_default=0)


class Household(ShopModel):
    """People who live or work together: several customers, whose trade is also shown as one sum."""

    name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Customer(ShopModel):
    """A person or company of one shop. Fixed-width columns first (ENGINE: filters read only the head of a row)."""

    # stored figures, written by upper floors only
    total_spent = _money()
    gross_spent = _money()
    refunded = _money()
    spent_3m = _money()
    spent_before_3m = _money()
    debt = _money()
    points = _points()
    points_earned = _points()
    points_pending = _points()
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
    household = ShopForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="members")
    merged_into = ShopForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="+", help_text="who they became"
    )
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
    co_staff_ids = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=_NOBODY,
        blank=True,
        help_text="who is responsible too, beside `staff`",
    )
    referral_code = models.CharField(max_length=16, blank=True, db_default="", db_collation="C")
    credit_limit = models.BigIntegerField(null=True, blank=True, help_text="how much may be owed; None: no limit")
    custom = models.JSONField(
        default=dict, db_default=_NOTHING, blank=True, help_text="values of the shop's own fields, by key"
    )

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
            # counts of any mixture of these read this index alone, six times faster than the wide rows
            models.Index(
                fields=["shop", "country", "group", "status", "consent_email", "gender", "account_state", "staff"],
                include=["orders_count", "total_spent", "spent_3m", "last_order_at"],
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
            models.Index(fields=["shop", "zalo_id"], name="customer_zalo", condition=~Q(zalo_id="")),
            models.Index(fields=["shop", "tax_code"], name="customer_tax_code", condition=~Q(tax_code="")),
            models.Index(fields=["shop", "deleted_at"], name="customer_bin", condition=Q(deleted_at__isnull=False)),
            models.Index(fields=["shop", "status", "status_at", "id"], name="customer_pipeline", condition=ALIVE),
            models.Index(fields=["shop", "household"], name="customer_household", condition=Q(household__isnull=False)),
            models.Index(
                fields=["shop", "merged_into"], name="customer_merged", condition=Q(merged_into__isnull=False)
            ),
            GinIndex(fields=["shop", "tag_ids"], name="customer_tags"),
            GinIndex(fields=["shop", "co_staff_ids"], name="customer_co_staff", condition=~Q(co_staff_ids=[])),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shop", "email"], name="customer_email", condition=Q(email__isnull=False) & ALIVE
            ),
            models.UniqueConstraint(
                fields=["shop", "referral_code"], name="customer_referral_code", condition=~Q(referral_code="")
            ),
            models.CheckConstraint(condition=Q(debt__gte=0), name="customer_debt_not_negative"),
            models.CheckConstraint(
                condition=Q(credit_limit__isnull=True) | Q(credit_limit__gte=0), name="customer_credit_limit"
            ),
            models.CheckConstraint(
                condition=Q(referred_by__isnull=True) | ~Q(referred_by=F("id")), name="customer_not_sent_by_self"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(deleted_at__isnull=False), name="customer_merged_is_gone"
            ),
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

    @property
    def responsible_ids(self) -> list[int]:
        """Staff (ids) who are responsible, the first one first."""
        return [] if self.staff_id is None else [self.staff_id, *self.co_staff_ids]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or f"#{self.pk}"
