"""Invented orders, made inside PostgreSQL: a chain of expressions over hashes of the order's place.

`plan` decides everything about each order in the table demo_order; lines, payments, returns and events follow from
it, so that they can be written at the same time. hashint8extended is the dice: the same on every machine.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.utils import CursorWrapper

from regulars.transfer.demo import habits
from regulars.transfer.demo.cast import Cast
from regulars.transfer.demo.goods import GOODS
from regulars.transfer.demo.words import COUNTRIES

# The smallest amount a price has in each country, in dong: 1,000 dong, a peso, 1,000 rupiah, half a leu. All are whole
# in both currencies, so nothing is ever rounded.
UNITS = (1000, 440, 1600, 2850)
SHIPPING = (30_000, 66_000, 32_000, 85_500)
FREE_FROM = (500_000, 1_500_000, 1_500_000, 1_500_000)

SERVICES = sum(not good.is_service for good in GOODS)
"""Goods from this place on are services: for Vietnam, where the rooms are."""

_POPULAR = 256


def number_visits(cursor: CursorWrapper, cast: Cast) -> None:
    """Fill demo_visit: who comes when, numbered from 1 in the order of time."""
    cursor.execute(
        """
        INSERT INTO demo_visit
        SELECT row_number() OVER (ORDER BY at, visit), visit, id, place, at, country, channel, is_business
        FROM (
            SELECT visit, id, place, country, channel, is_business,
                CASE WHEN nth = 0 AND from_order THEN came
                    ELSE least(%(end)s, greatest(came + 60 + (dice >> 40 & 4095),
                        %(begin)s + day * 86400 + minute * 60 + (dice >> 56 & 63) %% 60)) END AS at
            FROM (
                SELECT p.id, p.place, p.at AS came, p.country, p.channel, p.is_business, p.from_order, nth, visit, dice,
                    (%(days)s::smallint[])[least(%(slots)s,
                        1 + first_slot + ((dice & 1048575) * (%(slots)s - first_slot) >> 20))] AS day,
                    (CASE WHEN p.channel = 2 THEN %(counter)s::smallint[] ELSE %(online)s::smallint[] END)
                        [1 + (dice >> 20 & 1023)] AS minute
                FROM demo_person p
                CROSS JOIN LATERAL (
                    SELECT nth, p.first_visit + nth AS visit, hashint8extended(p.first_visit + nth, %(seed)s) AS dice
                    FROM generate_series(0, p.orders - 1) AS nth OFFSET 0
                ) AS v
                WHERE p.orders > 0 OFFSET 0
            ) AS drawn
        ) AS told
        """,
        {
            "begin": cast.begin, "end": cast.end, "days": cast.order_slots, "slots": habits.SLOTS,
            "counter": habits.hours(counter=True), "online": cast.minutes, "seed": _seed(cast, 0),
        },
    )  # fmt: skip


def plan(cursor: CursorWrapper, cast: Cast, first: int, last: int) -> None:
    """Fill demo_order with the orders numbered from `first` to `last`."""
    cursor.execute(_PLAN, {**_numbers(cast), "first": first, "last": last})


def fill_goods(cursor: CursorWrapper, products: Iterable[tuple[int, str, str]]) -> None:
    """Fill demo_good: id, name and SKU of each product, in the order of GOODS."""
    for place, product in enumerate(products, start=1):
        cursor.execute("INSERT INTO demo_good VALUES (%s, %s, %s, %s)", [place, *product])
    cursor.execute("ANALYZE demo_good")  # else the goods would be joined the wrong way round


def price_table() -> list[int]:
    """Price of each good in each country in dong, country by country: near the list price, round in its currency."""
    return [max(unit, round(good.price / unit) * unit) for unit in UNITS for good in GOODS]


TABLES = {
    "demo_visit": (
        "(n bigint, visit bigint, customer_id bigint, place int, at bigint, country smallint, channel smallint,"
        " is_business boolean)"
    ),
    "demo_good": "(place int, product_id bigint, name text, sku text)",
    "demo_order": (
        "(n bigint, customer_id bigint, at bigint, dice bigint, total bigint, subtotal bigint, discount bigint,"
        " shipping bigint, tax bigint, paid bigint, paid_at bigint, refunded bigint, back_at bigint, returned bigint,"
        " credited bigint, cancelled_at bigint, written_off bigint, lines int, p1 int, p2 int, p3 int, p4 int, q1 int,"
        " q2 int, q3 int, q4 int, items int, items_back int, country int, channel int, method int, fulfilment int,"
        " is_test boolean, is_draft boolean, is_parted boolean, failed_first boolean, is_authorised boolean)"
    ),
}
"""The tables of one load, with their columns; moments are seconds since 1970."""


def _numbers(cast: Cast) -> dict[str, Any]:
    return {
        "end": cast.end, "goods": len(GOODS), "services": SERVICES, "units": list(UNITS), "prices": price_table(),
        "shipping": list(SHIPPING), "free": list(FREE_FROM), "methods": habits.method_slots(),
        "channels": habits.channel_slots(), "popular": habits.spread([good.weight for good in GOODS], _POPULAR),
        "seed1": _seed(cast, 1), "seed2": _seed(cast, 2), "seed3": _seed(cast, 3),
        "card": habits.METHODS.index("card") + 1, "cod": habits.METHODS.index("cod") + 1,
        "cash": habits.METHODS.index("cash") + 1, "transfer": habits.METHODS.index("bank_transfer") + 1,
        "pos": habits.CHANNELS.index("counter") + 1, "site": habits.CHANNELS.index("website") + 1,
    }  # fmt: skip


def _seed(cast: Cast, use: int) -> int:
    return cast.seed * 1000 + cast.edition * 10 + use


# From the inside out: dice; channel, goods and method; prices; total; what became of it; what follows from that.
# OFFSET 0 keeps PostgreSQL from pasting each level into the next, where every expression would be computed again.
_PLAN = """
INSERT INTO demo_order
SELECT
    n, customer_id, at, dice, total, subtotal, discount, shipping, tax, paid, paid_at, refunded, back_at, returned,
    credited, cancelled_at,
    CASE WHEN is_debt AND age > 34560000 AND whim & 7 = 0 THEN total - paid - credited ELSE 0 END,
    lines, p1, p2, p3, p4, q1, q2, q3, q4, items, items_back, country, channel, method,
    CASE WHEN items_back >= items THEN 4
        WHEN cancelled_at > 0 OR is_draft THEN 0
        WHEN channel = %(pos)s THEN 3
        WHEN age < 129600 THEN 0
        WHEN age < 302400 THEN CASE WHEN lines > 1 AND fate & 3 = 0 THEN 1 ELSE 2 END
        WHEN age < 518400 OR fate %% 97 = 0 THEN 2
        ELSE 3 END,
    is_test, is_draft,
    NOT is_test AND paid = total AND age > 2592000 AND total > 40 * unit AND (is_business OR channel = %(pos)s)
        AND whim & 15 = 3,
    paid > 0 AND method NOT IN (%(cod)s, %(cash)s) AND whim & 31 = 7,
    is_authorised
FROM (
    SELECT *,
        CASE WHEN back = 'credit' THEN least(first_price, total - paid) ELSE 0 END AS credited,
        CASE back WHEN 'all' THEN subtotal WHEN 'none' THEN 0 ELSE first_price END AS returned,
        CASE back WHEN 'all' THEN items WHEN 'none' THEN 0 ELSE 1 END AS items_back,
        CASE WHEN back = 'all' OR cancelled_at > 0 THEN paid WHEN back = 'part' THEN least(first_price, paid) ELSE 0
            END AS refunded,
        CASE WHEN cancelled_at > 0 THEN cancelled_at + 1800 WHEN back <> 'none' THEN at + 604800 + (whim & 262143)
            END AS back_at
    FROM (
        SELECT *,
            CASE WHEN is_test THEN total
                WHEN is_draft OR is_waiting OR is_authorised THEN 0
                WHEN cancelled_at > 0 THEN CASE WHEN method NOT IN (%(cod)s, %(cash)s) AND whim & 3 = 0 THEN total
                    ELSE 0 END
                WHEN is_debt THEN CASE WHEN whim & 1 = 0 THEN 0 ELSE total / unit / 2 * unit END
                ELSE total END AS paid,
            CASE WHEN method = %(cod)s THEN at + 172800 + (whim & 65535)
                WHEN method = %(transfer)s THEN at + 3600 + (whim & 16383)
                WHEN method = %(cash)s THEN at
                ELSE least(%(end)s, at + 60 + (whim & 127)) END AS paid_at,
            CASE WHEN is_test OR is_draft OR cancelled_at > 0 OR age < 1209600 OR is_waiting THEN 'none'
                WHEN is_debt THEN CASE WHEN whim & 14 = 2 THEN 'credit' ELSE 'none' END
                WHEN fate BETWEEN 4000 AND 4999 THEN 'all'
                WHEN fate BETWEEN 5000 AND 5999 THEN 'part'
                ELSE 'none' END AS back
        FROM (
            SELECT *,
                NOT is_test AND fate > 65335 AND channel <> %(pos)s AS is_draft,
                CASE WHEN NOT is_test AND fate < 3932 AND age > 7200
                    THEN least(%(end)s - 1801, at + 1800 + (dice >> 24 & 131071)) END AS cancelled_at,
                NOT is_test AND fate >= 6000 AND (is_business AND fate < 15830 OR channel = %(pos)s AND fate < 8600)
                    AS is_debt,
                NOT is_test AND (method = %(cod)s AND age < 259200 OR method = %(transfer)s AND age < 32400)
                    AS is_waiting,
                NOT is_test AND method = %(card)s AND age < 43200 AND fate >= 3932 AND fate & 1 = 0 AS is_authorised
            FROM (
                SELECT *,
                    subtotal - discount + shipping + tax AS total,
                    (%(prices)s::bigint[])[shelf + p1] AS first_price
                FROM (
                    SELECT *,
                        CASE WHEN channel = %(pos)s OR subtotal - discount >= (%(free)s::bigint[])[country] THEN 0
                            ELSE (%(shipping)s::bigint[])[country] END AS shipping,
                        CASE WHEN is_business THEN (subtotal - discount) * 8 / 100 / unit * unit ELSE 0 END AS tax
                    FROM (
                        SELECT *,
                            CASE WHEN whim >> 8 & 255 < 46
                                THEN subtotal * (5 + 5 * (whim >> 16 & 3)) / 100 / unit * unit
                                ELSE 0 END AS discount,
                            q1 + q2 + q3 + q4 AS items
                        FROM (
                            SELECT *,
                                (%(prices)s::bigint[])[shelf + p1] * q1 + (%(prices)s::bigint[])[shelf + p2] * q2
                                + (%(prices)s::bigint[])[shelf + p3] * q3 + (%(prices)s::bigint[])[shelf + p4] * q4
                                AS subtotal
                            FROM ({goods}) AS goods OFFSET 0
                        ) AS summed OFFSET 0
                    ) AS cut OFFSET 0
                ) AS sent OFFSET 0
            ) AS priced OFFSET 0
        ) AS fated OFFSET 0
    ) AS paid OFFSET 0
) AS ended
"""

_GOODS = """
SELECT
    n, customer_id, at, country, is_business, dice, fate, whim, channel, is_test, lines, %(end)s - at AS age, unit, p1,
    (country - 1) * %(goods)s AS shelf,
    1 + (p1 + choice %% 14) %% %(services)s AS p2,
    1 + (p1 + 14 + (choice >> 8) %% 14) %% %(services)s AS p3,
    1 + (p1 + 28 + (choice >> 16) %% 14) %% %(services)s AS p4,
    CASE WHEN p1 > %(services)s THEN 1 ELSE bulk * CASE WHEN amount < 190 THEN 1 WHEN amount < 235 THEN 2 ELSE 3 END END
        AS q1,
    CASE WHEN lines < 2 THEN 0 ELSE bulk * (1 + (amount & 7) / 6) END AS q2,
    CASE WHEN lines < 3 THEN 0 ELSE bulk END AS q3,
    CASE WHEN lines < 4 THEN 0 ELSE bulk END AS q4,
    CASE WHEN is_test THEN %(card)s
        ELSE 1 + (%(methods)s::int[])[CASE WHEN channel = %(pos)s THEN 128 ELSE (country - 1) * 32 END
            + 1 + (dice >> 5 & 31)] END AS method
FROM (
    SELECT *,
        CASE WHEN country <> 1 AND liked > %(services)s THEN liked - 24 ELSE liked END AS p1,
        CASE WHEN much < 164 THEN 1 WHEN much < 225 THEN 2 WHEN much < 248 THEN 3 ELSE 4 END AS lines,
        CASE WHEN is_business THEN 5 + (amount & 7) ELSE 1 END AS bulk
    FROM (
        SELECT
            n, customer_id, at, country, is_business, dice, whim, dice >> 48 & 65535 AS fate,
            (dice >> 16 & 65535) < 131 AS is_test,
            CASE WHEN dice & 3 < 3 THEN channel
                ELSE 1 + (%(channels)s::int[])[(country - 1) * 32 + 1 + (dice >> 10 & 31)] END AS channel,
            (%(units)s::bigint[])[country] AS unit,
            1 + (%(popular)s::int[])[1 + (basket & 255)] AS liked,
            basket >> 8 & 255 AS much, basket >> 16 & 255 AS amount, basket >> 24 & 16777215 AS choice
        FROM (
            SELECT *, hashint8extended(visit, %(seed1)s) AS dice, hashint8extended(visit, %(seed2)s) AS basket,
                hashint8extended(visit, %(seed3)s) & 1152921504606846975 AS whim
            FROM demo_visit WHERE n BETWEEN %(first)s AND %(last)s OFFSET 0
        ) AS diced
    ) AS known OFFSET 0
) AS basket OFFSET 0
"""
_PLAN = _PLAN.format(goods=_GOODS)

assert len(COUNTRIES) == len(UNITS) == len(SHIPPING) == len(FREE_FROM)
