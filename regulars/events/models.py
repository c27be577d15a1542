"""The one trail: what happened, to whom, by whom. Append-only, without foreign keys."""

from django.db import models
from django.utils.timezone import now


class Event(models.Model):
    """Something that happened in a shop. Never changed, never deleted but by erasure and retention.

    `about`/`about_id` name the object; `customer_id` the person whose timeline shows it; `batch_id` the JobRun
    that did it to many. `data` holds what changed, old and new, so that it can be shown and undone.
    """

    id = models.BigAutoField(primary_key=True)
    shop_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    about_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=20)
    actor_kind = models.CharField(max_length=10)
    actor_name = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                models.F("shop_id"),
                models.F("customer_id"),
                models.F("at").desc(),
                models.F("id").desc(),
                name="event_of_customer",
                condition=models.Q(customer_id__isnull=False),
            ),
            models.Index(
                fields=["shop_id", "about", "about_id", "id"],
                name="event_about",
                condition=models.Q(customer_id__isnull=True),
            ),
            # who came into a segment and who left it, by time
            models.Index(
                fields=["shop_id", "about_id", "at", "id"],
                name="event_of_segment",
                condition=models.Q(about="segment", customer_id__isnull=False),
            ),
            models.Index(
                fields=["shop_id", "batch_id", "id"], name="event_of_batch", condition=models.Q(batch_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}:{self.about_id}"


class Footprint(models.Model):
    """What a batch left of one row, and what that row was before it came: so the batch can be taken back exactly.

    `what` and `row_id` name the row ("order", "product" …). `before` and `after` are for the floor that keeps the rows
    (docs/develop/undo.md); `is_new`: the batch made it. Kept by `events.footprints`.
    """

    id = models.BigAutoField(primary_key=True)
    shop_id = models.BigIntegerField()
    batch_id = models.BigIntegerField()
    row_id = models.BigIntegerField()
    is_new = models.BooleanField()
    what = models.CharField(max_length=20, db_collation="C")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "batch_id", "what", "row_id"], name="footprint_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what}:{self.row_id} of {self.batch_id}"
