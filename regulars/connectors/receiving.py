"""Recording what other systems report, through the same operations as everybody.

Reported again, nothing changes; in whatever order reports arrive, the end is the same: the newest report of a
customer or order decides, and what was deleted there stays so.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from regulars.connectors import tags
from regulars.connectors.base import MergeFacts, PersonFacts, connector
from regulars.connectors.forgetting import gravestone
from regulars.connectors.models import LastReport
from regulars.customers.bulk import apply_changes, create_many, plan_changes
from regulars.customers.matching import MatchKeys, match_many, wait_for_turn
from regulars.customers.merging import merge
from regulars.customers.models import AccountState, Customer, Identity, Source, Tag
from regulars.customers.operations import (
    anonymise,
    delete_customer,
    ensure_tags,
    set_account_state,
    tag_customer,
)
from regulars.customers.profile import tag_key
from regulars.events.record import Actor
from regulars.kit.errors import BadValue
from regulars.orders.operations import record_orders, record_payments, record_returns
from regulars.shops.models import Shop

NO_PROFILE = datetime(1970, 1, 1, tzinfo=UTC)
"""When the last profile came of somebody of whom only news of tags did: before any."""

LONGEST_ID = 100
"""Characters of what another system calls a customer."""


class Received(NamedTuple):
    """What one message changed: how many customers, orders, payments and returns are new or other than before."""

    customers: int = 0
    orders: int = 0
    payments: int = 0
    returns: int = 0

    def __bool__(self) -> bool:
        return any(self)


def receive(shop: Shop, system: str, topic: str, body: Any, *, by: Actor | None = None) -> Received:
    """Record one message of another system; a message that cannot be understood changes nothing.

    Customers, orders, payments and returns are a transaction each, as their writers meet in one order of locks: whoever
    was cut off in between sends the message again. system: the connector's key. body: the message's JSON.
    Raises UnknownTopic, NotAMessage, BadValue.
    """
    from_where = connector(system)
    report = from_where.read(shop, topic, body)
    by = by or Actor("api", None, from_where.name)
    people = sum(_person(shop, from_where.key, one, by) for one in report.people)
    merged = sum(_merge(shop, from_where.key, one, by) for one in report.merges)
    orders = record_orders(shop, report.orders, by=by) if report.orders else []
    payments = record_payments(shop, report.payments, by=by) if report.payments else 0
    returns = record_returns(shop, report.returns, by=by) if report.returns else 0
    changed = sum(one.result != "unchanged" for one in orders)
    return Received(people + merged, changed, payments, returns)


# --- customers --------------------------------------------------------------------------------------------


@transaction.atomic
def _person(shop: Shop, channel: str, facts: PersonFacts, by: Actor) -> bool:
    """Record what is said of one customer; whether anything changed. Raises BadValue for an id that is none."""
    if len(facts.external_id) > LONGEST_ID:
        reason = _("“{value}” is longer than {longest} characters.")
        raise BadValue(reason, value=facts.external_id, field="id", longest=LONGEST_ID)
    wait_for_turn(shop.pk)
    last = _last(shop, channel, facts.external_id)
    if last and last.is_gone and not facts.forget:
        return False
    known = _known(shop, channel, facts)
    if facts.deleted or facts.forget:
        _keep(shop, channel, facts, last, is_gone=True, words={})
        return _send_away(known, channel, facts, by)
    changed = False
    if facts.draft is not None and not (last and facts.at and facts.at < last.at):
        _keep(shop, channel, facts, last, is_gone=False, words=tags.listed(facts, last))
        changed = _profile(shop, known, facts, by)
    return _tag(shop, channel, known, facts, last, by) or changed


def _known(shop: Shop, channel: str, facts: PersonFacts) -> Customer | None:
    """Whom a report means: by their id there, else by what the profile says. Who asks to be forgotten may be binned."""
    if facts.forget:
        names = Identity.objects.of(shop).filter(channel=channel, external_id=facts.external_id)
        return Customer.objects.of(shop).select_related("shop").filter(pk__in=names.values("customer_id")).first()
    named = MatchKeys(identities=((channel, facts.external_id),))
    keys = MatchKeys.of(facts.draft) if facts.draft else named
    [found] = match_many(shop, [keys._replace(identities=(*named.identities, *keys.identities))])
    return Customer.objects.of(shop).select_related("shop").get(pk=found) if found else None


def _last(shop: Shop, channel: str, external_id: str) -> LastReport | None:
    """The newest report of somebody there, or the sign that they were forgotten here."""
    names = (external_id, gravestone(shop.pk, channel, external_id))
    return LastReport.objects.of(shop).filter(channel=channel, external_id__in=names).first()


def _keep(
    shop: Shop, channel: str, facts: PersonFacts, last: LastReport | None, *, is_gone: bool, words: tags.Words
) -> None:
    """Remember how new the news is. A report without a time does not say: the profile that comes after may be older."""
    at = facts.at or (last.at if last else None) or (now() if is_gone else None)
    if at:
        name = last.external_id if last else facts.external_id
        LastReport.objects.update_or_create(
            shop=shop, channel=channel, external_id=name, defaults={"at": at, "is_gone": is_gone, "tags": words}
        )


def _keep_tags(shop: Shop, channel: str, external_id: str, words: tags.Words) -> None:
    LastReport.objects.update_or_create(
        shop=shop, channel=channel, external_id=external_id,
        defaults={"tags": words}, create_defaults={"tags": words, "at": NO_PROFILE},
    )  # fmt: skip


def _profile(shop: Shop, known: Customer | None, facts: PersonFacts, by: Actor) -> bool:
    """Create who is new, change who is known."""
    draft = facts.draft
    if draft is None or draft.is_fatal:
        return False
    if known is None:
        if not facts.is_whole:
            return False
        [pk] = create_many(shop, [draft], by=by, source=Source.API)
        known, changed = Customer.objects.of(shop).select_related("shop").get(pk=pk), True
    else:
        changes = plan_changes(shop, [(known.pk, draft)], "overwrite", for_update=True)
        changed = bool(apply_changes(shop, changes, by=by))
    if facts.account_disabled and known.account_state != AccountState.DISABLED:
        set_account_state(known, AccountState.DISABLED, by=by)
        changed = True
    return changed


def _tag(
    shop: Shop, channel: str, known: Customer | None, facts: PersonFacts, last: LastReport | None, by: Actor
) -> bool:
    """Add and remove tags, as far as nothing newer is known of them; of a stranger it is remembered."""
    if not (facts.add_tags or facts.remove_tags):
        return False
    facts, words = tags.of_now(facts, last)
    if words != (last.tags if last else {}):
        _keep_tags(shop, channel, facts.external_id, words)
    if known is None:
        return False
    had = set(known.tag_ids)
    add = ensure_tags(known.shop, facts.add_tags).values()
    remove = Tag.objects.of(known.shop_id).filter(key__in=[tag_key(name) for name in facts.remove_tags])
    return set(tag_customer(known, add=add, remove=remove, by=by).tag_ids) != had


def _send_away(known: Customer | None, channel: str, facts: PersonFacts, by: Actor) -> bool:
    """Forget or delete who is gone there; not who is still there by another id, as two may have become one here."""
    if known is None:
        return False
    if facts.forget:
        if known.anonymised_at:
            return False
        anonymise(known, by=by)
        return True
    names = Identity.objects.of(known.shop_id).filter(customer=known, channel=channel).values("external_id")
    gone = LastReport.objects.of(known.shop_id).filter(channel=channel, is_gone=True).values("external_id")
    if names.exclude(external_id__in=gone).exists():
        return False
    delete_customer(known, by=by)
    return True


def _merge(shop: Shop, channel: str, facts: MergeFacts, by: Actor) -> bool:
    """Two who became one there become one here; the other's id then leads to the one who stays."""
    kept, gone = (_known(shop, channel, PersonFacts(name)) for name in (facts.kept, facts.gone))
    if kept is None or gone is None or kept.pk == gone.pk:
        return False
    choices = {"account": kept.pk} | ({"email": kept.pk} if kept.email else {})
    merge(shop, kept, [gone], choices=choices, by=by)
    return True
