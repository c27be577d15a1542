"""Who is asking, in which shop, and whether they may.

Every view inside a shop is wrapped by `@staff_may(permission)`. A shop one does not work in, and an object of another
shop, do not exist: 404. Working there without the permission: 403.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from regulars.events.record import Actor
from regulars.shops.models import Shop, Staff, User
from regulars.shops.queries import places_of
from regulars.web.counts import nav_counts


class StaffRequest(HttpRequest):
    """A request of a signed-in person inside one shop."""

    shop: Shop
    staff: Staff
    actor: Actor
    places: list[Staff]
    nav_counts: Callable[[], dict[str, int]]
    user: User  # type: ignore[assignment]


View = Callable[..., HttpResponse]


def staff_may(*permissions: str) -> Callable[[View], View]:
    """Let in staff of the shop in the address who hold all the permissions.

    The view receives `(request, **rest)`; `request.shop`, `request.staff` and `request.actor` are set, and the shop's
    time zone is active.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def inner(request: StaffRequest, shop: str, **rest: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            enter(request, shop)
            if not all(request.staff.may(permission) for permission in permissions):
                raise PermissionDenied
            with timezone.override(request.shop.timezone):
                return view(request, **rest)

        inner.permissions = permissions  # type: ignore[attr-defined]
        return inner

    return guard


def enter(request: StaffRequest, slug: str) -> None:
    """Set shop, staff, actor and places on the request; 404 for a shop this person does not work in.

    places: all shops they work in, by name, for the switch in the frame; asking for one alone costs as much.
    """
    places = places_of(request.user)
    staff = next((place for place in places if place.shop.slug == slug), None)
    if staff is None:
        raise Http404
    staff.user = request.user
    request.places = places
    request.staff, request.shop = staff, staff.shop
    request.actor = Actor("staff", staff.pk, str(request.user))
    request.nav_counts = partial(nav_counts, staff)


def signed_in(view: View) -> View:
    """Let in anybody who is signed in, for pages outside a shop."""

    @wraps(view)
    def inner(request: StaffRequest, **rest: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **rest)

    return inner
