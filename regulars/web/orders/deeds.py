"""What can be done with an order as a whole: cancel, take up again, delete, restore."""

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
    """What this person can do with this order now."""

    pay: bool
    refund: bool
    take_back: bool
    cancel: bool
    uncancel: bool
    delete: bool
    restore: bool

    @classmethod
    def of(cls, order: Order, staff: Staff) -> Self:
        is_here = order.deleted_at is None
        may_pay = is_here and staff.may(Permission.PAYMENTS)
        may_delete = staff.may(Permission.DELETE_CUSTOMERS)
        return cls(
            pay=may_pay,
            refund=may_pay and order.captured > order.refunded,
            take_back=may_pay and (not order.items_count or order.items_returned < order.items_count),
            cancel=may_pay and order.cancelled_at is None,
            uncancel=may_pay and order.cancelled_at is not None,
            delete=is_here and may_delete,
            restore=not is_here and may_delete,
        )

    @property
    def in_menu(self) -> bool:
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
