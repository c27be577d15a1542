"""What can be done with an order now; and with all of it: cancel, take up again, delete, restore."""

from collections.abc import Callable
from typing import NamedTuple, Self

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.errors import DomainError
from regulars.orders import operations
from regulars.orders.models import Order
from regulars.shops.models import Staff
from regulars.shops.permissions import Permission
from regulars.web.access import StaffRequest, staff_may
from regulars.web.orders.subject import order_of
from regulars.web.pages import redirect, toast

SEE = (Permission.SEE_ORDERS, Permission.SEE_CUSTOMERS)


class Deeds(NamedTuple):
    """What this person can do with this order now.

    Nothing is paid for an order that is cancelled, and nothing of it comes back; what was paid can be refunded.
    """

    pay: bool
    refund: bool
    take_back: bool
    due: bool
    write_off: bool
    owe_again: bool
    cancel: bool
    uncancel: bool
    delete: bool
    restore: bool

    @classmethod
    def of(cls, order: Order, staff: Staff) -> Self:
        is_here = order.deleted_at is None
        may_pay = is_here and staff.may(Permission.PAYMENTS)
        is_on = may_pay and order.cancelled_at is None
        may_write_off = is_here and order.cancelled_at is None and staff.may(Permission.WRITE_OFF)
        may_delete = staff.may(Permission.DELETE_CUSTOMERS)
        return cls(
            pay=is_on,
            refund=may_pay and order.captured > order.refunded,
            take_back=is_on and (not order.items_count or order.items_returned < order.items_count),
            due=is_on and order.owed > 0,
            write_off=may_write_off and order.owed > 0,
            owe_again=may_write_off and order.written_off > 0,
            cancel=is_on,
            uncancel=may_pay and order.cancelled_at is not None,
            delete=is_here and may_delete,
            restore=not is_here and may_delete,
        )

    @property
    def of_debt(self) -> bool:
        """Something about what is owed."""
        return self.due or self.write_off or self.owe_again

    @property
    def of_all(self) -> bool:
        """Something about the order as a whole."""
        return self.cancel or self.uncancel or self.delete


@require_POST
@staff_may(*SEE, Permission.PAYMENTS)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Cancel it; Undo takes it up again."""
    return _do(request, pk, operations.cancel_order, _("Order {number} is cancelled."), undo="uncancel/")


@require_POST
@staff_may(*SEE, Permission.PAYMENTS)
def uncancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a cancelled order up again."""
    return _do(request, pk, operations.uncancel_order, _("Order {number} is no longer cancelled."), undo="cancel/")


@require_POST
@staff_may(*SEE, Permission.DELETE_CUSTOMERS)
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete it; Undo brings it back."""
    return _do(request, pk, operations.delete_order, _("Order {number} is deleted."), undo="restore/")


@require_POST
@staff_may(*SEE, Permission.DELETE_CUSTOMERS)
def restore(request: StaffRequest, pk: int) -> HttpResponse:
    """Bring a deleted order back."""
    return _do(request, pk, operations.restore_order, _("Order {number} is back."), undo="")


def _do(request: StaffRequest, pk: int, deed: Callable[..., Order], words: str, *, undo: str) -> HttpResponse:
    """Do it and go back to the order, which says what was done or why not."""
    order = order_of(request, pk)
    here = f"/s/{request.shop.slug}/orders/{pk}/"
    try:
        deed(order, by=request.actor)
        toast(request, words.format(number=order.number), undo_url=f"{here}{undo}" if undo else None)
    except DomainError as refusal:
        toast(request, str(refusal), kind="problem")
    return redirect(request, here)
