"""What happened to one customer, newest first and ready to print."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.customers.changes import Reader, ids_in, shown_changes
from regulars.customers.custom import OwnFields
from regulars.customers.leading import family_ids
from regulars.customers.models import Customer, Group, Household, Note, Source, Status, Tag
from regulars.customers.ways import Outcome, Way
from regulars.events.models import Event
from regulars.kit.query.prepared import Written, loaded, prepared
from regulars.shops.models import Channel, Staff
from regulars.shops.permissions import Permission

Part = dict[str, Any]
Cursor = tuple[datetime, int]


MERGED_AWAY = "customer.merged_away"
MERGING = frozenset({"customer.merged", MERGED_AWAY, "customer.unmerged"})


class Names:
    """Names of what a page of events speaks of: a query a kind, however many events."""

    def __init__(self, staff: Staff, events: Iterable[Event] = ()) -> None:
        self.staff = staff
        self.known: dict[str, dict[int, Any]] = {}
        self.find(pair for event in events for pair in _spoken_of(event))

    def find(self, spoken_of: Iterable[tuple[str, int]]) -> None:
        """Learn the names of further (kind, id)."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for kind, pk in spoken_of:
            wanted[kind].add(pk)
        self.known |= {kind: _FINDERS[kind](self.staff, ids) for kind, ids in wanted.items()}

    def __call__(self, kind: str, pk: int) -> str:
        """The name of something by its id; the id where it is gone or may not be seen."""
        return self.known.get(kind, {}).get(pk) or f"#{pk}"


Describer = Callable[[Event, Names], list[Part]]
_describers: dict[str, Describer] = {}


def describes(*kinds: str) -> Callable[[Describer], Describer]:
    """Register `describer(event, names)` → the parts of a sentence, for kinds of events; upper floors tell theirs."""

    def register(describer: Describer) -> Describer:
        for kind in kinds:
            if kind in _describers:
                raise ValueError(f"{kind} is described already")
            _describers[kind] = describer
        return describer

    return register


def text(words: Any) -> Part:
    """Words of a sentence."""
    return {"text": str(words), "about": None}


def link(words: Any, about: str, about_id: int) -> Part:
    """Words that lead to an object's page: about is "order", "customer" …"""
    return {"text": str(words), "about": (about, about_id)}


def timeline(customer: Customer, staff: Staff, before: Cursor | None = None, limit: int = 50) -> list[dict[str, Any]]:
    """A page of what happened, newest first, as this member of staff may see it.

    before: the `cursor` of the last entry of the page before. Each entry has id, kind, when, who (a name), by (what
    kind of actor), parts (of the sentence, see `text` and `link`), changes (see `changes.Change`), note (the text of a
    note as it is now, else ""), note_id, batch_id, merge (the id of the merge that it tells of, or None), cursor. A
    fixed number of queries. What happened to those who were merged into the customer happened to them.
    """
    events = _page(customer, before, limit)
    names = Names(staff, events)
    may_see_contact = staff.may(Permission.SEE_CONTACT)
    shop = customer.shop
    locale = get_language() or "en"
    own = OwnFields.of(shop, locale, ever=True)
    reader = Reader(locale, shop.timezone, may_see_contact, names, shop.currency, own)
    return [_entry(event, names, reader) for event in events]


def _page(customer: Customer, before: Cursor | None, limit: int) -> list[Event]:
    """A walk along the index for each id of the family; the newest of all of them."""
    family = family_ids(customer.shop_id, customer.pk)
    if not before and len(family) == 1:
        return loaded(Event, _newest(limit)(customer.shop_id, customer.pk))
    walks = []
    for whose in family:
        trail = Event.objects.filter(shop_id=customer.shop_id, customer_id=whose)
        if whose != customer.pk:
            trail = trail.exclude(kind=MERGED_AWAY)  # told by the survivor's own
        if before:
            at, pk = before
            trail = trail.filter(Q(at__lt=at) | Q(at=at, id__lt=pk), at__lte=at)
        walks.append(trail.order_by("-at", "-id")[:limit])
    first, *others = walks
    return list(first.union(*others, all=True).order_by("-at", "-id")[:limit] if others else first)


@cache
def _newest(limit: int) -> Callable[..., Written]:
    return prepared(
        lambda shop, customer: Event.objects.filter(shop_id=shop, customer_id=customer).order_by("-at", "-id")[:limit]
    )


def _entry(event: Event, names: Names, reader: Reader) -> dict[str, Any]:
    describe = _describers.get(event.kind)
    note_id = event.data.get("note") if event.kind.startswith("customer.note_") else None
    return {
        "id": event.pk,
        "kind": event.kind,
        "when": event.at,
        "who": event.actor_name or _ACTORS.get(event.actor_kind, _ACTORS["system"])(),
        "by": event.actor_kind,
        "parts": describe(event, names) if describe else [text(event.kind)],
        "changes": shown_changes(event.data.get("changes", {}), reader),
        "note": names.known.get("note", {}).get(note_id, "") if note_id else "",
        "note_id": note_id,
        "batch_id": event.batch_id,
        "merge": event.data.get("merge") if event.kind == "customer.merged" else None,
        "cursor": (event.at, event.pk),
    }


_ACTORS: dict[str, Callable[[], str]] = {
    "system": lambda: "Regulars",
    "import": lambda: _("Import"),
    "api": lambda: _("Another system"),
    "customer": lambda: _("The customer"),
    "bot": lambda: _("A bot"),
    "staff": lambda: _("Staff"),
}


# --- names ----------------------------------------------------------------------------------------------------------


def _spoken_of(event: Event) -> Iterable[tuple[str, int]]:
    yield from ids_in(event.data.get("changes", {}))
    for tag in (*event.data.get("added", ()), *event.data.get("removed", ())):
        yield "tag", tag
    if "other_customer" in event.data:
        yield "customer", event.data["other_customer"]
    if event.kind == "customer.note_added" and "note" in event.data:
        yield "note", event.data["note"]
    for name in ("merged", "into", "from"):
        if event.kind in MERGING and name in event.data:
            ids = event.data[name]
            yield from (("person", pk) for pk in (ids if isinstance(ids, list) else [ids]))


def _named(model: Any) -> Callable[[Staff, set[int]], dict[int, str]]:
    return lambda staff, ids: dict(model.objects.of(staff.shop_id).filter(pk__in=ids).values_list("pk", "name"))


def _staff_named(staff: Staff, ids: set[int]) -> dict[int, str]:
    members = Staff.objects.of(staff.shop_id).filter(pk__in=ids).select_related("user")
    return {member.pk: str(member.user) for member in members}


def _customers_named(staff: Staff, ids: set[int]) -> dict[int, str]:
    visible = Customer.objects.of(staff.shop_id).alive().visible_to(staff).filter(pk__in=ids)
    return {customer.pk: customer.name for customer in visible.only("pk", "name", "shop_id")}


def _people_named(staff: Staff, ids: set[int]) -> dict[int, str]:
    """Those in the bin, too: who was merged lies there."""
    visible = Customer.objects.of(staff.shop_id).visible_to(staff).filter(pk__in=ids)
    return {customer.pk: customer.name for customer in visible.only("pk", "name", "shop_id")}


def _notes(staff: Staff, ids: set[int]) -> dict[int, str]:
    if not staff.may(Permission.SEE_NOTES):
        return {}
    return dict(Note.objects.of(staff.shop_id).filter(pk__in=ids).values_list("pk", "text"))


_FINDERS: dict[str, Callable[[Staff, set[int]], dict[int, str]]] = {
    "group": _named(Group),
    "status": _named(Status),
    "tag": _named(Tag),
    "channel": _named(Channel),
    "household": _named(Household),
    "staff": _staff_named,
    "customer": _customers_named,
    "person": _people_named,
    "note": _notes,
}


# --- sentences ------------------------------------------------------------------------------------------------------


@describes("customer.created")
def _created(event: Event, names: Names) -> list[Part]:
    source = event.data.get("source", "")
    return [text(_("Customer added")), text(f": {Source(source).label}" if source in Source.values else "")]


@describes("customer.tagged")
def _tagged(event: Event, names: Names) -> list[Part]:
    parts = []
    for what, sentence in (("added", _("Tagged: {tags}")), ("removed", _("Tags removed: {tags}"))):
        if ids := event.data.get(what):
            parts.append(sentence.format(tags=", ".join(names("tag", tag) for tag in ids)))
    return [text(". ".join(parts))]


@describes("customer.changed")
def _changed(event: Event, names: Names) -> list[Part]:
    columns = set(event.data.get("changes", {}))
    if columns <= {"status_id", "status_at"}:
        return [text(_("Status changed"))]
    if columns == {"group_by_hand"}:
        _was, is_chosen = event.data["changes"]["group_by_hand"]
        return [text(_("Group chosen by hand") if is_chosen else _("Group left to the rules"))]
    if columns <= {"group_id", "group_by_hand"}:
        return [text(_("Group changed"))]
    if columns <= {"staff_id", "co_staff_ids"}:
        return [text(_("Responsible staff changed"))]
    if columns == {"credit_limit"}:
        return [text(_("Credit limit changed"))]
    if columns == {"household_id"}:
        _was, now = event.data["changes"]["household_id"]
        return [text(_("Came into a household") if now else _("Left the household"))]
    if columns <= {"country", "city", "region"}:
        return [text(_("Place taken from the default address"))]
    return [text(_("Profile changed"))]


@describes("customer.consent")
def _consent(event: Event, names: Names) -> list[Part]:
    source = event.data.get("source", "")
    said = _("Marketing consent recorded")
    return [text(f"{said}: {source}" if source else said)]


@describes("customer.address_added", "customer.address_removed", "customer.address_default")
def _address(event: Event, names: Names) -> list[Part]:
    sentences = {
        "customer.address_added": _("Address added: {address}"),
        "customer.address_removed": _("Address removed: {address}"),
        "customer.address_default": _("Default address: {address}"),
    }
    return [text(sentences[event.kind].format(address=event.data.get("text", "")))]


@describes("figures.repaired")
def _repaired(event: Event, names: Names) -> list[Part]:
    return [text(_("Stored figures put right: {names}").format(names=", ".join(event.data.get("figures", {}))))]


@describes("customer.merged", "customer.merged_away", "customer.unmerged")
def _merged(event: Event, names: Names) -> list[Part]:
    if "into" in event.data:
        return _about_people(_("Merged into {people}"), [event.data["into"]], names)
    if event.kind == "customer.unmerged":
        others = [event.data["from"]] if "from" in event.data else event.data.get("merged", [])
        return _about_people(_("Made customers of their own again: this one and {people}"), others, names)
    parts = _about_people(_("Merged with {people}"), event.data.get("merged", []), names)
    if account := event.data.get("account"):
        words = _("The account of {people} stays; nobody was told that the other one ended.")
        parts += [text(". "), *_about_people(words, [account["kept"]], names)]
    return parts


def _about_people(words: str, ids: Iterable[int], names: Names) -> list[Part]:
    before, _mark, after = words.partition("{people}")
    parts = [text(before)]
    for place, pk in enumerate(ids):
        parts += [text(", ")] if place else []
        parts.append(link(names("person", pk), "customer", pk))
    return [*parts, text(after)]


@describes("customer.contacted")
def _contacted(event: Event, names: Names) -> list[Part]:
    way, outcome = event.data.get("way", ""), event.data.get("outcome", "")
    said = _("Contacted: {way}").format(way=Way(way).label if way in Way.values else way)
    return [text(f"{said} · {Outcome(outcome).label}" if outcome in Outcome.values else said)]


def _plain(kind: str, sentence: Callable[[], str]) -> None:
    describes(kind)(lambda event, names: [text(sentence())])


_plain("customer.deleted", lambda: _("Moved to the bin"))
_plain("customer.restored", lambda: _("Restored from the bin"))
_plain("customer.anonymised", lambda: _("Personal data erased"))
_plain("customer.purged", lambda: _("Removed for good"))
_plain("customer.citizen_id_revealed", lambda: _("Citizen id looked at"))
_plain("customer.note_added", lambda: _("Note added"))
_plain("customer.note_changed", lambda: _("Note changed"))
_plain("customer.note_deleted", lambda: _("Note deleted"))
_plain("customer.note_restored", lambda: _("Note put back"))
_plain("customer.note_pinned", lambda: _("Note pinned"))
_plain("customer.note_unpinned", lambda: _("Note no longer pinned"))
_plain("customer.note_file_added", lambda: _("File put on a note"))
_plain("customer.note_file_removed", lambda: _("File taken off a note"))
_plain("customer.address_changed", lambda: _("Address changed"))
_plain("customer.avatar_set", lambda: _("Picture changed"))
_plain("customer.avatar_removed", lambda: _("Picture removed"))
