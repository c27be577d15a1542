"""Products and services, as far as order lines and views need them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.shops.scope import ShopModel


class Product(ShopModel):
    """Something the shop sells. Lines keep their own title and price: a product may change or go."""

    sku = models.CharField(_("SKU"), max_length=80, blank=True, db_collation="C")
    channel = models.CharField(max_length=40, blank=True, db_collation="C")
    external_id = models.CharField(max_length=100, blank=True, db_collation="C")
    name = models.CharField(_("Name"), max_length=300)
    category = models.CharField(_("Category"), max_length=120, blank=True)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    price = models.BigIntegerField(null=True, help_text="minor units of the shop's currency")
    is_service = models.BooleanField(default=False)
    image_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "channel", "external_id"], condition=~Q(external_id=""), name="product_once"
            )
        ]
        indexes = [models.Index(fields=["shop", "sku"], name="product_sku", condition=~Q(sku=""))]

    def __str__(self) -> str:
        return self.name
