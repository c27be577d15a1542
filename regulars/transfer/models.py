"""Files that came in and files that went out."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.shops.models import ApiKey, JobRun, Staff
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


class ImportTrial(ShopModel):
    """What an import would do, as it was tried last: figures, and the first rows of each outcome to look at."""

    run = ShopForeignKey(ImportRun, models.CASCADE, related_name="+")
    told = models.CharField(max_length=64, help_text="digest of the options that were tried")
    figures = models.JSONField(default=dict)
    rows = models.JSONField(default=dict, help_text="by outcome: new, changed, unchanged, rejected, doubtful")
    is_over = models.BooleanField(default=False, help_text="whether all was tried that was to be tried")
    is_whole = models.BooleanField(default=False, help_text="whether that was the whole file")
    job_run = ShopForeignKey(JobRun, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "run"], name="one_trial_a_run")]

    def __str__(self) -> str:
        return f"{self.run_id}"


class ImportTemplate(ShopModel):
    """How files of one layout are taken: saved once, followed whenever the same column names come again.

    header: fingerprint of the names. mapping: [[column name, field]] in the order of the file. choices: what was said
    of people and rows (match, policy, twice, defaults, day_order, assume_paid, quiet).
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(_("Name"), max_length=60)
    format = models.CharField(max_length=40)
    header = models.CharField(max_length=64)
    mapping = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    staff = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["shop", "kind", "name"], name="import_template_name")]

    def __str__(self) -> str:
        return self.name


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
    delimiter = models.CharField(max_length=1, default=",", help_text="of CSV")
    encoding = models.CharField(max_length=10, default="utf-8-sig", help_text="of CSV")
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
    readers = ArrayField(models.BigIntegerField(), default=list, help_text="staff who may fetch the file besides")

    class Meta:
        indexes = [models.Index("shop", F("id").desc(), name="export_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d}"


class ExportEntry(ShopModel):
    """One thing that happened to an export, written once: the table takes no change and no removal.

    The entries of a shop are a chain without gaps: each carries the hash of the one before it (`outgoing.chain`).
    """

    class Kind(models.TextChoices):
        STARTED = "started", _("Started")
        FINISHED = "finished", _("Written")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Called off")
        DOWNLOADED = "downloaded", _("Downloaded")
        DELIVERED = "delivered", _("Laid into the folder")

    number = models.PositiveBigIntegerField(help_text="from 1, without gaps")
    export = ShopForeignKey(ExportLog, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    data = models.JSONField(default=dict, help_text="what was asked for, or what came of it")
    previous = models.CharField(max_length=64, blank=True, help_text="hash of the entry before, empty for the first")
    hash = models.CharField(max_length=64, help_text="SHA-256, hexadecimal")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["shop", "number"], name="export_entry_number")]
        indexes = [models.Index(fields=["shop", "export", "number"], name="entries_of_export")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class ExportChain(ShopModel):
    """The end of a shop's chain of entries, and what the last check of it found.

    Kept beside the chain so that entries missing at its end are missed.
    """

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True)
    broken = models.PositiveBigIntegerField(null=True, help_text="number of the first entry that is not as written")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop"], name="one_export_chain_a_shop")]

    def __str__(self) -> str:
        return f"{self.number}"


class ApiRead(ShopModel):
    """What a program read in one day of the shop: how many rows of one kind, in how many answers."""

    key = ShopForeignKey(ApiKey, models.PROTECT, related_name="+")
    on = models.DateField()
    what = models.CharField(max_length=40, db_collation="C", help_text="customers, orders")
    answers = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "key", "on", "what"], name="api_read_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.what}: {self.rows}"


class ExportSchedule(ShopModel):
    """An export that comes again every day or week, with the eyes its owner has at that time.

    where: its question. asked: the rest of it, as `Asked.stored` writes it. hour: of the shop's clocks. folder: name
    below the folder for files that leave, "" for none. mail_to: staff who are sent a link. address: where Regulars was
    reached when it was saved.
    """

    class Every(models.TextChoices):
        DAY = "day", _("Every day")
        WEEK = "week", _("Every week")

    name = models.CharField(_("Name"), max_length=60)
    where = models.TextField(blank=True, default="")
    asked = models.JSONField()
    every = models.CharField(_("How often"), max_length=4, choices=Every.choices, default=Every.WEEK)
    weekday = models.PositiveSmallIntegerField(_("On"), default=0, help_text="0 is Monday; of weekly ones")
    hour = models.PositiveSmallIntegerField(_("At"), default=7)
    folder = models.CharField(_("Folder"), max_length=40, blank=True)
    mail_to = ArrayField(models.BigIntegerField(), default=list)
    address = models.CharField(max_length=200, blank=True)
    staff = ShopForeignKey(Staff, models.PROTECT, related_name="+")
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    last_export = ShopForeignKey(ExportLog, models.PROTECT, null=True, related_name="+")
    last_problem = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["shop", "next_at"], name="schedule_due")]
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="schedule_name"),
            models.CheckConstraint(condition=Q(hour__lt=24, weekday__lt=7), name="schedule_hour_is_one"),
        ]

    def __str__(self) -> str:
        return self.name


class ExportSet(ShopModel):
    """Fields somebody exports again and again, in their order.

    staff: whose it is; a private one is seen by its owner only.
    """

    kind = models.CharField(max_length=20)
    name = models.CharField(_("Name"), max_length=60)
    fields = ArrayField(models.CharField(max_length=60))
    staff = ShopForeignKey(Staff, models.CASCADE, related_name="+")
    is_team = models.BooleanField(_("For the whole team"), default=False)
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["shop", "staff", "kind", "name"], name="export_set_name")]

    def __str__(self) -> str:
        return self.name
