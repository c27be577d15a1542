"""What programs send to be stored, and what is answered of tasks and merges. An unknown name is refused."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator, ConfigDict

from regulars.api.schemas import LARGEST_ID, PageAsked
from regulars.tasks.models import Kind, Priority, State
from regulars.tasks.operations import MOST_MINUTES, NOTE_LENGTH, TITLE_LENGTH

Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PRIORITIES = {priority.name.lower(): priority.value for priority in Priority}


def _to_the_minute(hour: time) -> time:
    """Clocks on a wall know neither seconds nor zones."""
    return hour.replace(second=0, microsecond=0, tzinfo=None)


class Sent(Schema):
    """What is sent: only names that mean something."""

    model_config = ConfigDict(extra="forbid")


class CustomerSent(Sent):
    """A customer. What is left out stays; null or an empty text empties it."""

    name: str | None = Field(None, max_length=300)
    given_name: str | None = Field(None, max_length=300)
    family_name: str | None = Field(None, max_length=300)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=60, description="In any spelling; without +, of the customer's country.")
    company: str | None = Field(None, max_length=200)
    tax_code: str | None = Field(None, max_length=60)
    gender: str | None = Field(None, max_length=20, description="female, male, other")
    birthday: str | None = Field(None, max_length=20, description="1991-12-24, or 12-24 without a year.")
    country: str | None = Field(None, max_length=60, description="ISO 3166-1, two letters, or a name.")
    language: str | None = Field(None, max_length=40)
    zalo_id: str | None = Field(None, max_length=60)
    group: str | None = Field(None, max_length=60, description="A group of the shop, by its key or name.")
    status: str | None = Field(None, max_length=60, description="A status of the shop, by its key or name.")
    tags: list[Annotated[str, Field(max_length=60)]] | None = Field(
        None, max_length=250, description="All of them: others are taken away."
    )
    referrer: str | None = Field(
        None, max_length=200, description="Who sent them: #number, referral code, e-mail, phone, or any text."
    )
    referral_code: str | None = Field(None, max_length=20, description="By which they send others.")
    staff: list[Number] | None = Field(
        None, max_length=50, description="Numbers of who is responsible, the first one first."
    )
    credit_limit: Decimal | None = Field(
        None, ge=0, max_digits=15, description="In the shop's currency; null: no limit."
    )
    custom: dict[str, Any] = Field(
        {}, max_length=100, description="The shop's own fields by their keys, typed as they are told; null empties one."
    )


class MergeSent(Sent):
    """Who becomes the customer in the address."""

    ids: list[Number] = Field(min_length=1, max_length=10, description="One to four others.")
    choices: dict[str, Number] = Field(
        {}, max_length=200,
        description="Field → the number of the customer whose value stays. Of others the survivor's, or the first.",
    )  # fmt: skip


class Merged(Schema):
    """What became of it."""

    merge_id: int
    customer: Annotated[dict[str, Any], Field(json_schema_extra={"x-schema": "Customer"})]


class DuplicatesAsked(PageAsked):
    """One page of who may be the same person."""

    customer: Number | None = Field(None, description="Only those with this customer.")


class Duplicate(Schema):
    """Two customers who may be one."""

    id: int
    customer_ids: list[int]
    score: int = Field(description="0 to 100: how sure it is.")
    reasons: list[str]


class DuplicatePage(Schema):
    """One page of them."""

    duplicates: list[Duplicate]
    next: str | None


class TasksAsked(PageAsked):
    """One page of tasks."""

    state: State | None = Field(None, description="open, done or cancelled; all without it.")
    customer: Number | None = Field(None, description="About this customer.")
    assignee: Number | None = Field(None, description="Of this member of staff.")
    due_from: date | None = Field(None, description="Due on this day or later.")
    due_to: date | None = Field(None, description="Due on this day or before.")


class TaskSent(Sent):
    """A task. In a change, what is left out stays."""

    title: str = Field("", max_length=TITLE_LENGTH, description="Needed for a new one.")
    kind: Kind = Field(Kind.TODO, description="call, meeting, follow_up or todo")
    priority: str = Field("normal", pattern="^(low|normal|high)$")
    note: str = Field("", max_length=NOTE_LENGTH)
    assignee_id: Number | None = Field(None, description="A member of staff; needed for a new one.")
    customer_id: Number | None = Field(None, description="Whom it is about.")
    due_on: date | None = Field(None, description="The day, by the assignee's clocks; needed for a new one.")
    hour: Annotated[time, AfterValidator(_to_the_minute)] | None = Field(
        None, description="13:30, by the assignee's clocks; null: all day."
    )
    minutes: int | None = Field(None, ge=1, le=MOST_MINUTES, description="How long it takes.")
    remind_before: int | None = Field(None, ge=0, le=60 * 24 * 60, description="Minutes; null: no reminder.")
    version: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Of the task as it was read; refused when it changed since."
    )


class Person(Schema):
    """A member of staff."""

    id: int
    name: str
    email: str


class TaskTold(Schema):
    """A task."""

    id: int
    title: str
    kind: str
    priority: str
    state: str = Field(description="open, done or cancelled")
    is_late: bool
    note: str
    assignee: Person
    customer_id: int | None
    due_on: date
    hour: str | None = Field(description="By the assignee's clocks; null: all day.")
    starts_at: datetime
    minutes: int | None
    remind_before: int | None
    repeat: str = Field(description="daily, weekly, monthly, yearly; empty: once.")
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    version: int


class TaskPage(Schema):
    """One page of tasks."""

    tasks: list[TaskTold]
    next: str | None


class Finished(Schema):
    """A task that is done, and the next one of those that repeat."""

    task: TaskTold
    next_task: TaskTold | None
