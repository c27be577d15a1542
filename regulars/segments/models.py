"""Saved questions and who answers to them.

Questions are stored as canonical text (`kit.query.write`), with keys instead of names, so that a renamed segment,
group or status stays the same. Membership lies in one row a customer, beside the customer: an array of segment ids
(docs/decisions/0005-segments.md says why).
"""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer, Group, InTurn
from regulars.shops.models import Staff
from regulars.shops.scope import ShopForeignKey, ShopModel, ShopQuerySet


class SegmentKind(models.TextChoices):
    DYNAMIC = "dynamic", _("Dynamic: follows its conditions")
    STATIC = "static", _("Static: stays as it is")


class SegmentQuerySet(ShopQuerySet):
    """Segments of a shop."""

    def of(self, shop: "models.Model | int") -> Self:
        """Those of one shop that are not deleted."""
        return self.ever_of(shop).filter(deleted_at__isnull=True)

    def ever_of(self, shop: "models.Model | int") -> Self:
        """Those of one shop, also deleted ones that can still be restored."""
        return super().of(shop)

    def gone(self) -> Self:
        """Those that are deleted and can still be restored."""
        return self.filter(deleted_at__isnull=False)

    def dynamic(self) -> "SegmentQuerySet":
        """Those whose members follow their conditions."""
        return self.filter(kind=SegmentKind.DYNAMIC)


class Segment(ShopModel):  # type: ignore[django-manager-missing]
    """A question whose answer is kept: many per customer. `key` names it in texts and never changes.

    where: the question; of a static segment, the one its snapshot was taken with. defined_at: since when the question
    is as it is, which is how far its history reaches back. evaluated_at: when all customers were last asked;
    None while the first answer is being found. fault: why the question cannot be asked (any more), "" when it can.
    size: its members, kept with the membership. deleted_at: since when it is there to be restored only; nobody is in
    it then, and of a static one overrides say who was.
    """

    key = models.CharField(max_length=60, db_collation="C")
    name = models.CharField(_("Name"), max_length=80)
    description = models.CharField(_("Description"), max_length=500, blank=True)
    colour = models.CharField(_("Colour"), max_length=12, default="grey")
    folder = models.CharField(_("Folder"), max_length=60, blank=True)
    kind = models.CharField(max_length=8, choices=SegmentKind.choices, default=SegmentKind.DYNAMIC)
    where = models.TextField(blank=True)
    template = models.CharField(max_length=40, blank=True)
    created_by = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    defined_at = models.DateTimeField(default=now)
    evaluated_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField(default=0)
    fault = models.TextField(blank=True)
    deleted_at = models.DateTimeField(null=True)

    objects = SegmentQuerySet.as_manager()  # type: ignore[misc, django-manager-missing]

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="segment_key")]

    def __str__(self) -> str:
        return self.name


class Membership(ShopModel):
    """The segments one customer is in. A customer without a row is in none."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    segment_ids = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "customer"], name="membership_once")]
        indexes = [GinIndex(fields=["shop", "segment_ids"], name="membership_segments")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.segment_ids}"


class Override(ShopModel):
    """Somebody was put into a dynamic segment, or kept out of it, by hand: whatever its conditions say."""

    segment = ShopForeignKey(Segment, models.CASCADE, related_name="+")
    customer = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    is_member = models.BooleanField()
    by = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "segment", "customer"], name="override_once")]
        indexes = [models.Index(fields=["shop", "customer"], name="override_customer")]

    def __str__(self) -> str:
        return f"{self.segment_id}: {self.customer_id} {'in' if self.is_member else 'out'}"


class SegmentSize(ShopModel):
    """How large a segment was at the end of a day of the shop (today: is now), and who came and went that day."""

    segment = ShopForeignKey(Segment, models.CASCADE, related_name="+")
    day = models.DateField()
    size = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["shop", "segment", "day"], name="segment_size_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.size}"


class Pending(InTurn):
    """Customers who changed and must be asked again."""


class Evaluation(ShopModel):
    """The day of a shop up to which all its segments and rules were asked of everybody (`segments.jobs`)."""

    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="evaluation_once")]

    def __str__(self) -> str:
        return self.day.isoformat()


class GroupRule(ShopModel):
    """Whoever answers to `where` belongs to the group, unless somebody chose a group by hand.

    The first rule by position that holds decides; whom none holds for goes to the shop's standard group, if a rule
    had put them where they are.
    """

    group = ShopForeignKey(Group, models.CASCADE, related_name="+")
    where = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)
    fault = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "group"], name="group_rule_once"),
            models.CheckConstraint(condition=~Q(where=""), name="group_rule_asks"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.where}"


class SavedView(ShopModel):
    """A list as somebody wants to see it again: filter, search, sort and columns.

    owner: whose it is; a private view is seen by its owner only. is_default: what the owner's list opens with.
    """

    list_name = models.CharField(max_length=20, default="customers")
    name = models.CharField(_("Name"), max_length=60)
    where = models.TextField(blank=True)
    search = models.CharField(max_length=200, blank=True)
    sort = models.CharField(max_length=60, blank=True)
    columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    size = models.PositiveSmallIntegerField(default=50)
    owner = ShopForeignKey(Staff, models.CASCADE, related_name="+")
    is_team = models.BooleanField(_("For the whole team"), default=False)
    is_pinned = models.BooleanField(_("Pinned as a tab"), default=True)
    is_default = models.BooleanField(_("Open the list with it"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["position", "id"]
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["shop", "owner", "list_name", "name"], name="saved_view_name"),
            models.UniqueConstraint(
                fields=["shop", "owner", "list_name"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
