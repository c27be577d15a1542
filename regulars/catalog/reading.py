"""From what another system reports to an activity that can be recorded. No database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.catalog.models import Activity
from regulars.catalog.operations import ProductFacts
from regulars.customers.matching import MatchKeys
from regulars.customers.profile import channel_key
from regulars.kit.dates import read_moment
from regulars.kit.emails import read_email
from regulars.kit.errors import BadValue
from regulars.kit.phones import read_phone
from regulars.kit.text import cut, one_line

Kind = Activity.Kind

TYPES: dict[str, Kind] = {kind.name.lower(): kind for kind in Kind} | {
    "page_viewed": Kind.VISIT,
    "product_added_to_cart": Kind.CART_ADDED,
}
"""What the type of an activity may be called: ours, and the names that storefronts report where they differ."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far a sender's clock may be ahead of ours; what lies in the future until then is taken as now."""

LONGEST_ID = 100
LONGEST_VISITOR = 64
LONGEST_URL = 500
MOST_ID = 2**63 - 1
PREFIX = "storefront."


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """One activity, ready to be recorded.

    customer_id, keys: whom it says it was. product_id: our own number; product: what else it says of the product.
    """

    kind: Kind
    at: datetime
    source_id: str = ""
    visitor: str = ""
    customer_id: int | None = None
    keys: MatchKeys = field(default_factory=MatchKeys)
    product_id: int | None = None
    product: ProductFacts = field(default_factory=ProductFacts)
    title: str = ""
    category: str = ""
    url: str = ""

    @property
    def names_a_customer(self) -> bool:
        return self.customer_id is not None or any(self.keys)


def read_activity(
    raw: Mapping[str, object], *, now: datetime, country: str | None = None, tz: str = "UTC"
) -> ActivityDraft:
    """An activity out of plain values, as JSON or a row of a file brings them.

    raw: `type` (TYPES); `at` (ISO 8601, local in `tz` without an offset; now when it is left out); `id`, by which a
    second delivery is recognised; `customer` with any of `id`, `external_id` and `channel`, `email`, `phone` (as it is
    written in `country`); `visitor`, the anonymous browser; `product` with any of `id`, `external_id` and `channel`,
    `sku`, `name`, `category`, `image_url`; `collection`; `category`; `url`. Raises BadValue naming the field.
    """
    kind = _kind(raw)
    keys_of, product = _part(raw, "customer"), _part(raw, "product")
    facts = _product(product)
    draft = ActivityDraft(
        kind=kind,
        at=_at(raw, now, tz),
        source_id=_text(raw, "id", LONGEST_ID),
        visitor=_text(raw, "visitor", LONGEST_VISITOR),
        customer_id=_id(keys_of, "customer"),
        keys=_keys(keys_of, country),
        product_id=_id(product, "product"),
        product=facts,
        title=cut(_text(raw, "collection"), 300) or cut(facts.name, 300),
        category=cut(_text(raw, "category"), 120) or facts.category,
        url=_url(_text(raw, "url"), "url"),
    )
    _check(draft)
    return draft


# --- how it is done ---------------------------------------------------------------------------------------


def _kind(raw: Mapping[str, object]) -> Kind:
    name = _text(raw, "type").lower().removeprefix(PREFIX)
    if name not in TYPES:
        reason = _("“{value}” is not a type of activity. There are: {known}.")
        raise BadValue(reason, value=name, field="type", known=", ".join(TYPES))
    return TYPES[name]


def _at(raw: Mapping[str, object], now: datetime, tz: str) -> datetime:
    text = _text(raw, "at")
    if not text:
        return now
    at = _named("at", lambda: read_moment(text, tz, "ymd"))
    if at < EARLIEST:
        raise BadValue(_("“{value}” is before the year 2000."), value=text, field="at")
    if at > now + AHEAD:
        raise BadValue(_("“{value}” is in the future."), value=text, field="at")
    return min(at, now)


def _keys(raw: Mapping[str, object], country: str | None) -> MatchKeys:
    """What the customer is recognised by. An address or number nobody can have recognises nobody, and says so."""
    email, phone = _text(raw, "email", of="customer"), _text(raw, "phone", of="customer")
    outside = _text(raw, "external_id", LONGEST_ID, of="customer")
    channel = channel_key(_text(raw, "channel", 40, of="customer"))
    read = MatchKeys(
        read_email(email).normal, read_phone(phone, country).e164, ((channel, outside),) if outside else ()
    )  # fmt: skip
    if any(read) or raw.get("id"):
        return read
    if email:
        raise BadValue(_("“{value}” is not an e-mail address."), value=email, field="customer.email")
    if phone:
        raise BadValue(_("“{value}” is not a phone number."), value=phone, field="customer.phone")
    return read


def _product(raw: Mapping[str, object]) -> ProductFacts:
    outside = _text(raw, "external_id", LONGEST_ID, of="product")
    return ProductFacts(
        channel=_text(raw, "channel", 40, of="product") if outside else "",
        external_id=outside,
        sku=_text(raw, "sku", 80, of="product"),
        name=_text(raw, "name", of="product")[:300],
        category=cut(_text(raw, "category", of="product"), 120),
        image_url=_url(_text(raw, "image_url", of="product"), "product.image_url"),
    )


def _check(draft: ActivityDraft) -> None:
    """What an activity of its kind cannot do without."""
    if not draft.visitor and not draft.names_a_customer:
        raise BadValue(_("An activity needs a customer or a visitor."), field="customer")
    named = draft.product_id or draft.product.external_id or draft.product.sku or draft.product.name
    if draft.kind == Kind.PRODUCT_VIEWED and not named:
        raise BadValue(_("A viewed product needs an id, a SKU or a name."), field="product")
    if draft.kind == Kind.COLLECTION_VIEWED and not (draft.title or draft.category):
        raise BadValue(_("A viewed collection needs its name."), field="collection")


def _part(raw: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = raw.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadValue(_("This must be an object with names and values."), value=value, field=name)
    return value


def _id(raw: Mapping[str, object], of: str) -> int | None:
    """Our own number of a customer or product."""
    text = _text(raw, "id", of=of)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= MOST_ID):
        raise BadValue(_("“{value}” is not a number that we give."), value=text, field=f"{of}.id")
    return int(text)


def _text(raw: Mapping[str, object], name: str, longest: int = 0, *, of: str = "") -> str:
    """A value as one line of text. Raises BadValue for one that is neither text nor number, or too long."""
    value = raw.get(name)
    said = f"{of}.{name}" if of else name
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadValue(_("This must be a text."), value=value, field=said)
    text = one_line(str(value))
    if longest and len(text) > longest:
        raise BadValue(_("“{value}” is longer than {longest} characters."), value=text, field=said, longest=longest)
    return text


def _url(text: str, name: str) -> str:
    """An address of the web or a path: nothing that could run as a script. Loses its question when it is too long."""
    if text and not text.lower().startswith(("https://", "http://", "/")):
        raise BadValue(_("“{value}” is not an address of the web."), value=text, field=name)
    short = text if len(text) <= LONGEST_URL else text.partition("?")[0].partition("#")[0]
    if len(short) > LONGEST_URL:
        reason = _("“{value}” is longer than {longest} characters.")
        raise BadValue(reason, value=text, field=name, longest=LONGEST_URL)
    return short


def _named(name: str, read: Callable[[], Any]) -> Any:
    """What a reader reads; its complaint says which field it is about."""
    try:
        return read()
    except BadValue as error:
        raise error.for_field(name) from None
