"""Whether the stored states of consent are what was said last, of two words of one moment the no."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from regulars.customers.checks import Check, Difference, add_check
from regulars.customers.consent import NO
from regulars.customers.figures import lock_customers
from regulars.customers.models import ConsentChannel, ConsentState
from regulars.shops.models import Shop

_LAST = f"""
SELECT DISTINCT ON (e.customer_id, e.channel) e.customer_id, e.channel, e.state
FROM customers_consententry e
WHERE e.shop_id = %(shop)s AND e.customer_id = ANY(%(ids)s) AND e.state <> {ConsentState.UNKNOWN:d}
ORDER BY e.customer_id, e.channel, e.at DESC, e.state IN ({", ".join(f"{one:d}" for one in sorted(NO))}) DESC, e.id DESC
"""  # noqa: S608

_NOBODY_ELSE = "c.anonymised_at IS NULL AND c.merged_into_id IS NULL"
"""Of whom nothing is known any more, and who is somebody else now, has no state of their own."""


def differing(shop: Shop, customer_ids: Sequence[int]) -> list[Difference]:
    """States that are not the last word of their ledger."""
    found: list[Difference] = []
    for channel in ConsentChannel.values:
        for pk, stored, derived in _asked(shop, customer_ids, channel):
            found.append(Difference("customer", pk, f"consent_{channel}", stored, derived, pk))
    return sorted(found, key=lambda one: one.id)


def repair(shop: Shop, customer_ids: Sequence[int]) -> None:
    """Store what was said last."""
    lock_customers(shop.pk, customer_ids)
    with connection.cursor() as cursor:
        for channel in ConsentChannel.values:
            cursor.execute(
                f"UPDATE customers_customer c SET consent_{channel} = e.state FROM ({_LAST}) AS e "  # noqa: S608
                f"WHERE c.shop_id = %(shop)s AND c.id = e.customer_id AND e.channel = %(channel)s AND {_NOBODY_ELSE} "
                f"AND c.consent_{channel} <> e.state",
                {"shop": shop.pk, "ids": list(customer_ids), "channel": channel},
            )


def _asked(shop: Shop, customer_ids: Sequence[int], channel: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, c.consent_{channel}, e.state FROM customers_customer c "  # noqa: S608
            f"JOIN ({_LAST}) AS e ON e.customer_id = c.id AND e.channel = %(channel)s "
            f"WHERE c.shop_id = %(shop)s AND {_NOBODY_ELSE} AND c.consent_{channel} <> e.state ORDER BY c.id",
            {"shop": shop.pk, "ids": list(customer_ids), "channel": channel},
        )
        return cursor.fetchall()


add_check(Check("consent", _("Consent is what was said last"), "the ledger says", differing, repair))
