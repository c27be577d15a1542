"""Who works in the shop: roles, access, invitations."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.errors import BadValue, DomainError
from regulars.kit.mails import mail_goes_out
from regulars.shops.models import Invitation, Staff
from regulars.shops.operations import (
    change_staff,
    deactivate_staff,
    held_by,
    invite,
    reactivate_staff,
    withdraw_invitation,
)
from regulars.shops.permissions import Permission, role_may
from regulars.web.access import StaffRequest, staff_may
from regulars.web.numbers import whole_number
from regulars.web.pages import redirect, toast
from regulars.web.settings.forms import InviteForm, StaffForm
from regulars.web.settings.frame import home_of, settings_page, status_of
from regulars.web.settings.mail import send_invitation

TAB = "staff/"
SECOND_PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@staff_may(Permission.SETTINGS)
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody who works here or did, and who is invited."""
    people = Staff.objects.of(request.shop).select_related("user").order_by("-is_active", "user__name", "pk")
    invited = Invitation.objects.of(request.shop).filter(accepted_at=None).order_by("-created_at")
    context = {"people": _rows(list(people)), "invitations": invited, "now": timezone.now()}
    return settings_page(request, "staff.html", context, tab=TAB)


@staff_may(Permission.STAFF)
def staff_member(request: StaffRequest, pk: int) -> HttpResponse:
    """Change somebody's role, and what they see."""
    member = _member(request, pk)
    now = {"role": member.role, "only_own": member.only_own}
    form = StaffForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            change_staff(member, **form.cleaned_data, by=request.actor)
            toast(request, _("Saved. It counts from their next click."))
            return redirect(request, _where_next(request, member, form.cleaned_data["role"]))
        except DomainError as fault:
            form.add_error(None, str(fault))
    return _member_page(request, member, form)


@require_POST
@staff_may(Permission.STAFF)
def staff_access(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the shop away from somebody, or give it back (`active` is 1 or 0).

    What they hold goes to `successor`, a staff id; "0" leaves it with them.
    """
    member = _member(request, pk)
    back = request.POST.get("active") == "1"
    try:
        if back:
            reactivate_staff(member, by=request.actor)
        else:
            deactivate_staff(member, successor=_successor(request, member), by=request.actor)
    except DomainError as fault:
        form = StaffForm(initial={"role": member.role, "only_own": member.only_own})
        return _member_page(request, member, form, problem=str(fault))
    words = _("{person} is back.") if back else _("{person} has no access any more.")
    toast(request, words.format(person=member.user))
    return redirect(request, home_of(request) + TAB if back or member.pk != request.staff.pk else "/")


@staff_may(Permission.STAFF)
def staff_invite(request: StaffRequest) -> HttpResponse:
    """Make an invitation; its link is shown on the answer, this once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made, token = invite(
                request.shop, given["email"], given["role"], only_own=given["only_own"], by=request.actor
            )
            return _invited(request, made, token)
        except BadValue as fault:
            form.add_error(fault.field or None, str(fault))
        except DomainError as fault:
            form.add_error("email", str(fault))
    context = {"form": form, "mail_goes_out": mail_goes_out()}
    return settings_page(request, "invite.html", context, tab=TAB, status=status_of(request))


@require_POST
@staff_may(Permission.STAFF)
def invitation_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop an invitation's link from working."""
    found = Invitation.objects.of(request.shop).filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        withdraw_invitation(found, by=request.actor)
        toast(request, _("The invitation of {email} was withdrawn.").format(email=found.email))
    except DomainError:
        toast(request, _("{email} has joined already.").format(email=found.email), kind="problem")
    return redirect(request, home_of(request) + TAB)


def _invited(request: StaffRequest, made: Invitation, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("join", args=[token]))
    is_sent = send_invitation(made, link, inviter=request.actor.name)
    context = {"made": made, "link": link, "is_sent": is_sent}
    return settings_page(request, "invited.html", context, tab=TAB)


def _member(request: StaffRequest, pk: int) -> Staff:
    found = Staff.objects.of(request.shop).select_related("user").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _successor(request: StaffRequest, member: Staff) -> Staff | None:
    """Who was chosen to take over; must be chosen when there is something to take over. Raises BadValue."""
    chosen = whole_number(request.POST.get("successor", ""))
    if chosen is None and held_by(member):
        raise BadValue(_("Say who takes over what {person} holds.").format(person=member.user), field="successor")
    return _colleagues(request, member).filter(pk=chosen).first() if chosen else None


def _colleagues(request: StaffRequest, member: Staff) -> Any:
    others = Staff.objects.of(request.shop).active().exclude(pk=member.pk)
    return others.select_related("user").order_by("user__name", "pk")


def _member_page(request: StaffRequest, member: Staff, form: StaffForm, problem: str = "") -> HttpResponse:
    context = {"member": member, "form": form, "problem": problem, "held": [], "colleagues": []}
    if member.is_active and (held := held_by(member)):
        context |= {"held": held, "colleagues": [(one.pk, str(one)) for one in _colleagues(request, member)]}
    return settings_page(request, "member.html", context, tab=TAB, status=status_of(request))


def _where_next(request: StaffRequest, member: Staff, role: str) -> str:
    """Back to the list, unless one has just given up the right to see it."""
    lost = member.pk == request.staff.pk and not role_may(role, Permission.SETTINGS)
    return f"/s/{request.shop.slug}/customers/" if lost else home_of(request) + TAB


def _rows(people: list[Staff]) -> list[dict[str, Any]]:
    ids = [member.user_id for member in people]
    proofs = Authenticator.objects.filter(user_id__in=ids, type__in=SECOND_PROOFS)
    proven = set(proofs.values_list("user_id", flat=True))
    return [{"member": member, "has_second_proof": member.user_id in proven} for member in people]
