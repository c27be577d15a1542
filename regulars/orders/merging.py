"""What happens to orders when their customers become one, and several again."""

from collections.abc import Mapping
from typing import Any

from regulars.customers.merging import moving
from regulars.customers.merging.errors import BadChoice
from regulars.customers.merging.links import Link
from regulars.customers.merging.rules import Family, Rule, Stays, Trace, before_merging, rule
from regulars.orders.locks import lock_all_orders
from regulars.orders.models import Order
from regulars.orders.tables import give_to
from regulars.shops.models import Shop

before_merging(lock_all_orders)


class Orders(Rule):
    """Lines, payments and returns go where their order goes, those that came since the merge included."""

    def join(self, link: Link, family: Family, chosen: Mapping[str, int]) -> Trace:
        trace = super().join(link, family, chosen)
        moved = [pk for ids in trace["moved"].values() for pk in ids]
        give_to(Shop.objects.get(pk=family.shop_id), dict.fromkeys(moved, family.survivor_id))
        return trace

    def part(self, link: Link, family: Family, trace: Trace) -> None:
        super().part(link, family, trace)
        moved = [pk for ids in trace["moved"].values() for pk in ids]
        back = Order.objects.of(family.shop_id).filter(pk__in=moved, customer_id__in=family.other_ids)
        give_to(Shop.objects.get(pk=family.shop_id), dict(back.values_list("pk", "customer_id")))

    def give(self, link: Link, family: Family, rows: Mapping[int, int]) -> None:
        give_to(Shop.objects.get(pk=family.shop_id), rows)


class OfOrders(Rule):
    """Payments and returns: those of an order are whose it is, those that wait for theirs move by themselves."""

    def part(self, link: Link, family: Family, trace: Trace) -> None:
        """One that waited and found its order since stays with it."""
        super().part(link, family, trace)
        moved = [pk for ids in trace["moved"].values() for pk in ids]
        rows: Any = link.model._default_manager
        of_orders = rows.filter(shop_id=family.shop_id, pk__in=moved, order__isnull=False)
        moving.give(link, family.shop_id, dict(of_orders.values_list("pk", "order__customer_id")))

    def give(self, link: Link, family: Family, rows: Mapping[int, int]) -> None:
        """Raises BadChoice for one that would leave its order."""
        movements: Any = link.model._default_manager
        owners = movements.filter(shop_id=family.shop_id, pk__in=rows, order__isnull=False)
        if any(rows[pk] != owner for pk, owner in owners.values_list("pk", "order__customer_id")):
            raise BadChoice(field=link.name)
        super().give(link, family, rows)


rule("orders.Order.customer_id", Orders())
rule("orders.Payment.customer_id", OfOrders())
rule("orders.Return.customer_id", OfOrders())
rule("orders.Line.customer_id", Stays())  # with its order
