"""What the team makes of two who may be one: remembered for ever, unless somebody reopens it."""

from django.db import transaction
from django.utils.timezone import now

from regulars.customers.figures import lock_customers
from regulars.customers.models import Customer, Decision, PossibleDuplicate
from regulars.customers.operations.households import housemates, leave_household, link_household
from regulars.events.record import Actor, Happening, record_many

TOLD_APART, ALIKE_AGAIN = "customer.told_apart", "customer.alike_again"


@transaction.atomic
def tell_apart(pair: PossibleDuplicate, *, by: Actor) -> PossibleDuplicate:
    """Say that they are not the same person; they are not suggested again."""
    pair = _locked(pair)
    if pair.decision != Decision.DIFFERENT:
        _decide(pair, Decision.DIFFERENT, by)
        _tell(pair, TOLD_APART, by)
    return pair


@transaction.atomic
def join_as_household(pair: PossibleDuplicate, *, by: Actor) -> list[int]:
    """Say that they are two people of one household; they are not suggested again.

    Answers who came into the household by this. Raises TwoHouseholds, InTheBin, Anonymised.
    """
    pair = _locked(pair)
    both = [pair.first, pair.second]
    joined = link_household(both, by=by)
    if pair.decision != Decision.HOUSEHOLD:
        _decide(pair, Decision.HOUSEHOLD, by)
    return joined


@transaction.atomic
def reopen(pair: PossibleDuplicate, *, by: Actor, leaving: tuple[int, ...] = ()) -> PossibleDuplicate:
    """Ask about them again. leaving: whichever of the two came into their household by the decision."""
    pair = _locked(pair, *housemates(pair.shop_id, leaving))
    if pair.decision not in (Decision.DIFFERENT, Decision.HOUSEHOLD):
        return pair
    for customer in (pair.first, pair.second):
        if customer.pk in leaving:
            leave_household(customer, by=by)
    was = pair.decision
    _decide(pair, Decision.OPEN, by)
    if was == Decision.DIFFERENT:
        _tell(pair, ALIKE_AGAIN, by)
    return pair


def _locked(pair: PossibleDuplicate, *also: int) -> PossibleDuplicate:
    """The pair as it is now; both customers, and `also`, are locked before it, as by whoever removes them and so it."""
    lock_customers(pair.shop_id, sorted({pair.first_id, pair.second_id, *also}))
    rows = PossibleDuplicate.objects.of(pair.shop_id).select_related("first", "second")
    return rows.select_for_update(of=["self"], no_key=True).get(pk=pair.pk)


def _decide(pair: PossibleDuplicate, decision: Decision, by: Actor) -> None:
    is_open = decision == Decision.OPEN
    pair.decision = decision
    pair.decided_at = None if is_open else now()
    pair.decided_by_id = by.id if by.kind == "staff" and not is_open else None
    pair.save(update_fields=["decision", "decided_at", "decided_by"])


def _tell(pair: PossibleDuplicate, kind: str, by: Actor) -> None:
    """One event for each of the two, which names the other."""
    both: tuple[Customer, ...] = (pair.first, pair.second)
    happenings = [
        Happening(kind, "customer", one.pk, one.pk, {"other_customer": other.pk})
        for one, other in zip(both, reversed(both), strict=True)
    ]
    record_many(pair.shop_id, happenings, by=by)
