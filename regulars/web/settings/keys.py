"""Keys by which programs come in: made here, shown once, revoked here."""

from typing import Any

from django.db.models import F
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from regulars.kit.errors import BadValue, DomainError
from regulars.shops.models import ApiKey
from regulars.shops.operations import create_api_key, revoke_api_key
from regulars.shops.permissions import Permission, Scope
from regulars.web.access import StaffRequest, staff_may
from regulars.web.pages import redirect, toast
from regulars.web.settings.forms import NameForm, SecretKeyForm, WebsiteKeyForm
from regulars.web.settings.frame import home_of, settings_page, status_of

TAB = "keys/"
WEBSITE = "website"


@staff_may(Permission.SETTINGS)
def key_list(request: StaffRequest) -> HttpResponse:
    """All keys, the working ones first."""
    keys = ApiKey.objects.of(request.shop).select_related("created_by__user")
    rows = [_row(key) for key in keys.order_by(F("revoked_at").desc(nulls_first=True), "-id")]
    address = request.build_absolute_uri("/api/v1/")
    return settings_page(request, "keys.html", {"rows": rows, "address": address}, tab=TAB)


@staff_may(Permission.SETTINGS)
def key_new(request: StaffRequest) -> HttpResponse:
    """Make a key, for a program or (`for=website`) for a website; its secret is shown on the answer, this once."""
    given = request.POST if request.method == "POST" else request.GET
    for_website = given.get("for") == WEBSITE
    form = (WebsiteKeyForm if for_website else SecretKeyForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, *_create(request, form.cleaned_data, for_website))
        except BadValue as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        except DomainError as fault:
            form.add_error(None, str(fault))
    return _new_page(request, form, for_website)


@require_POST
@staff_may(Permission.SETTINGS)
def key_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop a key from working."""
    key = ApiKey.objects.of(request.shop).filter(pk=pk).first()
    if key is None:
        raise Http404
    try:
        revoke_api_key(key, by=request.actor)
        toast(request, _("The key “{name}” does not work any more.").format(name=key.name))
    except DomainError as fault:
        toast(request, str(fault), kind="problem")
    return redirect(request, home_of(request) + TAB)


def _create(request: StaffRequest, given: dict[str, Any], for_website: bool) -> tuple[ApiKey, str]:
    return create_api_key(
        request.shop,
        given["name"],
        given.get("scopes", ()),
        is_public=for_website,
        origins=given.get("origins", "").split(),
        staff=request.staff,
        by=request.actor,
    )


def _made(request: StaffRequest, key: ApiKey, secret: str) -> HttpResponse:
    address = request.build_absolute_uri("/api/v1/")
    context = {"key": key, "secret": secret, "address": address, "scopes": _scopes(key)}
    return settings_page(request, "key_made.html", context, tab=TAB)


def _new_page(request: StaffRequest, form: NameForm, for_website: bool) -> HttpResponse:
    chosen = set(form["scopes"].value() or ()) if "scopes" in form.fields else set()
    scopes = [(scope, label, scope in chosen) for scope, label in Scope.choices]
    context = {"form": form, "for_website": for_website, "scopes": scopes}
    return settings_page(request, "key_new.html", context, tab=TAB, status=status_of(request))


def _row(key: ApiKey) -> dict[str, Any]:
    return {"key": key, "scopes": _scopes(key), "by": str(key.created_by) if key.created_by else ""}


def _scopes(key: ApiKey) -> list[tuple[str, Any]]:
    return [(scope, label) for scope, label in Scope.choices if scope in key.scopes]
