"""Who works in a shop, and as what."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.shops.errors import AlreadyStaff, LastOwner
from regulars.shops.models import Shop, Staff, User
from regulars.shops.operations.leaving import hand_over
from regulars.shops.permissions import Role


@transaction.atomic
def add_staff(shop: Shop, user: User, role: str, *, only_own: bool = False, by: Actor) -> Staff:
    """Let a person work in the shop; somebody who left comes back as the same staff member.

    only_own: sees only customers they are responsible for. Raises AlreadyStaff, BadValue.
    """
    role = check_role(role)
    staff = Staff.objects.of(shop).select_for_update().filter(user=user).first()
    if staff and staff.is_active:
        raise AlreadyStaff(person=str(user))
    if staff:
        staff.role, staff.only_own, staff.is_active = role, only_own, True
        staff.save(update_fields=["role", "only_own", "is_active"])
    else:
        staff = Staff.objects.create(shop=shop, user=user, role=role, only_own=only_own)
    record(
        shop.pk, "staff.added", about=("staff", staff.pk), by=by,
        data={"name": str(user), "role": role, "only_own": only_own},
    )  # fmt: skip
    return staff


@transaction.atomic
def change_staff(staff: Staff, *, role: str | None = None, only_own: bool | None = None, by: Actor) -> Staff:
    """Give another role, or limit to own customers; None leaves as it is. Raises LastOwner, BadValue."""
    return _change(staff, {"role": role and check_role(role), "only_own": only_own}, by=by)


@transaction.atomic
def deactivate_staff(staff: Staff, *, successor: Staff | None = None, by: Actor) -> Staff:
    """Take away the shop at once, also from open sessions; what they did stays theirs.

    successor: who gets what they hold (`leaving`); None leaves it where it is. Raises LastOwner, CannotSucceed.
    """
    staff = _change(staff, {"is_active": False}, by=by)
    if successor is not None:
        hand_over(staff, successor, by=by)
    return staff


@transaction.atomic
def reactivate_staff(staff: Staff, *, by: Actor) -> Staff:
    """Let somebody back in, with the role they had."""
    return _change(staff, {"is_active": True}, by=by)


def check_role(role: str) -> str:
    """The role, or BadValue when there is none of that name."""
    if role not in Role.values:
        raise BadValue(_("“{value}” is not a role."), value=role, field="role")
    return str(role)


def _change(staff: Staff, wanted: dict[str, str | bool | None], *, by: Actor) -> Staff:
    # Two owners who demote each other at once wait for each other here.
    Shop.objects.select_for_update(no_key=True).get(pk=staff.shop_id)
    staff = Staff.objects.of(staff.shop_id).select_related("user").get(pk=staff.pk)
    was_owner = _owns(staff)
    changes = {
        field: [getattr(staff, field), new]
        for field, new in wanted.items()
        if new is not None and new != getattr(staff, field)
    }
    if not changes:
        return staff
    for field, (_old, new) in changes.items():
        setattr(staff, field, new)
    if was_owner and not _owns(staff) and not _another_owner(staff):
        raise LastOwner(person=str(staff.user))
    staff.save(update_fields=list(changes))
    record(staff.shop_id, "staff.changed", about=("staff", staff.pk), by=by, data={"changes": changes})
    return staff


def _owns(staff: Staff) -> bool:
    return staff.is_active and staff.role == Role.OWNER


def _another_owner(staff: Staff) -> bool:
    return Staff.objects.of(staff.shop_id).active().filter(role=Role.OWNER).exclude(pk=staff.pk).exists()
