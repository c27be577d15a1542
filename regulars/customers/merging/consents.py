"""What several people said about marketing, as the word of one: the newer counts, and in doubt the stricter."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.customers.consent import NO, UNDATED, Word, outranks
from regulars.customers.models import ConsentChannel, ConsentEntry, ConsentState, Customer, Merge

COLUMNS = {channel: f"consent_{channel}" for channel in ConsentChannel.values}
LINK = "customers.ConsentEntry.customer_id"

_STRICT = (
    ConsentState.UNKNOWN, ConsentState.SUBSCRIBED, ConsentState.PENDING, ConsentState.NOT_SUBSCRIBED,
    ConsentState.UNSUBSCRIBED,
)  # fmt: skip
"""From nothing to the most restrictive: of words of one moment, or of no known one, the last of these counts."""


def consents_of(people: Sequence[Customer]) -> dict[str, int]:
    """Column → state of each channel: what was said last; at one moment, or undated, the stricter."""
    said = ConsentEntry.objects.of(people[0].shop_id).filter(customer_id__in=[one.pk for one in people])
    ledger: dict[tuple[int, str, int], Any] = {}
    for customer_id, channel, state, at in said.order_by("at", "id").values_list(
        "customer_id", "channel", "state", "at"
    ):
        ledger[customer_id, channel, state] = at
    return {column: _last([_said(one, channel, column, ledger) for one in people])
            for channel, column in COLUMNS.items()}  # fmt: skip


def keep_words(survivor: Customer, whose: Sequence[int]) -> list[int]:
    """Write down from now on what the survivor's ledger does not say of itself: a withdrawal that nobody dated, or the
    stricter of two words of one moment; ids of the new entries.

    whose: the customers whose words were brought together. So the ledger's last word stays the state.
    """
    last: dict[str, ConsentEntry] = {}
    rows = ConsentEntry.objects.of(survivor.shop_id).filter(customer_id__in=whose)
    for word in sorted(rows, key=lambda one: (one.at, one.state in NO, one.pk)):
        last[word.channel] = word
    new = [
        ConsentEntry(
            shop_id=survivor.shop_id, customer=survivor, channel=channel, state=state, at=timezone.now(),
            source=_("Merge"),
        )
        for channel, column in COLUMNS.items()
        if (state := getattr(survivor, column)) and channel in last and last[channel].state != state
    ]  # fmt: skip
    return [one.pk for one in ConsentEntry.objects.bulk_create(new)]


def said_since(merge: Merge) -> set[str]:
    """Columns about which the survivor's ledger got a word after the merge."""
    last = merge.snapshot.get("marks", {}).get(ConsentEntry._meta.db_table, 0)
    made = merge.snapshot.get("links", {}).get(LINK, {}).get("made", [])
    rows = ConsentEntry.objects.of(merge.shop_id).filter(customer_id=merge.survivor_id, pk__gt=last)
    return {COLUMNS[channel] for channel in rows.exclude(pk__in=made).values_list("channel", flat=True)}


def _said(customer: Customer, channel: str, column: str, ledger: Mapping[tuple[int, str, int], Any]) -> Word:
    """A customer's state, and when they said so."""
    state = getattr(customer, column)
    return Word(state, ledger.get((customer.pk, channel, state)))


def _last(words: Sequence[Word]) -> int:
    """Dated words in their order, then the undated: one of those withdraws a yes, as everywhere (`consent`)."""
    state: Word | None = None
    for word in sorted(words, key=lambda one: (one.said_at == UNDATED, one.said_at, _STRICT.index(one.state))):
        if word.state != ConsentState.UNKNOWN and outranks(word, state):
            state = word
    return int(state.state) if state else int(ConsentState.UNKNOWN)
