"""Shops, the people who work in them, their channels, their background work and the keys of their programs."""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.shops.permissions import Role, Scope, role_may, scopes_may
from regulars.shops.scope import ShopForeignKey, ShopModel, ShopQuerySet


class UserManager(BaseUserManager["User"]):
    """Makes people who can sign in."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in by e-mail; without a password only by a one-time link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works with Regulars, in any number of shops."""

    email = models.EmailField(_("E-mail"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    language = models.CharField(_("Language"), max_length=8, blank=True)
    theme = models.CharField(_("Theme"), max_length=5, default="auto")
    timezone = models.CharField(
        _("Time zone"), max_length=64, blank=True, help_text="of the person's own days; blank: that of the shop"
    )
    is_active = models.BooleanField(_("Active"), default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower")]

    def __str__(self) -> str:
        return self.name or self.email


class OrderCounter(models.TextChoices):
    """Which of the five counters the shop calls "Orders" (docs/reference/figures.md)."""

    RECORDED = "recorded", _("Recorded: all but test orders")
    PLACED = "placed", _("Placed: recorded and not cancelled")
    PAID = "paid", _("Paid: fully paid")
    FULFILLED = "fulfilled", _("Fulfilled: everything was sent")
    DELIVERED = "delivered", _("Delivered: everything arrived")


class LeapBirthdays(models.TextChoices):
    """When birthdays of 29 February are kept in the other years. The values are those of `kit.periods.LeapDay`."""

    BEFORE = "28 feb", _("On 28 February")
    AFTER = "1 mar", _("On 1 March")


class Shop(models.Model):
    """One shop: a tenant. Everything else belongs to exactly one."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    country = models.CharField(_("Country"), max_length=2)
    currency = models.CharField(_("Currency"), max_length=3)
    timezone = models.CharField(_("Time zone"), max_length=64)
    language = models.CharField(_("Language"), max_length=8, default="en")
    order_counter = models.CharField(
        _("What counts as an order"), max_length=10, choices=OrderCounter.choices, default=OrderCounter.PLACED
    )
    leap_birthdays = models.CharField(
        _("Birthdays of 29 February"), max_length=6, choices=LeapBirthdays.choices, default=LeapBirthdays.BEFORE
    )
    payment_days = models.PositiveSmallIntegerField(
        _("Days to pay"), default=0, help_text="after an order until what it leaves open is due"
    )
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class StaffQuerySet(ShopQuerySet):
    """How staff are found."""

    def active(self) -> Self:
        return self.filter(is_active=True, user__is_active=True)


class Staff(ShopModel):
    """A person's place in one shop."""

    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    role = models.CharField(_("Role"), max_length=8, choices=Role.choices)
    only_own = models.BooleanField(_("Sees only their own customers"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    created_at = models.DateTimeField(default=now)

    objects: ClassVar[Any] = StaffQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "user"], name="staff_once_a_shop")]

    def __str__(self) -> str:
        return str(self.user)

    def may(self, permission: str) -> bool:
        """Whether this person may do it in this shop."""
        return self.is_active and role_may(self.role, permission)


class Invitation(ShopModel):
    """A one-use link by which a person joins the shop's staff."""

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=8, choices=Role.choices)
    only_own = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "token_hash"], name="invitation_token")]

    def __str__(self) -> str:
        return self.email


class Channel(ShopModel):
    """Where the shop sells: website, counter, a marketplace …"""

    key = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="channel_key")]

    def __str__(self) -> str:
        return self.name


class JobRun(ShopModel):
    """Background work that somebody started and may watch, cancel and sometimes undo.

    `data` holds what the job needs (its selection, its parameters), `checkpoint` where it was, both written in
    the same transaction as the rows it changed, so that a killed job goes on where it stopped.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    data = models.JSONField(default=dict)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    cancel_asked = models.BooleanField(default=False)
    pause_asked = models.BooleanField(default=False)
    undone_by = ShopForeignKey("shops.JobRun", models.PROTECT, null=True, related_name="+")
    can_undo = models.BooleanField(default=False)
    staff = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    idempotency_key = models.CharField(max_length=64, null=True)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("shop", models.F("id").desc(), name="jobrun_newest")]
        constraints = [models.UniqueConstraint(fields=["shop", "idempotency_key"], name="jobrun_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Nothing more will happen."""
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}

    @property
    def percent(self) -> int:
        """Progress from 0 to 100."""
        if self.state == self.State.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


class ApiKeyQuerySet(ShopQuerySet):
    """How keys are found."""

    def working(self) -> Self:
        return self.filter(revoked_at__isnull=True)


class ApiKey(ShopModel):
    """What a program shows to be let in by the API.

    prefix: the beginning of the secret, by which it is found and recognised; of the rest only the hash is stored.
    A public key stands in the pages of a website for everybody to read: it may only send events, from `origins`.
    """

    name = models.CharField(_("Name"), max_length=60)
    prefix = models.CharField(max_length=48, db_collation="C")
    secret_hash = models.CharField(max_length=64, help_text="SHA-256 of the whole secret, hexadecimal")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    is_public = models.BooleanField(default=False)
    origins = ArrayField(models.CharField(max_length=200), default=list, help_text="https://shop.example, no path")
    created_by = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, help_text="to the minute")
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "prefix"], name="api_key_prefix"),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_key_is_for_something"),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(scopes=[Scope.EVENTS.value], origins__len__gt=0),
                name="api_key_public_only_sends",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may(self, permission: str) -> bool:
        """Whether its scopes hold a permission of staff."""
        return scopes_may(self.scopes, permission)


class ApiUse(ShopModel):
    """How often a key was used in its latest minute. The table is unlogged: counting never waits for the disk."""

    key = ShopForeignKey(ApiKey, models.CASCADE, related_name="+")
    minute = models.BigIntegerField(help_text="minutes since 1970")
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="api_use_once")]

    def __str__(self) -> str:
        return f"{self.key_id}: {self.used}"


class Notification(ShopModel):
    """Something a member of staff should know: a mention, a reminder, a file that is ready."""

    staff = ShopForeignKey(Staff, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, db_collation="C")
    data = models.JSONField(default=dict, help_text="what the wording of its kind needs; never contact data")
    url = models.CharField(max_length=300, blank=True, help_text="a path of this shop")
    key = models.CharField(max_length=80, blank=True, db_collation="C", help_text="what is said once only")
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("shop", "staff", models.F("id").desc(), name="notification_of_staff"),
            models.Index(
                fields=["shop", "staff"], name="notification_unread", condition=models.Q(read_at__isnull=True)
            ),
            # by what they are about, to be forgotten with it
            GinIndex(models.F("shop"), OpClass(models.F("data"), name="jsonb_path_ops"), name="notification_data"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "staff", "key"], name="notification_once", condition=~models.Q(key="")
            )
        ]

    def __str__(self) -> str:
        return self.kind
