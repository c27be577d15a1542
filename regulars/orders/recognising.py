"""Payments that staff recorded before their source listed them: the same money, and so one payment.

What a source lists is compared with what was recorded here by hand. Where exactly one such payment can be meant, it
takes the source's name, and what is listed is no second one. Whatever was taken already still counts among those that
can be meant: so it makes no difference in which order, and how often, reports arrive. Where several can be meant the
listed payment is added, `may_be_same` tells of the doubt, and staff end it (`join_payments`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from regulars.events.record import Actor, record
from regulars.kit.money import plain
from regulars.orders.changing import locked_order
from regulars.orders.errors import NotTheSame
from regulars.orders.models import Payment, PaymentKind, PaymentState
from regulars.orders.queries import PaymentQuerySet
from regulars.orders.stats import refresh_stats
from regulars.orders.sums import BY_HAND, refresh_sums
from regulars.shops.models import Shop

APART = timedelta(days=7)
"""How far apart the days may lie on which staff and the source say that the money moved."""

MONEY = (PaymentKind.CAPTURE, PaymentKind.REFUND)

_SAID_OTHERWISE = {"bacs": "bank_transfer", "cash_on_delivery_(cod)": "cod", "cash_on_delivery": "cod"}
_UNSAID = frozenset({"", "manual", "other"})
"""Methods that say only that somebody else knows."""

Row = Mapping[str, Any]


def recognise(shop: Shop, listed: Iterable[Row]) -> list[Payment]:
    """Let payments that were recorded by hand be those that a source lists now; the ones that were recognised.

    listed: rows of payments of known orders, about to be written. Their orders are locked by the caller, who brings
    the sums up to date.
    """
    rows = [row for row in listed if row["kind"] in MONEY and row["state"] == PaymentState.SUCCEEDED]
    if not rows:
        return []
    recorded = _recorded(shop, {row["order_id"] for row in rows})
    if not recorded:
        return []
    rows = _news(shop, [row for row in rows if row["order_id"] in recorded])
    found = []
    for row in sorted(rows, key=lambda row: (row["at"], row["external_id"])):
        meant = [one for one in recorded[row["order_id"]] if _can_be(one, row)]
        if len(meant) == 1 and meant[0].external_id == meant[0].by_hand:
            found.append(_take(shop, meant[0], row))
    return found


def may_be_same(payment: Payment) -> PaymentQuerySet:
    """The other payments of its order that may be the same money: one of them recorded here, the other listed."""
    payments: PaymentQuerySet = Payment.objects.of(payment.shop_id)
    is_money = payment.kind in MONEY and payment.state == PaymentState.SUCCEEDED and not payment.is_stated
    if payment.order_id is None or not is_money:
        return payments.none()
    others = payments.filter(
        order_id=payment.order_id, channel_id=payment.channel_id, kind=payment.kind, state=PaymentState.SUCCEEDED,
        currency=payment.currency, original=payment.original, is_stated=False,
        at__range=(payment.at - APART, payment.at + APART),
    )  # fmt: skip
    if payment.by_hand:
        others = others.filter(by_hand="") if payment.external_id == payment.by_hand else others.none()
    else:
        others = others.by_hand_alone()
    ids = [one.pk for one in others if _are_alike(one.method, payment.method)]
    return payments.filter(pk__in=ids).order_by("at", "pk")


@transaction.atomic
def join_payments(one: Payment, other: Payment, *, by: Actor) -> Payment:
    """Say that two transactions are the same money; the one that is left, recorded here and called as its source does.

    Raises NotTheSame for two that cannot be (`may_be_same`).
    """
    order = locked_order(one.order) if one.order else None
    found = {row.pk: row for row in Payment.objects.of(one.shop_id).filter(pk__in=[one.pk, other.pk])}
    recorded = next((row for row in found.values() if row.by_hand and row.external_id == row.by_hand), None)
    listed = next((row for row in found.values() if row != recorded), None)
    if not order or not recorded or not listed or not may_be_same(recorded).filter(pk=listed.pk).exists():
        raise NotTheSame
    listed.delete()
    _named(recorded, listed.external_id, listed.reference, listed.fee)
    refresh_sums(order.shop, [order.pk])
    refresh_stats(order.shop, [order.customer_id] if order.customer_id else [])
    if not order.is_test:
        amount = plain(recorded.amount, order.shop.currency)
        told = {"order": order.pk, "number": order.number, "payment": recorded.pk, "amount": amount}
        about = ("payment", recorded.pk)
        record(order.shop_id, "payment.joined", about=about, customer_id=order.customer_id, by=by, data=told)
    return recorded


def _recorded(shop: Shop, order_ids: Iterable[int]) -> dict[int, list[Payment]]:
    """What was recorded by hand of these orders, recognised already or not."""
    rows = Payment.objects.of(shop).filter(order_id__in=list(order_ids), state=PaymentState.SUCCEEDED)
    recorded: dict[int, list[Payment]] = {}
    for one in rows.exclude(by_hand=""):
        recorded.setdefault(one.order_id or 0, []).append(one)
    return recorded


def _news(shop: Shop, rows: Sequence[Row]) -> list[Row]:
    """Those that have not succeeded here before, each once, and none that was recorded by hand itself."""
    known = Payment.objects.of(shop).filter(external_id__in=[row["external_id"] for row in rows])
    done = set(known.filter(state=PaymentState.SUCCEEDED).values_list("channel_id", "external_id"))
    once = {(row["channel_id"], row["external_id"]): row for row in rows}
    return [row for key, row in once.items() if key not in done and not row["external_id"].startswith(BY_HAND)]


def _can_be(recorded: Payment, row: Row) -> bool:
    return (
        (recorded.kind, recorded.channel_id, recorded.currency) == (row["kind"], row["channel_id"], row["currency"])
        and recorded.original == Decimal(row["original"])
        and abs(recorded.at - row["at"]) <= APART
        and _are_alike(recorded.method, row["method"])
    )


def _are_alike(method: str, other: str) -> bool:
    """Whether two words can mean one method of payment; what says nothing can be any."""
    one, two = _plain(method), _plain(other)
    return one == two or bool(_UNSAID & {one, two})


def _plain(method: str) -> str:
    plain = method.strip().lower().replace(" ", "_").replace("-", "_")
    return _SAID_OTHERWISE.get(plain, plain)


def _take(shop: Shop, recorded: Payment, row: Row) -> Payment:
    """Call it what its source calls it. One that waited there for its success was the same, and goes.

    Day, method and amount stay as staff recorded them: whatever else is listed must find the same to compare with.
    """
    waited = Payment.objects.of(shop).filter(channel_id=row["channel_id"], external_id=row["external_id"])
    waited.exclude(state=PaymentState.SUCCEEDED).delete()
    return _named(recorded, row["external_id"], row["reference"], row["fee"])


def _named(recorded: Payment, external_id: str, reference: str, fee: int) -> Payment:
    """With the name of its source, and what only that knows."""
    recorded.external_id = external_id
    recorded.reference, recorded.fee = recorded.reference or reference, recorded.fee or fee
    recorded.save(update_fields=["external_id", "reference", "fee"])
    return recorded
