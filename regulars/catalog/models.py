"""Products and services, as far as order lines and views need them, and what customers do on the shop's site."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.shops.scope import ShopForeignKey, ShopModel


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


class Activity(ShopModel):
    """Something a customer or an anonymous visitor did on the shop's site or in its app.

    `title` and `category` are those of the product or collection as they were then. `begins_visit` is derived
    (`catalog.activity_stats`). After a customer was anonymised their rows belong to nobody and are only counted.
    """

    class Kind(models.IntegerChoices):
        VISIT = 1, _("Visit")
        PRODUCT_VIEWED = 2, _("Product viewed")
        COLLECTION_VIEWED = 3, _("Collection viewed")
        CART_ADDED = 4, _("Put into the cart")
        CHECKOUT_STARTED = 5, _("Checkout started")
        TASK_COMPLETED = 6, _("Task completed")
        MESSAGE_SENT = 7, _("Message sent")

    at = models.DateTimeField()
    customer = ShopForeignKey(Customer, models.CASCADE, null=True, related_name="+")
    product = ShopForeignKey(Product, models.PROTECT, null=True, related_name="+")
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    begins_visit = models.BooleanField(default=False)
    source = models.CharField(max_length=20, db_collation="C", help_text="who reported it: api, import …")
    source_id = models.CharField(max_length=100, blank=True, db_collation="C", help_text="what the source calls it")
    visitor = models.CharField(max_length=64, blank=True, db_collation="C", help_text="the browser, before it is known")
    title = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "source", "source_id"], condition=~Q(source_id=""), name="activity_once"
            )
        ]
        indexes = [
            models.Index(fields=["shop", "customer", "kind", "at"], name="activity_of_customer"),
            models.Index(
                fields=["shop", "product", "at"], name="activity_of_product", condition=Q(product__isnull=False)
            ),
            models.Index(
                fields=["shop", "visitor"],
                name="activity_of_visitor",
                condition=Q(customer__isnull=True) & ~Q(visitor=""),
            ),
            # Rows come nearly in the order of time: a few kilobytes find those of one day.
            BrinIndex(fields=["shop", "at"], name="activity_when", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}".strip()


class ActivityWindow(ShopModel):
    """From which instant the stored "last 30 days" figures of a shop count (`catalog.windows`)."""

    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="activity_window_once")]

    def __str__(self) -> str:
        return self.since.isoformat()
