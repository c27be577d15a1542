"""What drafts would change of customers who are here already. Reads only, so it is also the trial run of an import."""

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from django.db import connection
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.customers.bulk.known import Known
from regulars.customers.bulk.names import Names, key_of_tag
from regulars.customers.citizen import sealed
from regulars.customers.consent import Word, judge
from regulars.customers.custom import key_of, table_columns, unfold
from regulars.customers.drafts import (
    TOGETHER,
    AddressDraft,
    ConsentDraft,
    Draft,
    Problem,
    blank_of,
    places_of,
    responsible_columns,
    sort_key,
)
from regulars.customers.models import Customer
from regulars.customers.referrals import circling, codes_taken, referrals_locked
from regulars.kit.dates import zone
from regulars.kit.text import name_key
from regulars.shops.models import Shop

Policy = Literal["fill_empty", "overwrite"]

NEVER = frozenset({"name_key", "created_at"})
"""Columns no draft changes: one is made, the other says when the customer really came."""

_LEADERS = {column: group for group in TOGETHER for column in group}
_SHOWN_BY = ("name", "company", "email", "email_raw", "phone", "phone_raw")


class Said(NamedTuple):
    """A word on marketing to be kept, and the state of its channel before and after it."""

    word: ConsentDraft
    old: int
    new: int


@dataclass(slots=True)
class Change:
    """What one draft changes of one customer.

    columns: Customer column → [old, new]. tags: names the customer does not have yet. identities, consents, the
    draft's address and note: to be added; first_address: it will be the default. refused: what the draft says but
    cannot become true.
    """

    customer_id: int
    draft: Draft
    columns: dict[str, list[Any]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    identities: list[tuple[str, str]] = field(default_factory=list)
    consents: list[Said] = field(default_factory=list)
    adds_address: bool = False
    first_address: bool = False
    adds_note: bool = False
    refused: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the customer stays as they are."""
        details = self.tags or self.identities or self.consents or self.adds_address or self.adds_note
        return not (self.columns or details)


def plan_changes(
    shop: Shop, pairs: Sequence[tuple[int, Draft]], policy: Policy = "fill_empty", *, for_update: bool = False
) -> list[Change]:
    """What (customer id, draft) pairs would change, in their order; most changes are empty when a file comes twice.

    A cell that was empty is not in its draft and keeps what is there. fill_empty: only what nobody has filled in;
    overwrite: the draft wins, but a masked or invalid phone or address never replaces a good one. Tags, addresses,
    notes, outside ids and words on marketing are only ever added. Who comes twice is planned the second time as the
    first left them. for_update: lock the rows, in order of their ids, so that what is planned is still true when it is
    applied in this transaction. What a draft `clears` is emptied, unless only empty fields are filled. A note that says
    when it was written is another one than the same words of another time.
    """
    drafts = [draft for _pk, draft in pairs]
    planner = _Planner(shop, policy, Names.existing(shop, drafts), Known.of(shop, pairs))
    rows = _rows(shop.pk, {pk for pk, _draft in pairs}, _columns_of(drafts), for_update)
    changes = [planner.change(pk, draft, rows[pk]) for pk, draft in pairs if pk in rows]
    _refuse_circles(shop.pk, changes, for_update)
    _refuse_taken_codes(shop.pk, changes)
    return changes


def _refuse_taken_codes(shop_id: int, changes: Sequence[Change]) -> None:
    """A referral code belongs to one customer: whoever has it, or comes first."""
    wanted = [(one, one.columns["referral_code"][1]) for one in changes if "referral_code" in one.columns]
    taken = codes_taken(shop_id, [(one.customer_id, code) for one, code in wanted])
    for change, code in (wanted[place] for place in taken):
        del change.columns["referral_code"]
        change.refused.append(Problem("referral_code", code, _CODE_TAKEN))


def _refuse_circles(shop_id: int, changes: Sequence[Change], for_update: bool) -> None:
    """Of people who would have sent each other the last link is left out; what the file says stays as words."""
    links = {one.customer_id: one.columns["referred_by_id"][1] for one in changes if "referred_by_id" in one.columns}
    if not any(links.values()):
        return
    if for_update:
        referrals_locked(shop_id)
    closing = circling(shop_id, links)
    for change in changes:
        if change.customer_id in closing and "referred_by_id" in change.columns:
            del change.columns["referred_by_id"]
            change.refused.append(Problem("referrer", change.draft.referrer, _CIRCLE))


class _Planner:
    """Compares drafts with rows; everything it needs was asked before."""

    def __init__(self, shop: Shop, policy: Policy, names: Names, known: Known) -> None:
        self.shop, self.names, self.known = shop, names, known
        self.fills_only = policy == "fill_empty"
        self.standard = names.standard_group()
        self.tagged: dict[int, set[str]] = {}
        self.at = now()

    def change(self, pk: int, draft: Draft, row: dict[str, Any]) -> Change:
        change = Change(pk, draft)
        compared: set[tuple[str, ...]] = set()
        for column, new in draft.columns.items():
            if column in NEVER or self._is_same(new, row[column]):
                continue
            group = _LEADERS.get(column)
            if group is None:
                if not (self.fills_only and _is_filled(column, row[column])):
                    change.columns[column] = [row[column], new]
            elif group not in compared:
                compared.add(group)
                self._group(change, group, row)
        self._named(change, draft, row)
        if draft.clears:
            self._clear(change, draft, row)
        if draft.citizen_id:
            self._citizen_id(change, draft, row)
        self._details(change, draft, row)
        if change.columns and not change.columns.keys().isdisjoint(_SHOWN_BY):
            self._sort_key(change, row)
        row |= {column: new for column, (_old, new) in change.columns.items()}
        return change

    def _is_same(self, new: Any, old: Any) -> bool:
        """An instant written to the second says nothing of its parts; without its zone, nothing of clocks set back."""
        if isinstance(new, datetime) and isinstance(old, datetime) and not new.microsecond:
            return self._on_the_clock(new) == self._on_the_clock(old)
        return bool(new == old)

    def _on_the_clock(self, instant: datetime) -> datetime:
        """As the shop's clock shows it, to the second."""
        return instant.astimezone(zone(self.shop.timezone)).replace(microsecond=0, tzinfo=None, fold=0)

    def _group(self, change: Change, group: tuple[str, ...], row: dict[str, Any]) -> None:
        """Columns that belong together become the draft's together, or stay."""
        wanted = change.draft.columns
        if self._group_changes(change, group, row):
            known = _known_better(change.draft, row) if group[0] == "name" else frozenset()
            columns = [one for one in group if one in wanted and one not in NEVER and one not in known]
            differing = [one for one in columns if wanted[one] != row[one]]
            change.columns |= {one: [row[one], wanted[one]] for one in differing}

    def _group_changes(self, change: Change, group: tuple[str, ...], row: dict[str, Any]) -> bool:
        """Whether columns that belong together become the draft's."""
        leader, wanted = group[0], change.draft.columns
        new = wanted.get(leader)
        if self.fills_only and any(row[one] not in _EMPTY for one in group if one in row and one != "phone_kind"):
            return False
        if leader in ("email", "phone"):
            if row[leader] is not None and new in (None, row[leader]):
                return False
            if leader == "email" and new and self.known.emails.get(new) not in (None, change.customer_id):
                change.refused.append(Problem("email", new, _EMAIL_TAKEN))
                return False
            if leader == "email" and new:
                self.known.emails[new] = change.customer_id
        return not (leader == "birth_md" and new == row["birth_md"] and wanted.get("birth_year") is None)

    def _named(self, change: Change, draft: Draft, row: dict[str, Any]) -> None:
        """What the draft calls by name; an unknown name is None here and found when the change is applied."""
        for name, column, ids, empty in (
            (draft.group, "group_id", self.names.groups, self.standard),
            (draft.status, "status_id", self.names.statuses, None),
        ):
            if not name:
                continue
            if ids.get(name, _TO_BE_ADDED) != row[column] and not (self.fills_only and row[column] != empty):
                change.columns[column] = [row[column], ids.get(name)]
        if "group_id" in change.columns and not row["group_by_hand"]:
            change.columns["group_by_hand"] = [False, True]
        if draft.staff:
            self._staff(change, draft.staff, row)
        if draft.referrer and draft.referrer != row["referrer_text"] and not (self.fills_only and row["referrer_text"]):
            change.columns["referrer_text"] = [row["referrer_text"], draft.referrer]
            found = self.names.referrers.get(draft.referrer)
            if found == change.customer_id:
                change.refused.append(Problem("referrer", draft.referrer, _SELF))
            elif found != row["referred_by_id"]:
                change.columns["referred_by_id"] = [row["referred_by_id"], found]

    def _staff(self, change: Change, named: str, row: dict[str, Any]) -> None:
        """Who is responsible: both columns together, as neither says it alone."""
        if (ids := self.names.staff.get(named)) is None:
            change.refused.append(Problem("staff", named, _NO_STAFF))
            return
        now = {"staff_id": row["staff_id"], "co_staff_ids": row["co_staff_ids"]}
        wanted = responsible_columns(ids)
        if wanted != now and not (self.fills_only and row["staff_id"] is not None):
            change.columns |= {column: [now[column], wanted[column]] for column in now}

    def _clear(self, change: Change, draft: Draft, row: dict[str, Any]) -> None:
        """Empty what the file empties in so many words; nobody loses the last thing they are shown by."""
        if self.fills_only:
            return
        for name in sorted(draft.clears):
            blank = blank_of(name)
            differing = {column: [row[column], empty] for column, empty in blank.items() if row[column] != empty}
            after = {one: change.columns.get(one, [0, row[one]])[1] for one in _SHOWN_BY} | blank
            if differing and not any(after[one] for one in _SHOWN_BY):
                change.refused.append(Problem(name, "", _LAST_SHOWN))
            else:
                change.columns |= differing

    def _citizen_id(self, change: Change, draft: Draft, row: dict[str, Any]) -> None:
        if self.fills_only and row["citizen_id_index"]:
            return
        new = sealed(self.shop.pk, change.customer_id, draft.citizen_id)
        if new["citizen_id_index"] != row["citizen_id_index"]:  # sealing the same id twice differs
            change.columns |= {column: [row[column], value] for column, value in new.items()}

    def _details(self, change: Change, draft: Draft, row: dict[str, Any]) -> None:
        pk, known = change.customer_id, self.known
        if draft.tags:
            given = self.tagged.setdefault(pk, set())
            has = row["tag_ids"]
            keys = {key_of_tag(tag): tag for tag in draft.tags}
            change.tags = [tag for key, tag in keys.items() if key not in given and self.names.tags.get(key) not in has]
            given.update(keys)
        if draft.identities:
            self._identities(change, draft, row)
        if draft.note and (draft.note, draft.note_at) not in known.notes.setdefault(pk, set()):
            change.adds_note = True
            known.notes[pk] |= {(draft.note, None), (draft.note, draft.note_at)}
        if draft.address and draft.address.is_place:
            self._address(change, draft.address, row)
        if draft.consents:
            change.consents = list(self._consents(change, draft, row))

    def _address(self, change: Change, address: AddressDraft, row: dict[str, Any]) -> None:
        kept = self.known.addresses.setdefault(change.customer_id, set())
        if (fingerprint := address.fingerprint) in kept:
            return
        change.adds_address, change.first_address = True, not kept
        if not kept:
            places = places_of(address, row["country"]).items()
            change.columns |= {column: [row[column], new] for column, new in places if new != row[column]}
        kept.add(fingerprint)

    def _identities(self, change: Change, draft: Draft, row: dict[str, Any]) -> None:
        for channel, external_id in draft.identities:
            owner = self.known.identities.get((channel, external_id))
            if owner is None:
                if channel != "zalo" or external_id in (row.get("zalo_id"), change.columns.get("zalo_id", [0, 0])[1]):
                    change.identities.append((channel, external_id))
                    self.known.identities[channel, external_id] = change.customer_id
            elif owner != change.customer_id:
                change.refused.append(Problem("external_id", external_id, _ID_TAKEN))

    def _consents(self, change: Change, draft: Draft, row: dict[str, Any]) -> Iterator[Said]:
        """Words worth keeping, dated for the ledger; an undated one is hearsay (see `consent.judge`)."""
        for word in draft.consents:
            column = f"consent_{word.channel}"
            said = self.known.consents.setdefault((change.customer_id, word.channel), [])
            judged = judge(Word(word.state, word.at), said, hearsay=True, moment=self.at)
            if judged is None:
                continue
            old = row[column]
            if judged.wins:
                row[column] = word.state
            insort(said, judged.word, key=lambda one: one.said_at)
            yield Said(word._replace(at=judged.word.said_at), old, row[column])

    @staticmethod
    def _sort_key(change: Change, row: dict[str, Any]) -> None:
        after = {column: change.columns.get(column, [0, row[column]])[1] for column in _SHOWN_BY}
        if (key := sort_key(after)) != row["name_key"]:
            change.columns["name_key"] = [row["name_key"], key]


def _known_better(draft: Draft, row: dict[str, Any]) -> frozenset[str]:
    """Columns of the name that the draft only guessed at, of a person we know by the same words.

    "Popescu Ana" read in a shop that writes the given name first would else swap the two that somebody told apart.
    """
    is_same = _words_of(draft.columns, draft.guessed) == _words_of(row, draft.guessed)
    return draft.guessed if is_same else frozenset()


def _words_of(columns: Mapping[str, Any], guessed: frozenset[str]) -> list[str]:
    """The folded words of the name, in any order, by what was given: the whole, or its parts."""
    told = (columns["given_name"], columns["family_name"]) if "name" in guessed else (columns["name"],)
    return sorted(name_key(" ".join(told), 300).split())


def _is_filled(column: str, value: Any) -> bool:
    """In a field of the shop's own 0 and "no" are answers; who may owe 0 has a limit."""
    return value is not None if key_of(column) or column == "credit_limit" else value not in _EMPTY


_EMPTY = (None, "", 0)
_TO_BE_ADDED = object()
_EMAIL_TAKEN = _("Another customer has this e-mail address. It is left out.")
_ID_TAKEN = _("Another customer has this outside id. It is left out.")
_CODE_TAKEN = _("Another customer has this referral code. It is left out.")
_SELF = _("Nobody can be sent by themselves. It is kept as text.")
_CIRCLE = _("Who is named here was sent by this customer. It is kept as text.")
_LAST_SHOWN = _("Nothing would be left to tell who this is. It stays.")
_NO_STAFF = _("Nobody of this name works here. It is left out.")


def _columns_of(drafts: Iterable[Draft]) -> list[str]:
    """Customer columns that must be read to compare these drafts."""
    wanted = {"id", "group_id", "group_by_hand", "status_id", "staff_id", "tag_ids", "zalo_id"}
    wanted |= {"referrer_text", "referred_by_id"}
    wanted |= {"citizen_id_sealed", "citizen_id_index", "name_key", "country", "city", "region", *_SHOWN_BY}
    wanted |= {f"consent_{said.channel}" for draft in drafts for said in draft.consents}
    for draft in drafts:
        wanted.update(draft.columns)
    wanted.update(column for draft in drafts for name in draft.clears for column in blank_of(name))
    for group in TOGETHER:
        if not wanted.isdisjoint(group):
            wanted.update(group)
    own = {column for column in wanted if key_of(column)}
    return sorted((wanted & _columns()) | own)


@cache
def _columns() -> frozenset[str]:
    return frozenset(str(one.column) for one in Customer._meta.concrete_fields)


def _rows(shop_id: int, ids: set[int], columns: list[str], for_update: bool) -> dict[int, dict[str, Any]]:
    stored = sorted(table_columns(columns))
    place = stored.index("id")
    names = ", ".join(f'"{column}"' for column in stored)
    lock = "FOR NO KEY UPDATE" if for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names} FROM customers_customer WHERE shop_id = %s AND id = ANY(%s) AND deleted_at IS NULL"  # noqa: S608
            f" ORDER BY id {lock}",
            [shop_id, sorted(ids)],
        )
        return {row[place]: unfold(dict(zip(stored, row, strict=True)), columns) for row in cursor.fetchall()}
