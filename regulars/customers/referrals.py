"""Who sent whom: codes that customers pass on, and no circle of people who sent each other.

Whoever writes `referred_by_id` first takes `referrals_locked`, then asks; so two who send each other at once cannot
both be believed.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from regulars.customers.errors import BadReferralCode, ReferralCodeTaken
from regulars.customers.models import Customer
from regulars.customers.referral_codes import code_of, new_code
from regulars.customers.writing import change_columns, locked
from regulars.events.record import Actor
from regulars.kit.text import one_line

_TRIES = 8


def referrals_locked(shop_id: int) -> None:
    """Wait until no other transaction writes who sent whom in this shop; ours then ends it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"customers.referrals:{shop_id}"])


def would_circle(shop_id: int, customer_id: int, referrer_id: int) -> bool:
    """Whether this referrer is the customer, or was sent by them, however many steps away."""
    return customer_id in circling(shop_id, {customer_id: referrer_id})


def circling(shop_id: int, links: Mapping[int, int | None]) -> set[int]:
    """Of these links (customer → referrer, written in this order) the customers whose link would close a circle.

    One query, however many links.
    """
    above = _above(shop_id, {referrer for referrer in links.values() if referrer})
    closing = set()
    for customer, referrer in links.items():
        if referrer and customer in _line(above, referrer):
            closing.add(customer)
        else:
            above[customer] = referrer
    return closing


def find_by_code(shop_id: int, texts: Iterable[str]) -> dict[str, int]:
    """Text → the customer whose code it is, however it is written; others are left out. One query at most.

    The code of somebody who was merged is passed on by friends still: it is that of whom they became.
    """
    codes = {text: code for text in texts if (code := code_of(text))}
    if not codes:
        return {}
    is_somebody = Q(deleted_at__isnull=True) | Q(merged_into__isnull=False, merged_into__deleted_at__isnull=True)
    rows = Customer.objects.of(shop_id).filter(is_somebody, referral_code__in=set(codes.values()))
    known = dict(rows.values_list("referral_code", Coalesce("merged_into_id", "pk")))
    return {text: known[code] for text, code in codes.items() if code in known}


def codes_taken(shop_id: int, wanted: Sequence[tuple[int | None, str]]) -> list[int]:
    """Of (customer or None for a new one, code) pairs the places whose code somebody else has or wants before them."""
    if not any(code for _customer, code in wanted):
        return []
    rows = Customer.objects.of(shop_id).filter(referral_code__in={code for _customer, code in wanted if code})
    whose: dict[str, int | None] = dict(rows.values_list("referral_code", "pk"))
    taken = []
    for place, (customer, code) in enumerate(wanted):
        if code and code in whose and (customer is None or whose[code] != customer):
            taken.append(place)
        elif code:
            whose[code] = customer
    return taken


@transaction.atomic
def give_referral_code(customer: Customer, *, by: Actor) -> str:
    """The customer's code; who has none gets a new one, such as "7K4M-9QXT", that nobody in the shop has.

    Raises InTheBin.
    """
    customer = locked(customer)
    for _try in range(_TRIES):
        if customer.referral_code:
            break
        try:
            customer = set_referral_code(customer, new_code(), by=by)
        except ReferralCodeTaken:
            continue
    return str(customer.referral_code)


@transaction.atomic
def set_referral_code(customer: Customer, code: str, *, by: Actor) -> Customer:
    """Give a customer a code of one's own choice, "" takes it away.

    Raises BadReferralCode, ReferralCodeTaken, InTheBin.
    """
    customer = locked(customer)
    wanted = code_of(code)
    if code.strip() and not wanted:
        raise BadReferralCode(code=one_line(code)[:60])
    others = Customer.objects.of(customer.shop_id).exclude(pk=customer.pk)
    if wanted and others.filter(referral_code=wanted).exists():
        raise ReferralCodeTaken(code=wanted)
    try:
        with transaction.atomic():
            change_columns(customer, {"referral_code": wanted}, by=by)
    except IntegrityError as error:
        if "customer_referral_code" not in str(error):
            raise
        raise ReferralCodeTaken(code=wanted) from None
    return customer


def _above(shop_id: int, referrers: set[int]) -> dict[int, int | None]:
    """Who sent each of these, who sent those, and so on to the top."""
    if not referrers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE line AS (SELECT id, referred_by_id FROM customers_customer"
            " WHERE shop_id = %s AND id = ANY(%s)"
            " UNION SELECT c.id, c.referred_by_id FROM line"
            " JOIN customers_customer c ON c.shop_id = %s AND c.id = line.referred_by_id) SELECT * FROM line",
            [shop_id, sorted(referrers), shop_id],
        )
        return dict(cursor.fetchall())


def _line(above: Mapping[int, int | None], start: int) -> set[int]:
    """Somebody and everybody above them; ends also where there is a circle already."""
    line: set[int] = set()
    at: int | None = start
    while at and at not in line:
        line.add(at)
        at = above.get(at)
    return line
