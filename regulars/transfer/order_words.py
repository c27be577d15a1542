"""What files call the states of an order, in five languages and many shops' systems."""

from typing import NamedTuple, TypeVar

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import BadValue
from regulars.kit.flags import read_flag
from regulars.kit.text import fold
from regulars.orders.models import FinancialState as Money
from regulars.orders.models import FulfilmentState as Goods


class States(NamedTuple):
    """What a file says of an order; None where it says nothing."""

    financial: Money | None
    fulfilment: Goods | None
    is_cancelled: bool


State = TypeVar("State")


def _table(words: dict[State, str]) -> dict[str, State]:
    return {word: meaning for meaning, several in words.items() for word in several.split(", ")}


_FINANCIAL = _table({
    Money.PENDING: "pending, unpaid, not paid, open, due, awaiting payment, pending payment, on hold, cho thanh toan"
                   ", chua thanh toan, belum bayar, belum dibayar, menunggu pembayaran, neachitat, neplatit"
                   ", in asteptare, hindi bayad, no, expired, overdue",
    Money.AUTHORISED: "authorized, authorised, preauthorized",
    Money.PARTLY_PAID: "partially paid, partly paid, partial, deposit, thanh toan mot phan, dibayar sebagian"
                       ", achitat partial, partially_paid",
    Money.PAID: "paid, captured, completed, complete, settled, success, succeeded, processing, yes, da thanh toan"
                ", lunas, sudah dibayar, dibayar, achitat, platit, bayad, bayad na",
    Money.PARTLY_REFUNDED: "partially refunded, partly refunded, hoan tien mot phan, rambursat partial",
    Money.REFUNDED: "refunded, da hoan tien, dikembalikan, rambursat",
    Money.VOIDED: "voided, void, failed, declined, that bai, gagal, esuat",
})  # fmt: skip

_FULFILMENT = _table({
    Goods.UNFULFILLED: "unfulfilled, pending, open, new, processing, on hold, scheduled, unshipped, to ship"
                       ", chua giao, cho xu ly, dang xu ly, belum dikirim, perlu dikirim, diproses, neexpediat"
                       ", in procesare",
    Goods.PARTLY_FULFILLED: "partial, partially fulfilled, partly fulfilled, giao mot phan, dikirim sebagian"
                            ", expediat partial",
    Goods.FULFILLED: "fulfilled, shipped, sent, in transit, dispatched, dang giao, da gui, dikirim, sedang dikirim"
                     ", expediat, expediata, naipadala, completed, complete",
    Goods.DELIVERED: "delivered, received, da giao, da nhan, hoan thanh, hoan tat, selesai, terkirim, diterima"
                     ", livrat, livrata, finalizata, naihatid",
    Goods.RETURNED: "returned, restocked, da tra hang, tra hang, dikembalikan, returnat, returnata, ibinalik",
})  # fmt: skip

_CANCELLED = frozenset({
    "cancelled", "canceled", "cancel", "da huy", "huy", "batal", "dibatalkan", "anulat", "anulata", "kanselado",
    "kinansela",
})  # fmt: skip


def read_state(raw: dict[str, str]) -> States:
    """The states of an order by its cells `financial_state`, `fulfilment_state` and `state`.

    `state` is one word for everything, as small shops keep it: "completed" is paid and sent. Raises BadValue for a
    payment or fulfilment word that is not known: money is not guessed.
    """
    whole = _plain(raw.get("state", ""))
    financial = _meaning(raw, "financial_state", _FINANCIAL)
    fulfilment = _meaning(raw, "fulfilment_state", _FULFILMENT)
    is_cancelled = whole in _CANCELLED or _plain(raw.get("fulfilment_state", "")) in _CANCELLED
    if whole and not is_cancelled:
        if whole not in _FINANCIAL and whole not in _FULFILMENT:
            raise BadValue(_("The state “{value}” is not known."), value=raw["state"], field="state")
        fulfilment = fulfilment if fulfilment is not None else _FULFILMENT.get(whole)
        if financial is None:
            financial = _FINANCIAL.get(whole, Money.PAID if fulfilment is Goods.DELIVERED else None)
    return States(financial, fulfilment, is_cancelled)


def is_yes(text: str) -> bool:
    """Whether a cell says yes, in five languages."""
    return bool(read_flag(text))


def _meaning(raw: dict[str, str], name: str, table: dict[str, State]) -> State | None:
    word = _plain(raw.get(name, ""))
    if not word or (name == "fulfilment_state" and word in _CANCELLED):
        return None
    if word not in table:
        raise BadValue(_("The state “{value}” is not known."), value=raw[name], field=name)
    return table[word]


def _plain(text: str) -> str:
    return fold(text[:60].replace("_", " ").replace("-", " "))
