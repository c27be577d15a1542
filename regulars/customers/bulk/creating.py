"""New customers by the thousand: every table by one COPY."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from regulars.customers.bulk.names import Names
from regulars.customers.bulk.newcomers import OF_EACH, Blank, own_columns, shop_columns, with_rows
from regulars.customers.bulk.tables import copy_rows, next_ids, pointing_at_known
from regulars.customers.citizen import sealed
from regulars.customers.consent import HEARSAY_OF, UNDATED
from regulars.customers.drafts import AddressDraft, ConsentDraft, Draft, responsible_columns
from regulars.customers.matching import NOBODYS_IDS, MatchKeys, first_of_each, match_many, wait_for_turn
from regulars.customers.models import Address, ConsentEntry, Customer, CustomerSearch, Identity, Note
from regulars.customers.referrals import codes_taken
from regulars.events.record import Actor, Happening, record_many
from regulars.kit.copying import cell, copy_lines
from regulars.shops.models import Shop

UNIQUE = ("external_id", "email")
"""What the tables allow once only."""


class Arrival(NamedTuple):
    """customer_id: whose draft it is. is_new: created now; if not, this e-mail or outside id was somebody's already."""

    customer_id: int
    is_new: bool


def create_many(
    shop: Shop, drafts: Sequence[Draft], *, by: Actor, source: str, batch_id: int | None = None
) -> list[int]:
    """Create a customer for each draft; returns their ids in the order of the drafts.

    source: one of models.Source. A draft whose e-mail address or outside id belongs to somebody who came meanwhile
    gets that customer's id (`create_or_find_many` tells which). Tags, groups, statuses and channels that the shop
    does not know are added to it; staff it does not know are left out.
    """
    arrivals = create_or_find_many(shop, drafts, by=by, source=source, batch_id=batch_id)
    return [arrival.customer_id for arrival in arrivals]


@transaction.atomic
def create_or_find_many(
    shop: Shop, drafts: Sequence[Draft], *, by: Actor, source: str, batch_id: int | None = None
) -> list[Arrival]:
    """As `create_many`, saying of each draft whether its customer is new."""
    if not drafts:
        return []
    wait_for_turn(shop.pk)
    writer = _Writer(shop, by=by, source=source, batch_id=batch_id)
    try:
        return [Arrival(pk, True) for pk in writer.write(drafts)]
    except IntegrityError:
        return _one_by_key(shop, drafts, writer)


def _one_by_key(shop: Shop, drafts: Sequence[Draft], writer: "_Writer") -> list[Arrival]:
    """Some key is already there, or twice among the drafts: find those, create the others."""
    keys = [MatchKeys.of(draft) for draft in drafts]
    _release_from_bin(shop.pk, keys)
    found = match_many(shop, keys, UNIQUE)
    firsts = first_of_each(keys, UNIQUE)
    new = [place for place, first in enumerate(firsts) if first == place and found[place] is None]
    created = dict(zip(new, writer.write([drafts[place] for place in new]), strict=True))
    arrivals = []
    for place, first in enumerate(firsts):
        pk = created.get(place) or found[place] or created.get(first) or found[first]
        arrivals.append(Arrival(pk or 0, place in created))
    return arrivals


def _release_from_bin(shop_id: int, keys: Sequence[MatchKeys]) -> None:
    """Outside ids of customers in the bin are free for whoever comes with them now."""
    identities = sorted({identity for one in keys for identity in one.identities})
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM customers_identity held USING customers_customer c"
            " WHERE held.shop_id = %s AND c.shop_id = %s AND c.id = held.customer_id AND c.deleted_at IS NOT NULL"
            " AND (held.channel, held.external_id) IN (SELECT * FROM unnest(%s::text[], %s::text[]))",
            [shop_id, shop_id, [channel for channel, _ in identities], [own for _, own in identities]],
        )


class _Writer:
    """Writes drafts as new customers; all tables in one savepoint, so a conflict leaves nothing behind."""

    def __init__(self, shop: Shop, *, by: Actor, source: str, batch_id: int | None) -> None:
        self.shop, self.by, self.source, self.batch_id = shop, by, source, batch_id
        self.at = now()

    @transaction.atomic
    def write(self, drafts: Sequence[Draft]) -> list[int]:
        if not drafts:
            return []
        self.names = Names.adding(self.shop, drafts, by=self.by)
        self.ids = list(next_ids(Customer, len(drafts)))
        self.drafts = list(drafts)
        self.rows = [with_rows(draft) for draft in drafts]
        self._leave_out_taken_codes()
        with pointing_at_known(self.shop.pk, self.names.used()):
            self._write_customers()
            self._write_details()
        told = {"source": self.source}
        happened = (Happening("customer.created", "customer", pk, data=told) for pk in self.ids)
        record_many(self.shop.pk, happened, by=self.by, batch_id=self.batch_id)
        return self.ids

    def _pairs(self) -> Iterator[tuple[int, Draft]]:
        return zip(self.ids, self.drafts, strict=True)

    def _leave_out_taken_codes(self) -> None:
        wanted = [(None, draft.columns.get("referral_code") or "") for draft in self.drafts]
        self.codeless = {self.ids[place] for place in codes_taken(self.shop.pk, wanted)}

    def _write_customers(self) -> None:
        columns = (*OF_EACH, *shop_columns().columns, *own_columns().columns)
        copy_lines(Customer._meta.db_table, columns, self._customer_lines())

    def _customer_lines(self) -> Iterator[str]:
        at, shop = cell(self.at), shop_columns()
        usual = Blank(shop.columns, shop.filled(self._of_everybody()), shop.place)
        most = "\t".join(usual.cells)
        for pk, draft, rows in zip(self.ids, self.drafts, self.rows, strict=True):
            special = self._of_the_shop(pk, draft)
            decided = "\t".join(usual.filled(special)) if special else most
            yield f"{pk}\t{rows.created_at or at}\t{decided}\t{rows.customer}"

    def _of_everybody(self) -> dict[str, Any]:
        """What the shop decides of all of them."""
        everybody = {"shop_id": self.shop.pk, "source": self.source, "updated_at": self.at}
        return everybody | {"group_id": self.names.standard_group(), "group_by_hand": False}

    def _of_the_shop(self, pk: int, draft: Draft) -> dict[str, Any]:
        """What the shop decides of one, beyond that; nothing of most."""
        names = self.names
        columns: dict[str, Any] = {}
        if draft.tags:
            columns["tag_ids"] = names.tag_ids(draft)
        if group := names.groups.get(draft.group):
            columns |= {"group_id": group, "group_by_hand": group != names.standard_group()}
        if draft.status:
            columns |= {"status_id": names.statuses.get(draft.status), "status_at": self.at}
        if draft.staff:
            columns |= responsible_columns(names.staff.get(draft.staff, ()))
        if draft.source_channel:
            channel = names.channels.get(draft.source_channel)
            columns |= {"channel_first_id": channel, "channel_last_id": channel}
        if draft.referrer:
            columns["referred_by_id"] = names.referrers.get(draft.referrer)
        if (code := draft.columns.get("referral_code")) and pk not in self.codeless:
            columns["referral_code"] = code
        if draft.citizen_id:
            columns |= sealed(self.shop.pk, pk, draft.citizen_id)
        if "oa_state" in draft.columns:
            columns["oa_at"] = self.at
        return columns

    def _write_details(self) -> None:
        shop_id, author = self.shop.pk, self.by.name[:120]
        texts = (f"{shop_id}\t{pk}\t{rows.search}" for pk, rows in zip(self.ids, self.rows, strict=True))
        copy_lines(CustomerSearch._meta.db_table, ("shop_id", "customer_id", "text"), texts)
        write_identities(shop_id, ((pk, pair) for pk, draft in self._pairs() for pair in draft.identities))
        self._write_addresses()
        if notes := [(shop_id, pk, draft.note, author, self.at) for pk, draft in self._pairs() if draft.note]:
            copy_rows(Note, ("shop_id", "customer_id", "text", "author_name", "created_at"), notes)
        words = [(pk, said) for pk, draft in self._pairs() for said in draft.consents]
        undated = UNDATED if self.by.kind in HEARSAY_OF else self.at
        write_words(shop_id, words, source=self.source, at=self.at, undated=undated)

    def _write_addresses(self) -> None:
        shop_id, at = self.shop.pk, cell(self.at)
        written = zip(self.ids, self.rows, strict=True)
        lines = [f"{shop_id}\t{pk}\t{at}\tt\tt\t{rows.address}" for pk, rows in written if rows.address]
        if lines:
            columns = ("shop_id", "customer_id", "created_at", "is_default_shipping", "is_default_billing")
            copy_lines(Address._meta.db_table, (*columns, *AddressDraft().columns()), lines)


def write_identities(shop_id: int, pairs: Iterator[tuple[int, tuple[str, str]]]) -> None:
    """Keep (customer id, (channel, outside id)) pairs; ids of nobody in particular are left out."""
    lines = [
        f"{shop_id}\t{pk}\t{cell(channel)}\t{cell(own)}"
        for pk, (channel, own) in pairs
        if own.strip() not in NOBODYS_IDS
    ]
    if lines:
        copy_lines(Identity._meta.db_table, ("shop_id", "customer_id", "channel", "external_id"), lines)


def write_words(
    shop_id: int,
    words: Sequence[tuple[int, ConsentDraft]],
    *,
    source: str,
    at: datetime,
    undated: datetime | None = None,
) -> None:
    """Keep what customers (ids) said of marketing, written at `at`; without a place it was said at `source`.

    undated: the date of words without one; `at` unless given. Nobody speaks later than `at`.
    """
    spoken = cell(at)
    lines = [
        f"{shop_id}\t{pk}\t{said.channel}\t{said.state}\t{cell(min(said.at or undated or at, at))}"
        f"\t{cell((said.source or source)[:120])}\t{spoken}"
        for pk, said in words
    ]
    if lines:
        columns = ("shop_id", "customer_id", "channel", "state", "at", "source", "recorded_at")
        copy_lines(ConsentEntry._meta.db_table, columns, lines)
