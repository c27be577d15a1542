"""What hangs on a customer: how they are found and known elsewhere, addresses, notes, consent, picture."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.models.choices import ConsentChannel, ConsentState
from regulars.customers.models.customer import Customer
from regulars.shops.models import JobRun, Staff
from regulars.shops.scope import ShopForeignKey, ShopModel

_NOBODY = models.Value([], ArrayField(models.BigIntegerField()))


class CustomerSearch(ShopModel):
    """The folded text one customer is found by; a side table, so that orders never rewrite the trigram index."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    text = models.TextField(db_collation="C")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "customer"], name="customer_search_once")]
        indexes = [GinIndex(F("shop"), OpClass(F("text"), name="gin_trgm_ops"), name="customer_search_trgm")]

    def __str__(self) -> str:
        return self.text


class Identity(ShopModel):
    """What another system calls this customer; matches people of the same channel only."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="identities")
    channel = models.CharField(max_length=40, db_collation="C")
    external_id = models.CharField(max_length=100, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "channel", "external_id"], name="identity_once"),
            models.CheckConstraint(condition=~Q(external_id__in=["", "0"]), name="identity_not_nobody"),
        ]
        indexes = [models.Index(fields=["shop", "customer"], name="identity_customer")]

    def __str__(self) -> str:
        return f"{self.channel}:{self.external_id}"


class Address(ShopModel):
    """A place of a customer. `fingerprint` folds what is written, so that one address is kept once."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="addresses")
    is_default_shipping = models.BooleanField(_("Default for shipping"), default=False)
    is_default_billing = models.BooleanField(_("Default for billing"), default=False)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    label = models.CharField(_("Label"), max_length=40, blank=True)
    recipient = models.CharField(_("Recipient"), max_length=200, blank=True)
    company = models.CharField(_("Company"), max_length=200, blank=True)
    line1 = models.CharField(_("Address"), max_length=250, blank=True)
    line2 = models.CharField(_("Address, second line"), max_length=250, blank=True)
    area = models.CharField(_("Area"), max_length=120, blank=True)
    ward = models.CharField(_("Ward"), max_length=120, blank=True)
    district = models.CharField(_("District"), max_length=120, blank=True)
    city = models.CharField(_("City"), max_length=120, blank=True)
    region = models.CharField(_("Province"), max_length=120, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    phone_raw = models.CharField(_("Phone"), max_length=60, blank=True)
    phone = models.CharField(max_length=20, null=True, blank=True)
    fingerprint = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "customer", "fingerprint"], name="address_once"),
            models.UniqueConstraint(
                fields=["shop", "customer"], condition=Q(is_default_shipping=True), name="address_one_shipping"
            ),
            models.UniqueConstraint(
                fields=["shop", "customer"], condition=Q(is_default_billing=True), name="address_one_billing"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.line1, self.ward, self.district, self.city, self.region]))


class Note(ShopModel):
    """What the team wrote about a customer; never shown to the customer."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="notes")
    text = models.TextField(_("Note"), max_length=10_000)
    author = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=now)
    edited_at = models.DateTimeField(null=True)
    is_pinned = models.BooleanField(default=False, db_default=False)
    mentioned_ids = ArrayField(
        models.BigIntegerField(), default=list, db_default=_NOBODY, help_text="staff named in it"
    )

    class Meta:
        indexes = [models.Index("shop", "customer", F("id").desc(), name="note_of_customer")]

    def __str__(self) -> str:
        return self.text[:80]


class NoteFile(ShopModel):
    """A file on a note: private to the team, given out only as a download."""

    note = ShopForeignKey(Note, models.CASCADE, null=True, related_name="files")
    removed_note_id = models.BigIntegerField(null=True, help_text="of a deleted note, which may be put back")
    removed_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    content = models.BinaryField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["shop", "note"], name="note_file_of_note"),
            models.Index(
                fields=["shop", "removed_note_id"], name="note_file_removed", condition=Q(removed_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(note__isnull=False, removed_at__isnull=True, removed_note_id__isnull=True)
                | Q(note__isnull=True, removed_at__isnull=False, removed_note_id__isnull=False),
                name="note_file_has_a_note",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ConsentEntry(ShopModel):
    """One word of a customer about one channel. Append-only; the state on the customer is derived from it."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=10, choices=ConsentChannel.choices)
    state = models.PositiveSmallIntegerField(choices=ConsentState.choices)
    at = models.DateTimeField(help_text="when the customer said it")
    source = models.CharField(max_length=120, help_text="where it was said")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index("shop", "customer", "channel", F("at").desc(), F("id").desc(), name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.get_state_display()}"


class Avatar(ShopModel):
    """A picture of a customer, re-encoded by us (no EXIF, at most 256 × 256)."""

    customer = ShopForeignKey(Customer, models.CASCADE, related_name="+")
    image = models.BinaryField()
    content_type = models.CharField(max_length=20, default="image/webp")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "customer"], name="avatar_once")]

    def __str__(self) -> str:
        return self.digest


class SelectionPart(ShopModel):
    """Some thousand of the customers a run is about, by id: what was chosen, as it was when the run began.

    Arrays, not a row a customer: a million are two hundred rows, written in a second and gone with the run.
    """

    run = ShopForeignKey(JobRun, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    customer_ids = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "run", "position"], name="selection_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.position}"


class InTurn(ShopModel):
    """Some customers who wait for something, behind those of rows with lower ids (`customers.in_turn`).

    Arrays, for the reason given above. No reference: who is gone is simply not found.
    """

    customer_ids = ArrayField(models.BigIntegerField())

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{len(self.customer_ids)}"
