"""Pages outside a shop: the door, the first run, links, invitations, one's own settings."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.events.record import Actor
from regulars.kit import countries
from regulars.kit.errors import BadValue, DomainError
from regulars.shops.models import Invitation, Shop, Staff, User
from regulars.shops.operations import accept_invitation, create_person, create_shop
from regulars.shops.operations.invitations import find_invitation
from regulars.shops.permissions import Permission, Role
from regulars.shops.queries import shops_of
from regulars.tasks.giving import clocks_of_person_changed
from regulars.web.access import StaffRequest, signed_in, staff_may
from regulars.web.accounts import links
from regulars.web.accounts.first_run import country_of, steps
from regulars.web.accounts.forms import MyForm, OwnerForm, PersonForm, ShopForm
from regulars.web.accounts.sessions import begin_session
from regulars.web.frame import THEMES
from regulars.web.pages import page, redirect, toast

FIRST_RUN = "first_run"


def door(request: HttpRequest) -> HttpResponse:
    """Where the bare address leads: to the shop, to the sign-in, or to what an empty installation needs."""
    if not request.user.is_authenticated:
        if not User.objects.exists():
            return page(request, "accounts/empty.html", status=200)
        return redirect(request, "/accounts/login/")
    shops = shops_of(request.user)
    if shops:
        return redirect(request, f"/s/{shops[0].slug}/customers/")
    return redirect(request, "/start/shop/") if not Shop.objects.exists() else page(request, "accounts/no_shop.html")


@staff_may(Permission.SEE_CUSTOMERS)
def shop_door(request: StaffRequest) -> HttpResponse:
    """Where a shop's bare address leads."""
    return redirect(request, f"/s/{request.shop.slug}/customers/")


@transaction.atomic
def one_time(request: HttpRequest, packed: str) -> HttpResponse:
    """Sign in by a one-time link. A GET shows a button, so that link previews of mail programs do not use it up.

    It asks for no second proof: links are printed where the installation runs, and help who has lost a phone.
    """
    uses_it = request.method == "POST"
    try:
        user, next_path = links.open_link(packed, to_use=uses_it)
    except links.LinkUsed:
        return page(request, "accounts/dead_link.html", status=410)
    if not uses_it:
        return page(request, "accounts/one_time.html", {"person": user})
    begin_session(request, user)
    return redirect(request, next_path)


def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """Open the first run for this browser."""
    if not links.is_first_run(token):
        return page(request, "accounts/dead_link.html", status=410)
    request.session[FIRST_RUN] = True
    return redirect(request, "/start/owner/")


def owner(request: HttpRequest) -> HttpResponse:
    """Step 1: the owner's account."""
    if not request.session.get(FIRST_RUN) or User.objects.exists():
        raise Http404
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = create_person(given["email"], given["password"], name=given["name"])
        begin_session(request, user)
        return redirect(request, "/start/shop/")
    context = {"form": form, "first_run_steps": steps()}
    return page(request, "accounts/owner.html", context, status=_status(request))


@signed_in
def shop(request: StaffRequest) -> HttpResponse:
    """Step 2: the shop. Open to the first person of an installation, and to owners who add another."""
    is_first = not Shop.objects.exists()
    if not is_first and not _owns_one(request.user):
        raise Http404
    locale = get_language() or "en"
    country = countries.read_country(request.GET.get("country", "")) or country_of(request)
    form = ShopForm(request.POST or None, initial=_proposed(country), locale=locale)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_shop(**form.cleaned_data, owner=request.user, by=Actor("staff", None, str(request.user)))
            toast(request, _("{shop} is open.").format(shop=made.name))
            return redirect(request, f"/start/{made.slug}/customers/")
        except BadValue as fault:
            form.add_error(fault.field or None, str(fault))
    context = {"form": form, "is_first": is_first, "first_run_steps": steps()}
    return page(request, "accounts/shop.html", context, status=_status(request))


def _proposed(country: str) -> dict[str, Any]:
    """What is usual in a country (ISO 3166 code)."""
    usual = countries.about(country)
    return {"country": country, "currency": usual.currency, "timezone": usual.timezone, "language": usual.language}


def _owns_one(user: User) -> bool:
    return Staff.objects.active().filter(user=user, role=Role.OWNER).exists()


@signed_in
def bring_customers(request: StaffRequest, slug: str) -> HttpResponse:
    """Step 3: where customers come from."""
    here = next((place for place in shops_of(request.user) if place.slug == slug), None)
    if here is None:
        raise Http404
    context = {"made": here, "is_first": Shop.objects.count() == 1, "first_run_steps": steps()}
    return page(request, "accounts/bring.html", context)


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation, as the person who is signed in or as somebody new."""
    try:
        invitation = find_invitation(token)
    except DomainError:
        return page(request, "accounts/dead_link.html", status=410)
    known = request.user if request.user.is_authenticated else None
    form = PersonForm(request.POST or None) if not known else None
    problem = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            staff = accept_invitation(token, user=known, **(form.cleaned_data if form else {}))
            if not known:
                begin_session(request, staff.user)
            return redirect(request, f"/s/{invitation.shop.slug}/customers/")
        except DomainError as fault:
            problem = str(fault)
    context = {"invitation": invitation, "form": form, "problem": problem, "way": _way_in(invitation, known)}
    return page(request, "accounts/join.html", context, status=_status(request))


def _way_in(invitation: Invitation, known: User | None) -> str:
    """What the page offers: "join" at once, "sign_in" first, or that somebody "other" is signed in here."""
    if known:
        return "join" if known.email == invitation.email else "other"
    return "sign_in" if User.objects.filter(email=invitation.email).exists() else "join"


@signed_in
def me(request: StaffRequest) -> HttpResponse:
    """One's own name, language and time zone."""
    form = MyForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        if "timezone" in form.changed_data:
            clocks_of_person_changed(request.user)
        toast(request, _("Saved."))
        return redirect(request, "/me/")
    return page(request, "accounts/me.html", {"form": form}, status=_status(request))


@require_POST
@signed_in
def theme(request: StaffRequest) -> HttpResponse:
    """Remember light or dark for this person, beyond this browser."""
    chosen = request.POST.get("theme", "auto")
    request.user.theme = chosen if chosen in THEMES else "auto"
    request.user.save(update_fields=["theme"])
    return HttpResponse(status=204)


def _status(request: HttpRequest) -> int:
    """A form that comes back was not accepted."""
    return 422 if request.method == "POST" else 200
