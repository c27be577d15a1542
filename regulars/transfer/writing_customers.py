"""A batch of customers into the shop, or only held against it."""

import hashlib
from collections.abc import Iterator, Sequence

from regulars.customers.bulk import Change, apply_changes, create_or_find_many, plan_changes
from regulars.customers.bulk.newcomers import with_rows
from regulars.customers.bulk.planning import Policy
from regulars.customers.drafts import Draft
from regulars.customers.matching import BY, MatchKeys, match_many, wait_for_turn
from regulars.customers.models import Customer, Source
from regulars.events.record import Actor
from regulars.shops.models import Shop
from regulars.transfer.figures import Figures
from regulars.transfer.last_say import lasting, mark_replaced
from regulars.transfer.options import KnownPolicy, Options
from regulars.transfer.reading import Row
from regulars.transfer.rows import SAME_ROW, Key, Ready, Rejected

Pair = tuple[int, Ready]


class CustomerWriter:
    """Writes batches of one import, each inside the caller's transaction."""

    def __init__(self, shop: Shop, options: Options, by: Actor, batch_id: int) -> None:
        self._shop, self._options, self._by, self._batch_id = shop, options, by, batch_id

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        """Create who is new, change who is known; a row that is somebody of an earlier row comes after it."""
        wait_for_turn(self._shop.pk)
        whole = list(turns(ready, self._options.match, figures))
        if len(whole) > 1 and self._options.twice == "last":
            mark_replaced(_contradicting(ready, whole[1:], self._options.match), self._options.match)
        for turn in whole:
            self._write_turn(turn, figures)
        return []

    def _write_turn(self, turn: list[Ready], figures: Figures) -> None:
        found = people(self._shop, turn, self._options.match)
        known = [(pk, one) for pk, one in zip(found, turn, strict=True) if pk is not None]
        new = [one for pk, one in zip(found, turn, strict=True) if pk is None]
        arrivals = create_or_find_many(
            self._shop,
            [one.record for one in new],
            by=self._by,
            source=Source.IMPORT,
            batch_id=self._batch_id,
        )
        for one, arrival in zip(new, arrivals, strict=True):
            if arrival.is_new:
                figures.created += 1
            else:
                known.append((arrival.customer_id, one))
        for pairs in one_each(known):
            self._change(pairs, figures)

    def _change(self, pairs: list[Pair], figures: Figures) -> None:
        for changes, some in planned(self._shop, pairs, self._options.policy, for_update=True):
            count(changes, some, figures)
            apply_changes(self._shop, changes, by=self._by, batch_id=self._batch_id)


class CustomerTrial:
    """Says what `CustomerWriter` would do, and writes nothing."""

    def __init__(self, shop: Shop, options: Options) -> None:
        self._shop, self._options = shop, options
        self._would_be: dict[int, int] = {}  # hash of a key → hash of the draft that would be created with it

    def write(self, ready: Sequence[Ready], figures: Figures) -> list[Rejected]:
        if self._options.twice == "last":
            mark_replaced(ready, self._options.match)
        found = people(self._shop, ready, self._options.match)
        known = []
        for pk, one in zip(found, ready, strict=True):
            if pk is not None:
                known.append((pk, one))
            else:
                self._not_here(one, figures)
        for pairs in one_each(known):
            for changes, some in planned(self._shop, pairs, self._options.policy):
                count(changes, some, figures)
        return []

    def remember(self, ready: Sequence[Ready]) -> None:
        """Have these rows stand before those that follow, without trying them again."""
        for one in ready:
            content = _digest(one.record)
            self._would_be |= {hash(key): content for key in one.keys(self._options.match)}

    def _not_here(self, one: Ready, figures: Figures) -> None:
        """Somebody new, or somebody whom an earlier row of the file would have created."""
        keys = [hash(key) for key in one.keys(self._options.match)]
        content = _digest(one.record)
        before = next((self._would_be[key] for key in keys if key in self._would_be), None)
        for key in keys:
            self._would_be[key] = content
        if before is None:
            figures.created += 1
            figures.see("new", one)
            return
        figures.duplicates += 1
        if before == content or self._options.policy == "leave":
            figures.unchanged += 1
            figures.see("unchanged", one)
        else:
            figures.updated += 1
            figures.see("changed", one)


def make_ready(ready: Sequence[Ready], options: Options) -> None:
    """Do ahead of writing what needs no database: the keys of the rows, and the rows of those who will be new.

    From here on nothing is rejected any more, so the cells of the file stay behind.
    """
    for one in ready:
        one.rows = [Row(one.line, [])]
        one.keys(options.match)
        with_rows(one.record)


def people(shop: Shop, ready: Sequence[Ready], match: Sequence[str]) -> list[int | None]:
    """Whom each row means: whom our own export says it is, else whom its keys find."""
    here = alive_among(shop, ready)
    found = match_many(shop, [MatchKeys.of(one.record) for one in ready], match)
    if "external_id" not in match:
        rows = [(SAME_ROW in dict(one.record.identities), one) for one in ready]
        same = match_many(shop, [MatchKeys.of(one.record) if is_ours else MatchKeys() for is_ours, one in rows], BY[:1])
        found = [first or second for first, second in zip(found, same, strict=True)]
    return [one.customer_id if one.customer_id in here else pk for one, pk in zip(ready, found, strict=True)]


def alive_among(shop: Shop, ready: Sequence[Ready]) -> set[int]:
    """Which customers that an export of ours named are still here."""
    said = {one.customer_id for one in ready if one.customer_id}
    alive = Customer.objects.of(shop).alive().filter(pk__in=said)
    return set(alive.values_list("pk", flat=True)) if said else set()


def turns(ready: Sequence[Ready], match: Sequence[str], figures: Figures) -> Iterator[list[Ready]]:
    """The rows in turns, so that rows of one person are in different ones, in the order of the file."""
    waiting, is_first = list(ready), True
    while waiting:
        seen: dict[Key, int] = {}
        turn, later = [], []
        for one in waiting:
            keys = one.keys(match)
            before = next((seen[key] for key in keys if key in seen), None)
            if before is None:
                turn.append(one)
            else:
                later.append(one)
                if is_first:
                    figures.found_twice(one.line, before)
            for key in keys:
                seen.setdefault(key, one.line)
        yield turn
        waiting, is_first = later, False


def _contradicting(ready: Sequence[Ready], later: Sequence[list[Ready]], match: Sequence[str]) -> list[Ready]:
    """The rows that may speak of one person: those with a key of later turns, and those that name a customer."""
    keys = {key for turn in later for one in turn for key in one.keys(match)}
    return [one for one in ready if one.customer_id or not keys.isdisjoint(one.keys(match))]


def one_each(pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Pairs in rounds in which no customer stands twice: two rows may mean one by different keys."""
    while pairs:
        turn: list[Pair] = []
        later: list[Pair] = []
        seen: set[int] = set()
        for pair in pairs:
            (later if pair[0] in seen else turn).append(pair)
            seen.add(pair[0])
        yield turn
        pairs = later


def planned(
    shop: Shop, pairs: list[Pair], policy: KnownPolicy, *, for_update: bool = False
) -> Iterator[tuple[list[Change], list[Pair]]]:
    """What becomes of people who are here, in the order of the pairs; whoever is left alone has an empty change."""
    if policy == "leave":
        yield [Change(pk, one.record) for pk, one in pairs], pairs
        return
    for some_policy, some in by_policy(pairs, policy):
        drafts = [(pk, lasting(one) if some_policy == "overwrite" else one.record) for pk, one in some]
        yield plan_changes(shop, drafts, some_policy, for_update=for_update), some


def by_policy(pairs: list[Pair], policy: Policy) -> Iterator[tuple[Policy, list[Pair]]]:
    """The pairs with what becomes of values that are there; a row that gives way to an earlier one only fills."""
    later = [pair for pair in pairs if pair[1].gives_way]
    if not later:
        yield policy, pairs
        return
    if first := [pair for pair in pairs if not pair[1].gives_way]:
        yield policy, first
    yield "fill_empty", later


def count(changes: Sequence[Change], pairs: Sequence[Pair], figures: Figures) -> None:
    """Count what becomes of people who are known, and what becomes of their fields."""
    rows = dict(pairs)
    changed = [change for change in changes if not change.is_empty]
    figures.updated += len(changed)
    figures.unchanged += len(pairs) - len(changed)
    for change in changes:
        for problem in change.refused:
            figures.doubt(rows[change.customer_id].line, problem)
        figures.see("unchanged" if change.is_empty else "changed", rows[change.customer_id], change)
    for change in changed:
        figures.changed.update(_fields(change))
        figures.replaced.update({
            _FIELDS.get(column, column)
            for column, (old, _new) in change.columns.items()
            if old not in _NOTHING and column not in _MADE
        })  # fmt: skip


def _fields(change: Change) -> set[str]:
    fields = {_FIELDS.get(column, column) for column in change.columns if column not in _MADE}
    fields |= {f"accepts_{said.word.channel}" for said in change.consents}
    parts = {
        "tags": change.tags, "external_id": change.identities, "note": change.adds_note, "address": change.adds_address,
    }  # fmt: skip
    return fields | {name for name, is_there in parts.items() if is_there}


_NOTHING = (None, "", 0)
_MADE = frozenset(
    {"name_key", "phone_kind", "phone_raw", "email_raw", "citizen_id_sealed", "referred_by_id", "group_by_hand"}
)
_FIELDS = {
    "birth_md": "birthday", "birth_year": "birthday", "group_id": "group", "status_id": "status", "staff_id": "staff",
    "co_staff_ids": "staff",
    "citizen_id_index": "citizen_id", "referrer_text": "referrer",
    **{f"consent_{channel}": f"accepts_{channel}" for channel in ("email", "sms", "zalo", "whatsapp")},
}  # fmt: skip


def _digest(draft: Draft) -> int:
    """What a draft says, whichever way its e-mail address and phone are spelled."""
    spelled = {f"{one}_raw" for one in ("email", "phone") if draft.columns.get(one)}
    columns = {name: value for name, value in draft.columns.items() if name not in spelled}
    said = repr((columns, draft.tags, draft.note, draft.address, draft.group, draft.status, draft.staff))
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big")
