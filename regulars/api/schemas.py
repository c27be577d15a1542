"""What is asked and answered, as the OpenAPI document says it. `x-schema` names a part that `api.document` fills in."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, P, PathEx, Schema

MOST_ROWS = 250
MOST_EVENTS = 500
LARGEST_ID = 2**63 - 1

Id = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number Regulars gave it.")]
Reference = PathEx[str, P(min_length=1, max_length=60, description="The segment's key, or its number.")]


class ChosenFields(Schema):
    """Which fields to tell."""

    fields: str = Field(
        "", max_length=2000, description="Names of fields, joined by commas; see `/fields`.", examples=["name,orders"]
    )


class RowsAsked(ChosenFields):
    """One page of rows."""

    where: str = Field(
        "", max_length=4000, description="A question in the query language.", examples=["total_spent >= 100"]
    )
    sort: str = Field("", max_length=61, description="A field, with `-` before it for the largest first.")
    limit: int = Field(50, ge=1, le=MOST_ROWS, description="How many rows a page holds.")
    cursor: str = Field("", max_length=8000, description="`next` of the page before.")


class CustomersAsked(RowsAsked):
    """One page of customers."""

    search: str = Field("", max_length=200, description="Name, e-mail, phone … in any spelling.")


class CountAsked(Schema):
    """How many customers there are."""

    where: str = Field("", max_length=4000, description="A question in the query language.")
    search: str = Field("", max_length=200, description="Name, e-mail, phone … in any spelling.")


class PageAsked(Schema):
    """One page of a list that is not questioned."""

    limit: int = Field(50, ge=1, le=MOST_ROWS, description="How many a page holds.")
    cursor: str = Field("", max_length=8000, description="`next` of the page before.")


class Counted(Schema):
    """How many."""

    count: int


class PageOfRows(Schema):
    """What every page of rows tells beside them."""

    count: int = Field(description="How many match; at most 10,000 are counted.")
    count_is_exact: bool = Field(description="False when more match than were counted.")
    currency: str = Field(description="The shop's currency, ISO 4217: of all amounts.")
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class CustomerPage(PageOfRows):
    """One page of customers."""

    customers: list[Annotated[dict[str, Any], Field(json_schema_extra={"x-schema": "Customer"})]]


class OrderPage(PageOfRows):
    """One page of orders."""

    orders: list[Annotated[dict[str, Any], Field(json_schema_extra={"x-schema": "Order"})]]


class Option(Schema):
    """One of a closed set."""

    value: str
    label: str


class FieldTold(Schema):
    """One thing that can be asked or told."""

    name: str
    label: str
    help: str
    kind: str
    aliases: list[str]
    operators: list[str]
    sortable: bool
    filterable: bool
    options: list[Option] = Field(description="The values of a closed set, at most 500.")


class EventTold(Schema):
    """One thing that happens to customers, asked with MATCHES."""

    name: str
    label: str
    help: str
    aliases: list[str]
    parameters: list[FieldTold]


class FieldsTold(Schema):
    """All that can be asked of one kind of rows."""

    fields: list[FieldTold]
    events: list[EventTold]


class Registry(Schema):
    """All that can be asked with this key."""

    customers: FieldsTold
    orders: FieldsTold


class SegmentTold(Schema):
    """A segment."""

    id: int
    key: str
    name: str
    description: str
    folder: str
    kind: str = Field(description="dynamic or static")
    where: str = Field(description="Its question, in the query language.")
    size: int = Field(description="How many members it has.")
    fault: str = Field(description="Why its question cannot be asked any more; empty when it can.")
    evaluated_at: datetime | None = Field(description="When all customers were last asked.")
    created_at: datetime
    updated_at: datetime


class SegmentPage(Schema):
    """One page of segments."""

    segments: list[SegmentTold]
    next: str | None


class SentCustomer(Schema):
    """Whom it says it was. With a public key only `external_id` and `channel`."""

    id: int | None = None
    external_id: str | None = Field(None, max_length=100)
    channel: str | None = Field(None, max_length=40, description="Whose id it is: website, shopee …")
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=40)


class SentProduct(Schema):
    """What was looked at."""

    id: int | None = None
    external_id: str | None = Field(None, max_length=100)
    channel: str | None = Field(None, max_length=40)
    sku: str | None = Field(None, max_length=80)
    name: str | None = Field(None, max_length=300)
    category: str | None = Field(None, max_length=120)
    image_url: str | None = Field(None, max_length=500)


class SentEvent(Schema):
    """One thing that somebody did."""

    type: str = Field(
        description="visit, product_viewed, collection_viewed, cart_added, checkout_started, task_completed, "
        "message_sent",
        examples=["product_viewed"],
    )
    id: str | None = Field(None, max_length=100, description="Your own id: what is sent twice counts once.")
    at: str | None = Field(None, max_length=40, description="ISO 8601; now when it is left out.")
    visitor: str | None = Field(None, max_length=64, description="The anonymous browser; needed with a public key.")
    customer: SentCustomer | None = None
    product: SentProduct | None = None
    collection: str | None = Field(None, max_length=300)
    category: str | None = Field(None, max_length=120)
    url: str | None = Field(None, max_length=2000)


class EventsSent(Schema):
    """A delivery. Each event is read by itself: one that cannot be read never stops the others."""

    events: list[Any] = Field(
        min_length=1,
        max_length=MOST_EVENTS,
        json_schema_extra={"items": {"x-schema": "SentEvent"}},
    )


class EventProblem(Schema):
    """Why one event was not taken."""

    index: int = Field(description="Its place in the delivery, from 0.")
    id: str | None = Field(description="Its id, as it was sent.")
    field: str
    detail: str


class EventsTaken(Schema):
    """What became of a delivery; the four add up to it."""

    accepted: int
    duplicates: int = Field(description="Delivered before.")
    unknown_customers: int = Field(description="Name a customer nobody knows, and no visitor.")
    problems: list[EventProblem]
