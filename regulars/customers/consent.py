"""What customers said about marketing: a ledger, and the state that follows from it.

The word said later wins, not the one written later. A word nobody dated (a column of a file) is hearsay: it stands only
while nothing dated is known, and takes away a yes, but never makes one of a no.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from regulars.customers.models import ConsentChannel, ConsentEntry, ConsentState, Customer
from regulars.customers.writing import locked
from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.kit.text import one_line

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""When hearsay was said, in the ledger: before everything that has a date."""

HEARSAY_OF = frozenset({"import"})
"""Kinds of actors whose undated words are hearsay; everybody else's are said now."""

_YES = frozenset({ConsentState.SUBSCRIBED, ConsentState.PENDING})
_NO = frozenset({ConsentState.UNSUBSCRIBED, ConsentState.NOT_SUBSCRIBED})


class Word(NamedTuple):
    """A state of one channel and when the customer said it; None and UNDATED both mean hearsay."""

    state: int
    at: datetime | None

    @property
    def said_at(self) -> datetime:
        """When it was said, as the ledger holds it."""
        return self.at or UNDATED


def word(state: int, at: datetime | None, by: Actor, moment: datetime) -> Word:
    """What is written down at a moment: nobody speaks in the future, and only files bring hearsay."""
    if at is None:
        at = UNDATED if by.kind in HEARSAY_OF else moment
    return Word(state, min(at, moment))


def outranks(new: Word, last: Word | None) -> bool:
    """Whether a new word becomes the state, after the `last` one that is the state now."""
    if last is None or last.state == ConsentState.UNKNOWN:
        return True
    if new.said_at == last.said_at:
        return not (new.state in _YES and last.state in _NO)
    return new.said_at > last.said_at or (new.said_at == UNDATED and _withdraws(new, last))


def _withdraws(new: Word, last: Word) -> bool:
    return new.state == ConsentState.UNSUBSCRIBED and last.state in _YES


@transaction.atomic
def record_consent(
    customer: Customer,
    channel: str,
    state: int,
    *,
    source: str,
    by: Actor,
    at: datetime | None = None,
    batch_id: int | None = None,
) -> bool:
    """Write down what a customer said about one channel; answers whether it became the state.

    at: when it was said; None means now, or of a file that nobody knows. source: where, for the ledger.
    The same word twice is one, and so is one said now that is the state already. A word that is older than the
    last one is kept in the ledger and changes nothing.
    """
    channel, state = _channel(channel), int(ConsentState(state))
    customer, moment = locked(customer), timezone.now()
    said = ConsentEntry.objects.of(customer.shop_id).filter(customer=customer, channel=channel)
    new, last = word(state, at, by, moment), _last(said)
    wins = outranks(new, last)
    if wins and last and new.said_at == UNDATED != last.said_at:
        new = Word(state, moment)  # a withdrawal nobody dated: from now on
    is_known = last and last.state == state if at is None else said.filter(state=state, at=new.said_at).exists()
    if is_known or not (wins or _is_history(new, last)):
        return False
    source, column = one_line(source)[:120], f"consent_{channel}"
    facts = {"channel": channel, "state": state, "at": new.said_at, "source": source}
    ConsentEntry.objects.create(shop_id=customer.shop_id, customer=customer, **facts)
    old = getattr(customer, column)
    if wins and old != state:
        Customer.objects.of(customer.shop_id).filter(pk=customer.pk).update(**{column: state, "updated_at": moment})
    data = {"changes": {column: [old, state if wins else old]}, "said": state, "source": source}
    data |= {"said_at": new.said_at.isoformat()} if new.said_at != UNDATED else {}
    about = ("customer", customer.pk)
    record(customer.shop_id, "customer.consent", about=about, by=by, data=data, batch_id=batch_id)
    return wins


def _last(said: QuerySet[ConsentEntry]) -> Word | None:
    """The word that counts: the last said, and of those the last written."""
    found = said.order_by("-at", "-id").values_list("state", "at").first()
    return Word(*found) if found else None


def _is_history(new: Word, last: Word | None) -> bool:
    """Older than the word that counts, and dated: worth keeping, though it changes nothing."""
    return bool(last and UNDATED < new.said_at < last.said_at)


def _channel(channel: str) -> str:
    if channel not in ConsentChannel.values:
        raise BadValue("“{value}” is not a channel of consent.", value=channel, field="channel")
    return str(channel)
