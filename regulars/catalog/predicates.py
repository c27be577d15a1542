"""What customers did on the shop's site or in its app that can be asked with parameters."""

from collections.abc import Callable, Iterable

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from regulars.catalog.fields import SECTION
from regulars.catalog.models import Activity
from regulars.catalog.product_keys import ProductKey
from regulars.catalog.product_tags import ProductTags
from regulars.customers.fields import customer_fields
from regulars.kit.query import Context, FieldSet
from regulars.kit.query.fields import Field
from regulars.kit.query.kinds import Choice, Count, Option, Text
from regulars.kit.query.kinds_time import Moment
from regulars.kit.query.predicates import Predicate, Total

Kind = Activity.Kind
IN_APP = (Kind.PRODUCT_VIEWED, Kind.COLLECTION_VIEWED, Kind.CART_ADDED, Kind.CHECKOUT_STARTED, Kind.TASK_COMPLETED,
          Kind.MESSAGE_SENT)  # fmt: skip


def _only(which: Q) -> Callable[[Context], QuerySet]:
    return lambda ctx: Activity.objects.of(ctx.shop_id).filter(which)


def _types(_ctx: Context) -> Iterable[Option]:
    return [Option(kind.name.lower(), str(kind.label), (kind.value,)) for kind in IN_APP]


def _date() -> Moment:
    return Moment("date", _("Date"), column="at")


def _product() -> list[Field]:
    """What can be asked of the product of an activity; name and category as they were then."""
    return [
        ProductKey(),
        Text("sku", _("SKU"), column="product__sku", nullable=True),
        Text("name", _("Product"), column="title"),
        Text("category", _("Category")),
        ProductTags(),
    ]


def _parameters(name: str, *fields: Field) -> FieldSet:
    known = FieldSet(name)
    known.add(*fields)
    return known


def _count(label: object) -> Total:
    return Total(Count("count", label), CountOf("pk"), len)


customer_fields.add_predicates(
    Predicate(
        "products_viewed",
        _("Viewed a product"),
        rows=_only(Q(kind=Kind.PRODUCT_VIEWED)),
        fields=_parameters("products_viewed", _date(), *_product()),
        totals=[_count(_("How often"))],
        aliases=["storefront.product_viewed"],
        section=SECTION,
        help=_("Products looked at on the shop's site or in its app."),
    ),
    Predicate(
        "collections_viewed",
        _("Viewed a collection"),
        rows=_only(Q(kind=Kind.COLLECTION_VIEWED)),
        fields=_parameters(
            "collections_viewed",
            _date(),
            Text("name", _("Collection"), column="title"),
            Text("category", _("Category")),
        ),
        totals=[_count(_("How often"))],
        aliases=["storefront.collection_viewed"],
        section=SECTION,
        help=_("Collections looked at on the shop's site or in its app."),
    ),
    Predicate(
        "site_visits",
        _("Visited the shop"),
        rows=_only(Q(begins_visit=True)),
        fields=_parameters("site_visits", _date()),
        totals=[_count(_("How many visits"))],
        section=SECTION,
        help=_("Visits by the time they begin, counted like the field visits."),
    ),
    Predicate(
        "in_app",
        _("Did something in the app"),
        rows=_only(Q(kind__in=IN_APP)),
        fields=_parameters("in_app", Choice("type", _("What"), column="kind", of=_types), _date(), *_product()),
        totals=[_count(_("How often"))],
        section=SECTION,
        help=_("Viewed, put into the cart, went to the checkout, completed a task or sent a message."),
    ),
)
