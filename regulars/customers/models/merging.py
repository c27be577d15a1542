"""Who may be one person, who is a household, and who became one person."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.models.around import InTurn
from regulars.customers.models.customer import Customer
from regulars.shops.models import Staff
from regulars.shops.scope import ShopForeignKey, ShopModel


class ContactKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")


class OtherContact(ShopModel):
    """One more e-mail address or phone of a customer, beside those on the row: it finds and matches them too."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="other_contacts")
    kind = models.CharField(max_length=5, choices=ContactKind.choices, db_collation="C")
    value = models.CharField(max_length=254, db_collation="C", help_text="normalised e-mail, or E.164")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "customer", "kind", "value"], name="other_contact_once"),
            models.CheckConstraint(condition=~Q(value=""), name="other_contact_not_blank"),
        ]
        indexes = [models.Index(fields=["shop", "kind", "value"], name="other_contact_value")]

    def __str__(self) -> str:
        return self.value


class Decision(models.IntegerChoices):
    """What the team made of two customers who may be one."""

    OPEN = 0, _("To be decided")
    DIFFERENT = 1, _("Not the same person")
    HOUSEHOLD = 2, _("One household")
    MERGED = 3, _("Merged")


class PossibleDuplicate(ShopModel):
    """Two customers who may be one person, and what was decided. `first` has the lower id."""

    first = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    second = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(help_text="0 to 100")
    reasons = ArrayField(models.CharField(max_length=20), default=list, help_text="keys, surest first")
    decision = models.PositiveSmallIntegerField(choices=Decision.choices, default=Decision.OPEN)
    found_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)
    decided_by = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shop", "first", "second"], name="possible_duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="possible_duplicate_ordered"),
            models.CheckConstraint(condition=Q(score__lte=100), name="possible_duplicate_score"),
        ]
        indexes: ClassVar = [
            models.Index(
                F("shop"), F("score").desc(), F("id").desc(), name="possible_duplicate_queue",
                condition=Q(decision=Decision.OPEN),
            ),
            models.Index(fields=["shop", "second"], name="possible_duplicate_second"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"


class ToCompare(InTurn):
    """Customers who changed and are to be compared with the others."""


class Merge(ShopModel):
    """Customers that became one, with all that is needed to make them several again.

    `snapshot` is written by `merging` and read by nobody else: the rows as they were, and which rows moved.
    """

    survivor = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    merged_ids = ArrayField(models.BigIntegerField())
    snapshot = models.JSONField()
    at = models.DateTimeField(default=now)
    by = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(merged_ids__len__gt=0), name="merge_of_somebody")]
        indexes: ClassVar = [
            models.Index(F("shop"), F("survivor"), F("id").desc(), name="merge_of_survivor"),
            GinIndex(fields=["shop", "merged_ids"], name="merge_of_merged"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_ids} → {self.survivor_id}"
