"""Products and services out of rows: one row, one product; variants stand below the row that names them."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from regulars.catalog.operations import ProductFacts
from regulars.catalog.products import ProductDraft
from regulars.customers.drafts import Problem
from regulars.customers.profile import channel_key, tag_key
from regulars.kit.errors import BadValue
from regulars.kit.flags import read_flag
from regulars.kit.labels import split_labels
from regulars.kit.money import read_money, to_minor
from regulars.kit.text import clean, cut, fold, one_line
from regulars.shops.models import Shop
from regulars.transfer.options import Options
from regulars.transfer.reading import Row
from regulars.transfer.rows import Cells, Ready

SERVICES = frozenset({"service", "services", "dich vu", "jasa", "layanan", "serviciu", "serbisyo", "booking"})
GOODS = frozenset({"product", "products", "goods", "physical", "simple", "hang hoa", "barang", "produs", "produkto"})
WEB = ("https://", "http://", "/")
TAG_LENGTH = 60
SHARED = ("name", "category", "tags", "image_url", "service")
"""What a variant takes from the first row of its family where its own row says nothing."""

VARIANT = ("variant", "variant2", "variant3")
IS_A_PRODUCT = frozenset({"sku", "product_id", "price"})
"""A row of a family that has none of these is about another one: a further picture, say."""


class _Read(NamedTuple):
    """A row, its cells by field, what could not be taken, and what it empties."""

    rows: list[Row]
    raw: dict[str, str]
    problems: list[Problem]
    clears: frozenset[str]


class ProductRows:
    """Makes a draft of each row; a price or picture that cannot be read is a doubt, not a rejection."""

    groups = True

    def __init__(self, shop: Shop, options: Options, source: str) -> None:
        self._shop, self._cells = shop, Cells(options)
        self._channel = options.layout.channel
        self._family = self._cells.columns.get("family", -1)

    def same_record(self, first: Row, following: Row) -> bool:
        """Whether a row is about the family that `first` began."""
        return self._family >= 0 and bool(said := first.cells[self._family]) and said == following.cells[self._family]

    def record(self, rows: list[Row]) -> Ready | list[Ready]:
        """The product of a row; of the rows of a family its variants, one at least."""
        read = [self._read(row) for row in rows]
        if len(read) == 1:
            return self._product(read[0])
        shared = {name: text for name, text in read[0].raw.items() if name in SHARED}
        products = [one for one in read if not IS_A_PRODUCT.isdisjoint(one.raw)] or read[:1]
        return [self._product(one._replace(raw=shared | one.raw)) for one in products]

    def _read(self, row: Row) -> "_Read":
        raw = {name: text for name, cell in self._cells.of(row).items() if (text := clean(cell))}
        return _Read([row], raw, list(self._cells.problems), frozenset(self._cells.clears))

    def _product(self, read: "_Read") -> Ready:
        rows, raw, problems, clears = read
        facts = self._facts(raw, problems)
        if not (facts.external_id or facts.sku):
            reason = _("A product needs a SKU or an ID: by it the product is known again.")
            problems.append(Problem("sku", raw.get("sku", ""), reason, fatal=True))
            return Ready(rows, None, problems)
        draft = ProductDraft(
            facts,
            tags=_tags(raw["tags"]) if "tags" in raw else None,
            price=self._price(raw, problems),
            is_service=_service(raw, problems),
            clears=clears,
        )
        return Ready(rows, draft, problems)

    def _facts(self, raw: Mapping[str, str], problems: list[Problem]) -> ProductFacts:
        outside = one_line(raw.get("product_id", ""))[:100]
        picture = next(iter(raw.get("image_url", "").replace(",", " ").replace("|", " ").split()), "")
        if picture and (not picture.lower().startswith(WEB) or len(picture) > 500):
            problems.append(Problem("image_url", picture, _("This is not an address of the web. It is left out.")))
            picture = ""
        return ProductFacts(
            channel=channel_key(raw.get("channel") or self._channel) if outside else "",
            external_id=outside,
            sku=one_line(raw.get("sku", ""))[:80],
            name=cut(_name(raw), 300),
            category=cut(one_line(raw.get("category", "")), 120),
            image_url=picture,
        )

    def _price(self, raw: Mapping[str, str], problems: list[Problem]) -> int | None:
        """Minor units. An amount below zero is no price."""
        if "price" not in raw:
            return None
        try:
            amount = read_money(raw["price"], self._shop.currency, self._shop.language)
            if amount < 0:
                raise BadValue(_("A price is not below zero."), value=raw["price"])
            return to_minor(amount, self._shop.currency)
        except BadValue as error:
            problems.append(Problem("price", raw["price"], error.reason))
            return None


def _name(raw: Mapping[str, str]) -> str:
    """With what sets a variant apart, as orders call it: "Mug - Red / L"."""
    apart = " / ".join(one_line(raw[name]) for name in VARIANT if raw.get(name))
    return " - ".join(part for part in (one_line(raw.get("name", "")), apart) if part and raw.get("name"))


def _tags(cell: str) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for name in split_labels(cell):
        names.setdefault(tag_key(name), cut(name, TAG_LENGTH))
    return tuple(names.values())


def _service(raw: Mapping[str, str], problems: list[Problem]) -> bool | None:
    if "service" not in raw:
        return None
    word = fold(raw["service"][:60])
    meant = read_flag(word) if word not in SERVICES | GOODS else word in SERVICES
    if meant is None:
        problems.append(Problem("service", raw["service"], _("This word is not known here. It is left out.")))
    return meant
