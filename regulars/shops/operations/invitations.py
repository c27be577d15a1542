"""Links by which people join a shop's staff: one use, a week, only their hash is stored."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regulars.events.record import Actor, record
from regulars.kit.errors import BadValue
from regulars.kit.text import one_line
from regulars.shops.errors import AccountExists, AlreadyStaff, InvitationForAnother, InvitationGone
from regulars.shops.models import Invitation, Shop, Staff, User
from regulars.shops.operations.people import create_person
from regulars.shops.operations.staff import add_staff, check_role

WEEK = timedelta(days=7)


@transaction.atomic
def invite(
    shop: Shop, email: str, role: str, *, only_own: bool = False, by: Actor, valid_for: timedelta = WEEK
) -> tuple[Invitation, str]:
    """Make a link for somebody; an earlier open one for the same address stops working.

    Returns the invitation and its token, which is shown or sent once and stored nowhere.
    Raises AlreadyStaff, BadValue.
    """
    email, role = _address(email), check_role(role)
    if Staff.objects.of(shop).active().filter(user__email=email).exists():
        raise AlreadyStaff(person=email)
    Invitation.objects.of(shop).filter(email=email, accepted_at=None).delete()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        shop=shop, email=email, role=role, only_own=only_own,
        token_hash=_hashed(token), expires_at=timezone.now() + valid_for,
    )  # fmt: skip
    data = {"email": email, "role": role, "only_own": only_own}
    record(shop.pk, "staff.invited", about=("invitation", invitation.pk), by=by, data=data)
    return invitation, token


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Actor) -> None:
    """Stop a link from working. Raises InvitationGone when it was used already."""
    number = invitation.pk
    gone, _by_model = Invitation.objects.of(invitation.shop_id).filter(pk=number, accepted_at=None).delete()
    if not gone:
        raise InvitationGone
    data = {"email": invitation.email}
    record(invitation.shop_id, "staff.invitation_withdrawn", about=("invitation", number), by=by, data=data)


def find_invitation(token: str) -> Invitation:
    """The open invitation behind a token, with its shop. Raises InvitationGone."""
    return _open_one(Invitation.objects.select_related("shop"), token)


@transaction.atomic
def accept_invitation(token: str, *, user: User | None = None, name: str = "", password: str | None = None) -> Staff:
    """Join the shop by a link.

    user: who is signed in, and must have the address the link was made for. Without one, a new person with
    that address is made from `name` and `password`: the link was sent there, which proves the address.
    Raises InvitationGone, InvitationForAnother, AccountExists, AlreadyStaff, BadValue (field "password").
    """
    # of=self: two clicks at once wait for each other, the shop is not locked
    invitation = _open_one(Invitation.objects.select_for_update(of=["self"]).select_related("shop"), token)
    if user is None:
        user = _new_person(invitation.email, name, password)
    elif user.email != invitation.email:
        raise InvitationForAnother(email=invitation.email)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    by = Actor("staff", None, str(user))
    return add_staff(invitation.shop, user, invitation.role, only_own=invitation.only_own, by=by)


def _open_one(invitations: QuerySet[Invitation], token: str) -> Invitation:
    # The one look-up without a shop: the token of 256 random bits names shop and person itself.
    found = invitations.filter(token_hash=_hashed(token), accepted_at=None, expires_at__gt=timezone.now()).first()
    if found is None:
        raise InvitationGone
    return found


def _new_person(email: str, name: str, password: str | None) -> User:
    if User.objects.filter(email=email).exists():
        raise AccountExists(email=email)
    try:
        validate_password(password or "", User(email=email, name=one_line(name)))
    except ValidationError as error:
        raise BadValue(" ".join(error.messages).replace("{", "(").replace("}", ")"), field="password") from None
    return create_person(email, password, name=name)


def _address(email: str) -> str:
    email = one_line(email).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise BadValue(_("“{value}” is not an e-mail address."), value=email, field="email") from None
    return email


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
