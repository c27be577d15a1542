"""Pages outside a shop: the door, the first run, links, invitations, one's own settings."""

from typing import Any

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.events.record import Actor
from regulars.kit import countries
from regulars.kit.errors import BadValue, DomainError
from regulars.shops.models import User
from regulars.shops.operations import accept_invitation, create_shop
from regulars.shops.operations.invitations import find_invitation
from regulars.shops.permissions import Role
from regulars.shops.queries import shops_of
from regulars.web.access import StaffRequest, signed_in
from regulars.web.accounts import links
from regulars.web.accounts.forms import MyForm, OwnerForm, PersonForm, ShopForm
from regulars.web.pages import page, redirect, toast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIRST_RUN = "first_run"


def door(request: HttpRequest) -> HttpResponse:
    """Where the bare address leads: to the shop, to the sign-in, or to what an empty installation needs."""
    if not request.user.is_authenticated:
        if not User.objects.exists():
            return page(request, "accounts/empty.html", status=200)
        return redirect(request, "/accounts/login/")
    shops = shops_of(request.user)
    return redirect(request, f"/s/{shops[0].slug}/customers/" if shops else "/start/shop/")


def one_time(request: HttpRequest, packed: str) -> HttpResponse:
    """Sign in by a one-time link. A GET shows a button, so that link previews of mail programs do not use it up."""
    try:
        user, next_path = links.open_link(packed)
    except links.LinkUsed:
        return page(request, "accounts/dead_link.html", status=410)
    if request.method != "POST":
        return page(request, "accounts/one_time.html", {"person": user})
    login(request, user, backend=BACKEND)
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
        user = User.objects.create_user(given["email"], given["password"], name=given["name"])
        login(request, user, backend=BACKEND)
        return redirect(request, "/start/shop/")
    return page(request, "accounts/owner.html", {"form": form, "step": 0}, status=_status(request))


@signed_in
def shop(request: StaffRequest) -> HttpResponse:
    """Step 2: the shop. Open to people without a shop, and to owners who add another."""
    places = shops_of(request.user)
    if places and not _owns_one(request.user):
        raise Http404
    locale = get_language() or "en"
    form = ShopForm(request.POST or None, initial=_proposed(request.GET.get("country", "")), locale=locale)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_shop(**form.cleaned_data, owner=request.user, by=Actor("staff", None, str(request.user)))
            return redirect(request, f"/start/{made.slug}/customers/")
        except BadValue as fault:
            form.add_error(fault.field or None, str(fault))
    context = {"form": form, "step": 1, "is_first": not places}
    return page(request, "accounts/shop.html", context, status=_status(request))


def _proposed(country: str) -> dict[str, Any]:
    """What is usual in a country."""
    code = countries.read_country(country) or "VN"
    usual = countries.about(code)
    return {"country": code, "currency": usual.currency, "timezone": usual.timezone, "language": usual.language}


def _owns_one(user: User) -> bool:
    from regulars.shops.models import Staff

    return Staff.objects.active().filter(user=user, role=Role.OWNER).exists()


@signed_in
def bring_customers(request: StaffRequest, slug: str) -> HttpResponse:
    """Step 3: where customers come from."""
    here = next((place for place in shops_of(request.user) if place.slug == slug), None)
    if here is None:
        raise Http404
    return page(request, "accounts/bring.html", {"made": here, "step": 2})


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation, as the person who is signed in or as somebody new."""
    try:
        invitation = find_invitation(token)
    except DomainError:
        return page(request, "accounts/dead_link.html", status=410)
    known = request.user if request.user.is_authenticated else None
    form = None if known else PersonForm(request.POST or None)
    problem = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            staff = accept_invitation(token, user=known, **(form.cleaned_data if form else {}))
            if not known:
                login(request, staff.user, backend=BACKEND)
            return redirect(request, f"/s/{invitation.shop.slug}/customers/")
        except DomainError as fault:
            problem = str(fault)
    context = {"invitation": invitation, "form": form, "problem": problem}
    return page(request, "accounts/join.html", context, status=_status(request))


@signed_in
def me(request: StaffRequest) -> HttpResponse:
    """One's own name and language."""
    form = MyForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        toast(request, _("Saved."))
        return redirect(request, "/me/")
    return page(request, "accounts/me.html", {"form": form}, status=_status(request))


@require_POST
@signed_in
def theme(request: StaffRequest) -> HttpResponse:
    """Remember light or dark for this person, beyond this browser."""
    chosen = request.POST.get("theme", "auto")
    request.user.theme = chosen if chosen in ("auto", "light", "dark") else "auto"
    request.user.save(update_fields=["theme"])
    return HttpResponse(status=204)


def _status(request: HttpRequest) -> int:
    """A form that comes back was not accepted."""
    return 422 if request.method == "POST" else 200
