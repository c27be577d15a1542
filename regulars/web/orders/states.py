"""How the states of orders and payments look: a tone beside the word."""

from typing import Any

from regulars.orders.models import FinancialState, FulfilmentState, PaymentState
from regulars.web.lists.cells import show_status

_FINANCIAL = {
    FinancialState.PENDING: "warn",
    FinancialState.AUTHORISED: "cool",
    FinancialState.PARTLY_PAID: "warn",
    FinancialState.PAID: "good",
    FinancialState.PARTLY_REFUNDED: "violet",
    FinancialState.REFUNDED: "violet",
    FinancialState.VOIDED: "",
}
_FULFILMENT = {
    FulfilmentState.UNFULFILLED: "warn",
    FulfilmentState.PARTLY_FULFILLED: "cool",
    FulfilmentState.FULFILLED: "cool",
    FulfilmentState.DELIVERED: "good",
    FulfilmentState.RETURNED: "violet",
}
_PAYMENT = {PaymentState.PENDING: "warn", PaymentState.SUCCEEDED: "good", PaymentState.FAILED: "bad"}


def financial(state: int) -> Any:
    """The state of paying."""
    return show_status(str(FinancialState(state).label), _FINANCIAL[FinancialState(state)])


def fulfilment(state: int) -> Any:
    """The state of delivery."""
    return show_status(str(FulfilmentState(state).label), _FULFILMENT[FulfilmentState(state)])


def payment(state: int) -> Any:
    """The state of one transaction."""
    return show_status(str(PaymentState(state).label), _PAYMENT[PaymentState(state)])
