"""Orders out of rows: totals from the first row of an order, a line from each."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regulars.customers.drafts import Draft, Problem
from regulars.customers.profile import read_profile
from regulars.kit.dates import read_day, read_moment
from regulars.kit.errors import BadValue
from regulars.kit.money import CURRENCIES, read_money
from regulars.kit.numbers import read_count
from regulars.orders.facts import LineFacts, OrderFacts, PaymentFacts
from regulars.orders.models import FinancialState, FulfilmentState
from regulars.shops.models import Shop
from regulars.transfer.options import Options
from regulars.transfer.order_words import is_yes, read_state
from regulars.transfer.reading import Row
from regulars.transfer.rows import Cells, Ready

ZERO = Decimal(0)
SAYS_OF_MONEY = frozenset({"financial_state", "state", "paid", "outstanding", "refunded", "paid_at"})
CUSTOMER = ("external_id", "name", "given_name", "family_name", "email", "phone", "company", "accepts_email")
PLACE = ("address1", "address2", "ward", "district", "city", "region", "postal_code", "country", "phone")


class OrderRows:
    """Rows of one order number, one below the other, are one order."""

    groups = True

    def __init__(self, shop: Shop, options: Options, source: str) -> None:
        self._shop, self._options, self._source = shop, options, source
        self._cells = Cells(options)
        columns = self._cells.columns
        self._keys = [columns[name] for name in ("order_id", "number") if name in columns]
        self._channel = options.defaults.get("channel") or options.layout.channel or "import"
        self._country = options.defaults.get("country") or shop.country
        self._is_silent = options.assume_paid and SAYS_OF_MONEY.isdisjoint(columns)

    def same_record(self, first: Row, following: Row) -> bool:
        """Shopify repeats the number and leaves the id empty; a number alone, or an id, must be the same."""
        said = [(first.cells[key].strip(), following.cells[key].strip()) for key in self._keys]
        return any(mine and mine == its for mine, its in said) and all(mine == its or not its for mine, its in said)

    def record(self, rows: list[Row]) -> Ready:
        raw = self._cells.of(rows[0])
        problems = self._cells.problems
        for problem in problems:
            if problem.field in ("order_id", "number"):  # many orders would be this one
                return Ready(rows, None, [problem._replace(fatal=True)])
        try:
            reading = _Reading(self, raw)
            facts = reading.facts(rows)
        except BadValue as error:
            return Ready(rows, None, [Problem(error.field, str(error.value), error.reason, fatal=True)])
        return Ready(rows, facts, [*problems, *reading.problems])

    def _line(self, raw: dict[str, str], money: "Callable[[str, dict[str, str]], Decimal | None]") -> LineFacts | None:
        title = raw.get("line_title") or raw.get("line_sku")
        if not title:
            return None
        quantity = _named("line_quantity", lambda: read_count(raw.get("line_quantity", "1"), self._shop.language))
        return LineFacts(
            title=title,
            quantity=quantity,
            unit_price=money("line_price", raw) or ZERO,
            discount=money("line_discount", raw) or ZERO,
            sku=raw.get("line_sku", ""),
        )


class _Reading:
    """One order while it is read."""

    def __init__(self, of: OrderRows, raw: dict[str, str]) -> None:
        self.of, self.raw = of, raw
        self.shop, self.options = of._shop, of._options
        self.currency = self._currency()
        self.problems: list[Problem] = []

    def facts(self, rows: list[Row]) -> OrderFacts:
        raw = self.raw
        number = raw.get("number", "").strip()
        total, lines = self.money("total"), self._lines(rows)
        if total is None:
            total = _sum_of(lines) if lines else None
        if total is None:
            raise BadValue(_("An order needs a total."), field="total")
        state = read_state(raw)
        fulfilment = state.fulfilment if state.fulfilment is not None else FulfilmentState.UNFULFILLED
        placed_at = self.moment("placed_at")
        financial = FinancialState.PAID if self.of._is_silent else state.financial
        paid = self._paid(total)
        if paid is None and financial is None and "paid_at" in raw:
            financial = FinancialState.PAID
        cancelled_at = self.moment("cancelled_at") or (placed_at if state.is_cancelled else None)
        return OrderFacts(
            channel=raw.get("order_channel") or self.of._channel,
            external_id=(raw.get("order_id") or number).strip(),
            number=number,
            placed_at=placed_at,
            currency=self.currency,
            total=total,
            subtotal=self.money("subtotal"),
            discount=self.money("discount") or ZERO,
            shipping=self.money("shipping") or ZERO,
            tax=self.money("tax") or ZERO,
            lines=lines,
            payments=self._payments(financial, paid, total, placed_at),
            financial_state=financial,
            paid=paid,
            refunded=self.money("refunded"),
            fulfilment_state=fulfilment,
            cancelled_at=cancelled_at,
            due_on=self.day("due_on"),
            is_test=is_yes(raw.get("test", "")),
            payment_method=raw.get("payment_method", ""),
            email=raw.get("email", ""),
            phone=raw.get("phone", ""),
            customer=self._customer(),
            shipping_address=self._place("shipping"),
            billing_address=self._place("billing"),
            location=raw.get("location", ""),
            note=raw.get("order_note", ""),
        )

    def money(self, name: str, raw: dict[str, str] | None = None) -> Decimal | None:
        text = (self.raw if raw is None else raw).get(name, "")
        if not text.strip():
            return None
        return _named(name, lambda: read_money(text, self.currency, self.shop.language))

    def moment(self, name: str) -> datetime | None:
        text = self.raw.get(name, "")
        if not text.strip():
            return None
        return _named(name, lambda: read_moment(text, self.shop.timezone, self.options.day_order))

    def day(self, name: str) -> date | None:
        text = self.raw.get(name, "")
        if not text.strip():
            return None
        return _named(name, lambda: read_day(text, self.options.day_order))

    def _currency(self) -> str:
        currency = self.raw.get("currency", "").strip().upper() or self.shop.currency
        if currency not in CURRENCIES:
            raise BadValue(_("“{value}” is not a currency."), value=currency, field="currency")
        if currency != self.shop.currency:
            reason = _("The order is in {value}, the shop keeps its money in {own}, and the file has no rate.")
            raise BadValue(reason, value=currency, field="currency", own=self.shop.currency)
        return currency

    def _paid(self, total: Decimal) -> Decimal | None:
        """The amount paid when the file says it in money; what is still owed says it too."""
        if (paid := self.money("paid")) is not None:
            return paid
        owed = self.money("outstanding")
        if owed is None or read_state(self.raw).financial in {FinancialState.VOIDED, FinancialState.AUTHORISED}:
            return None
        return max(ZERO, total - owed)

    def _payments(
        self, financial: FinancialState | None, paid: Decimal | None, total: Decimal, placed_at: datetime | None
    ) -> list[PaymentFacts]:
        """A payment of its own when the file names it: then people can look for the number on their bank statement."""
        reference, at = self.raw.get("payment_reference", "").strip(), self.moment("paid_at") or placed_at
        if paid is None and financial in _WAS_PAID:
            paid = total
        if not reference or not paid or at is None:
            return []
        method = self.raw.get("payment_method", "")
        name = f"{(self.raw.get('order_id') or self.raw.get('number', '')).strip()[:60]}:{reference}"[:100]
        return [PaymentFacts(external_id=name, amount=paid, at=at, method=method, reference=reference[:100])]

    def _lines(self, rows: list[Row]) -> list[LineFacts]:
        lines = []
        for number, row in enumerate(rows):
            raw = self.of._cells.of(row) if number else self.raw
            if line := self.of._line(raw, self.money):
                lines.append(line)
            lines += [line for cell in self.of._cells.packed_lines(row) if (line := self._packed(cell))]
        return lines

    def _packed(self, cell: str) -> LineFacts | None:
        """A line in one cell, as WooCommerce's exporter writes it: "name:Mug|sku:M-1|quantity:2|total:9.00"."""
        parts = dict(part.split(":", 1) for part in cell.split("|") if ":" in part)
        title = parts.get("name", "").strip()
        if not title:
            return None
        quantity = _named("packed_line", lambda: read_count(parts.get("quantity") or "1"))
        total = self.money("total", {"total": parts.get("total", "")})
        price = (total / quantity) if total is not None and quantity else ZERO
        return LineFacts(title=title, quantity=quantity, unit_price=price, total=total, sku=parts.get("sku", ""))

    def _place(self, kind: str) -> dict[str, str] | None:
        """An address by the names of customers.profile; without a place in it there is none."""
        raw = self.raw
        found = {name: raw[f"{kind}_{name}"] for name in PLACE if raw.get(f"{kind}_{name}")}
        if found.keys() <= {"country", "phone"}:
            return None
        people = {"recipient": raw.get(f"{kind}_name", ""), "address_company": raw.get(f"{kind}_company", "")}
        for ours, theirs in (("address_country", "country"), ("address_phone", "phone")):
            people[ours] = found.pop(theirs, "")
        return found | {name: value for name, value in people.items() if value}

    def _customer(self) -> Draft | None:
        """Who ordered; None when the file does not say."""
        raw = {name: self.raw[name] for name in CUSTOMER if self.raw.get(name)}
        if not {"name", "given_name", "family_name"} & raw.keys():
            name = self.raw.get("billing_name") or self.raw.get("shipping_name")
            raw |= {"name": name} if name else {}
        raw.setdefault("phone", self.raw.get("billing_phone") or self.raw.get("shipping_phone") or "")
        if not any(raw.values()):
            return None
        raw |= self._place("shipping") or self._place("billing") or {}
        if channel := self.options.layout.channel:
            raw["channel"] = channel
        for ours, default in (("tags", "tags"), ("group", "group")):
            if self.options.defaults.get(default):
                raw[ours] = self.options.defaults[default]
        draft = read_profile(
            raw, country=self.of._country, tz=self.shop.timezone, day_order=self.options.day_order,
            source=self.of._source,
        )  # fmt: skip
        self.problems = [problem for problem in draft.problems if not problem.fatal]
        return None if draft.is_fatal else draft


_WAS_PAID = (FinancialState.PAID, FinancialState.PARTLY_REFUNDED, FinancialState.REFUNDED)


def _sum_of(lines: list[LineFacts]) -> Decimal:
    return sum(
        (line.quantity * line.unit_price - line.discount if line.total is None else line.total for line in lines), ZERO
    )


def _named(name: str, read: Callable[[], Any]) -> Any:
    """What a reader reads; its complaint says which field it is about."""
    try:
        return read()
    except BadValue as error:
        raise error.for_field(name) from None
