"""One customer becomes several again, each exactly as before; what came since stays with the survivor, or is chosen."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from django.db import transaction
from django.utils import timezone

from regulars.customers.drafts import sort_key
from regulars.customers.errors import Anonymised, InTheBin
from regulars.customers.figures import lock_customers
from regulars.customers.merging import consents, homes, moving
from regulars.customers.merging.choosing import FIELDS
from regulars.customers.merging.errors import BadChoice, Forgotten, NewerMergeFirst, NotMerged
from regulars.customers.merging.links import links
from regulars.customers.merging.rows import FIELDS as COLUMNS
from regulars.customers.merging.rows import count_version, kept, read, told_changes, write
from regulars.customers.merging.rules import Family, rule_of, take_locks
from regulars.customers.models import Customer, Group, Merge, Tag
from regulars.customers.referrals import referrals_locked, would_circle
from regulars.customers.search import write_search_texts
from regulars.customers.writing import email_kept_unique
from regulars.events.record import Actor, Happening, record_many
from regulars.shops.models import Shop

Keep = Literal["survivor"] | Mapping[str, Mapping[int, int]]

_LISTS: dict[str, Any] = {"tag_ids": Tag, "co_staff_ids": None}
_FOLLOWING = frozenset({*consents.COLUMNS.values(), "updated_at", "city", "region", "created_at"})
"""Columns that follow from others: what they became since stays."""


class Edit(NamedTuple):
    """A field of the survivor's that the merge had set and somebody changed since; values as in the columns.

    before: what it is restored to, unless the edit is kept. given: what the merge made of it. now: what stands there.
    """

    name: str
    label: Any
    column: str
    before: Any
    given: Any
    now: Any


def newest_merge(shop: Shop | int, customer_id: int) -> Merge | None:
    """The one merge of this customer that can be taken back now; the ones before it follow."""
    merges = Merge.objects.of(shop).filter(survivor_id=customer_id, undone_at=None).exclude(snapshot={})
    return merges.filter(survivor__merged_into=None).defer("snapshot").order_by("-id").first()


def edits_since(merge: Merge) -> list[Edit]:
    """The fields about which the way back must decide. Tags, staff and consent are no question: see `unmerge`."""
    survivor, changes = merge.survivor, merge.snapshot.get("survivor", {})
    found = []
    for name, label, columns in _units(changes):
        differing = [one for one in columns if one in changes and kept(getattr(survivor, one)) != changes[one][1]]
        if differing and name:
            before, given = changes[differing[0]]
            found.append(Edit(name, label, differing[0], before, given, kept(getattr(survivor, differing[0]))))
    return found


def came_since(merge: Merge) -> dict[str, list[int]]:
    """Link name → the survivor's rows that were written after the merge, by id.

    Links without any are left out, and so is what follows from other rows.
    """
    marks, found = merge.snapshot.get("marks", {}), {}
    for link in (one for one in links() if not rule_of(one).is_derived):
        made = merge.snapshot.get("links", {}).get(link.name, {}).get("made", [])
        ids = moving.ids_after(link, merge.shop_id, merge.survivor_id, marks.get(link.table, 0))
        if rest := [pk for pk in ids if pk not in made]:
            found[link.name] = rest
    return found


def moved_rows(merge: Merge, link_name: str) -> dict[int, int]:
    """Row id → customer id: the rows behind a link that moved to the survivor, and whose they were."""
    moved = merge.snapshot.get("links", {}).get(link_name, {}).get("moved", {})
    return {pk: int(customer_id) for customer_id, ids in moved.items() for pk in ids}


@transaction.atomic
def unmerge(merge: Merge, *, by: Actor, keep: Keep = "survivor", edits: Collection[str] = ()) -> Merge:
    """Make several customers of one again: rows, addresses, orders, notes, consents … as they were.

    keep: where what came since goes; "survivor", or link name ("orders.Order.customer_id") → {row id: customer id}
    for the rows that go elsewhere. edits: names of fields (`edits_since`) whose later value stays; the others are as
    before the merge. What was changed since and never touched by the merge stays. Tags and responsible staff added
    since stay with the survivor, and so does a word about consent that was said since.
    Raises NotMerged, Forgotten, NewerMergeFirst, InTheBin, Anonymised, EmailTaken, BadChoice.
    """
    take_locks(merge.shop_id)
    family_ids = [merge.survivor_id, *merge.merged_ids]
    lock_customers(merge.shop_id, homes.touched(merge.shop_id, family_ids, merge.snapshot.get("homes")))
    merge = Merge.objects.of(merge.shop_id).select_for_update(no_key=True).get(pk=merge.pk)
    people = check(merge)
    survivor, others = people[0], people[1:]
    family = Family(merge.shop_id, survivor.pk, tuple(merge.merged_ids), by)
    if keep != "survivor":
        _give(merge, family, keep)
    empty, lived_in = merge.snapshot.get("homes", {}), survivor.household_id
    homes.build_again(merge.shop_id, empty)
    changes = _restore(survivor, _to_restore(merge), edits)
    for link in reversed(links()):
        if trace := merge.snapshot["links"].get(link.name):
            rule_of(link).part(link, family, trace)
    for one in others:
        _bring_back(one, merge.snapshot["away"][str(one.pk)])
    homes.come_back(merge.shop_id, empty, lived_in, by)
    _break_circles(people, changes)
    write_search_texts(merge.shop_id, family.ids)
    merge.undone_at, merge.snapshot = timezone.now(), {}
    merge.save(update_fields=["undone_at", "snapshot"])
    _tell(merge, changes, by)
    return merge


def check(merge: Merge) -> list[Customer]:
    """Their rows, the survivor first, if this merge is the one to take back. Raises as `unmerge`."""
    if merge.undone_at:
        raise NotMerged
    rows = Customer.objects.of(merge.shop_id).in_bulk([merge.survivor_id, *merge.merged_ids])
    people = [rows[pk] for pk in (merge.survivor_id, *merge.merged_ids) if pk in rows]
    survivor = people[0]
    if survivor.anonymised_at:
        raise Anonymised
    if not merge.snapshot or len(people) != 1 + len(merge.merged_ids):
        raise Forgotten
    if survivor.merged_into_id:
        newer = Merge.objects.of(merge.shop_id).filter(merged_ids__contains=[survivor.pk], undone_at=None).last()
        raise NewerMergeFirst(merge_id=newer.pk if newer else None)
    newest = newest_merge(merge.shop_id, survivor.pk)
    if newest and newest.pk != merge.pk:
        raise NewerMergeFirst(merge_id=newest.pk)
    if survivor.deleted_at:
        raise InTheBin
    return people


# --- the survivor's row ---------------------------------------------------------------------------------------------


def _units(changes: Iterable[str]) -> list[tuple[str, Any, tuple[str, ...]]]:
    """Columns that are restored together: a field's, else each alone; a name only for those somebody is asked about."""
    units: list[tuple[str, Any, tuple[str, ...]]] = [(one.name, one.label, one.columns) for one in FIELDS]
    in_fields = {column for one in FIELDS for column in one.columns}
    units += [("", "", (column,)) for column in changes if column not in in_fields]
    return [unit for unit in units if not set(unit[2]).isdisjoint(changes)]


def _to_restore(merge: Merge) -> dict[str, list[Any]]:
    """What the merge changed, without the consent that was spoken of since: the last word counts, the same one too."""
    said = consents.said_since(merge)
    return {column: change for column, change in merge.snapshot["survivor"].items() if column not in said}


def _restore(survivor: Customer, changes: Mapping[str, list[Any]], edits: Collection[str]) -> dict[str, list[Any]]:
    """Bring the columns back that the merge had set; what really changed, as [before, after]."""
    if unknown := set(edits) - {one.name for one in FIELDS}:
        raise BadChoice(field=", ".join(sorted(unknown)))
    wanted: dict[str, Any] = {}
    for name, _label, columns in _units(changes):
        if name and name in edits:
            continue
        for column in (one for one in columns if one in changes):
            wanted |= _one_back(survivor, column, *changes[column])
    wanted |= _name_key_of(survivor, wanted)
    with email_kept_unique(survivor.shop_id, wanted.get("email", survivor.email), but=survivor.pk):
        return write(survivor, _still_there(survivor, wanted))


def _one_back(survivor: Customer, column: str, before: Any, given: Any) -> dict[str, Any]:
    now = kept(getattr(survivor, column))
    if column in _LISTS:
        stays = (set(before) | (set(now) - set(given))) - (set(given) - set(now))
        return {column: sorted(stays)}
    if column == "custom":
        edited = {key for key in {*now, *given} if now.get(key) != given.get(key)}
        return {column: {key: (now if key in edited else before).get(key) for key in {*before, *edited}
                         if key in (now if key in edited else before)}}  # fmt: skip
    if now != given and column in _FOLLOWING:
        return {}
    return {column: read(column, before)}


def _name_key_of(survivor: Customer, wanted: Mapping[str, Any]) -> dict[str, str]:
    shown = ("name", "company", "email", "email_raw", "phone", "phone_raw")
    return {"name_key": sort_key({one: wanted.get(one, getattr(survivor, one)) for one in shown})}


def _still_there(survivor: Customer, wanted: dict[str, Any]) -> dict[str, Any]:
    """Without groups, stages, tags … that the shop took away since."""
    found = dict(wanted)
    for column, value in wanted.items():
        field: Any = COLUMNS[column]
        if (
            field.is_relation
            and value
            and not field.related_model.objects.of(survivor.shop_id).filter(pk=value).exists()
        ):
            if field.related_model is Group:
                del found[column]
            else:
                found[column] = None
    if "tag_ids" in found:
        tags = Tag.objects.of(survivor.shop_id).filter(pk__in=found["tag_ids"])
        found["tag_ids"] = sorted(tags.values_list("pk", flat=True))
    return found


# --- what hangs on them ---------------------------------------------------------------------------------------------


def _bring_back(customer: Customer, away: Mapping[str, list[Any]]) -> None:
    columns = {column: read(column, before) for column, (before, _given) in away.items()}
    with email_kept_unique(customer.shop_id, customer.email, but=customer.pk):
        write(customer, columns)


def _break_circles(people: Sequence[Customer], changes: dict[str, list[Any]]) -> None:
    """Whoever was sent by one of them since cannot have sent that one: the newer word stays.

    changes: of the first, which are told.
    """
    shop_id = people[0].shop_id
    if any(one.referred_by_id for one in people):
        referrals_locked(shop_id)
    for one in people:
        if (sender := one.referred_by_id) and would_circle(shop_id, one.pk, sender):
            write(one, {"referred_by_id": None})
            if one is people[0]:
                changes["referred_by_id"] = [changes.get("referred_by_id", [sender])[0], None]


def _give(merge: Merge, family: Family, keep: Mapping[str, Mapping[int, int]]) -> None:
    """Only what came since, and only to one of the family."""
    since = came_since(merge)
    by_name = {link.name: link for link in links()}
    for name, rows in sorted(keep.items()):  # orders before what goes with them
        if (
            name not in by_name
            or not set(rows) <= set(since.get(name, ()))
            or not set(rows.values()) <= set(family.ids)
        ):
            raise BadChoice(field=name)
        rule_of(by_name[name]).give(by_name[name], family, rows)


def _tell(merge: Merge, changes: Mapping[str, list[Any]], by: Actor) -> None:
    """An event for each of them, announced together."""
    count_version(merge.shop_id, merge.survivor_id)
    old, new = changes.get("tag_ids", [[], []])
    data = {
        "merge": merge.pk, "merged": merge.merged_ids, "changes": told_changes(changes),
        "added": sorted(set(new) - set(old)), "removed": sorted(set(old) - set(new)),
    }  # fmt: skip
    own = [Happening("customer.unmerged", "customer", pk, data={"from": merge.survivor_id}) for pk in merge.merged_ids]
    first = Happening("customer.unmerged", "customer", merge.survivor_id, data=data)
    record_many(merge.shop_id, [first, *own], by=by)
