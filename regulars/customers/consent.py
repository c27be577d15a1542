"""What customers said about marketing: a ledger, and the state that follows from it.

The word said later wins, not the one written later. A word nobody dated (a column of a file) is hearsay: it stands only
while nothing dated is known, and takes away a yes, but never makes one of a no.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction
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
NO = frozenset({ConsentState.UNSUBSCRIBED, ConsentState.NOT_SUBSCRIBED})


class Word(NamedTuple):
    """A state of one channel and when the customer said it; None and UNDATED both mean hearsay."""

    state: int
    at: datetime | None

    @property
    def said_at(self) -> datetime:
        """When it was said, as the ledger holds it."""
        return self.at or UNDATED


def outranks(new: Word, last: Word | None) -> bool:
    """Whether a new word becomes the state, after the `last` one that is the state now."""
    if last is None or last.state == ConsentState.UNKNOWN:
        return True
    if new.said_at == last.said_at:
        return not (new.state in _YES and last.state in NO)
    return new.said_at > last.said_at or (new.said_at == UNDATED and _withdraws(new, last))


def _withdraws(new: Word, last: Word) -> bool:
    return new.state == ConsentState.UNSUBSCRIBED and last.state in _YES


class Judged(NamedTuple):
    """A word worth keeping, with the date for the ledger, and whether it becomes the state."""

    word: Word
    wins: bool


def judge(new: Word, said: Sequence[Word], *, hearsay: bool, moment: datetime) -> Judged | None:
    """What to do with a new word at a moment; None when it adds nothing.

    said: the ledger of the customer and channel, in the order of `at`, then of writing. hearsay: whether an undated
    word comes from a file, instead of being said now. Nobody speaks in the future. The same word twice is one, and so
    is an undated one that is the state already. A dated word that is older than the last is kept and changes nothing.
    """
    last = said[-1] if said else None
    at = min(new.at, moment) if new.at else UNDATED if hearsay else moment
    word = Word(new.state, at)
    wins = outranks(word, last)
    if wins and last and at == UNDATED != last.said_at:
        word = Word(new.state, moment)  # a withdrawal nobody dated: from now on
    is_known = last is not None and last.state == new.state if new.at is None else word in said
    is_history = last is not None and UNDATED < at < last.said_at
    return None if is_known or not (wins or is_history) else Judged(word, wins)


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
    Which words are kept and count, see `judge`. Raises InTheBin, BadValue.
    """
    channel, state = _channel(channel), int(ConsentState(state))
    customer, moment = locked(customer), timezone.now()
    hearsay = by.kind in HEARSAY_OF
    judged = judge(Word(state, at), _said(customer, channel), hearsay=hearsay, moment=moment)
    if judged is None:
        return False
    source, column, said_at = one_line(source)[:120], f"consent_{channel}", judged.word.said_at
    facts = {"channel": channel, "state": state, "at": said_at, "source": source}
    ConsentEntry.objects.create(shop_id=customer.shop_id, customer=customer, **facts)
    old = getattr(customer, column)
    if judged.wins and old != state:
        Customer.objects.of(customer.shop_id).filter(pk=customer.pk).update(**{column: state, "updated_at": moment})
    data = {"changes": {column: [old, state if judged.wins else old]}, "said": state, "source": source}
    data |= {"said_at": said_at.isoformat()} if said_at != UNDATED else {}
    about = ("customer", customer.pk)
    record(customer.shop_id, "customer.consent", about=about, by=by, data=data, batch_id=batch_id)
    return judged.wins


def _said(customer: Customer, channel: str) -> list[Word]:
    said = ConsentEntry.objects.of(customer.shop_id).filter(customer=customer, channel=channel)
    return [Word(*row) for row in said.order_by("at", "id").values_list("state", "at")]


def _channel(channel: str) -> str:
    if channel not in ConsentChannel.values:
        raise BadValue("“{value}” is not a channel of consent.", value=channel, field="channel")
    return str(channel)
