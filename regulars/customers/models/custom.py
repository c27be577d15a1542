"""What a shop wants to know of its customers beyond what every shop knows."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.shops.scope import ShopModel, ShopQuerySet


class CustomKind(models.TextChoices):
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Amount of money")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")
    FLAG = "flag", _("Yes or no")


class CustomFieldQuerySet(ShopQuerySet):
    def in_use(self) -> Self:
        """Those that are there for everybody, in their order; the others were removed and can still be brought back."""
        return self.filter(removed_at=None)


class CustomField(ShopModel):
    """A field of the shop's own. Values stand in `Customer.custom` under the field's key.

    Stored forms: text → string, number → decimal as string, money → minor units as number, date → ISO day,
    choice → the option's key, flag → true or false; a key that is absent is nothing known.
    removed_at: from then on it exists for nobody; some weeks later a job drops it with its values.
    """

    key = models.CharField(max_length=40, db_collation="C")
    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=6, choices=CustomKind.choices)
    options = models.JSONField(default=list, help_text='of a choice: [{"key": …, "name": …}]')
    help = models.CharField(_("Explanation"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="custom_field_key"),
            models.CheckConstraint(condition=~Q(key=""), name="custom_field_named"),
        ]

    def __str__(self) -> str:
        return self.name
