"""What an order's payments and returns add up to, kept on the order row.

One place computes it, for new orders (in their INSERT) and for those whose payments changed. Payments in the order's
currency are added first and converted once, so that instalments never miss the total by a rounding.

What staff recorded here by hand comes on top of what the order's source states, which knows nothing of it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q, Sum

from regulars.kit.money import exponent
from regulars.orders.models import FinancialState, FulfilmentState, Payment, PaymentKind, PaymentState
from regulars.orders.rows import dicts
from regulars.shops.models import Shop

_VALUES = {
    "capture": PaymentKind.CAPTURE.value, "authorisation": PaymentKind.AUTHORISATION.value,
    "refund": PaymentKind.REFUND.value, "void": PaymentKind.VOID.value, "succeeded": PaymentState.SUCCEEDED.value,
    "pending": FinancialState.PENDING.value, "authorised": FinancialState.AUTHORISED.value,
    "partly_paid": FinancialState.PARTLY_PAID.value, "paid": FinancialState.PAID.value,
    "partly_refunded": FinancialState.PARTLY_REFUNDED.value, "refunded": FinancialState.REFUNDED.value,
    "voided": FinancialState.VOIDED.value, "returned": FulfilmentState.RETURNED.value,
}  # fmt: skip

BY_HAND = "by-hand:"
"""How the names of payments and returns begin that staff recorded here."""


def _sum_of(kind: str, also: str = "") -> str:
    """The payments of a kind in minor units of the shop's currency."""
    which = f"p.kind = {{{kind}}}{also}"
    return (
        f"coalesce(round(sum(p.original) FILTER (WHERE {which} AND p.currency = o.currency) * o.rate * {{scale}}), 0)"
        f"::bigint + coalesce(sum(p.amount) FILTER (WHERE {which} AND p.currency <> o.currency), 0)::bigint"
    )


_ELSEWHERE = f" AND NOT starts_with(p.external_id, '{BY_HAND}')"

# `o` is an order, or a row that is about to become one; `scale` is 10 to the exponent of the shop's currency.
_SUMS = f"""
LATERAL (
    SELECT
        {_sum_of("capture")} AS captured, {_sum_of("capture", _ELSEWHERE)} AS captured_elsewhere,
        {_sum_of("refund")} AS refunded, {_sum_of("refund", _ELSEWHERE)} AS refunded_elsewhere,
"""
_SUMS += """
        coalesce(bool_or(p.kind = {authorisation}), false) AS is_authorised,
        coalesce(bool_or(p.kind = {void}), false) AS is_voided
    FROM orders_payment p
    WHERE p.shop_id = o.shop_id AND p.order_id = o.id AND p.state = {succeeded} AND NOT p.is_stated
) AS paid,
LATERAL (
    SELECT
        coalesce(round(sum(r.original) FILTER (WHERE r.currency = o.currency) * o.rate * {scale}), 0)::bigint
        + coalesce(sum(r.amount) FILTER (WHERE r.currency <> o.currency), 0)::bigint AS returned,
        coalesce(round(sum(r.original_credited) FILTER (WHERE r.currency = o.currency) * o.rate * {scale}), 0)::bigint
        + coalesce(sum(r.credited) FILTER (WHERE r.currency <> o.currency), 0)::bigint AS credited,
        coalesce(sum(r.quantity), 0)::int AS items_returned
    FROM orders_return r WHERE r.shop_id = o.shop_id AND r.order_id = o.id
) AS back,
LATERAL (
    SELECT
        greatest(paid.captured, o.stated_paid + paid.captured - paid.captured_elsewhere) AS captured,
        greatest(paid.refunded, o.stated_refunded + paid.refunded - paid.refunded_elsewhere) AS refunded
) AS money,
LATERAL (
    SELECT CASE
        WHEN money.refunded > 0 AND money.refunded >= money.captured THEN {refunded}
        WHEN money.refunded > 0 THEN {partly_refunded}
        WHEN money.captured > 0 AND o.stated_state = {partly_refunded} THEN {partly_refunded}
        WHEN money.captured > 0 AND money.captured + back.credited >= o.total THEN {paid}
        WHEN money.captured > 0 THEN {partly_paid}
        WHEN o.stated_state IN ({pending}, {authorised}, {partly_paid}, {voided}) THEN o.stated_state
        WHEN paid.is_voided THEN {voided}
        WHEN paid.is_authorised THEN {authorised}
        WHEN o.total <= 0 THEN {paid}
        ELSE {pending} END AS financial_state,
    CASE WHEN o.items_count > 0 AND back.items_returned >= o.items_count THEN {returned}
        ELSE o.fulfilment_state END AS fulfilment_state
) AS state
"""

SUMMED = {
    "captured": "money.captured",
    "refunded": "money.refunded",
    "returned": "back.returned",
    "credited": "back.credited",
    "items_returned": "back.items_returned",
    "financial_state": "state.financial_state",
    "fulfilment_state": "state.fulfilment_state",
}
"""Columns of an order that follow from its payments and returns, and where `sums_of` answers them."""


def sums_of(shop: Shop) -> str:
    """The FROM items that compute `SUMMED` for an order-like row `o`."""
    return _sums_in(10 ** exponent(shop.currency))


@cache
def _sums_in(scale: int) -> str:
    return _SUMS.format(scale=scale, **_VALUES)


STATED = ("stated_paid", "stated_refunded")
"""What an order's source says of the money without transactions."""


def sums_by_hand(shop: Shop, order_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """What staff recorded here of these orders, in minor units of the shop's currency, under the names of `STATED`.

    Orders of which nothing was recorded by hand are missing.
    """
    if not order_ids:
        return {}
    kinds = (PaymentKind.CAPTURE, PaymentKind.REFUND)
    sums = {name: Sum("amount", filter=Q(kind=kind), default=0) for name, kind in zip(STATED, kinds, strict=True)}
    found = Payment.objects.of(shop).filter(order_id__in=order_ids, external_id__startswith=BY_HAND)
    rows = found.filter(state=PaymentState.SUCCEEDED).values("order_id").annotate(**sums)
    return {
        order_id: dict(zip(STATED, amounts, strict=True))
        for order_id, *amounts in rows.values_list("order_id", *STATED)
    }


def refresh_sums(shop: Shop, order_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Bring the sums of these orders up to date, and their stated payments.

    Returns the stated payments that were added or changed.
    """
    if not order_ids:
        return []
    names, values = ", ".join(SUMMED), ", ".join(f"{value} AS {name}" for name, value in SUMMED.items())
    old, new = (", ".join(f"{alias}.{name}" for name in SUMMED) for alias in ("t", "s"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE orders_order t SET ({names}) = ROW ({new}) "  # noqa: S608
            f"FROM (SELECT o.id, {values} FROM orders_order o, {sums_of(shop)} "
            "WHERE o.shop_id = %s AND o.id = ANY(%s)) s "
            f"WHERE t.shop_id = %s AND t.id = s.id AND ({old}) IS DISTINCT FROM ({new})",
            [shop.pk, list(order_ids), shop.pk],
        )
    _drop_stated_payments(shop, order_ids)
    return keep_stated_payments(shop, order_ids)


# What the source states beyond the transactions we know of, as a payment: so it stands among the transactions, and
# shrinks to nothing when these come in.
_GAPS = """
SELECT o.shop_id, o.id AS order_id, o.customer_id, o.channel_id, o.payment_method AS method,
    side.kind, side.total - coalesce(known.amount, 0) AS amount, o.external_id || side.suffix AS external_id,
    CASE side.kind WHEN {refund} THEN coalesce(o.source_updated_at, o.placed_at) ELSE o.placed_at END AS at
FROM orders_order o,
    LATERAL (VALUES ({capture}, o.captured, o.stated_paid, ':paid'),
                    ({refund}, o.refunded, o.stated_refunded, ':refunded')) AS side (kind, total, stated, suffix),
    LATERAL (
        SELECT coalesce(round(sum(p.original) FILTER (WHERE p.currency = o.currency) * o.rate * {scale}), 0)::bigint
            + coalesce(sum(p.amount) FILTER (WHERE p.currency <> o.currency), 0)::bigint AS amount
        FROM orders_payment p
        WHERE p.shop_id = o.shop_id AND p.order_id = o.id AND p.kind = side.kind
            AND p.state = {succeeded} AND NOT p.is_stated
    ) AS known
WHERE o.shop_id = %s AND o.id = ANY(%s) AND side.stated IS NOT NULL
"""

_KEEP_STATED = """
INSERT INTO orders_payment AS t (shop_id, order_id, customer_id, channel_id, method, kind, amount, original, currency,
    external_id, at, state, is_stated, fee, reference, order_external_id)
SELECT shop_id, order_id, customer_id, channel_id, method, kind, amount, amount / {scale}::numeric, %s,
    external_id, at, {succeeded}, true, 0, '', ''
FROM ({gaps}) AS gap WHERE amount > 0
ON CONFLICT (shop_id, channel_id, external_id) DO UPDATE SET amount = EXCLUDED.amount, original = EXCLUDED.original
WHERE t.is_stated AND t.amount <> EXCLUDED.amount
RETURNING t.*
"""

_DROP_STATED = """
DELETE FROM orders_payment t USING orders_order o
WHERE t.shop_id = %s AND t.order_id = ANY(%s) AND t.is_stated AND o.shop_id = t.shop_id AND o.id = t.order_id
    AND NOT EXISTS (SELECT FROM ({gaps}) gap WHERE gap.external_id = t.external_id AND gap.amount > 0)
"""


def keep_stated_payments(shop: Shop, order_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Make the stated payments of these orders what their transactions leave open; those added or changed."""
    if not order_ids:
        return []
    scale, ids = 10 ** exponent(shop.currency), list(order_ids)
    gaps = _GAPS.format(scale=scale, **_VALUES)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_STATED.format(gaps=gaps, scale=scale, **_VALUES), [shop.currency, shop.pk, ids])
        return dicts(cursor)


def _drop_stated_payments(shop: Shop, order_ids: Sequence[int]) -> None:
    """Remove stated payments for which transactions left nothing open."""
    gaps, ids = _GAPS.format(scale=10 ** exponent(shop.currency), **_VALUES), list(order_ids)
    with connection.cursor() as cursor:
        cursor.execute(_DROP_STATED.format(gaps=gaps), [shop.pk, ids, shop.pk, ids])
