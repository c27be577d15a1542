"""What other systems reported last."""

from django.db import models
from django.db.models import Q

from regulars.shops.scope import ShopModel


class LastReport(ShopModel):
    """The newest report of one customer of another system, so that an older one that comes late changes nothing.

    Orders keep the same on their own row.
    """

    channel = models.CharField(max_length=40, db_collation="C")
    external_id = models.CharField(max_length=100, db_collation="C")
    at = models.DateTimeField(help_text="when the system last changed what it reported")
    is_gone = models.BooleanField(default=False, help_text="deleted there, which is final")
    tags = models.JSONField(default=dict, help_text="tag key → [seconds since 1970, its name]; see connectors.tags")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "external_id"], name="last_report_once"),
            models.CheckConstraint(condition=~Q(external_id=""), name="last_report_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}:{self.external_id}"
