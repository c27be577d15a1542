"""Files that came in and files that went out."""

from django.db import models
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.shops.models import JobRun, Staff
from regulars.shops.scope import ShopForeignKey, ShopModel


class ImportRun(ShopModel):
    """One file on its way in: uploaded, mapped, tried, run. Figures are written with the rows they count."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=20, help_text="customers or orders")
    format = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State.choices, default=State.UPLOADED)
    file_name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=100, help_text="name below the private files folder")
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict, help_text="delimiter, mapping by position, match keys, defaults")
    rows_total = models.PositiveBigIntegerField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    created = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    report = models.JSONField(default=dict, help_text="what changed, was doubtful or stood in the file twice")
    checkpoint = models.JSONField(default=dict, help_text="byte offset and line of the next batch")
    staff = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    job_run = ShopForeignKey(JobRun, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index("shop", F("id").desc(), name="import_newest")]

    def __str__(self) -> str:
        return self.file_name


class RejectedRow(ShopModel):
    """A row of a file that was not taken, with the reason and the cells as they were."""

    run = ShopForeignKey(ImportRun, models.CASCADE, related_name="rejected_rows")
    line = models.PositiveBigIntegerField(help_text="line in the file, the header is line 1")
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reason = models.TextField()
    cells = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["shop", "run", "line"], name="rejected_of_run")]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class ExportLog(ShopModel):
    """Data that left: written before the first byte, completed after the last, never changed otherwise."""

    class State(models.TextChoices):
        STARTED = "started", _("Started")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=20)
    format = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.STARTED)
    where = models.TextField(blank=True, help_text="the filter as text")
    search = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=list)
    rows = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    stored_as = models.CharField(max_length=100, blank=True)
    staff = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=120, blank=True)
    ip = models.GenericIPAddressField(null=True)
    job_run = ShopForeignKey(JobRun, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    downloads = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index("shop", F("id").desc(), name="export_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d}"
