"""What can go wrong with orders, in words the user can act on."""

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class NoSuchOrder(DomainError):
    code = "orders.no_such_order"
    sentence = _("There is no order “{number}”.")


class AlreadyCancelled(DomainError):
    code = "orders.already_cancelled"
    sentence = _("Order {number} is already cancelled.")


class NotCancelled(DomainError):
    code = "orders.not_cancelled"
    sentence = _("Order {number} is not cancelled.")


class OwesLess(DomainError):
    code = "orders.owes_less"
    sentence = _("Order {number} owes {owed}, so {amount} cannot be written off.")


class WrittenOffLess(DomainError):
    code = "orders.written_off_less"
    sentence = _("Of order {number} {written_off} was written off, so {amount} cannot be taken back.")


class OrderDeleted(DomainError):
    code = "orders.deleted"
    sentence = _("Order {number} was deleted. Restore it first.")


class OrderCancelled(DomainError):
    code = "orders.cancelled"
    sentence = _(
        "Order {number} was cancelled: nothing more is paid for it or comes back of it. Take it up again first."
    )


class RefundsMore(DomainError):
    code = "orders.refunds_more"
    sentence = _("{most} of order {number} can be paid back, not {amount}.")


class ReturnsMore(DomainError):
    code = "orders.returns_more"
    sentence = _("Goods worth {most} of order {number} can still come back, not {worth}.")


class ReturnsMoreItems(DomainError):
    code = "orders.returns_more_items"
    sentence = _("{left} items of order {number} can still come back, not {quantity}.")


class NotTheirs(DomainError):
    code = "orders.not_theirs"
    sentence = _("These orders belong to somebody else by now.")


class NotTheSame(DomainError):
    code = "orders.not_the_same"
    sentence = _("These two transactions are not the same money: one must be recorded here and the other listed.")
