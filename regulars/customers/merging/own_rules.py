"""What happens to the tables of this floor."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from regulars.customers.likeness.following import BY_MERGE
from regulars.customers.merging import moving
from regulars.customers.merging.links import Link
from regulars.customers.merging.rules import Family, MovesOnce, Rule, Stays, Trace, rule
from regulars.customers.models import Address, Customer, PossibleDuplicate

FLAGS = ("is_default_shipping", "is_default_billing")


class Addresses(Rule):
    """Each place once: one the survivor has already stays with who was merged. The survivor's defaults stay so."""

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        rows = list(Address.objects.of(family.shop_id).filter(customer_id__in=family.ids))
        rows.sort(key=lambda row: (family.ids.index(row.customer_id), row.pk))
        seen: set[str] = set()
        taken: set[str] = set()
        changed: dict[str, dict[str, list[Any]]] = {}
        for row in rows:
            if row.fingerprint in seen:
                continue
            seen.add(row.fingerprint)
            had = {flag for flag in FLAGS if getattr(row, flag)}
            if row.customer_id != family.survivor_id:
                flags = {flag: [flag in had, flag in had - taken] for flag in FLAGS}
                changed[str(row.pk)] = {"customer_id": [row.customer_id, family.survivor_id], **flags}
            taken |= had
        moving.change(link, family.shop_id, changed)
        return {"changed": changed}

    def part(self, link: Link, family: Family, trace: Trace) -> None:
        """An address that was edited into one that the other kept meanwhile stays with the survivor."""
        kept = Address.objects.of(family.shop_id).filter(customer_id__in=family.other_ids)
        known = set(kept.values_list("customer_id", "fingerprint"))
        now = dict(Address.objects.of(family.shop_id).filter(pk__in=trace["changed"]).values_list("pk", "fingerprint"))
        back = {
            pk: columns
            for pk, columns in trace["changed"].items()
            if (columns["customer_id"][0], now.get(int(pk))) not in known
        }
        super().part(link, family, {"changed": back})


class Pictures(Rule):
    """One picture: the chosen customer's. The survivor's own is kept in the trace, the others' stay where they are."""

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        whose = chosen.get("avatar", family.survivor_id)
        if whose == family.survivor_id:
            return {}
        dropped = moving.drop(link, family.shop_id, family.survivor_id)
        return {"dropped": dropped, "moved": moving.move(link, family.shop_id, family.survivor_id, [whose])}

    def part(self, link: Link, family: Family, trace: Trace) -> None:
        """A picture of the survivor's that came since goes when the one of before comes back."""
        super().part(link, family, {**trace, "dropped": []})
        if trace.get("dropped"):
            moving.drop(link, family.shop_id, family.survivor_id)
            super().part(link, family, {"dropped": trace["dropped"]})


class Suspicions(Rule):
    """Pairs stay with who was merged, and the decisions follow the news (`likeness.following`).

    The trace keeps the pairs of before as they were: who was "not the same person" then is so again.
    """

    is_derived = True

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        return {"before": moving.as_they_are(link.table, family.shop_id, _TOUCHING, list(family.ids))}

    def part(self, link: Link, family: Family, trace: Trace) -> None:
        """Pairs found or decided since about the survivor stay; what was only said because of the merge goes.

        A pair with somebody who was removed for good since is no pair any more.
        """
        gone = Q(first_id__in=family.other_ids) | Q(second_id__in=family.other_ids)
        taken_over = Q(reasons__contains=[BY_MERGE]) & (
            Q(first_id=family.survivor_id) | Q(second_id=family.survivor_id)
        )
        PossibleDuplicate.objects.of(family.shop_id).filter(gone | taken_over).delete()
        known = [json.loads(row) for row in trace["before"]]
        both = {pk for row in known for pk in (row["first_id"], row["second_id"])}
        alive = set(Customer.objects.of(family.shop_id).filter(pk__in=both).values_list("pk", flat=True))
        for text, row in zip(trace["before"], known, strict=True):
            if alive.issuperset((row["first_id"], row["second_id"])):
                moving.insert(link, text, unless_there=True)


_TOUCHING = "(first_id = ANY(%(ids)s) OR second_id = ANY(%(ids)s))"


class Referred(Rule):
    """Whom the others sent was sent by the survivor; who sends whom inside the family is no referral any more."""

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        people: Any = link.model._default_manager
        sent = people.filter(shop_id=family.shop_id, referred_by_id__in=family.other_ids)
        ids = sent.exclude(pk__in=family.ids).values_list("pk", flat=True)
        return {"moved": moving.move(link, family.shop_id, family.survivor_id, family.other_ids, only=list(ids))}


rule("customers.Address.customer_id", Addresses())
rule("customers.Avatar.customer_id", Pictures())
rule("customers.PossibleDuplicate.first_id", Suspicions())
rule("customers.PossibleDuplicate.second_id", Stays())  # with the first
rule("customers.OtherContact.customer_id", MovesOnce("kind", "value"))
rule("customers.CustomerSearch.customer_id", Stays())  # written anew from the row
rule("customers.Merge.survivor_id", Stays())  # who was merged into whom, in that order, is what can be taken back
rule("customers.Customer.referred_by_id", Referred())
