"""What is sent and answered of points."""

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

from regulars.api.schemas_sent import Sent
from regulars.loyalty.models import Reason
from regulars.loyalty.reading import MOST, NOTE_LENGTH

KEY = "^[!-~]{0,100}$"
"""Visible ASCII without blanks."""


class PointsSent(Sent):
    """A movement of points."""

    points: Annotated[int, Field(strict=True, ge=-MOST, le=MOST)] = Field(description="Less than 0 takes; not 0.")
    note: str = Field(min_length=1, max_length=NOTE_LENGTH, description="Why, for the team; it is not told.")
    counts_on: date | None = Field(None, description="By the shop's calendar; a later day makes them pending.")
    expires_on: date | None = Field(None, description="The last day they can be used.")
    key: str = Field("", pattern=KEY, description="Of this movement and no other in the shop: an order's number, say.")


class Movement(Schema):
    """An entry of a ledger."""

    id: int
    customer_id: int
    points: int = Field(description="More than 0 for what was given, less for what was taken.")
    reason: str = Field(description=", ".join(Reason.values))
    created_at: datetime
    counts_on: date
    expires_on: date | None
    is_pending: bool = Field(description="It counts from a later day on.")
    balance_after: int | None = Field(description="Of the customer, when it began to count; null while it waits.")
    reverses_id: int | None = Field(description="The entry it takes back.")
    programme: str = Field(description="Where an opening balance comes from.")
    key: str = Field(description="By which a program sent it.")


class Expiring(Schema):
    """Points that can be used until a day, that day included."""

    expires_on: date
    points: int


class PointsTold(Schema):
    """What a customer has in points, and one page of the ledger."""

    customer_id: int
    balance: int = Field(description="What can be used now.")
    earned: int = Field(description="All that was ever given.")
    pending: int = Field(description="What counts from a later day on.")
    expiring: list[Expiring] = Field(description="What is left of points that expire, the nearest day first.")
    entries: list[Movement] = Field(description="Newest first.")
    next: str | None
