"""The points ledger: one row a movement, never changed and never deleted."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.shops.models import Staff
from regulars.shops.scope import ShopForeignKey, ShopModel, ShopQuerySet


class Reason(models.TextChoices):
    OPENING = "opening", _("Opening balance")
    ADJUSTED = "adjusted", _("Adjusted by hand")
    EXPIRED = "expired", _("Expired")
    TAKEN_BACK = "taken_back", _("Taken back")


class PointsEntryQuerySet(ShopQuerySet):
    """Movements of a shop; every sentence starts with `.of(shop)`."""

    def counted(self) -> Self:
        """What stands in balances: not what waits for its day."""
        return self.filter(counted_at__isnull=False)

    def pending(self) -> Self:
        """What counts from a later day on."""
        return self.filter(counted_at__isnull=True)

    def visible_to(self, staff: Staff) -> Self:
        """Those of customers whom this person may see."""
        if not staff.only_own:
            return self
        return self.filter(customer_id__in=Customer.objects.of(staff.shop_id).visible_to(staff).values("pk"))

    def for_list(self) -> Self:
        """Everything one line shows, in one query; newest first."""
        return self.select_related("customer", "staff__user").order_by("-pk")


class PointsEntry(ShopModel):
    """One movement in a customer's points: whole, more than 0 for what was given, less for what was taken.

    earned: what of it counts to all that was ever earned; nothing of what is taken by hand or expires, and what takes
    something back takes that too. origin: the programme that an opening balance came from. counts_on: the day in the
    shop's zone from which it counts, earlier than it was written or later; until then it is pending, without
    `counted_at` and `balance_after`. expires_on: the last day on which these points can be used. key: the same key
    twice is the same movement. reverses: the entry it takes back. lot: the entry of whose points it is the rest that
    expired. is_settled: the rest of these points has expired, or nothing was left.

    `expires_on`, `counts_on` and `lot` say what is left of which points: `loyalty.lots`.
    """

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    points = models.BigIntegerField(_("Points"))
    earned = models.BigIntegerField(default=0)
    balance_after = models.BigIntegerField(null=True)
    reverses = ShopForeignKey("loyalty.PointsEntry", models.CASCADE, null=True, related_name="+")
    lot = ShopForeignKey("loyalty.PointsEntry", models.CASCADE, null=True, related_name="+")
    staff = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    counted_at = models.DateTimeField(null=True)
    counts_on = models.DateField(_("Counts from"))
    expires_on = models.DateField(_("Can be used until"), null=True)
    may_overdraw = models.BooleanField(default=False, help_text="may leave less than 0")
    is_settled = models.BooleanField(default=False)
    reason = models.CharField(_("Reason"), max_length=10, choices=Reason.choices, db_collation="C")
    note = models.CharField(_("Note"), max_length=300, blank=True)
    origin = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=120, blank=True, db_collation="C")

    objects: ClassVar = PointsEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            # the ledger of a whole shop, newest first, is its key (shop_id, id) walked backwards
            models.Index("shop", "customer", F("id").desc(), name="points_of_customer"),
            models.Index(fields=["shop", "counts_on"], name="points_to_count", condition=Q(counted_at__isnull=True)),
            models.Index(
                fields=["shop", "expires_on"], name="points_to_expire",
                condition=Q(expires_on__isnull=False, is_settled=False),
            ),
            models.Index(fields=["shop", "lot"], name="points_of_lot", condition=Q(lot__isnull=False)),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="points_key", condition=~Q(key="")),
            models.UniqueConstraint(
                fields=["shop", "reverses"], name="points_reversed_once", condition=Q(reverses__isnull=False)
            ),
            models.CheckConstraint(condition=~Q(points=0), name="points_are_moved"),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True, balance_after__isnull=True)
                | Q(counted_at__isnull=False, balance_after__isnull=False),
                name="points_counted_say_balance",
            ),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=False) | Q(points__gt=0) | Q(reverses__isnull=False),
                name="points_taken_do_not_wait",
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0)
                | Q(balance_after__isnull=True)
                | Q(balance_after__gte=0)
                | Q(may_overdraw=True),
                name="points_not_overdrawn",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(points__gt=0, expires_on__gt=F("counts_on")),
                name="points_expire_later",
            ),
            models.CheckConstraint(
                condition=Q(reason="taken_back", reverses__isnull=False)
                | (~Q(reason="taken_back") & Q(reverses__isnull=True)),
                name="points_taken_back_say_what",
            ),
            models.CheckConstraint(
                condition=Q(reason="expired", lot__isnull=False, points__lt=0)
                | (~Q(reason="expired") & Q(lot__isnull=True)),
                name="points_expired_say_which",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points:+} {self.reason}"

    @property
    def is_pending(self) -> bool:
        """Whether it waits for its day."""
        return self.counted_at is None
