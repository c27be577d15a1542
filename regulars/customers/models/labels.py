"""What a shop sorts its customers by: one group, one status, many tags."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.shops.scope import ShopModel


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
