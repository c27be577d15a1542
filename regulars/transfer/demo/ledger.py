"""The rows that follow from the plan of a load: orders, lines, payments, returns, and the trail of all that happened.

Each function writes what belongs to the orders numbered from `first` to `last`.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django.db import models
from django.db.backends.utils import CursorWrapper

from regulars.customers.models import Note
from regulars.events.models import Event
from regulars.kit.money import exponent
from regulars.orders.models import (
    FinancialState,
    Line,
    Order,
    Payment,
    PaymentKind,
    PaymentState,
    Return,
    WriteOff,
)
from regulars.transfer.demo import habits
from regulars.transfer.demo.bulk import insert_sql
from regulars.transfer.demo.cast import Cast
from regulars.transfer.demo.trade import SERVICES, UNITS, price_table
from regulars.transfer.demo.words import COUNTRIES

ADDRESS_DAYS = 90
"""Only orders of so many days carry their delivery address: the shop clears them from older ones."""

# Nothing to look up afterwards.
_WITHOUT_REFERENCE = ("cod", "cash")
_WITHOUT_FEE = (*_WITHOUT_REFERENCE, "bank_transfer")
_REFERENCES = {
    "momo": "MM", "zalopay": "ZP", "vnpay": "VNP", "bank_transfer": "FT", "card": "CH_", "gcash": "GC", "maya": "MY",
    "gopay": "GP", "ovo": "OVO", "cod": "", "cash": "",
}  # fmt: skip

Write = Callable[[CursorWrapper, Cast, int, int], None]


def write_orders(cursor: CursorWrapper, cast: Cast, first: int, last: int) -> None:
    """The orders themselves, with the sums of their payments and returns."""
    _insert(cursor, cast, first, last, Order, _ORDER, "JOIN demo_person p ON p.id = d.customer_id")


def write_lines(cursor: CursorWrapper, cast: Cast, first: int, last: int) -> None:
    """One to four lines an order."""
    _insert(
        cursor, cast, first, last, Line, _LINE,
        "CROSS JOIN LATERAL (VALUES (0, d.p1, d.q1), (1, d.p2, d.q2), (2, d.p3, d.q3), (3, d.p4, d.q4))"
        " AS l (position, good, quantity) JOIN demo_good g ON g.place = l.good"
        " CROSS JOIN LATERAL (SELECT (%(prices)s::bigint[])[(d.country - 1) * %(goods)s + l.good] AS price) AS r",
        where="l.position < d.lines",
    )  # fmt: skip


def write_payments(cursor: CursorWrapper, cast: Cast, first: int, last: int) -> None:
    """What was tried, reserved, paid and paid back."""
    _insert(cursor, cast, first, last, Payment, _PAYMENT, _MOVEMENTS, where="m.happens")


def write_returns(cursor: CursorWrapper, cast: Cast, first: int, last: int) -> None:
    """The goods that came back."""
    _insert(cursor, cast, first, last, Return, _RETURN, "", where="d.items_back > 0")


def write_write_offs(cursor: CursorWrapper, cast: Cast, first: int, last: int) -> None:
    """What was given up of old debts."""
    _insert(cursor, cast, first, last, WriteOff, _WRITE_OFF, "", where="d.written_off > 0")


def tell_of_customers(cursor: CursorWrapper, cast: Cast) -> None:
    """Who came, and what the team noted."""
    given = {
        "shop_id": "%(shop)s", "kind": "'customer.created'", "about": "'customer'", "about_id": "id",
        "customer_id": "id", "actor_kind": "actor_kind", "actor_id": "actor_id", "actor_name": "actor_name",
        "data": "jsonb_build_object('source', source)", "at": "to_timestamp(at)",
    }  # fmt: skip
    cursor.execute(insert_sql(Event, given, "FROM demo_person ORDER BY id"), {"shop": cast.shop_id})


def tell_of_notes(cursor: CursorWrapper, cast: Cast) -> None:
    """Which notes the team wrote; the notes must be there."""
    given = {
        "shop_id": "shop_id", "kind": "'customer.note_added'", "about": "'note'", "about_id": "id",
        "customer_id": "customer_id", "actor_kind": "'staff'", "actor_id": "author_id", "actor_name": "author_name",
        "data": "jsonb_build_object('note', id)", "at": "created_at",
    }  # fmt: skip
    source = f"FROM {Note._meta.db_table} WHERE shop_id = %s AND customer_id BETWEEN %s AND %s ORDER BY id"
    cursor.execute(insert_sql(Event, given, source), [cast.shop_id, *_customer_range(cast)])


def tell_of_orders(cursor: CursorWrapper, cast: Cast, first: int, last: int) -> None:
    """Which orders were placed."""
    given = {**_about_order("order.placed"), "at": "to_timestamp(d.at)"}
    given["data"] = (
        "jsonb_build_object('order', {id}, 'number', {number}, 'total', d.total::text, 'currency', 'VND',"
        " 'channel', {channel})"
    ).format(**_EXPRESSIONS)
    _insert(cursor, cast, first, last, Event, given, "")


def tell_of_cancellations(cursor: CursorWrapper, cast: Cast, first: int, last: int) -> None:
    """Which orders were cancelled."""
    given = {**_about_order("order.cancelled"), "at": "to_timestamp(d.cancelled_at)"}
    given["data"] = "jsonb_build_object('order', {id}, 'number', {number})".format(**_EXPRESSIONS)
    _insert(cursor, cast, first, last, Event, given, "", where="d.cancelled_at > 0")


def tell_of_money(cursor: CursorWrapper, cast: Cast) -> None:
    """What was paid back or failed; a plain payment stands among the transactions. The payments must be there."""
    told = (
        (PaymentKind.REFUND, PaymentState.SUCCEEDED, "payment.refunded"),
        (PaymentKind.CAPTURE, PaymentState.FAILED, "payment.failed"),
    )
    for kind, state, name in told:
        given = _about_movement(name, "payment", "'payment', t.id, 'amount', t.amount::text, 'method', t.method,"
                                " 'reference', t.reference")  # fmt: skip
        _insert_of_movements(cursor, cast, Payment, given, f"t.kind = {kind.value} AND t.state = {state.value}")


def tell_of_returns(cursor: CursorWrapper, cast: Cast) -> None:
    """Which goods came back; the returns must be there."""
    given = _about_movement("return.recorded", "return", "'amount', t.amount::text, 'credited', t.credited::text,"
                            " 'quantity', t.quantity, 'reason', t.reason")  # fmt: skip
    _insert_of_movements(cursor, cast, Return, given, "true")


# --- expressions over demo_order d --------------------------------------------------------------------------

_MARKETPLACES = ", ".join(str(habits.CHANNELS.index(key) + 1) for key in ("shopee", "lazada", "tiktok"))

_EXPRESSIONS = {
    "id": "%(first_id)s + d.n - 1",
    "number": "'#' || %(first_number)s + d.n - 1",
    "channel": "(%(channels)s::bigint[])[d.channel]",
    "currency": "(%(currencies)s::text[])[d.country]",
    "method": "(%(methods)s::text[])[d.method]",
    "half": "d.total / (%(units)s::bigint[])[d.country] / 2 * (%(units)s::bigint[])[d.country]",
    "voided": f"d.cancelled_at > 0 AND d.paid = 0 AND d.method = {habits.METHODS.index('card') + 1}",
    "marketplace": f"d.channel IN ({_MARKETPLACES})",
    "counter": f"d.channel = {habits.CHANNELS.index('counter') + 1}",
}

# As orders.sums derives it; a test holds both together.
_FINANCIAL_STATE = f"""
CASE WHEN d.refunded > 0 AND d.refunded >= d.paid THEN {FinancialState.REFUNDED.value}
    WHEN d.refunded > 0 THEN {FinancialState.PARTLY_REFUNDED.value}
    WHEN d.paid > 0 AND d.paid + d.credited >= d.total THEN {FinancialState.PAID.value}
    WHEN d.paid > 0 THEN {FinancialState.PARTLY_PAID.value}
    WHEN d.cancelled_at > 0 THEN {FinancialState.VOIDED.value}
    WHEN d.is_authorised THEN {FinancialState.AUTHORISED.value}
    ELSE {FinancialState.PENDING.value} END
"""

_ORDER = {
    "id": _EXPRESSIONS["id"],
    "shop_id": "%(shop)s",
    **{name: f"d.{name}" for name in ("total", "subtotal", "discount", "shipping", "tax")},
    **{name: f"d.{name}" for name in ("refunded", "returned", "credited", "written_off", "customer_id", "is_test")},
    "captured": "d.paid",
    "total_original": "d.total * (%(numerators)s::bigint[])[d.country] / (%(denominators)s::bigint[])[d.country]",
    "placed_at": "to_timestamp(d.at)",
    "created_at": "to_timestamp(d.at)",
    "cancelled_at": "to_timestamp(d.cancelled_at)",
    "channel_id": _EXPRESSIONS["channel"],
    "financial_state": _FINANCIAL_STATE,
    # what shops' systems say of an order that was cancelled before anything was paid
    "stated_state": f"CASE WHEN d.cancelled_at > 0 AND d.paid = 0 THEN {FinancialState.VOIDED.value} END",
    "fulfilment_state": "d.fulfilment",
    "items_count": "d.items",
    "items_returned": "d.items_back",
    "is_confirmed": "NOT d.is_draft",
    "rate": "(%(rates)s::numeric[])[d.country]",
    "currency": _EXPRESSIONS["currency"],
    "number": _EXPRESSIONS["number"],
    "external_id": "%(mark)s || 'o' || d.n + 100000",
    "payment_method": _EXPRESSIONS["method"],
    # marketplaces keep their customers' addresses to themselves, nobody asks for an e-mail address at the counter
    "email": "CASE WHEN {marketplace} OR {counter} THEN '' ELSE p.email END".format(**_EXPRESSIONS),
    "phone": "CASE WHEN {marketplace} THEN '' ELSE p.phone END".format(**_EXPRESSIONS),
    "location": "CASE WHEN {counter} THEN (ARRAY['Lê Lợi', 'Thảo Điền'])[1 + (d.dice & 1)] ELSE '' END".format(
        **_EXPRESSIONS
    ),
    "shipping_address": "CASE WHEN d.at > %(addresses_from)s AND NOT {counter} THEN p.address END".format(
        **_EXPRESSIONS
    ),
}

_LINE = {
    "shop_id": "%(shop)s",
    "order_id": _EXPRESSIONS["id"],
    "customer_id": "d.customer_id",
    "placed_at": "to_timestamp(d.at)",
    "is_counted": "NOT d.is_test AND d.cancelled_at IS NULL",
    "product_id": "g.product_id",
    "title": "g.name",
    "sku": "g.sku",
    "position": "l.position",
    "quantity": "l.quantity",
    "unit_price": "r.price",
    "total": "r.price * l.quantity",
    "service_on": "CASE WHEN l.good > %(services)s"
    " THEN (to_timestamp(d.at) + (1 + (d.dice >> 32 & 7)) * interval '1 day')::date END",
}

_WRITE_OFF = {
    "shop_id": "%(shop)s",
    "order_id": _EXPRESSIONS["id"],
    "amount": "d.written_off",
    "reason": "'Could not be collected'",
    "at": "to_timestamp(d.at) + interval '400 days'",
}

_MOVEMENTS = """
CROSS JOIN LATERAL (VALUES
    ('f', {capture}, {failed}, d.total, d.paid_at - 40, d.failed_first),
    ('a', {authorisation}, {succeeded}, d.total, d.at + 30, d.is_authorised OR {voided}),
    ('v', {void}, {succeeded}, d.total, d.cancelled_at, {voided}),
    ('', {capture}, {succeeded}, CASE WHEN d.is_parted THEN {half} ELSE d.paid END, d.paid_at, d.paid > 0),
    ('s', {capture}, {succeeded}, d.paid - {half}, d.paid_at + 86400 * (1 + (d.dice >> 20 & 15)), d.is_parted),
    ('r', {refund}, {succeeded}, d.refunded, d.back_at, d.refunded > 0)
) AS m (suffix, kind, state, amount, at, happens)
""".format(
    **_EXPRESSIONS,
    **{kind.name.lower(): kind.value for kind in PaymentKind},
    **{state.name.lower(): state.value for state in PaymentState},
)

_PAYMENT = {
    "shop_id": "%(shop)s",
    "amount": "m.amount",
    "fee": "CASE WHEN m.suffix IN ('', 's') AND d.method = ANY(%(with_fee)s::int[]) THEN m.amount * 2 / 100 ELSE 0 END",
    "original": "round(m.amount / (%(rates)s::numeric[])[d.country], 4)",
    "currency": _EXPRESSIONS["currency"],
    "at": "to_timestamp(m.at)",
    "order_id": _EXPRESSIONS["id"],
    "customer_id": "d.customer_id",
    "channel_id": _EXPRESSIONS["channel"],
    "kind": "m.kind",
    "state": "m.state",
    "method": _EXPRESSIONS["method"],
    "reference": "CASE WHEN d.method = ANY(%(without_reference)s::int[]) THEN ''"
    " ELSE (%(references)s::text[])[d.method] || upper(to_hex(d.dice >> 12 & 281474976710655) || m.suffix) END",
    "external_id": "%(mark)s || 'p' || d.n + 100000 || m.suffix",
}

_RETURN = {
    "shop_id": "%(shop)s",
    "amount": "d.returned",
    "credited": "d.credited",
    "original": "round(d.returned / (%(rates)s::numeric[])[d.country], 4)",
    "original_credited": "round(d.credited / (%(rates)s::numeric[])[d.country], 4)",
    "currency": _EXPRESSIONS["currency"],
    "at": "to_timestamp(d.back_at)",
    "order_id": _EXPRESSIONS["id"],
    "customer_id": "d.customer_id",
    "channel_id": _EXPRESSIONS["channel"],
    "reason": "d.dice >> 30 & 3",
    "quantity": "d.items_back",
    "external_id": "%(mark)s || 'r' || d.n + 100000",
}


def _about_order(kind: str) -> dict[str, str]:
    return {
        "shop_id": "%(shop)s", "kind": f"'{kind}'", "about": "'order'", "about_id": _EXPRESSIONS["id"],
        "customer_id": "d.customer_id", "actor_kind": "'api'", "actor_name": "(%(names)s::text[])[d.channel]",
    }  # fmt: skip


def _about_movement(kind: str, about: str, data: str) -> dict[str, str]:
    return {
        "shop_id": "t.shop_id", "kind": f"'{kind}'", "about": f"'{about}'", "about_id": "t.id",
        "customer_id": "t.customer_id", "actor_kind": "'api'", "actor_name": "c.name", "at": "t.at",
        "data": f"jsonb_build_object('order', o.id, 'number', o.number, {data})",
    }  # fmt: skip


def _insert_of_movements(
    cursor: CursorWrapper, cast: Cast, model: type[models.Model], given: dict[str, str], where: str
) -> None:
    source = (
        f"FROM {model._meta.db_table} t JOIN {Order._meta.db_table} o ON o.shop_id = t.shop_id AND o.id = t.order_id"
        " JOIN shops_channel c ON c.shop_id = t.shop_id AND c.id = t.channel_id"
        f" WHERE t.shop_id = %s AND t.customer_id BETWEEN %s AND %s AND {where} ORDER BY t.id"
    )
    cursor.execute(insert_sql(Event, given, source), [cast.shop_id, *_customer_range(cast)])


def _insert(
    cursor: CursorWrapper, cast: Cast, first: int, last: int, model: type[models.Model], given: dict[str, str],
    joins: str, where: str = "true",
) -> None:  # fmt: skip
    source = f"FROM demo_order d {joins} WHERE d.n BETWEEN %(first)s AND %(last)s AND {where}"
    cursor.execute(insert_sql(model, given, source), {**_parameters(cast), "first": first, "last": last})


def _customer_range(cast: Cast) -> tuple[int, int]:
    return cast.first_customer_id, cast.first_customer_id + cast.customers - 1


def _parameters(cast: Cast) -> dict[str, Any]:
    ratios = [Fraction(10 ** exponent(country.currency)) / Fraction(country.rate) for country in COUNTRIES]
    methods = habits.METHODS
    return {
        "shop": cast.shop_id, "first_id": cast.first_order_id, "first_number": cast.first_number, "mark": cast.mark,
        "channels": [cast.channels[key] for key in habits.CHANNELS],
        "names": [cast.channel_names[key] for key in habits.CHANNELS],
        "currencies": [country.currency for country in COUNTRIES], "rates": [country.rate for country in COUNTRIES],
        "numerators": [ratio.numerator for ratio in ratios], "denominators": [ratio.denominator for ratio in ratios],
        "methods": list(methods), "references": [_REFERENCES[method] for method in methods],
        "without_reference": [methods.index(method) + 1 for method in _WITHOUT_REFERENCE],
        "with_fee": [methods.index(method) + 1 for method in methods if method not in _WITHOUT_FEE],
        "units": list(UNITS), "prices": price_table(), "goods": len(price_table()) // len(UNITS),
        "services": SERVICES, "addresses_from": cast.end - ADDRESS_DAYS * 86_400,
    }  # fmt: skip
