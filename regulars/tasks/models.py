"""What somebody should do until when, and the private feeds by which calendars of other makers show it."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.models import Customer
from regulars.shops.models import Staff
from regulars.shops.scope import ShopForeignKey, ShopModel, ShopQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class Kind(models.TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    FOLLOW_UP = "follow_up", _("Follow-up")
    TODO = "todo", _("To-do")


class Priority(models.IntegerChoices):
    LOW = 0, _("Low")
    NORMAL = 1, _("Normal")
    HIGH = 2, _("High")


class State(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Repeat(models.TextChoices):
    NEVER = "", _("Does not repeat")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    YEARLY = "yearly", _("Yearly")


class TaskQuerySet(ShopQuerySet):
    """Tasks of a shop; every sentence starts with `.of(shop)`."""

    def existing(self) -> Self:
        """Neither deleted nor about a customer who lies in the bin."""
        binned = Customer.objects.filter(shop_id=OuterRef("shop_id"), pk=OuterRef("customer_id"))
        is_about_nobody_binned = Q(customer_id__isnull=True) | ~Exists(binned.filter(deleted_at__isnull=False))
        return self.filter(is_about_nobody_binned, deleted_at__isnull=True)

    def open(self) -> Self:
        """Still to be done."""
        return self.filter(state=State.OPEN, deleted_at__isnull=True)

    def overdue(self, at: "datetime | None" = None) -> Self:
        """Still to be done although their time is over."""
        return self.open().filter(late_at__lte=at or now())

    def visible_to(self, staff: Staff) -> Self:
        """All for most; who is limited to own customers sees their own tasks and those about their customers."""
        if not staff.only_own:
            return self
        own = Customer.objects.of(staff.shop_id).visible_to(staff).values("pk")
        return self.filter(Q(assignee_id=staff.pk) | Q(customer_id__in=own))

    def for_list(self) -> Self:
        """Everything one line shows, in one query."""
        return self.select_related("assignee__user", "customer", "closed_by__user")


class Task(ShopModel):
    """Something one member of staff should do on a day, or at an hour of it.

    due_on: the day, by the assignee's clocks; starts_at: the same as an instant (midnight when `is_all_day`);
    late_at: from when on it is overdue. The two instants follow from the day and the assignee's time zone
    (`due.reckon`). minutes: how long it takes; None is not known. remind_before: minutes before the start, of tasks for
    a whole day before nine in the morning.

    A task that repeats is one row at a time: doing it makes the next (`repeating`). repeat_from: the day the rule
    counts from; occurs_on: the rule's day of this one, wherever it was moved; series_id: the first task of the row;
    following: what those that follow are like, where this one was changed alone.
    """

    title = models.CharField(_("What"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.TODO)
    priority = models.PositiveSmallIntegerField(_("Priority"), choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    note = models.TextField(_("Note"), max_length=5000, blank=True)
    assignee = ShopForeignKey(Staff, models.PROTECT, related_name="+")
    customer = ShopForeignKey(Customer, models.CASCADE, null=True, related_name="+")

    due_on = models.DateField(_("Day"))
    is_all_day = models.BooleanField(_("All day"), default=True)
    minutes = models.PositiveIntegerField(_("Minutes"), null=True)
    starts_at = models.DateTimeField()
    late_at = models.DateTimeField()
    remind_before = models.PositiveIntegerField(null=True, help_text="minutes")
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    repeat = models.CharField(_("Repeats"), max_length=7, choices=Repeat.choices, default=Repeat.NEVER, blank=True)
    repeat_every = models.PositiveSmallIntegerField(default=1)
    repeat_until = models.DateField(null=True)
    repeat_count = models.PositiveSmallIntegerField(null=True, help_text="how often in all, from repeat_from on")
    repeat_from = models.DateField(null=True)
    occurs_on = models.DateField(null=True)
    series_id = models.BigIntegerField(null=True)
    following = models.JSONField(default=dict)

    created_by = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    closed_by = ShopForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, help_text="when it was done or cancelled")
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["shop", "assignee", "due_on"], name="task_open_of_staff",
                condition=Q(state="open", deleted_at__isnull=True),
            ),
            models.Index(
                fields=["shop", "customer", "due_on"], name="task_open_of_customer",
                condition=Q(state="open", deleted_at__isnull=True, customer__isnull=False),
            ),
            models.Index("shop", "customer", F("id").desc(), name="task_of_customer",
                         condition=Q(customer__isnull=False)),
            models.Index(fields=["shop", "due_on", "id"], name="task_by_day"),
            models.Index("shop", F("closed_at").desc(), F("id").desc(), name="task_closed",
                         condition=Q(closed_at__isnull=False)),
            models.Index(
                fields=["shop", "remind_at"], name="task_to_remind",
                condition=Q(state="open", deleted_at__isnull=True, reminded_at__isnull=True, remind_at__isnull=False),
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="task_says_what"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="task_closed_says_when",
            ),
            models.CheckConstraint(
                condition=Q(repeat="") | Q(repeat_every__gte=1, repeat_from__isnull=False, occurs_on__isnull=False),
                name="task_repeats_from_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN and self.deleted_at is None

    @property
    def is_late(self) -> bool:
        """Still to be done although its time is over."""
        return self.is_open and self.late_at <= now()


class CalendarFeedQuerySet(ShopQuerySet):
    """How feeds are found."""

    def working(self) -> Self:
        return self.filter(revoked_at__isnull=True)


class CalendarFeed(ShopModel):
    """An address by which a calendar program reads somebody's calendar, without signing in.

    layers: which parts of the calendar. with_contacts: notes, and phone numbers and e-mail addresses of customers, go
    out too. Of the address only the hash is stored. minute, used: how often it was read in its latest minute.
    """

    staff = ShopForeignKey(Staff, models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=60)
    token_hash = models.CharField(max_length=64, help_text="SHA-256 of the whole token, hexadecimal")
    layers = models.JSONField(default=list)
    with_contacts = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, help_text="to the minute")
    revoked_at = models.DateTimeField(null=True)
    minute = models.BigIntegerField(default=0, help_text="minutes since 1970")
    used = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["shop", "token_hash"], name="calendar_feed_token")]
        indexes = [models.Index(fields=["shop", "staff"], name="calendar_feed_of_staff")]

    def __str__(self) -> str:
        return self.name


class Habit(ShopModel):
    """How somebody wants to be reminded. Without a row: in the app and by mail."""

    staff = ShopForeignKey(Staff, models.CASCADE, related_name="+")
    wants_mail = models.BooleanField(default=True)
    address = models.CharField(max_length=200, blank=True, help_text="of this installation, as the person knows it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "staff"], name="habit_once")]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.wants_mail}"
